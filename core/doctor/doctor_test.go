package doctor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// patient is a gateway whose answers are given by path; the others are a 404.
type patient map[string]any

// page is an answer that is no 200 with JSON.
type page struct {
	status int
	header map[string]string
	body   string
}

func (p patient) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch a := p[r.URL.Path].(type) {
	case nil:
		w.WriteHeader(404)
		fmt.Fprint(w, `{"detail":"Not Found"}`)
	case page:
		for name, value := range a.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.status)
		fmt.Fprint(w, a.body)
	default:
		_ = json.NewEncoder(w).Encode(a)
	}
}

type object = map[string]any

// healthy is a gateway of LiteLLM 1.106.2, asked by an admin, with some answers replaced.
func healthy(change patient) patient {
	p := patient{
		"/health/readiness": object{"status": "healthy", "db": "connected"}, "/health/readiness/details": object{"status": "healthy", "litellm_version": "1.106.2"},
		"/health/license": object{"has_license": false, "license_type": "community"}, "/v2/user/info": object{"user_id": "ada", "user_email": "ada@example.com", "user_role": "proxy_admin_viewer"},
	}
	for path, a := range change {
		if p[path] = a; a == nil {
			delete(p, path)
		}
	}
	return p
}

func examine(t *testing.T, url string, change func(*Gateway, *transport.Options)) []Finding {
	t.Helper()
	g := &Gateway{Now: time.Now}
	o := transport.Options{BaseURL: url, Key: "sk-doctor-0123456789abcdef", KeyFrom: "$LITELLM_PROXY_API_KEY", Retries: -1}
	if change != nil {
		change(g, &o)
	}
	c, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	g.Client = c
	all, there := g.Reach(t.Context())
	if there {
		all = append(append(all, g.Key(t.Context())...), g.Models(t.Context())...)
	}
	return all
}

// written is findings as text: a line each, with its level's first letter.
func written(all []Finding) string {
	var b strings.Builder
	for _, f := range all {
		fmt.Fprintf(&b, "%s %s: %s\n", string(f.Level)[:1], f.Area, f.Text)
	}
	return b.String()
}

func refusal(status int, kind, text string) page {
	raw, _ := json.Marshal(object{"error": object{"message": text, "type": kind, "param": "key", "code": fmt.Sprint(status)}})
	return page{status, map[string]string{"Content-Type": "application/json"}, string(raw)}
}

