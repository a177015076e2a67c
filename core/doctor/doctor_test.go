package doctor

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// admin is what a gateway says of one.
var admin = object{"user_id": "ada", "user_email": "ada@example.com", "user_role": "proxy_admin"}

// look runs each case against a gateway of its own.
func look(t *testing.T, cases map[string]lookCase) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(healthy(c.change))
			defer s.Close()
			all := examine(t, s.URL, nil)
			text := written(all)
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			if code := Worst(all); code != c.code {
				t.Errorf("code %d, want %d:\n%s", code, c.code, text)
			}
			for _, not := range append(c.not, "stack trace", "0123456789", "secret=") {
				if strings.Contains(text, not) {
					t.Errorf("%q in\n%s", not, text)
				}
			}
		})
	}
}

type lookCase struct {
	change    patient
	code      problem.Code
	want, not []string
}

func TestGateway(t *testing.T) {
	at := func(d time.Duration) page {
		return page{200, map[string]string{"Date": time.Now().Add(d).UTC().Format(http.TimeFormat)}, `{"status":"healthy","db":"connected"}`}
	}
	ready := func(p page) patient { return patient{"/health/readiness": p} }
	look(t, map[string]lookCase{
		"well": {want: []string{
			"o gateway: answers in ", " ms, clocks agree\n", "o gateway: LiteLLM 1.106.2, database connected, community (no: tags", "o key: sk-…cdef from $LITELLM_PROXY_API_KEY\n",
			"o key: ada@example.com, proxy_admin_viewer: may read everything, may write nothing\n",
		}},
		"the older version":         {change: patient{"/health/readiness": object{"status": "healthy", "db": "connected", "litellm_version": "1.83.14"}, "/health/license": nil}, want: []string{"o gateway: LiteLLM 1.83.14, database connected\n"}},
		"a version from the schema": {change: patient{"/health/readiness/details": refusal(401, "auth_error", "Only proxy admin"), "/openapi.json": object{"info": object{"version": "1.106.2"}}}, want: []string{"LiteLLM 1.106.2, "}},
		"no version":                {change: patient{"/health/readiness/details": nil}, want: []string{"of a version that it does not tell"}},
		"a licence":                 {change: patient{"/health/license": object{"has_license": true, "license_type": "enterprise", "expiration_date": "2027-01-01"}}, want: []string{", licence enterprise until 2027-01-01"}},
		"a page in the way":         {ready(page{200, map[string]string{"Content-Type": "text/html"}, "<html>Sign in</html>"}), 7, []string{"b gateway: a web page answers in its place (200 OK)"}, nil},
		"a redirect":                {ready(page{302, map[string]string{"Location": "https://me:hunter2@sso.example/in?secret=x#y", "Content-Type": "text/html"}, "<html>Moved</html>"}), 7, []string{"b gateway: it leads to https://sso.example/in, where no key is sent (302 Found)"}, []string{"hunter2"}},
		"a gateway's gateway":       {ready(page{502, map[string]string{"Content-Type": "text/html"}, "<html>Bad Gateway</html>"}), 7, []string{"b gateway: it answers with 502 Bad Gateway"}, nil},
		"a sign-in of its own":      {ready(page{401, nil, "who are you?"}), 7, []string{"not as LiteLLM does: GET /health/readiness is 401 Unauthorized"}, nil},
		"TLS asked for":             {ready(page{400, nil, "Client sent an HTTP request to an HTTPS server.\n"}), 7, []string{"b gateway: it speaks TLS"}, nil},
		"another program":           {patient{"/health/readiness": nil}, 7, []string{"b gateway: it answers, and not as LiteLLM does"}, nil},
		"a database that is down":   {ready(page{503, nil, `{"detail":"Service Unhealthy (db)"}`}), 7, []string{"b gateway: its database: Service Unhealthy (db)\n"}, nil},
		"one that was disconnected": {ready(page{503, nil, `{"status":"healthy","db":"disconnected"}`}), 7, []string{"b gateway: its database: disconnected\n"}, []string{"connected, community"}},
		"no database":               {patient{"/health/readiness": object{"status": "healthy", "db": "Not connected"}}, 7, []string{"b gateway: its database: Not connected", "o key: ada@example.com"}, nil},
		"nobody knows while it is down": {
			patient{"/health/readiness": object{"status": "healthy", "db": "Not connected"}, "/v2/user/info": refusal(401, "auth_error", "Error in external connector")}, 7,
			[]string{"w key: sk-…cdef from $LITELLM_PROXY_API_KEY: it cannot be known whose it is"}, []string{"connector"},
		},
		"a clock an hour ahead":    {ready(at(time.Hour)), 1, []string{"b gateway: its clock is 60 min ahead of this machine's"}, []string{"agree"}},
		"a clock an hour behind":   {ready(at(-time.Hour)), 1, []string{"b gateway: its clock is 60 min behind this machine's"}, nil},
		"a clock a minute behind":  {ready(at(-time.Minute)), 0, []string{"w gateway: its clock is ", "behind this machine's"}, nil},
		"a clock some seconds off": {ready(at(20 * time.Second)), 0, []string{"o gateway: answers in ", ", its clock "}, []string{"agree"}},
	})
}

