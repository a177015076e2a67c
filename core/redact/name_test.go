package redact

import (
	"strings"
	"testing"
)

func TestSecretName(t *testing.T) {
	for _, name := range []string{
		"api_key", "api-key", "apiKey", "OPENAI_API_KEY", "aws_secret_access_key", "aws_access_key_id", "azure_ad_token",
		"vertex_credentials", "client_secret", "clientSecret", "password", "new_password", "token", "access_token", "refreshToken",
		"authorization", "Authorization", "secret", "x-litellm-api-key", "litellm_params.api_key", "new_master_key", "private_key",
		"auth_value", "connection_string", "APIKey", "langfuse_secret_key", "aws_session_token", "approle_secret_id",
	} {
		if !SecretName(name) {
			t.Errorf("%s is a secret's name", name)
		}
	}
	for _, name := range []string{
		"", "max_tokens", "key_alias", "key_name", "key", "keys", "tokens", "total_tokens", "prompt_tokens", "input_cost_per_token",
		"output_cost_per_reasoning_token", "cache_read_input_token_cost", "token_hash", "key_hash", "token_id", "credential_name",
		"litellm_credential_name", "credential_info", "key_type", "cost_by_key", "prompt_cache_key", "token_url", "model", "tokenizer",
		"team_member_key_duration", "private_key_id", "max_output_tokens", "tokenCount", "key_aliases", "eos_token",
	} {
		if SecretName(name) {
			t.Errorf("%s is no secret's name", name)
		}
	}
}

func TestAddBody(t *testing.T) {
	var r Redactor
	r.AddBody([]byte(`{"model_name":"plainmodel","litellm_params":{"api_key":"upstream-1","aws_secret_access_key":"upstream-2",
		"tokens":[1],"max_tokens":"12345","api_base":"https://base.example"},
		"credential_values":{"anything":"upstream-3","deep":[{"x":"upstream-4"}],"custom_llm_provider":"openai"},
		"key":"sk-chosen-by-the-user-1","token":"88d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c21abcd",
		"vertex_credentials":"{\"type\":\"service_account\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----\"}",
		"client_secret":"os.environ/CLIENT_SECRET","password":"None","headers":{"Authorization":"Basic dXNlcjpwYXNz"}} trailing`))
	for _, s := range []string{"upstream-1", "upstream-2", "upstream-3", "upstream-4", "sk-chosen-by-the-user-1", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "dXNlcjpwYXNz"} {
		if got := r.Values([]byte("x" + s)); strings.Contains(string(got), s) {
			t.Errorf("%s is not known", s)
		}
	}
	for _, s := range []string{"plainmodel", "12345", "https://base.example", "openai", "service_account", "88d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c21abcd", "os.environ/CLIENT_SECRET", "None", "-----BEGIN PRIVATE KEY-----"} {
		if got := r.Values([]byte(s)); string(got) != s {
			t.Errorf("%s became %s", s, got)
		}
	}
}

func TestAddArgs(t *testing.T) {
	var r Redactor
	r.AddArgs([]string{
		"--api-key", "arg-value-one", "--source-api-key=arg-value-two", "-p", "api_key=arg-value-three", "--set", "litellm_params.client_secret=arg-value-four",
		"--set", `litellm_params:={"azure_ad_token":"arg-value-five"}`, "--values", `{"whatever":"arg-value-six"}`, "-j", `{"password":"arg-value-seven"}`,
		"-H", "X-Api-Key: arg-value-eight", "sk-positional-key-0001", "--key=sk-flag-key-000000001", "--param=api_key=arg-value-nine",
		"--max-tokens", "plain-one", "keys", "plain-two", "--set", "api_key=@plain-three", "-m", "user:plain four", "--key-alias=plain-five", "--", "-",
	})
	for _, s := range []string{"arg-value-one", "arg-value-two", "arg-value-three", "arg-value-four", "arg-value-five", "arg-value-six", "arg-value-seven", "arg-value-eight", "arg-value-nine", "sk-positional-key-0001", "sk-flag-key-000000001"} {
		if got := r.Values([]byte(s)); string(got) == s {
			t.Errorf("%s is not known", s)
		}
	}
	for _, s := range []string{"plain-one", "plain-two", "plain-three", "plain four", "plain-five"} {
		if got := r.Values([]byte(s)); string(got) != s {
			t.Errorf("%s became %s", s, got)
		}
	}
}

func TestAddForm(t *testing.T) {
	var r Redactor
	r.AddForm("grant_type=refresh_token&refresh_token=form%2Fvalue&key=sk-in-a-query-00001&size=100")
	for _, s := range []string{"form/value", "form%2Fvalue", "sk-in-a-query-00001"} {
		if got := r.Values([]byte(s)); string(got) == s {
			t.Errorf("%s is not known", s)
		}
	}
}
