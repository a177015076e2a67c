package transport

import (
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func TestPlain(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"path":%q,"query":%q}`, r.URL.EscapedPath(), r.URL.RawQuery)
	})
	c, _, _ := client(t, g.URL+"/prefix/", func(o *Options) { o.UserAgent = "litellm-proxy/test" })
	resp, err := c.Do(t.Context(), Request{Method: "GET", Path: "/team/a%20b", Query: "x=%2F&y", Header: http.Header{"x-thing": {"1"}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"path":"/prefix/team/a%20b","query":"x=%2F&y"}`; string(resp.Body) != want {
		t.Errorf("%s, want %s", resp.Body, want)
	}
	r := g.seen[0]
	if r.Header.Get("Authorization") != "Bearer "+canary || r.UserAgent() != "litellm-proxy/test" || r.Header.Get("X-Thing") != "1" {
		t.Error(r.Header)
	}
}

func TestNoKeyNoHeader(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {})
	c, _, _ := client(t, g.URL, func(o *Options) { o.Key = "" })
	if _, err := c.Do(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	if _, ok := g.seen[0].Header["Authorization"]; ok {
		t.Error("an Authorization without a key")
	}
}

func TestGzip(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Error(r.Header)
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, `{"zipped":true}`)
		z.Close()
	})
	c, _, _ := client(t, g.URL, nil)
	r := get
	r.Header = http.Header{"Accept-Encoding": {"identity"}}
	resp, err := c.Do(t.Context(), r)
	if err != nil || string(resp.Body) != `{"zipped":true}` {
		t.Fatal(resp, err)
	}
}

// Go's own client would send the POST and its Authorization again on a 307.
func TestRedirects(t *testing.T) {
	other := serve(t, func(http.ResponseWriter, *http.Request, int) {})
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"/elsewhere?state=secret", other.URL + "/login"} {
			g := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { http.Redirect(w, r, to, status) })
			c, _, _ := client(t, g.URL, nil)
			for _, r := range []Request{get, write, withID(write)} {
				e := fails(t, c, r)
				if e.Code != problem.Unreachable || e.Retryable || e.Status != status || e.Hint == "" {
					t.Errorf("%d: %+v", status, e)
				}
				to, _, _ := strings.Cut(to, "?")
				has(t, "message", e.Message, "redirect to "+to)
				if strings.Contains(e.Message, "state=") {
					t.Error(e.Message)
				}
			}
			if g.count() != 3 {
				t.Errorf("%d requests", g.count())
			}
		}
	}
	if other.count() != 0 {
		t.Error("followed to another origin")
	}
}

func TestHeadersOfTheHost(t *testing.T) {
	g := serve(t, func(http.ResponseWriter, *http.Request, int) {})
	c, _, _ := client(t, g.URL, nil)
	for _, h := range []http.Header{
		{"Authorization": {"Bearer mine"}}, {"authorization": {"x"}}, {"aUTHORIZATION": {"x"}}, {"Cookie": {"a=b"}}, {"Proxy-Authorization": {"x"}},
		{"X-Api-Key": {"x"}}, {"x_api_key": {"x"}}, {"x-litellm-api-key": {"x"}}, {"api-key": {"x"}}, {"Host": {"evil"}}, {"Connection": {"x-thing"}},
		{"Transfer-Encoding": {"chunked"}}, {"Upgrade": {"h2c"}}, {"Content-Length": {"3"}}, {"TE": {"trailers"}}, {"X-HTTP-Method-Override": {"DELETE"}},
		{"X-Thing": {"a\r\nAuthorization: Bearer mine"}}, {"X-Thing": {"a\nb"}}, {"X-Thing": {"a\x00b"}}, {"X Thing": {"a"}}, {"": {"a"}}, {"X:Thing": {"a"}}, {"X\r\nY": {"a"}},
	} {
		r := get
		r.Header = h
		if e := fails(t, c, r); e.Code != problem.Usage {
			t.Errorf("%v: %v", h, e)
		}
		if _, err := (Policy{Plugin: "acme", Grants: []*protocol.Grant{{Methods: []string{"*"}, Path: "/{all…}"}}}).Check(r); problem.CodeOf(err) != problem.Plugin {
			t.Errorf("%v: %v", h, err)
		}
	}
	if g.count() != 0 {
		t.Errorf("%d were sent", g.count())
	}
}