func TestKey(t *testing.T) {
	user := func(spend float64) object {
		return object{"user_id": "ada", "user_email": "ada@example.com", "user_role": "internal_user", "spend": spend, "max_budget": 50, "budget_reset_at": "2026-12-01T12:00:00Z", "teams": []string{"t-1", "t-2"}}
	}
	who := func(a any) patient { return patient{"/v2/user/info": a} }
	info := func(o object) patient { return patient{"/key/info": object{"info": o}} }
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
	look(t, map[string]lookCase{
		"none":                   {who(refusal(401, "auth_error", "Authentication Error, No api key passed in.")), 4, []string{"the gateway does not know your key"}, nil},
		"a bad one":              {who(refusal(401, "token_not_found_in_db", "Authentication Error, Invalid proxy server token passed")), 4, []string{"b key: sk-…cdef from $LITELLM_PROXY_API_KEY: the gateway does not know your key\n"}, nil},
		"an expired one":         {who(refusal(401, "expired_key", "Authentication Error - Expired Key")), 4, []string{"your key has expired\n"}, nil},
		"a blocked one":          {who(refusal(401, "auth_error", "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.")), 4, []string{"your key is blocked\n"}, nil},
		"of nobody":              {who(refusal(400, "bad_request_error", "user_id is required")), 0, []string{"w key: it belongs to nobody"}, nil},
		"for some endpoints":     {who(refusal(403, "auth_error", "Virtual key is not allowed to call this route.")), 0, []string{"w key: a good key that is limited"}, nil},
		"the master key":         {who(refusal(404, "not_found", "User not found: default_user_id")), 0, []string{"o key: the gateway's master key: may do everything"}, nil},
		"an admin's":             {who(admin), 0, []string{"o key: ada@example.com, proxy_admin: may do everything\n"}, nil},
		"a viewer's":             {who(object{"user_id": "u-1", "user_role": "internal_user_viewer"}), 0, []string{"o key: u-1, internal_user_viewer: may read what is their own, may write nothing\n"}, nil},
		"of a role of its own":   {who(object{"user_id": "u-1", "user_role": "auditor"}), 0, []string{"o key: u-1, auditor: a role of the gateway's own"}, nil},
		"of no role":             {who(object{"user_id": "u-1"}), 0, []string{"w key: u-1, in a role that the gateway does not tell"}, nil},
		"a user's":               {who(user(1)), 0, []string{"o key: ada@example.com, internal_user: may use models and manage keys of their own; in 2 teams; budget $49.00 of $50.00 left, resets 1 Dec\n"}, nil},
		"a budget nearly spent":  {who(user(46)), 0, []string{"w key: budget $4.00 of $50.00 left, resets 1 Dec\n"}, nil},
		"a budget spent":         {who(user(50)), 4, []string{"b key: budget $0.00 of $50.00 left, resets 1 Dec: model calls are refused"}, nil},
		"both budgets":           {patient{"/v2/user/info": user(50), "/key/info": object{"info": object{"spend": 1, "max_budget": 2}}}, 4, []string{"; budget $1.00 of $2.00 left\n", "b key: owner's budget $0.00"}, nil},
		"of a team":              {info(object{"team_id": "team-7"}), 0, []string{"; a key of team team-7\n"}, nil},
		"that ends soon":         {info(object{"expires": in(3 * time.Hour)}), 0, []string{"w key: expires 20", ", in 3 h\n"}, nil},
		"that ends in some days": {info(object{"expires": in(90 * time.Hour)}), 0, []string{"o key: expires 20"}, nil},
		"without an end":         {info(object{"expires": nil}), 0, nil, []string{"expires"}},
	})
}

// The client's key may be that of a sign-in, which knows things of itself, or be missing.
func TestSignIn(t *testing.T) {
	s := httptest.NewServer(healthy(nil))
	defer s.Close()
	soon := time.Now().Add(2*time.Hour + time.Second)
	for name, c := range map[string]struct {
		change    func(*Gateway, *transport.Options)
		want, not string
	}{
		"ends soon": {func(g *Gateway, _ *transport.Options) {
			g.SignIn = &auth.SignIn{Flow: auth.Classic, Expires: &soon, TeamID: "t-9"}
		}, "; in team t-9\nw key: expires ", "renews"},
		"renews": {func(g *Gateway, _ *transport.Options) { g.SignIn = &auth.SignIn{Expires: &soon, RefreshToken: "r"} }, "o key: renews itself\n", "expires"},
		"no key": {func(_ *Gateway, o *transport.Options) { o.Key = "" }, "w key: none is used, and the gateway asks for none\n", "sk-"},
		"a note": {func(g *Gateway, _ *transport.Options) { g.KeyNote = "another one is NOT used" }, "o key: sk-…cdef from $LITELLM_PROXY_API_KEY; another one is NOT used\n", "b key"},
		"a store that fails": {func(g *Gateway, o *transport.Options) {
			o.Key, g.KeyErr = "", problem.New(problem.Failed, "cannot read the sign-in: it is locked")
		}, "b key: cannot read the sign-in: it is locked\n", "none is used"},
	} {
		t.Run(name, func(t *testing.T) {
			text := written(examine(t, s.URL, c.change))
			if !strings.Contains(text, c.want) || strings.Contains(text, c.not) || !strings.Contains(text, "o gateway: LiteLLM 1.106.2") {
				t.Errorf("want %q in, and %q not in\n%s", c.want, c.not, text)
			}
		})
	}
}

