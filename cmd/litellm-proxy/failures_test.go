//go:build linux

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// failing is a command that a gateway fails.
type failing struct {
	line    string // -o json comes behind it: what is not JSON is no answer then
	attempt string // what its error must say it tried
	writes  bool
	calls   bool // it calls a model, which is paid for each time
	raw     bool // any JSON is an answer to it
}

// failures are a read and a write of every resource.
func failures() []failing {
	return []failing{
		{line: "models list", attempt: "list models"},
		{line: "models info", attempt: "list deployments"},
		{line: "models add m1 -i id=m1 -p model=openai/x", attempt: "add model m1", writes: true},
		{line: "models delete m1", attempt: "delete", writes: true},
		{line: "model-groups list", attempt: "list model groups"},
		{line: "credentials list", attempt: "list credentials"},
		{line: "credentials create c1 --info {} --values {\"api_key\":\"" + canary + "\"}", attempt: "create credential c1", writes: true},
		{line: "credentials delete c1", attempt: "delete credential c1", writes: true},
		{line: "keys list", attempt: "list keys"},
		{line: "keys info k1", attempt: "read key k1"},
		{line: "keys generate --key-alias k1", attempt: "generate key k1", writes: true},
		{line: "keys generate --duration 1h", attempt: "key", writes: true},
		{line: "keys update k1 --max-budget 1", attempt: "update key k1", writes: true},
		{line: "keys delete k1", attempt: "delete key k1", writes: true},
		{line: "users list", attempt: "list users"},
		{line: "users get u1", attempt: "user u1"},
		{line: "users create --email u1@example.com", attempt: "create user u1@example.com", writes: true},
		{line: "users delete u1", attempt: "delete user u1", writes: true},
		{line: "teams list", attempt: "list teams"},
		{line: "teams get t1", attempt: "team t1"},
		{line: "teams create --alias t1", attempt: "create team t1", writes: true},
		{line: "teams delete t1", attempt: "delete team t1", writes: true},
		{line: "users update u1 --max-budget 1", attempt: "update user u1", writes: true},
		{line: "teams update t1 --max-budget 1", attempt: "update team t1", writes: true},
		{line: "teams members add t1 u1", attempt: "team t1", writes: true},
		{line: "models update m1 -p rpm=1", attempt: "deployment m1", writes: true},
		{line: "credentials update c1 --info {}", attempt: "c1", writes: true},
		{line: "keys block k1", attempt: "block key k1", writes: true},
		{line: "keys rotate k1", attempt: "rotate key k1", writes: true},
		{line: "keys delete --user-id u1 --yes", attempt: "delete the keys", writes: true},
		{line: "chat completions m1 -m user:hello", attempt: "m1", calls: true},
		{line: "http request GET /v1/anything", attempt: "GET /v1/anything", raw: true},
		{line: "http request POST /v1/anything -j {\"api_key\":\"" + canary + "\"}", attempt: "POST /v1/anything", writes: true, raw: true},
	}
}

const canary = "sk-canary-0123456789abcdef"

// trouble is one way in which a gateway fails.
type trouble struct {
	name   string
	code   int
	answer http.HandlerFunc // nil: nobody listens
	raw    int              // the code of commands to which any JSON is an answer, where it is another
	more   []string         // flags
}

