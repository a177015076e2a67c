package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestMalformedAnswersAreFinal(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nbad header\r\n\r\n{}", "nonsense\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nnot gzip atxx",
	} {
		for _, r := range []Request{get, write} {
			var n atomic.Int32
			url := raw(t, func(c net.Conn, _ int) { n.Add(1); fmt.Fprint(c, answer) })
			c, _, _ := client(t, url, nil)
			e := fails(t, c, r)
			if n.Load() != 1 || e.Code != problem.Unreachable || e.Retryable || (e.State == problem.Unknown) != (r.Method != "GET") {
				t.Errorf("%q: %d × %+v", answer, n.Load(), e)
			}
			has(t, answer, e.Message, "answered something that is not HTTP: ")
		}
	}
}

func TestTimeIsUp(t *testing.T) {
	g := serve(t, func(_ http.ResponseWriter, r *http.Request, _ int) {
		select {
		case <-r.Context().Done():
		case <-time.After(time.Second):
		}
	})
	c, _, _ := client(t, g.URL, nil)
	do := func(ctx context.Context, r Request) *problem.Error {
		_, err := c.Do(ctx, r)
		e, ok := err.(*problem.Error)
		if !ok {
			t.Fatalf("%T %v", err, err)
		}
		return e
	}
	past, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	e := do(past, write)
	if e.Code != problem.TimedOut || e.State != problem.Unchanged || e.Message != `cannot generate key "ci": the time was up before it was sent` {
		t.Errorf("%+v", e)
	}
	soon, stop := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer stop()
	e = do(soon, write)
	if e.Code != problem.TimedOut || e.State != problem.Unknown || !strings.Contains(e.Message, "timed out after ") || strings.Contains(e.Message, " 0 ms") {
		t.Errorf("%+v", e)
	}
	gone, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the person left"))
	if e = do(gone, write); e.Code != problem.Interrupted || e.State != problem.Unchanged {
		t.Errorf("%+v", e)
	}
	if got := short(0); got != "less than 1 ms" {
		t.Error(got)
	}
}

// A control character of the server's is shown as what it is, in the error and in the trace.
func TestControlCharactersAreShown(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(400)
		fmt.Fprint(w, `{"error":{"message":"bad \u001b]0;pwn\u0007\nnext","type":"x","param":null,"code":"400"}}`)
	})
	c, _, _ := client(t, g.URL, nil)
	e := fails(t, c, get)
	has(t, "said", e.Said, `bad \x1b]0;pwn\x07 next`)
	if got := oneLine(strings.Repeat("\x1b", 5000), 100); len([]rune(got)) != 100 || !strings.HasSuffix(got, "…") {
		t.Error(got)
	}
}

func TestLongEchoes(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(405) })
	c, _, _ := client(t, g.URL, nil)
	long := strings.Repeat("x", 5000)
	for _, r := range []Request{{Method: "GET", Path: "/" + long}, {Method: "GET", Path: long}, {Method: "GET", Path: "/a", Attempt: long}, {Method: "GET", Path: "/a", Header: http.Header{"X " + long: {"a"}}}} {
		if e := fails(t, c, r); strings.Contains(e.Message, long[:201]) || !strings.Contains(e.Message, "…") && r.Header == nil {
			t.Error(e.Message)
		}
	}
}

// Who is refused learns with which key; no hint names a command that does not exist.
func TestRefusedRole(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(403)
		fmt.Fprint(w, `{"error":{"message":"Only proxy admin can do this. Your role=internal_user.","type":"auth_error","param":null,"code":"403"}}`)
	})
	c, _, _ := client(t, g.URL, nil)
	e := fails(t, c, get)
	if len(e.Facts) != 1 || e.Facts[0].Text != "internal_user · key sk-…mR4x from $LITELLM_PROXY_API_KEY" {
		t.Errorf("%+v", e)
	}
	for _, key := range []string{"", "$LITELLM_PROXY_API_KEY"} {
		for _, text := range []string{"expired key", "key is blocked", "invalid api key", "something", "not allowed", "access model"} {
			a := Asked{Attempt: "x", Method: "GET", Path: "/a", HasKey: key != "", KeyFrom: key}
			e := Classify(401, "application/json", []byte(`{"error":{"message":"`+text+`","type":"x"}}`), a)
			for _, gone := range []string{"plugin info", "another profile"} {
				if strings.Contains(e.Hint, gone) {
					t.Errorf("%s: %s", text, e.Hint)
				}
			}
			if key == "" && e.Hint != "sign in: litellm-proxy login; or set LITELLM_PROXY_API_KEY; or try the embedded gateway: --profile sandbox" {
				t.Errorf("%s: %s", text, e.Hint)
			}
		}
	}
	_, err := Policy{Plugin: "acme"}.Check(write)
	if strings.Contains(problem.As(err).Hint, "plugin info") {
		t.Error(err)
	}
}