func TestGateway(t *testing.T) {
	hour := func(d time.Duration) page {
		return page{200, map[string]string{"Date": time.Now().Add(d).UTC().Format(http.TimeFormat)}, `{"status":"healthy","db":"connected"}`}
	}
	budgeted := func(spend float64) object {
		return object{"user_id": "ada", "user_email": "ada@example.com", "user_role": "internal_user", "spend": spend, "max_budget": 50, "budget_reset_at": "2026-12-01T12:00:00Z"}
	}
	for name, c := range map[string]struct {
		change patient
		code   problem.Code
		want   []string
	}{
		"well": {nil, 0, []string{
			"o gateway: answers in ", "o gateway: clocks agree", "o gateway: LiteLLM 1.106.2, community (no: tags", "o key: sk-…cdef from $LITELLM_PROXY_API_KEY",
			"o key: ada@example.com, proxy_admin_viewer: may read everything, may write nothing",
		}},
		"the older version":         {patient{"/health/readiness": object{"status": "healthy", "db": "connected", "litellm_version": "1.83.14"}, "/health/license": nil}, 0, []string{"o gateway: LiteLLM 1.83.14\n"}},
		"a version from the schema": {patient{"/health/readiness/details": refusal(401, "auth_error", "Only proxy admin"), "/openapi.json": object{"info": object{"version": "1.106.2"}}}, 0, []string{"LiteLLM 1.106.2"}},
		"no version":                {patient{"/health/readiness/details": nil}, 0, []string{"of a version that it does not tell"}},
		"a licence":                 {patient{"/health/license": object{"has_license": true, "license_type": "enterprise", "expiration_date": "2027-01-01"}}, 0, []string{"licence enterprise until 2027-01-01"}},
		"a page in the way":         {patient{"/health/readiness": page{200, map[string]string{"Content-Type": "text/html"}, "<html>Sign in</html>"}}, 7, []string{"b gateway: the address answered with a web page"}},
		"a redirect":                {patient{"/health/readiness": page{302, map[string]string{"Location": "https://sso.example/?secret=x"}, ""}}, 7, []string{"b gateway: it leads to https://sso.example/, where no key is sent"}},
		"another program":           {patient{"/health/readiness": nil}, 7, []string{"b gateway: it answers, and not as LiteLLM does"}},
		"a database that is down":   {patient{"/health/readiness": page{503, nil, `{"detail":"Service Unhealthy (db)"}`}}, 7, []string{"b gateway: its database: Service Unhealthy (db)"}},
		"no database":               {patient{"/health/readiness": object{"status": "healthy", "db": "Not connected"}}, 7, []string{"b gateway: its database: Not connected", "o key: ada@example.com"}},
		"a clock an hour ahead":     {patient{"/health/readiness": hour(time.Hour)}, 1, []string{"b gateway: the gateway's clock is 1h0m", "ahead of this machine's"}},
		"a clock a minute behind":   {patient{"/health/readiness": hour(-time.Minute)}, 0, []string{"w gateway: the gateway's clock is ", "behind this machine's"}},
		"a clock some seconds off":  {patient{"/health/readiness": hour(10 * time.Second)}, 0, []string{"o gateway: the gateway's clock is "}},
		"a bad key":                 {patient{"/v2/user/info": refusal(401, "token_not_found_in_db", "Authentication Error, Invalid proxy server token passed")}, 4, []string{"b key: sk-…cdef from $LITELLM_PROXY_API_KEY: the gateway does not know your key"}},
		"an expired key":            {patient{"/v2/user/info": refusal(401, "expired_key", "Authentication Error - Expired Key")}, 4, []string{"your key has expired"}},
		"a key of nobody":           {patient{"/v2/user/info": refusal(400, "bad_request_error", "user_id is required")}, 0, []string{"w key: it belongs to nobody"}},
		"the master key":            {patient{"/v2/user/info": refusal(404, "not_found", "User not found: default_user_id")}, 0, []string{"o key: the gateway's master key: may do everything"}},
		"a low role":                {patient{"/v2/user/info": budgeted(1)}, 0, []string{"o key: ada@example.com, internal_user: may use models", "o key: budget: $1.00 of $50.00 spent, resets 1 Dec"}},
		"a budget nearly spent":     {patient{"/v2/user/info": budgeted(46)}, 0, []string{"w key: budget: $46.00 of $50.00 spent"}},
		"a budget spent":            {patient{"/v2/user/info": budgeted(50)}, 4, []string{"b key: budget: $50.00 of $50.00 spent, resets 1 Dec: model calls are refused"}},
		"a key that ends soon":      {patient{"/key/info": object{"info": object{"spend": 1, "max_budget": 2, "expires": time.Now().Add(3 * time.Hour).UTC().Format(time.RFC3339)}}}, 0, []string{"budget: $1.00 of $2.00 spent\n", "w key: ends 20", ", in 3h0m"}},
		"models that failed": {patient{
			"/health/latest": object{"latest_health_checks": object{
				"id-1": object{"model_name": "old name", "status": "unhealthy", "error_message": "401 from the provider\nstack trace", "checked_at": "2026-11-24T02:51:00+00:00"},
				"id-2": object{"status": "healthy"}, "gone": object{"status": "unhealthy"},
			}},
			"/v1/model/info": object{"data": []object{{"model_name": "gpt-4", "model_info": object{"id": "id-1"}}, {"model_name": "x", "model_info": object{"id": "id-2"}}}},
		}, 0, []string{"w models: gpt-4: the last health check of 2026-11-", "failed: 401 from the provider\n"}},
		"models that are well": {patient{"/health/latest": object{"latest_health_checks": object{"id-2": object{"status": "healthy"}}}}, 0, []string{"o models: the last health checks went well: 1"}},
	} {
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
			if strings.Contains(text, "stack trace") || strings.Contains(text, "gone") || strings.Contains(text, "0123456789") || strings.Contains(text, "secret=") {
				t.Error(text)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	s := httptest.NewTLSServer(healthy(nil))
	defer s.Close()
	plain := httptest.NewServer(healthy(nil))
	defer plain.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, c := range map[string]struct{ url, want string }{
		"nobody there":         {gone.URL, "connection refused"},
		"an unknown authority": {s.URL, "signed by an unknown authority"},
		"no TLS":               {strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS"},
		"TLS":                  {strings.Replace(s.URL, "https:", "http:", 1), "b gateway"},
		"no such name":         {"http://nothing.invalid", "b gateway"},
	} {
		t.Run(name, func(t *testing.T) {
			all := examine(t, c.url, nil)
			if len(all) > 3 || Worst(all) != problem.Unreachable || !strings.Contains(written(all), c.want) {
				t.Errorf("%d\n%s", Worst(all), written(all))
			}
		})
	}
}

// What a sign-in knows of itself needs no question.
func TestEnds(t *testing.T) {
	s := httptest.NewServer(healthy(nil))
	defer s.Close()
	soon := time.Now().Add(2 * time.Hour)
	if text := written(examine(t, s.URL, func(g *Gateway, _ *transport.Options) { g.KeyEnds = &soon })); !strings.Contains(text, "w key: ends ") {
		t.Error(text)
	}
	if text := written(examine(t, s.URL, func(g *Gateway, _ *transport.Options) { g.KeyEnds, g.Renews = &soon, true })); !strings.Contains(text, "o key: renews itself") {
		t.Error(text)
	}
	if text := written(examine(t, s.URL, func(_ *Gateway, o *transport.Options) { o.Key = "" })); !strings.Contains(text, "w key: none is used") {
		t.Error(text)
	}
}

func TestWorst(t *testing.T) {
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
}
