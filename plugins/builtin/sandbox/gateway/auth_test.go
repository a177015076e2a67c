package gateway

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestKeyRefusals(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 24, 26, 0, time.UTC)
	g := openTest(t, Options{Now: func() time.Time { return now }})
	call(t, g, "POST", "/key/generate", `{"key":"sk-expired-00000001","duration":"1s"}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"sk-blocked-00000001"}`).want(200)
	if _, err := g.db.ExecContext(t.Context(), `UPDATE keys SET blocked = 1 WHERE token = ?`, hashKey("sk-blocked-00000001")); err != nil {
		t.Fatal(err)
	}
	call(t, g, "GET", "/models", "", "sk-expired-00000001").want(200)
	now = now.Add(time.Second)
	tests := map[string]string{
		"":                    `{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}`,
		"nope":                `{"error":{"message":"LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.","type":"auth_error","param":"None","code":"401"}}`,
		"sk-unknown-00001234": `Received API Key = sk-...1234, Key Hash (Token) =` + hashKey("sk-unknown-00001234") + ". Unable to find token in cache or `LiteLLM_VerificationTokenTable`\",\"type\":\"token_not_found_in_db\",\"param\":\"key\",\"code\":\"401\"}}",
		"sk-expired-00000001": `Authentication Error - Expired Key. Key Expiry time 2026-11-24 02:24:27.000000+00:00 and current time 2026-11-24 02:24:27.000000+00:00","type":"expired_key"`,
		"sk-blocked-00000001": "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.",
	}
	for key, want := range tests {
		call(t, g, "GET", "/models", "", key).want(401).contains(want)
		call(t, g, "POST", "/model/new", `{}`, key).want(401).contains(want)
	}
	// What is wrong with the body comes first.
	call(t, g, "POST", "/model/new", `{`, "").want(422)
	call(t, g, "POST", "/model/new", `[]`, "").want(500)
	call(t, g, "GET", "/nope", "", "").want(404)
	call(t, g, "GET", "/model/new", "", "").want(405)
}

func TestKeyHeaders(t *testing.T) {
	g := openTest(t, Options{})
	tests := []struct {
		name, value string
		status      int
		contains    string
	}{
		{"Authorization", "Bearer KEY", 200, ""},
		{"Authorization", "bearer KEY", 200, ""},
		{"x-litellm-api-key", "KEY", 200, ""},
		{"x-litellm-api-key", "Bearer KEY", 200, ""},
		{"x-api-key", "KEY", 200, ""},
		{"api-key", "KEY", 200, ""},
		{"Authorization", "KEY", 401, "Malformed API Key passed in. Ensure Key has `Bearer ` prefix."},
		{"Authorization", "Bearer ", 401, "Malformed API Key"},
		{"Authorization", "Basic abc", 401, "expected to start with 'sk-'"},
		{"X-Other", "KEY", 401, "No api key passed in."},
	}
	for _, test := range tests {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/models", nil)
		r.Header.Set(test.name, strings.ReplaceAll(test.value, "KEY", g.Key()))
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.contains) {
			t.Errorf("%s: %s: %d %s", test.name, test.value, w.Code, w.Body)
		}
	}
}

func TestRoles(t *testing.T) {
	g := openTest(t, Options{})
	for role, user := range map[string]string{roleUser: "user-of-sandbox", roleViewer: "viewer", roleUserViewer: "user-viewer", roleAdmin: "admin"} {
		call(t, g, "POST", "/user/new", `{"user_id":"`+user+`","user_role":"`+role+`","auto_create_key":false}`).want(200)
		call(t, g, "POST", "/key/generate", `{"user_id":"`+user+`","key":"sk-`+user+`-0123456789"}`).want(200)
	}
	call(t, g, "POST", "/key/generate", `{"key":"sk-nobody-0123456789"}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"sk-limited-0123456789","user_id":"user-of-sandbox","models":["mock-gpt"]}`).want(200)

	const model = `{"model_name":"q","litellm_params":{"model":"openai/x"}}`
	const onlyAdmin = "Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route="
	run(t, g, []step{
		{"GET", "/models", "", 200, `mock-gpt`},
		{"GET", "/key/list", "", 200, `"total_count":2`},
		{"GET", "/key/list?user_id=viewer", "", 403, `You are not authorized to check another user's keys`},
		{"GET", "/user/info", "", 200, `"user_id":"user-of-sandbox","user_info":{"verified_subjects":null,`},
		{"GET", "/user/info?user_id=viewer", "", 403, `key not allowed to access this user's info. user_id=viewer, key's user_id=user-of-sandbox`},
		{"GET", "/credentials", "", 401, onlyAdmin + `/credentials. Your role=internal_user. Your user_id=user-o*******ox`},
		{"GET", "/health/readiness/details", "", 401, onlyAdmin},
		{"POST", "/user/new", `{}`, 401, onlyAdmin + `/user/new.`},
		{"POST", "/user/new", `{`, 422, `json_invalid`},
		{"POST", "/model/new", model, 403, `{"error":{"message":"{'error': 'User does not have permission to make this model call. Your role=internal_user. You can only make`},
		{"POST", "/model/delete", `{"id":"none"}`, 400, `not found in db`},
		{"POST", "/model/delete", `{"id":"sandbox-gpt-4o-mini-eu"}`, 403, `User does not have permission`},
		{"PATCH", "/model/sandbox-gpt-4o-mini-eu/update", `{}`, 403, `{"detail":{"error":"User does not have permission`},
		{"POST", "/key/generate", `{"user_id":"viewer"}`, 403, `User can only create keys for themselves. Got user_id=viewer, Your ID=user-of-sandbox`},
		{"POST", "/key/generate", `{"key_alias":"own"}`, 200, `"user_id":"user-of-sandbox"`},
		{"POST", "/key/delete", `{"keys":["sk-viewer-0123456789"]}`, 403, `You are not authorized to delete this key`},
		{"POST", "/key/delete", `{"key_aliases":["own"]}`, 200, `{"deleted_keys":["own"]}`},
	}, "sk-user-of-sandbox-0123456789")
	run(t, g, []step{
		{"GET", "/credentials", "", 200, `{"success":true,"credentials":[]}`},
		{"GET", "/key/list", "", 200, `"total_count":6`},
		{"POST", "/model/new", model, 403, `user not allowed to access this route, role= proxy_admin_viewer. Trying to access: /model/new`},
		{"POST", "/chat/completions", `{"model":"mock-gpt","messages":[]}`, 200, ``},
	}, "sk-viewer-0123456789")
	run(t, g, []step{
		{"POST", "/model/new", model, 403, `View-only users cannot manage models.`},
		{"POST", "/key/generate", `{}`, 401, onlyAdmin},
	}, "sk-user-viewer-0123456789")
	run(t, g, []step{
		{"GET", "/key/list", "", 403, `No 'user_id' is associated with your API key.`},
		{"GET", "/user/info", "", 404, `User None not found`},
		{"POST", "/key/generate", `{}`, 401, `Your role=unknown. Your user_id=*******`},
		{"GET", "/model/info", "", 200, `"direct_access":false`},
	}, "sk-nobody-0123456789")
	run(t, g, []step{
		{"GET", "/models", "", 200, `{"data":[{"id":"mock-gpt",`},
		{"GET", "/models/mock-claude", "", 404, `not accessible`},
		{"POST", "/chat/completions", `{"model":"mock-claude","messages":[]}`, 403, `"type":"key_model_access_denied","param":"model"`},
	}, "sk-limited-0123456789")
	call(t, g, "POST", "/model/new", model, "sk-admin-0123456789").want(200)
}
