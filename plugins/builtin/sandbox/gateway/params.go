package gateway

import (
	"slices"
	"strings"
)

// paramFlags are the members of litellm_params that every row has, with false
// unless given (observed on LiteLLM 1.106.2).
var paramFlags = []string{
	"allow_client_keepalive_override", "use_in_pass_through", "use_litellm_proxy",
	"use_xai_oauth", "merge_reasoning_content_in_choices",
}

// paramFields are the members of litellm_params that the gateway knows, in its
// order, with the type that a 422 is about: string, integer, number or any.
// Prices are not in the list, see isPrice. Others are kept as extras.
var paramFields = fields(`
	api_key string, api_base string, api_version string, azure_ad_token string, tenant_id string,
	client_id string, client_secret string, azure_scope string, azure_username string, azure_password string,
	vertex_project string, vertex_location string, vertex_credentials any, region_name string,
	gcs_bucket_name string, bucket_name string, aws_access_key_id string, aws_secret_access_key string,
	aws_session_token string, aws_region_name string, aws_session_name string, aws_profile_name string,
	aws_role_name string, aws_web_identity_token string, aws_sts_endpoint string, aws_external_id string,
	aws_bedrock_runtime_endpoint string, watsonx_region_name string, custom_llm_provider string,
	tpm integer, rpm integer, itpm integer, otpm integer, timeout any, stream_timeout any,
	max_retries integer, drop_params any, organization string, configurable_clientside_auth_params any,
	litellm_credential_name string, litellm_trace_id string, max_file_size_mb number,
	default_api_key_tpm_limit integer, default_api_key_rpm_limit integer, max_budget number,
	budget_duration string, keepalive_seconds number, allow_client_keepalive_override any,
	use_in_pass_through any, use_litellm_proxy any, use_chat_completions_api any, use_xai_oauth any,
	merge_reasoning_content_in_choices any, model_info any, mock_response any, tags any, tag_regex any,
	auto_router_config_path string, auto_router_config string, auto_router_default_model string,
	auto_router_embedding_model string, vector_store_id string, model string`)

// isPrice says whether name is one of the many price members.
func isPrice(name string) bool {
	return strings.Contains(name, "cost_per_") || strings.Contains(name, "_token_cost")
}

// isKnownParam says whether the gateway knows name. POST /model/update throws
// away the stored extras, PATCH keeps them (observed on LiteLLM 1.106.2).
func isKnownParam(name string) bool {
	return isPrice(name) || slices.ContainsFunc(paramFields, func(f field) bool { return f.name == name })
}

// orderedParams is litellm_params as the info endpoints show them: prices,
// the known members in their order, then extras. The credentials of providers
// are left out, other secrets are masked.
func orderedParams(params object) ordered {
	params = maskSecrets(params)
	rest := params.stored()
	out := make(ordered, 0, len(rest))
	for _, m := range rest {
		if isPrice(m.name) {
			out = append(out, m)
		}
	}
	late := []string{"mock_response", "tags", "model"} // behind the flags
	add := func(name string) {
		if v, ok := params[name]; ok {
			out = append(out, member{name, v})
		}
	}
	for _, f := range paramFields {
		if !slices.Contains(late, f.name) && !slices.Contains(paramFlags, f.name) && !isSecretParam(f.name) {
			add(f.name)
		}
	}
	for _, name := range slices.Concat(paramFlags, late) {
		add(name)
	}
	for _, m := range rest {
		if !isKnownParam(m.name) {
			out = append(out, m)
		}
	}
	return out
}

// isSecretParam says whether the info endpoints leave a member out (observed
// on LiteLLM 1.106.2).
func isSecretParam(name string) bool {
	switch name {
	case "api_key", "client_secret", "vertex_credentials", "aws_access_key_id", "aws_secret_access_key":
		return true
	}
	return false
}

// maskSecrets masks what the name of a member gives away as a secret, in
// objects inside too (observed on LiteLLM 1.106.2).
func maskSecrets(o object) object {
	out := object{}
	for name, v := range o {
		out[name] = v
		if text, ok := o.str(name); ok && looksSecret(name) {
			out.set(name, maskMiddle(text, 4, 4))
		} else if inner, err := parseObject(string(v)); err == nil && v.Kind() == '{' {
			out.set(name, maskSecrets(inner))
		}
	}
	return out
}

// maskMiddle replaces all but some characters at both ends by stars; a text of
// up to eight characters becomes stars altogether.
func maskMiddle(text string, head, tail int) string {
	r := []rune(text)
	if len(r) <= 8 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}
