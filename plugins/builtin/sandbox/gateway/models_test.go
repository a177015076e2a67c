package gateway

import (
	"net/http"
	"strings"
	"testing"
)

// step is one request and what its answer must hold.
type step struct {
	method, path, body string
	status             int
	contains           string
}

func run(t *testing.T, g *Gateway, steps []step, as ...string) {
	t.Helper()
	for _, s := range steps {
		r := call(t, g, s.method, s.path, s.body, as...).want(s.status).contains(s.contains)
		if got := r.header.Get("Content-Type"); s.status != 307 && s.path != "/" && got != "application/json" && !strings.HasPrefix(got, "text/event-stream") {
			t.Errorf("%s: content type %q", r.what, got)
		}
	}
}

// The answers are those observed on LiteLLM 1.106.2.
func TestModelRoutes(t *testing.T) {
	g := openTest(t, Options{})
	const (
		notInDB = `{"error":{"message":"{'error': 'Model with id=X not found in db'}","type":"auth_error","param":"None","code":"400"}}`
		failed  = `{"error":{"message":"{'error': 'Failed to add model to db. Check your server logs for more details.'}","type":"auth_error","param":"None","code":"500"}}`
		crash   = `{"error":{"message":"Internal server error","type":"internal_server_error"}}`
		config  = `{"error":{"message":"{'error': \"Can't edit model. Model in config. Store model in db via ` + "`/model/new`" + `. to edit.\"}","type":"auth_error","param":"None","code":"400"}}`
	)
	run(t, g, []step{
		{"GET", "/models", "", 200, `{"data":[{"id":"mock-gpt","object":"model","created":1677610602,"owned_by":"openai","mode":"chat","max_input_tokens":128000,"max_output_tokens":16384},{"id":"mock-claude","object":"model","created":1677610602,"owned_by":"openai"}`},
		{"GET", "/v1/models/mock-claude", "", 200, `{"id":"mock-claude","object":"model","created":1677610602,"owned_by":"anthropic"}`},
		{"GET", "/models/nope", "", 404, "{\"detail\":\"The model `nope` does not exist or is not accessible\"}"},
		{"POST", "/model/new", `{"model_name":"a","litellm_params":{"model":"openai/gpt-4o-mini","mock_response":"hi","rpm":"100"},"model_info":{"id":"id1","mode":"chat"}}`, 200, `"blocked":false,"created_at":`},
		{"POST", "/model/new", `{"model_name":"b","litellm_params":{"model":"openai/gpt-4o-mini"},"model_info":{"id":"id1"}}`, 500, failed},
		{"POST", "/model/new", `{"model_name":"a"}`, 500, crash},
		{"POST", "/model/new", `[]`, 500, crash},
		{"POST", "/model/new", `{"model_name":"a"`, 422, `{"detail":[{"type":"json_invalid","loc":["body",17],"msg":"JSON decode error"}]}`},
		{"POST", "/model/new", `{"model_name":"a","litellm_params":{}}`, 422, `{"detail":[{"type":"missing","loc":["body","litellm_params","model"],"msg":"Field required"}]}`},
		{"POST", "/model/new", `{"model_name":"a","litellm_params":{"model":"openai/x","tpm":5.5}}`, 422, `"type":"int_from_float"`},
		{"POST", "/model/new", `{"model_name":"lost","litellm_params":{"model":"frob/x"},"model_info":{"id":"lost"}}`, 500, `Model create was saved to the database, but the model id(s) ['lost'] are not live`},
		{"GET", "/model/info?litellm_model_id=lost", "", 400, `{"detail":{"error":"Model id = lost not found on litellm proxy"}}`},
		{"GET", "/v2/model/info?modelId=lost", "", 200, `"total_count":1,"current_page":1,"total_pages":1,"size":50`},
		{"POST", "/model/delete", `{"id":"lost"}`, 200, `{"message":"Model: lost deleted successfully"}`},
		{"GET", "/model/info?litellm_model_id=id1", "", 200, `"litellm_params":{"rpm":100,"allow_client_keepalive_override":false,"use_in_pass_through":false,"use_litellm_proxy":false,"use_xai_oauth":false,"merge_reasoning_content_in_choices":false,"mock_response":"hi","model":"openai/gpt-4o-mini"},"model_info":{"id":"id1","db_model":true,`},
		{"GET", "/model/info", "", 200, `"id":"sandbox-mock-gpt","db_model":false,"member_auto_router":false,"access_via_team_ids":[],"direct_access":true,"pricing_overrides":[],"key":"gpt-4o-mini","max_tokens":16384`},
		{"GET", "/v2/model/info?modelId=none", "", 200, `{"data":[],"total_count":0,"current_page":1,"total_pages":0,"size":50}`},
		{"GET", "/v2/model/info?search=MOCK&size=1&page=2", "", 200, `"total_count":2,"current_page":2,"total_pages":2,"size":1}`},
		{"GET", "/v2/model/info?page=0", "", 422, `"type":"greater_than_equal","loc":["query","page"]`},
		{"GET", "/model_group/info?model_group=mock-gpt", "", 200, `{"data":[{"model_group":"mock-gpt","providers":["openai"],"max_input_tokens":128000`},
		{"POST", "/model/update", `{"litellm_params":{"rpm":7}}`, 400, `Authentication Error, model_info not provided`},
		{"POST", "/model/update", `{"model_info":{"id":"none"},"litellm_params":{"rpm":7}}`, 400, `Authentication Error, model not found`},
		{"POST", "/model/update", `{"model_info":{"id":"sandbox-mock-gpt"},"litellm_params":{"rpm":7}}`, 400, config},
		{"POST", "/model/update", `{"model_name":"renamed","model_info":{"id":"id1"},"litellm_params":{"rpm":7}}`, 200, `"model_name":"renamed","litellm_params":{"rpm":7,"model":"`},
		{"PATCH", "/model/none/update", `{"model_name":"q"}`, 404, `{"error":{"message":"Model none not found on proxy.","type":"not_found_error","param":null,"code":"404"}}`},
		{"PATCH", "/model/sandbox-mock-gpt/update", `{}`, 400, `"type":"validation_error","param":null`},
		{"PATCH", "/model/id1/update", `{"model_name":"again"}`, 200, `"model_name":"again"`},
		{"PATCH", "/model/a/b/update", `{}`, 404, `{"detail":"Not Found"}`},
		{"POST", "/model/delete", `{"id":"X"}`, 400, notInDB},
		{"POST", "/model/delete", `{"id":"sandbox-mock-gpt"}`, 400, `Model with id=sandbox-mock-gpt not found in db`},
		{"POST", "/model/delete", `{"id":"id1"}`, 200, `{"message":"Model: id1 deleted successfully"}`},
		{"POST", "/model/delete", `{"id":"id1"}`, 400, `not found in db`},
		{"PUT", "/model/new", `{}`, 405, `{"detail":"Method Not Allowed"}`},
		{"GET", "/nope", "", 404, `{"detail":"Not Found"}`},
		{"GET", "/models/", "", 307, ""},
	})
	if to := call(t, g, "GET", "/models/?a=b", "").want(307).header.Get("Location"); to != "http://example.com/models?a=b" {
		t.Errorf("Location: %q", to)
	}
}

