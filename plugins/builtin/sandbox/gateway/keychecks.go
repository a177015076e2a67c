package gateway

import (
	"fmt"
	"math"
	"net/http"
	"strings"
)

// keyFields are the members of bodies about keys that have a type.
var keyFields = fields(`
	key_alias string, duration string, models list, spend number, max_budget number, user_id string, team_id string,
	agent_id string, max_parallel_requests integer, metadata dict, tpm_limit integer, rpm_limit integer,
	budget_duration string, budget_limits list, allowed_cache_controls list, config dict, permissions dict,
	model_max_budget dict, budget_fallbacks dict, model_rpm_limit dict, model_tpm_limit dict, mcp_rpm_limit dict,
	tag_rpm_limit dict, guardrails strings, policies strings, prompts strings, blocked boolean, aliases dict, key string,
	budget_id string, tags strings, disable_global_guardrails boolean, enforced_params strings, allowed_routes list,
	allowed_passthrough_routes list, access_group_ids strings, soft_budget number, send_invite_email boolean,
	auto_rotate boolean, rotation_interval string, organization_id string, project_id string`)

// inMetadata are the members of bodies that are kept in metadata.
var inMetadata = []string{
	"model_rpm_limit", "model_tpm_limit", "mcp_rpm_limit", "tag_rpm_limit", "rpm_limit_type", "tpm_limit_type",
	"guardrails", "policies", "prompts", "tags", "disable_global_guardrails", "enforced_params",
	"allowed_passthrough_routes", "allowed_vector_store_indexes", "throttle_on_budget_exceeded", "enable_prompt_caching",
	"temp_budget_increase", "temp_budget_expiry",
}

// modelBudgetLicence is the refusal of model_max_budget.
const modelBudgetLicence = "Invalid model_max_budget: You must have an enterprise license to set model_max_budget. " + licence +
	". Example of valid model_max_budget: https://docs.litellm.ai/docs/proxy/users"

// licensed are the members that only a licence lets one set.
var licensed = []string{"guardrails", "policies", "tags", "prompts", "allowed_passthrough_routes", "secret_manager_settings", "team_member_key_duration"}

// checkKeyBody validates the types of a body about a key.
func checkKeyBody(b object) []problem {
	problems := checkFields(b, keyFields, "body")
	problems = append(problems, oneOf(b, "key_type", "enum", "'llm_api', 'management', 'read_only' or 'default'", "llm_api", "management", "read_only", "default")...)
	for _, name := range []string{"rpm_limit_type", "tpm_limit_type"} {
		problems = append(problems, oneOf(b, name, "literal_error", "'guaranteed_throughput', 'best_effort_throughput' or 'dynamic'",
			"guaranteed_throughput", "best_effort_throughput", "dynamic")...)
	}
	return problems
}

// refuseNegative is the 400 for a budget that is negative or not finite.
func refuseNegative(b object, name, kind string, param any) error {
	if message := badBudget(b, name); message != "" {
		return refuse(reprError(http.StatusBadRequest, message, kind, param))
	}
	return nil
}

// badBudget says what is wrong with a budget that is negative or not finite.
func badBudget(b object, name string) string {
	if f, given := b.float(name); given && (f < 0 || math.IsNaN(f) || math.IsInf(f, 0)) {
		return fmt.Sprintf("%s must be a non-negative finite number. Received: %s", name, floatText(f))
	}
	return ""
}

// refuseLicensed is the 403 for members that need a licence.
func refuseLicensed(b object, kind string, param any) error {
	for _, name := range licensed {
		if b.has(name) && len(elements(b[name])) > 0 {
			return refuse(reprError(http.StatusForbidden, "This feature is only available for LiteLLM Enterprise users: "+name+". "+licence, kind, param))
		}
	}
	return nil
}

// fold moves members that are kept in metadata there.
func fold(b, metadata object) object {
	for _, name := range inMetadata {
		if b.has(name) {
			metadata[name] = b[name]
		}
	}
	return metadata
}

// refuseAlias is the 400 for an alias that another key than the one with the
// hash has. It is looked up, the database does not enforce it; the empty text
// is taken as an alias by /key/update only (observed on LiteLLM 1.106.2).
func (q *request) refuseAlias(b object, token string) error {
	alias, given := b.str("key_alias")
	if !given || alias == "" && token == "" {
		return nil
	}
	if strings.ContainsRune(alias, 0) {
		return refuse(wireError(http.StatusBadRequest, "Invalid key_alias", typeBadRequest, "key_alias"))
	}
	found, err := q.tx.get(`SELECT 1 FROM keys WHERE key_alias = ? AND token != ? LIMIT 1`, []any{alias, token}, new(int))
	if err == nil && found {
		err = refuse(wireError(http.StatusBadRequest, fmt.Sprintf("Key with alias '%s' already exists. Unique key aliases across all keys are required.", alias), typeBadRequest, "key_alias"))
	}
	return err
}

// refuseReferences refuses what the database or the licence would: all of it
// with a 500 (observed on LiteLLM 1.106.2).
func (q *request) refuseReferences(b object) error {
	fail := func(message string) error {
		return refuse(wireError(http.StatusInternalServerError, message, typeInternal, nil))
	}
	if len(b.object("model_max_budget")) > 0 {
		return fail(modelBudgetLicence)
	}
	if id, given := b.str("organization_id"); given {
		return fail(fmt.Sprintf("Organization doesn't exist in db. Organization=%s. Create organization via `/organization/new` call.", id))
	}
	internal := refuse(reprError(http.StatusInternalServerError, "Internal Server Error.", typeInternal, nil))
	if id, given := b.str("budget_id"); given {
		if _, found, err := q.tx.budget(id); err != nil || !found {
			return firstError(err, internal)
		}
	}
	for name, most := range map[string]float64{"tpm_limit": math.MaxInt64, "rpm_limit": math.MaxInt64, "max_parallel_requests": math.MaxInt32} {
		if n, given := b.number(name); given && math.Abs(n) > most {
			return internal
		}
	}
	return nil
}

// firstError returns the first error that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
