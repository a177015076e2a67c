package auth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// The answers are recorded from LiteLLM 1.106.2 and 1.83.14.
const (
	carolRow = `{"user_id":"carol","user_email":"carol@example.com","user_alias":"carol Example","user_role":"internal_user","spend":1.35e-05,"max_budget":12.5,"tpm_limit":null,"models":[],"budget_duration":"30d","budget_reset_at":"2026-12-01T00:00:00Z","metadata":{"auth_provider":null},"sso_user_id":"carol","teams":["team-blue","team-red"],"model_max_budget":{}}`
	rootRow  = `{"user_id":"default_user_id","user_email":null,"user_alias":null,"user_role":"internal_user","spend":0.0,"max_budget":null,"budget_duration":null,"budget_reset_at":null,"teams":["team-red"]}`
)

func wrapped(message, kind string, code int) string {
	return fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":"None","code":"%d"}}`, message, kind, code)
}

func TestVerify(t *testing.T) {
	budget, reset := 12.5, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		status int
		body   string
		want   *Identity
		code   problem.Code
		says   string
	}{
		"a user": {200, carolRow, &Identity{
			UserID: "carol", Email: "carol@example.com", Alias: "carol Example", Role: "internal_user", Teams: []string{"team-blue", "team-red"},
			Spend: 1.35e-05, MaxBudget: &budget, BudgetDuration: "30d", BudgetReset: &reset,
		}, 0, ""},
		"the master key":                {404, wrapped("User not found: default_user_id", "internal_server_error", 404), &Identity{UserID: "default_user_id", Role: "proxy_admin", Master: true}, 0, ""},
		"the master key with a row":     {200, rootRow, &Identity{UserID: "default_user_id", Role: "proxy_admin", Teams: []string{"team-red"}, Master: true}, 0, ""},
		"a user without a row":          {404, wrapped("User not found: ghost-1", "internal_server_error", 404), &Identity{UserID: "ghost-1"}, 0, ""},
		"nobody's":                      {400, wrapped("user_id is required. Either pass it as a query parameter or authenticate with a user-bound key.", "internal_server_error", 400), &Identity{Nobody: true}, 0, ""},
		"limited":                       {403, `{"detail":"Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. Tried to call route: /v2/user/info"}`, &Identity{Limited: true}, 0, ""},
		"a budget reset some other way": {200, `{"user_id":"u","budget_reset_at":"tomorrow"}`, &Identity{UserID: "u"}, 0, ""},
		"expired":                       {401, wrapped("Authentication Error - Expired Key. Key Expiry time 2026-11-25 14:27:13+00:00", "expired_key", 401), nil, problem.Denied, "your key has expired"},
		"expired, old":                  {400, wrapped("Authentication Error - Expired Key. Key Expiry time 2026-11-25 14:27:13+00:00", "expired_key", 400), nil, problem.Denied, "your key has expired"},
		"blocked":                       {401, wrapped("Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.", "auth_error", 401), nil, problem.Denied, "blocked"},
		"unknown":                       {401, wrapped("Authentication Error, Invalid proxy server token passed.", "token_not_found_in_db", 401), nil, problem.Denied, "does not know your key"},
		"a damaged credential":          {401, wrapped("LiteLLM Virtual Key expected. Received=lite****AAAA, expected to start with 'sk-'.", "auth_error", 401), nil, problem.Denied, "does not know your key"},
		"of no team any more":           {403, wrapped("Team 'team-red' is not in your team memberships.", "auth_error", 403), nil, problem.Denied, "not in your team"},
		"no such path":                  {404, `{"detail":"Not Found"}`, nil, problem.NotFound, "not in this version"},
		"another 400":                   {400, wrapped("something else", "x", 400), nil, problem.Refused, "something else"},
		"down":                          {503, `{"detail":"no database"}`, nil, problem.Unreachable, "no database"},
		"no JSON":                       {200, `<html>`, nil, problem.Unreachable, "web page"},
		"nobody at all":                 {200, `{}`, nil, problem.Unreachable, "not as LiteLLM does"},
		"a list":                        {200, `[]`, nil, problem.Unreachable, "not as LiteLLM does"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.URL.String() != "/v2/user/info" || r.Header.Get("Authorization") != "Bearer sk-1234567890abcdef" {
					t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			defer s.Close()
			client, _, _ := clientAt(t, s.URL)
			id, err := Verify(t.Context(), client, "sk-1234567890abcdef")
			if diff := cmp.Diff(c.want, id); diff != "" || problem.CodeOf(err) != c.code {
				t.Fatalf("%v\n%s", err, diff)
			}
			if err == nil {
				return
			}
			if out := text(err); !contains(out, c.says, "cannot check the key: ") || contains(out, "the command line") {
				t.Error(out)
			}
		})
	}
}
