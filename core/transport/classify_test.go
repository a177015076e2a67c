package transport

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const hash = "68340ef0ba6d2136bc2fcfcebb801a870d5381d1913785692bf6cbc468ef7e3b"

// The bodies are those of running proxies: LiteLLM 1.106.2, and 1.83.14 where it says old.
func TestClassify(t *testing.T) {
	post := Asked{Attempt: "do it", Method: "POST", Path: "/user/new", HasKey: true, KeyFrom: "$LITELLM_PROXY_API_KEY"}
	read := post
	read.Method, read.Path = "GET", "/nope"
	noKey := read
	noKey.HasKey, noKey.KeyFrom = false, ""
	yourKey := []problem.Fact{{Label: "you", Text: "key from $LITELLM_PROXY_API_KEY"}}
	ask := "ask an admin"
	for name, c := range map[string]struct {
		asked       Asked
		status      int
		contentType string
		body        string
		want        problem.Error
	}{
		"no key": {noKey, 401, "", `{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}`,
			problem.Error{Code: 4, Message: "cannot do it: no key was given", Said: "401 Authentication Error, No api key passed in.", Type: "auth_error"}},
		"unknown key": {read, 401, "", `{"error":{"message":"Authentication Error, Invalid proxy server token passed. Received API Key = sk-...ybad, Key Hash (Token) =` + hash + `. Unable to find token in cache or ` + "`LiteLLM_VerificationTokenTable`" + `","type":"token_not_found_in_db","param":"key","code":"401"}}`,
			problem.Error{Code: 4, Message: "cannot do it: the gateway does not know your key", Said: "401 Authentication Error, Invalid proxy server token passed. Received API Key = sk-...ybad, Key Hash (Token) =" + hash + ". Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
				Type: "token_not_found_in_db", Field: "key", Hint: "the key came from $LITELLM_PROXY_API_KEY: check it"}},
		"malformed key": {post, 401, "", `{"error":{"message":"LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.","type":"auth_error","param":"None","code":"401"}}`,
			problem.Error{Code: 4, Message: "cannot do it: the gateway does not know your key", Type: "auth_error", State: problem.Unchanged}},
		"blocked key": {read, 401, "", `{"error":{"message":"Authentication Error, Key is blocked. Update via ` + "`/key/unblock`" + ` if you're an admin.","type":"auth_error","param":"None","code":"401"}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is blocked", Type: "auth_error"}},
		"expired key, old": {read, 400, "", `{"error":{"message":"Authentication Error - Expired Key. Key Expiry time 2026-01-01","type":"expired_key","param":"None","code":"400"}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key has expired", Type: "expired_key"}},
		"role 401": {post, 401, "", `{"error":{"message":"Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=/user/new. Your role=internal_user. Your user_id=u-17","type":"auth_error","param":"None","code":"401"}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is fine, but its role may not do this", Said: "401 Only proxy admin can be used to generate, delete, update info for new keys/users/teams.",
				Type: "auth_error", Hint: ask, State: problem.Unchanged, Facts: []problem.Fact{{Label: "you", Text: "internal_user (user_id u-17) · key from $LITELLM_PROXY_API_KEY"}}}},
		"role 401 masked": {post, 401, "", `{"error":{"message":"Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=/user/new. Your role=internal_user. Your user_id=******","type":"auth_error","param":"None","code":"401"}}`,
			problem.Error{Code: 4, Type: "auth_error", Hint: ask, State: problem.Unchanged, Facts: []problem.Fact{{Label: "you", Text: "internal_user · key from $LITELLM_PROXY_API_KEY"}}}},
		"role 401 detail": {read, 401, "", `{"detail":{"error":"Only admin users can query all teams/other teams. Your user role=internal_user"}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is fine, but its role may not do this", Said: "401 Only admin users can query all teams/other teams.", Hint: ask, Facts: []problem.Fact{{Label: "you", Text: "internal_user · key from $LITELLM_PROXY_API_KEY"}}}},
		"role 403 detail": {read, 403, "", `{"detail":{"error":"Only proxy admins and organization admins can list users."}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is fine, but its role may not do this", Said: "403 Only proxy admins and organization admins can list users.", Hint: ask, Facts: yourKey}},
		"role 403 other user": {post, 403, "", `{"error":{"message":"User can only create keys for themselves. Got user_id=B, Your ID=A","type":"internal_server_error","param":null,"code":"403"}}`,
			problem.Error{Code: 4, Type: "internal_server_error", Hint: ask, State: problem.Unchanged, Facts: []problem.Fact{{Label: "you", Text: "user_id A · key from $LITELLM_PROXY_API_KEY"}}}},
		"role 403 repr": {post, 403, "", `{"error":{"message":"{'error': 'User does not have permission to make this model call. Your role=internal_user. You can only make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the model_info.'}","type":"auth_error","param":"None","code":"403"}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is fine, but its role may not do this", Said: "403 User does not have permission to make this model call.", Type: "auth_error", Hint: ask, State: problem.Unchanged, Facts: []problem.Fact{{Label: "you", Text: "internal_user · key from $LITELLM_PROXY_API_KEY"}}}},
		"viewer": {post, 403, "", `{"error":{"message":"user not allowed to access this route, role= proxy_admin_viewer. Trying to access: /user/new","type":"auth_error","param":"None","code":"403"}}`,
			problem.Error{Code: 4, Type: "auth_error", Hint: ask, State: problem.Unchanged, Facts: []problem.Fact{{Label: "you", Text: "proxy_admin_viewer · key from $LITELLM_PROXY_API_KEY"}}}},
		"route": {read, 403, "", `{"detail":"Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']."}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is fine, but it is limited to other endpoints", Hint: ask, Facts: yourKey}},
		"licence": {post, 403, "", `{"detail":{"error":"Organizations are only available for LiteLLM Enterprise users. You must be a LiteLLM Enterprise user to use this feature. \nPricing: https://www.litellm.ai/#pricing"}}`,
			problem.Error{Code: 4, Message: "cannot do it: this needs a LiteLLM Enterprise licence on the gateway", Hint: "the gateway's operator can add a licence", State: problem.Unchanged}},
		"provider": {read, 401, "", `{"error":{"message":"litellm.AuthenticationError: AuthenticationError: OpenAIException - Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-x***y.', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}}","type":"auth_error","param":null,"code":"401"}}`,
			problem.Error{Code: 4, Message: "cannot do it: your key is fine, but the provider refused the gateway's own", Type: "auth_error",
				Said: "401 litellm.AuthenticationError: AuthenticationError: OpenAIException - Error code: 401 - Incorrect API key provided: sk-x***y."}},
		"alias": {post, 400, "", `{"error":{"message":"Key with alias 'X' already exists. Unique key aliases across all keys are required.","type":"bad_request_error","param":"key_alias","code":"400"}}`,
			problem.Error{Code: 6, Message: "cannot do it: Key with alias 'X' already exists", Said: "400 Key with alias 'X' already exists. Unique key aliases across all keys are required.", Type: "bad_request_error", Field: "key_alias", State: problem.Unchanged}},
		"repr with quotes": {post, 400, "", `{"error":{"message":"{'error': \"Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: nope****aaaa\"}","type":"internal_server_error","param":null,"code":"400"}}`,
			problem.Error{Code: 6, Message: "cannot do it: Invalid key format", Said: "400 Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: nope****aaaa", Type: "internal_server_error", State: problem.Unchanged}},
		"repr with escapes": {post, 400, "", `{"error":{"message":"{'error': 'it\\'s \\\"so\\\" \\x41\\u00e9\\n2', 'n': [1, None, (True,)]}","type":"x","param":null,"code":"400"}}`,
			problem.Error{Code: 6, Message: `cannot do it: it's "so" Aé 2`, Said: `400 it's "so" Aé 2`, Type: "x", State: problem.Unchanged}},
		"repr message": {read, 404, "", `{"error":{"message":"{'message': 'Team not found, passed team id: X.'}","type":"auth_error","param":"None","code":"404"}}`,
			problem.Error{Code: 5, Message: "cannot do it: Team not found, passed team id: X", Said: "404 Team not found, passed team id: X.", Type: "auth_error"}},
		"404 in 500": {read, 500, "", `{"detail":"404: Tags not found: ['trn']"}`,
			problem.Error{Code: 5, Message: "cannot do it: Tags not found: ['trn']", Said: "500 Tags not found: ['trn']"}},
		"no route": {read, 404, "", `{"detail":"Not Found"}`,
			problem.Error{Code: 5, Message: "cannot do it: the gateway has no endpoint GET /nope: it is not in this version of LiteLLM", Said: "404 Not Found"}},
		"not LiteLLM": {read, 404, "text/html", `<html><body>default backend</body></html>`,
			problem.Error{Code: 5, Message: "cannot do it: the address answered 404, and not as LiteLLM does", Said: "404 Not Found", Hint: "is this the LiteLLM gateway's own address?"}},
		"not found detail": {read, 404, "", `{"detail":{"error":"User not found, passed user_id=X"}}`,
			problem.Error{Code: 5, Message: "cannot do it: User not found, passed user_id=X", Said: "404 User not found, passed user_id=X"}},
		"conflict": {post, 409, "", `{"error":{"message":"{'error': 'User with id X already exists'}","type":"internal_server_error","param":null,"code":"409"}}`,
			problem.Error{Code: 6, Message: "cannot do it: User with id X already exists", Said: "409 User with id X already exists", Type: "internal_server_error", State: problem.Unchanged}},
		"validation": {post, 422, "", `{"detail":[{"type":"missing","loc":["body","key"],"msg":"Field required"}]}`,
			problem.Error{Code: 6, Message: "cannot do it: body.key: Field required", Said: "422 body.key: Field required", Field: "key", State: problem.Unchanged}},
		"validation, old": {post, 422, "", `{"detail":[{"type":"x","loc":["body","m",0],"msg":"Value error, no","input":{"api_key":"` + canary + `"},"ctx":{}},{"loc":["body"],"msg":"b"}]}`,
			problem.Error{Code: 6, Message: "cannot do it: body.m.0: no; body: b", Said: "422 body.m.0: no; body: b", Field: "m.0", State: problem.Unchanged}},
		"problem document": {post, 422, "application/problem+json", `{"type":"urn:litellm:error:invalid-request-body","title":"Invalid request body","status":422,"detail":"users.0.bogus: Extra inputs are not permitted"}`,
			problem.Error{Code: 6, Message: "cannot do it: users.0.bogus: Extra inputs are not permitted", Said: "422 users.0.bogus: Extra inputs are not permitted", Type: "urn:litellm:error:invalid-request-body", Field: "users.0.bogus", State: problem.Unchanged}},
		"budget": {post, 422, "", `{"error":{"message":"Budget has been exceeded! Key=alias (sk-...0001) Current cost: 0.0, Max budget: 0.0","type":"budget_exceeded","param":null,"code":"422"}}`,
			problem.Error{Code: 6, Type: "budget_exceeded", Hint: "raise the budget, or wait for its reset", State: problem.Unchanged}},
		"rate limit": {read, 429, "", `{"error":{"message":"Rate limit exceeded for api_key: ` + hash + `. Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: 2026-11-24 02:17:02 UTC","type":"throttling_error","param":null,"code":"429"}}`,
			problem.Error{Code: 7, Type: "throttling_error", Retryable: true}},
		"500": {post, 500, "", `{"error":{"message":"Unique constraint failed on the fields: (` + "`team_id`" + `)","type":"internal_server_error","param":null,"code":"500"}}`,
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: Unique constraint failed on the fields: (`team_id`)", Type: "internal_server_error", State: problem.Unknown}},
		"500 bare": {post, 500, "", `{"error":{"message":"Internal server error","type":"internal_server_error"}}`,
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: Internal server error", Type: "internal_server_error", State: problem.Unknown}},
		"500 text": {post, 500, "text/plain", `Internal Server Error`,
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: Internal Server Error", Said: "500 Internal Server Error", State: problem.Unknown}},
		"502 page": {read, 502, "text/html", `<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>`,
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: 502 Bad Gateway", Said: "502 Bad Gateway", Retryable: true}},
		"503 empty": {read, 503, "", ``,
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: 503 Service Unavailable", Said: "503 Service Unavailable", Retryable: true}},
		"null":    {read, 400, "", `null`, problem.Error{Code: 6, Message: "cannot do it: the gateway refused it: 400 Bad Request", Said: "400 Bad Request"}},
		"integer": {read, 400, "", `17`, problem.Error{Code: 6, Message: "cannot do it: 17", Said: "400 17"}},
		"string":  {read, 400, "", `"no \u001b[31mred\u001b[0m \u202eabc"`, problem.Error{Code: 6, Message: `cannot do it: no \x1b[31mred\x1b[0m \u202eabc`, Said: `400 no \x1b[31mred\x1b[0m \u202eabc`}},
		"method":  {read, 405, "", `{"detail":"Method Not Allowed"}`, problem.Error{Code: 6, Message: "cannot do it: the gateway has no endpoint GET /nope: it is not in this version of LiteLLM", Said: "405 Method Not Allowed"}},
		"traceback": {read, 500, "text/plain", "Traceback (most recent call last):\n  File \"/app/x.py\", line 1, in f\n    g()\nValueError: no such thing\n\n",
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: ValueError: no such thing", Said: "500 ValueError: no such thing"}},
		"traceback in JSON": {read, 500, "", `{"error":{"message":"Something went wrong\nTraceback (most recent call last):\n  File \"/app/x.py\", line 1, in f\nKeyError: 'x'\n","type":"None"}}`,
			problem.Error{Code: 7, Message: "cannot do it: the gateway failed: KeyError: 'x'", Said: "500 KeyError: 'x'"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Classify(c.status, orDefault(c.contentType, "application/json"), []byte(c.body), c.asked)
			c.want.Status = c.status
			// An empty text in want is not compared.
			for _, f := range []struct{ want, got *string }{{&c.want.Message, &got.Message}, {&c.want.Said, &got.Said}, {&c.want.Hint, &got.Hint}} {
				if *f.want == "" {
					*f.want = *f.got
				}
			}
			if diff := cmp.Diff(&c.want, got, cmpopts.IgnoreUnexported(problem.Error{})); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(got.Message, "key is fine") && (strings.Contains(got.Hint, "sign in") || strings.Contains(got.Hint, "login")) {
				t.Error("advice to sign in again: ", got.Hint)
			}
		})
	}
}

func TestErrorIn(t *testing.T) {
	a := Asked{Attempt: "update credential x", Method: "PATCH", Path: "/credentials/x", HasKey: true}
	e := ErrorIn([]byte(`{"message":"Credential not found in DB.","type":"internal_server_error","param":"None","openai_code":404,"code":"404","headers":{},"provider_specific_fields":null}`), a)
	if e == nil || e.Code != problem.NotFound || e.Status != 404 || e.State != problem.Unchanged {
		t.Errorf("%+v", e)
	}
	e = ErrorIn([]byte(`{"error":{"message":"broken","type":"x"}}`), a)
	if e == nil || e.Code != problem.Unreachable || e.State != problem.Unknown {
		t.Errorf("%+v", e)
	}
	for _, fine := range []string{``, `[]`, `null`, `{"message":"Config updated successfully"}`, `{"success":true,"message":"x","code":1}`, `{"error":null}`, `{"error":false,"error_message":null,"total_tokens":1}`,
		`{"id":"resp_1","object":"response","error":{"code":"x","message":"failed"}}`, `{"status":"error","result":{"error":"x"}}`, `{"error":`} {
		if e := ErrorIn([]byte(fine), a); e != nil {
			t.Errorf("%s: %v", fine, e)
		}
	}
}

func TestExpectJSON(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":[1,2]}`: "", ` [] `: "", `"x"`: "",
		``: "not JSON", `{"a":[1,2`: "not JSON", `{} {}`: "more than one", "\n<!DOCTYPE html><html>": "a web page", "<HTML>": "a web page",
	} {
		e := (&Response{Status: 200, Body: []byte(body)}).ExpectJSON("list keys")
		if want == "" && e != nil || want != "" && (e == nil || e.Code != problem.Unreachable || !strings.Contains(e.Message, want)) {
			t.Errorf("%q: %v", body, e)
		}
	}
	e := (&Response{Status: 200, Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte("[]")}).ExpectNoPage("list keys")
	if e == nil || e.Hint != "is this the LiteLLM gateway's own address?" {
		t.Error(e)
	}
}

func FuzzClassify(f *testing.F) {
	f.Add(401, "application/json", `{"detail":{"error":"Your role=x. Your user_id=y"}}`)
	f.Add(500, "", `{"error":{"message":"{'error': \"{'error': 'a\\'b'}\"}"}}`)
	f.Add(422, "", `{"detail":[{"loc":["body",1],"msg":"x"}]}`)
	f.Add(200, "text/plain", "Traceback (most recent call last):\n x\nE: y")
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		a := Asked{Attempt: "x", Method: "POST", Path: "/user/new", HasKey: status%2 == 0, KeyFrom: "--api-key"}
		check := func(e *problem.Error) {
			texts := []string{e.Message, e.Said, e.Hint, e.State, e.Type, e.Field}
			for _, f := range e.Facts {
				texts = append(texts, f.Text)
			}
			for _, s := range texts {
				if utf8.RuneCountInString(s) > longest || strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
					t.Fatalf("%q", s)
				}
			}
			if e.Code == problem.OK {
				t.Fatal("no code")
			}
		}
		check(Classify(status, contentType, []byte(body), a))
		if e := ErrorIn([]byte(body), a); e != nil {
			check(e)
		}
	})
}
