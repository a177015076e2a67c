package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const canary = "sk-Canary/7fQ2+Lw09Zt-mR4x"

// gateway is a server that records what reaches it.
type gateway struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
	body []string
}

func serve(t *testing.T, h func(w http.ResponseWriter, r *http.Request, n int)) *gateway {
	t.Helper()
	g := &gateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g.mu.Lock()
		g.seen = append(g.seen, r)
		g.body = append(g.body, string(body))
		n := len(g.seen)
		g.mu.Unlock()
		h(w, r, n)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.seen)
}

// client returns a client of a server, its trace and the pauses it made.
func client(t *testing.T, url string, change func(*Options)) (*Client, *bytes.Buffer, *[]time.Duration) {
	t.Helper()
	var trace bytes.Buffer
	var waits []time.Duration
	o := Options{
		BaseURL: url, Key: canary, KeyFrom: "$LITELLM_PROXY_API_KEY", Debug: &trace,
		Sleep: func(ctx context.Context, d time.Duration) error {
			waits = append(waits, d)
			return ctx.Err()
		},
	}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, &trace, &waits
}

// fails sends a request that must fail, and returns how.
func fails(t *testing.T, c *Client, r Request) *problem.Error {
	t.Helper()
	resp, err := c.Do(t.Context(), r)
	if err == nil {
		t.Fatalf("no error but %d %s", resp.Status, resp.Body)
	}
	e, ok := err.(*problem.Error)
	if !ok {
		t.Fatalf("%T %v", err, err)
	}
	return e
}

func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q: %q", what, p, text)
		}
	}
}

var (
	get   = Request{Method: "GET", Path: "/key/list", Query: "size=100"}
	write = Request{Method: "POST", Path: "/key/generate", Body: []byte(`{"key_alias":"ci"}`), Attempt: `generate key "ci"`}
)

func withID(r Request) Request {
	r.Identified = true
	return r
}