func troubles(elsewhere string) []trouble {
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			said := strings.NewReplacer("KEY", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "CANARY", canary).Replace(body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", "0.01")
			w.WriteHeader(code)
			_, _ = w.Write([]byte(said))
		}
	}
	wrapped := func(code int, kind, message string) http.HandlerFunc {
		return status(code, fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":"None","code":"%d"}}`, message, kind, code))
	}
	return []trouble{
		{name: "nobody", code: 7},
		{name: "html", code: 7, answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<!doctype html><title>Welcome</title>"))
		}},
		{name: "cut", code: 7, answer: status(200, `{"data":[{"id":"x","object":"mod`)},
		{name: "stall", code: 12, more: []string{"--timeout", "1s"}, answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		{name: "unknown key", code: 4, answer: wrapped(401, "token_not_found_in_db",
			"Authentication Error, Invalid proxy server token passed. Received API Key = KEY, Key Hash (Token) =0f. Unable to find token in cache or `LiteLLM_VerificationTokenTable`")},
		{name: "role", code: 4, answer: wrapped(401, "auth_error",
			"Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=/x. Your role=internal_user. Your user_id=u1")},
		{name: "forbidden", code: 4, answer: wrapped(403, "internal_server_error", "{'error': 'You are not allowed to do that with KEY and CANARY'}")},
		{name: "missing", code: 5, answer: wrapped(404, "internal_server_error", "{'error': 'No such thing found: CANARY'}")},
		{name: "limit", code: 7, answer: wrapped(429, "throttling_error", "Rate limit exceeded for api_key: KEY. Limit type: requests. Remaining: 0")},
		{name: "broken", code: 7, answer: wrapped(500, "internal_server_error", "{'error': 'Internal Server Error.'}\nTraceback (most recent call last):\n  File \"x.py\", line 1, in f\nValueError: KEY CANARY")},
		{name: "redirect", code: 7, answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere+"/login")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}},
		{name: "empty list", code: 7, answer: status(200, `[]`), raw: -1},
		{name: "null", code: 7, answer: status(200, `null`), raw: -1},
	}
}

// TestFailuresOfEveryResource has a gateway fail a read and a write of every resource in every way: the code is that of the
// table, nothing is on standard output, and one message says what was attempted and, of a write, what is true now.
func TestFailuresOfEveryResource(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	defer elsewhere.Close()
	slots := make(chan struct{}, 8) // most of the time they wait
	var all sync.WaitGroup
	for _, trouble := range troubles(elsewhere.URL) {
		h := newHome(t, "http://127.0.0.1:1")
		for _, command := range failures() {
			slots <- struct{}{}
			all.Go(func() {
				defer func() { <-slots }()
				trouble.befall(t, h, command)
			})
		}
	}
	all.Wait()
	if n := strayed.Load(); n > 0 {
		t.Errorf("%d requests followed a redirect", n)
	}
}

// befall runs a command on a gateway with the trouble.
func (tr trouble) befall(t *testing.T, h home, c failing) {
	url, asked := "http://127.0.0.1:1", &atomic.Int32{} // nobody listens there
	if tr.answer != nil {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			tr.answer(w, r)
		}))
		defer server.Close()
		defer server.CloseClientConnections()
		url = server.URL
	}
	args := append(strings.Fields(c.line), "-o", "json", "--base-url", url, "--api-key", processKey)
	e := h.do(t, append(args, tr.more...)...)
	fail := func(format string, args ...any) {
		t.Errorf("%s: litellm-proxy %s: %s\n  exit %d\n  %s\n  %s", tr.name, c.line, fmt.Sprintf(format, args...), e.code, e.stdout, e.stderr)
	}
	want := tr.code
	if c.raw && tr.raw != 0 {
		want = max(tr.raw, 0)
	}
	if e.code != want {
		fail("want exit %d", want)
	}
	if want == 0 {
		return
	}
	if e.stdout != "" {
		fail("there is something on standard output")
	}
	if n := strings.Count(e.stderr, `{"error":{`); n != 1 {
		fail("%d messages", n)
	}
	if !strings.Contains(e.stderr, c.attempt) {
		fail("it does not say what it tried: %q", c.attempt)
	}
	if c.writes && !strings.Contains(e.stderr, `"state":"`) {
		fail("it does not say what is true now")
	}
	for _, text := range []string{processKey, canary, "{'", "Traceback", "File \\\"", "goroutine", "panic", "invalid character"} {
		if strings.Contains(e.stderr, text) {
			fail("it says %q", text)
		}
	}
	if tr.name == "role" && strings.Contains(strings.ToLower(e.stderr), "sign in") {
		fail("it advises to sign in")
	}
	if n := asked.Load(); tr.name == "limit" && (c.calls && n != 1 || !c.calls && n < 2) {
		fail("it asked %d times", n)
	}
}