func TestModels(t *testing.T) {
	ago := func(d time.Duration) string { return time.Now().Add(-d).UTC().Format(time.RFC3339) }
	latest := func(checks object, models ...object) patient {
		return patient{"/health/latest": object{"latest_health_checks": checks}, "/v1/model/info": object{"data": models}}
	}
	served := func(id, name string) object { return object{"model_name": name, "model_info": object{"id": id}} }
	failed := func(age time.Duration, said string) object {
		return object{"model_name": "old name", "status": "unhealthy", "error_message": said, "checked_at": ago(age)}
	}
	many, names := object{}, []object{}
	for i := range 8 {
		id := fmt.Sprint("id-", i)
		many[id], names = failed(time.Hour, "x"), append(names, served(id, "model "+id))
	}
	look(t, map[string]lookCase{
		"one of two failed": {
			latest(object{"a": failed(time.Hour, "litellm.AuthenticationError: AuthenticationError: 401 from the provider\nstack trace"), "b": object{"status": "healthy"}, "gone": failed(time.Hour, "")}, served("a", "gpt-4"), served("b", "gpt-4")), 1,
			[]string{"o models: 1 of 2 deployments passed", "b models: gpt-4 (1 of 2 deployments): last health check failed 20", ", 401 from the provider\n"}, []string{"gone", "old name", "litellm."},
		},
		"long ago":           {latest(object{"a": failed(48*time.Hour, "litellm.Timeout: late")}, served("a", "gpt-4")), 0, []string{"w models: gpt-4: last health check failed 20", ", late\n"}, []string{"passed"}},
		"many":               {latest(many, names...), 1, []string{"b models: model id-4: ", "w models: 3 more models"}, []string{"model id-5"}},
		"all well":           {latest(object{"b": object{"status": "healthy"}}, served("b", "gpt-4")), 0, []string{"o models: 1 of 1 deployments passed"}, nil},
		"without their list": {patient{"/health/latest": object{"latest_health_checks": object{"b": object{"status": "healthy"}}}}, 0, []string{"o models: 1 of 1 deployments passed"}, nil},
		"not to be seen":     {patient{"/health/latest": refusal(401, "auth_error", "only admins")}, 0, nil, []string{"models: "}},
	})
	for said, want := range map[string]string{
		"litellm.APIError: APIError: ": "APIError", "": "", strings.Repeat("a", 120): strings.Repeat("a", 99) + "…", " plain\nmore": "plain", "Error: x": "x",
	} {
		if got := shortly(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

func TestFindings(t *testing.T) {
	for want, codes := range map[problem.Code][]problem.Code{0: nil, 2: {10, 4, 2, 7}, 7: {1, 12, 7, 4}, 12: {4, 12}, 4: {10, 4}, 10: {1, 10}, 1: {1}} {
		var all []Finding
		for _, code := range codes {
			all = append(all, Finding{Level: Bad, Code: code}, Finding{Level: Warn, Code: 2})
		}
		if got := Worst(all); got != want {
			t.Errorf("%v: %d, want %d", codes, got, want)
		}
	}
	f := FromError("key", problem.New(problem.Denied, "cannot check the key: your key has expired").WithHint("x"))
	if f.Text != "your key has expired" || f.Hint != "x" || f.Code != problem.Denied || FromError("a", errors.New("odd")).Text != "odd" {
		t.Errorf("%+v", f)
	}
	if Count([]Finding{f, good("a", "b")}, OK) != 1 {
		t.Error("count")
	}
	cut := Cut([]Finding{good("gateway", "there"), bad("key", problem.Interrupted, "x", "interrupted"), bad("key", problem.TimedOut, "", "late")}, "--timeout 1s")
	if got := written(cut); got != "o gateway: there\nb key: the time was up (--timeout 1s)\n" || Worst(cut) != problem.TimedOut {
		t.Error(got)
	}
	if got := Cut([]Finding{f}, "--timeout 1s"); len(got) != 2 || Worst(got) != problem.TimedOut || got[0] != f {
		t.Errorf("%+v", got)
	}
	for d, want := range map[time.Duration]string{45 * time.Second: "45 s", -12 * time.Minute: "12 min", 3*time.Hour + time.Minute: "3 h", 72 * time.Hour: "3 days"} {
		if got := span(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