func TestNoSecretComesBack(t *testing.T) {
	g := openTest(t, Options{})
	const canary = "canary-value-in-params"
	body := `{"model_name":"a","litellm_params":{"model":"openai/gpt-4o","mock_response":"m","api_key":"C","client_secret":"C","azure_password":"C","my_token":"C"},"model_info":{"id":"id1"}}`
	body = strings.ReplaceAll(body, `"C"`, `"`+canary+`"`)
	call(t, g, "POST", "/model/new", body).want(200).lacks(canary, `"openai/gpt-4o"`)
	call(t, g, "POST", "/model/update", `{"model_info":{"id":"id1"},"litellm_params":{"rpm":1}}`).want(200).lacks(canary)
	// Strings inside objects are in clear in the rows and masked elsewhere.
	call(t, g, "PATCH", "/model/id1/update", `{"litellm_params":{"headers":{"Authorization":"`+canary+`"}}}`).want(200).contains(canary)
	for _, path := range []string{"/model/info", "/v1/model/info?litellm_model_id=id1", "/v2/model/info", "/health"} {
		call(t, g, "GET", path, "").want(200).lacks(canary, `"api_key"`)
	}
}

// POST /model/update forgets what it does not know, PATCH does not; both take
// null for nothing.
func TestUpdateForgetsExtras(t *testing.T) {
	g := openTest(t, Options{})
	const info = "/model/info?litellm_model_id=id1"
	call(t, g, "POST", "/model/new", `{"model_name":"a","litellm_params":{"model":"openai/gpt-4o","zz":"extra","tags":["t"],"mock_response":"m"},"model_info":{"id":"id1","mine":"yes"}}`).want(200)
	call(t, g, "PATCH", "/model/id1/update", `{"litellm_params":{"yy":1,"mock_response":null},"model_info":{"id":"other"}}`).want(200).contains(`"id":"other"`)
	call(t, g, "GET", info, "").want(200).contains(`"zz":"extra"`, `"yy":1`, `"mock_response":"m"`, `"mine":"yes"`)
	call(t, g, "POST", "/model/update", `{"model_info":{"id":"id1"},"litellm_params":{"rpm":3}}`).want(200)
	call(t, g, "GET", info, "").want(200).contains(`"tags":["t"]`, `"mock_response":"m"`, `"mine":"yes"`, `"rpm":3`).lacks(`"zz"`, `"yy"`)
}

