package gateway

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// openTest opens a gateway for one test, in a file of its own unless o says
// where.
func openTest(t testing.TB, o Options) *Gateway {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "sandbox.db")
	}
	if o.Report == nil {
		o.Report = func(err error) { t.Errorf("unexpected error of the sandbox: %v", err) }
	}
	g, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// result is the answer to a call.
type result struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   string
}

// call asks g with the admin key, or with the one in as.
func call(t testing.TB, g *Gateway, method, path, body string, as ...string) result {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	key := g.Key()
	if len(as) > 0 {
		key = as[0]
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return result{t, method + " " + path + " " + body, w.Code, w.Header(), w.Body.String()}
}

func (r result) want(status int) result {
	r.t.Helper()
	if r.status != status {
		r.t.Errorf("%s: status %d, want %d\n%s", r.what, r.status, status, r.body)
	}
	return r
}

func (r result) contains(parts ...string) result {
	r.t.Helper()
	for _, part := range parts {
		if !strings.Contains(r.body, part) {
			r.t.Errorf("%s: no %s in\n%s", r.what, part, r.body)
		}
	}
	return r
}

func (r result) lacks(parts ...string) result {
	r.t.Helper()
	for _, part := range parts {
		if strings.Contains(r.body, part) {
			r.t.Errorf("%s: %s in\n%s", r.what, part, r.body)
		}
	}
	return r
}

func (r result) into(v any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		r.t.Fatalf("%s: %v in\n%s", r.what, err, r.body)
	}
}