func TestCannotLeaveTheGateway(t *testing.T) {
	g := serve(t, func(http.ResponseWriter, *http.Request, int) {})
	c, _, _ := client(t, g.URL, nil)
	for _, path := range []string{"", "key", "@evil.example/", "//evil.example/key", "http://evil.example/", ":80/", "/a?b", "/a#b", "/a b", "/a\r\nb", `/a\b`, "/a/../b", "/%2e%2E/b", "/%zz"} {
		r := get
		r.Path = path
		if e := fails(t, c, r); e.Code != problem.Usage {
			t.Errorf("%q: %+v", path, e)
		}
	}
	for _, method := range []string{"", "get", "GE T", "CONNECT", "TRACE", "GET\r\n"} {
		r := get
		r.Method = method
		if e := fails(t, c, r); e.Code != problem.Usage {
			t.Errorf("%q: %+v", method, e)
		}
	}
	r := get
	r.Query = "a=b c"
	fails(t, c, r)
	if g.count() != 0 {
		t.Errorf("%d were sent", g.count())
	}
}

func TestLimits(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == "GET" {
			w.Header().Set("Content-Length", "2000")
		}
		_, _ = w.Write(make([]byte, 1000))
		w.(http.Flusher).Flush()
		_, _ = w.Write(make([]byte, 1000))
	})
	c, _, _ := client(t, g.URL, nil)
	c.limit = 1999
	e := fails(t, c, get)
	has(t, "message", e.Message, "cannot GET /key/list", "larger than")
	if e := fails(t, c, write); e.State != problem.Unknown || e.Code != problem.Failed {
		t.Errorf("%+v", e)
	}
	c.limit = 2000
	if resp, err := c.Do(t.Context(), write); err != nil || len(resp.Body) != 2000 {
		t.Error(err)
	}
}

func TestTimeLimit(t *testing.T) {
	stop := make(chan struct{})
	g := serve(t, func(_ http.ResponseWriter, r *http.Request, _ int) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	})
	defer close(stop)
	c, _, _ := client(t, g.URL, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Do(ctx, write)
	e := problem.As(err)
	if e.Code != problem.TimedOut || e.State != problem.Unknown {
		t.Errorf("%+v", e)
	}
	has(t, "message", e.Message, `cannot generate key "ci": timed out after `, " ms")
	if _, err := c.Do(ctx, write); problem.As(err).State != problem.Unchanged {
		t.Errorf("%+v", err)
	}

	ctx, cancelNow := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancelNow)
	_, err = c.Do(ctx, get)
	if e := problem.As(err); e.Code != problem.Interrupted || e.State != "" {
		t.Errorf("%+v", e)
	}
}

func TestReuse(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		if n%3 == 0 {
			w.WriteHeader(404)
			fmt.Fprint(w, `{"detail":"no"}`)
			return
		}
		fmt.Fprint(w, `[]`)
	})
	opened := func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		from := map[string]bool{}
		for _, r := range g.seen {
			from[r.RemoteAddr] = true
		}
		return len(from)
	}
	c, _, _ := client(t, g.URL, func(o *Options) { o.Debug = nil })
	for range 20 {
		_, _ = c.Do(t.Context(), get)
	}
	if n := opened(); n != 1 {
		t.Errorf("%d connections for 20 requests, one after the other", n)
	}
	done := make(chan struct{})
	for range 8 {
		go func() {
			for range 20 {
				_, _ = c.Do(context.Background(), get)
			}
			done <- struct{}{}
		}()
	}
	for range 8 {
		<-done
	}
	if n := opened(); n > 16 {
		t.Errorf("%d connections for 8 at once", n)
	}
}