// A change to a model that the router cannot serve leaves the former params in
// service.
func TestUnservableUpdate(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/model/new", `{"model_name":"a","litellm_params":{"model":"openai/gpt-4o"},"model_info":{"id":"id1"}}`).want(200)
	call(t, g, "POST", "/model/update", `{"model_info":{"id":"id1"},"litellm_params":{"model":"whatever"}}`).want(200)
	call(t, g, "GET", "/model/info?litellm_model_id=id1", "").want(200).contains(`"model":"openai/gpt-4o"`)
}

func TestHealth(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/model/new", `{"model_name":"dead","litellm_params":{"model":"openai/gpt-4o","api_key":"k","api_base":"http://127.0.0.1:9"},"model_info":{"id":"dead"}}`).want(200)
	run(t, g, []step{
		{"GET", "/health/liveliness", "", 200, `"I'm alive!"`},
		{"GET", "/health/liveness", "", 200, `"I'm alive!"`},
		{"GET", "/health/readiness", "", 200, `{"status":"healthy","db":"connected"}`},
		{"GET", "/", "", 200, "<html>"},
	}, "")
	run(t, g, []step{
		{"GET", "/health/readiness/details", "", 200, `"litellm_version":"1.106.2"`},
		{"GET", "/health?model=mock-gpt", "", 200, `{"healthy_endpoints":[{"model":"openai/gpt-4o-mini","model_id":"sandbox-mock-gpt"}],"unhealthy_endpoints":[],"healthy_count":1,"unhealthy_count":0}`},
		{"GET", "/health?model_id=dead", "", 503, `"exception_status":500}],"healthy_count":0,"unhealthy_count":1}`},
		{"GET", "/health?model_id=none", "", 404, `{"detail":{"error":"Model with ID none not found"}}`},
		{"GET", "/health?model=none", "", 503, `"healthy_count":0,"unhealthy_count":0}`},
		{"GET", "/health?model=openai/gpt-4o-mini", "", 200, `"healthy_count":1,"unhealthy_count":0}`},
		{"GET", "/health?model=", "", 200, `"healthy_count":0,"unhealthy_count":0}`},
		{"GET", "/health", "", 200, `"healthy_count":3,"unhealthy_count":1}`},
	})
	if h := call(t, g, http.MethodPost, "/health", "{}").want(405).header.Get("Allow"); h != "GET" {
		t.Errorf("Allow: %q", h)
	}
}
