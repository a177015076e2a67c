package doctor

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
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
	return g.Look(t.Context())
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
