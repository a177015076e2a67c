package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// notes is a journal in memory.
type notes struct {
	mu  sync.Mutex
	all []string
}

func (n *notes) Begin(r Request) func(int, *problem.Error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := len(n.all)
	n.all = append(n.all, r.Method+" "+r.Path+" …")
	return func(status int, err *problem.Error) {
		n.mu.Lock()
		defer n.mu.Unlock()
		state := ""
		if err != nil {
			state = " " + err.State
		}
		n.all[i] = strings.TrimSpace(fmt.Sprintf("%s %s %d%s", r.Method, r.Path, status, state))
	}
}

// Every try of a write that goes out is noted, with its end; nothing else is.
func TestJournal(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		switch r.URL.Path {
		case "/key/update":
			if n%2 == 1 {
				w.WriteHeader(http.StatusTooManyRequests)
			}
		case "/key/delete":
			w.WriteHeader(http.StatusNotFound)
		case "/team/new":
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, "{}")
	})
	for _, c := range []struct {
		r    Request
		want string
	}{
		{get, ""},
		{Request{Method: "POST", Path: "/v2/key/info"}, ""},
		{Request{Method: "POST", Path: "/v1/chat/completions"}, ""},
		{write, "POST /key/generate 200"},
		{Request{Method: "POST", Path: "/key/gener%61te"}, "POST /key/gener%61te 200"},
		{Request{Method: "POST", Path: "/key/delete"}, "POST /key/delete 404 nothing was changed"},
		{Request{Method: "POST", Path: "/key/delete", AnyStatus: true}, "POST /key/delete 404"},
		{Request{Method: "POST", Path: "/team/new"}, "POST /team/new 0 " + problem.Unknown},
		{Request{Method: "POST", Path: "/user/new", Stream: true}, "POST /user/new 200"},
		{Request{Method: "POST", Path: "/key/update"}, "POST /key/update 429 nothing was changed|POST /key/update 200"},
		{Request{Method: "nonsense", Path: "/x"}, ""},
	} {
		n := &notes{}
		client, _, _ := client(t, g.URL, func(o *Options) { o.Journal = n })
		g.mu.Lock()
		g.seen = nil
		g.mu.Unlock()
		resp, err := client.Do(t.Context(), c.r)
		if err == nil && resp.Stream != nil {
			_ = resp.Stream.Close()
		}
		if got := strings.Join(n.all, "|"); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.r.Method, c.r.Path, got, c.want)
		}
	}
	n := &notes{}
	nobody, _, _ := client(t, "http://127.0.0.1:9", func(o *Options) { o.Journal = n })
	if _, err := nobody.Do(t.Context(), write); err == nil || len(n.all) > 0 {
		t.Errorf("a write that went nowhere: %v %v", err, n.all)
	}
}

func TestChangedBy(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { fmt.Fprint(w, "{}") })
	c, _, _ := client(t, g.URL, func(o *Options) { o.ChangedBy = func() string { return "ada (HR-4711)" } })
	for path, want := range map[string]string{
		"POST /key/generate": "ada (HR-4711)", "POST /user/delete": "ada (HR-4711)", "PATCH /team/x": "ada (HR-4711)", "GET /key/list": "", "POST /v2/key/info": "", "POST /v1/chat/completions": "",
		"POST /model/new": "", "DELETE /credentials/x": "",
	} {
		method, path, _ := strings.Cut(path, " ")
		if _, err := c.Do(t.Context(), Request{Method: method, Path: path}); err != nil {
			t.Fatal(err)
		}
		if got := g.seen[len(g.seen)-1].Header.Get("litellm-changed-by"); got != want {
			t.Errorf("%s %s: %q, want %q", method, path, got, want)
		}
	}
}

// A credential that is renewed meanwhile is asked for at each request, and hidden in the trace.
func TestCredential(t *testing.T) {
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(401)
		fmt.Fprint(w, `{"error":{"message":"No api key passed in.","type":"auth_error"}}`)
	})
	keys := []string{"first-credential-1", "second-credential-2", ""}
	c, trace, _ := client(t, g.URL, func(o *Options) {
		o.Key, o.KeyFrom, o.KeyRemedy = "", "profile prod", "litellm-proxy login"
		o.Credential = func(context.Context) (string, error) {
			key := keys[0]
			keys = keys[1:]
			return key, nil
		}
	})
	for _, want := range []string{"Bearer first-credential-1", "Bearer second-credential-2", ""} {
		e := fails(t, c, get)
		if got := g.seen[len(g.seen)-1].Header.Get("Authorization"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		has(t, "hint", e.Hint, "litellm-proxy login")
	}
	if strings.Contains(trace.String(), "credential-") {
		t.Error("the trace tells a credential")
	}
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/key/info", Key: "sk-named-on-the-line"}); err == nil || len(keys) > 0 {
		t.Error("a named key asks for another", err)
	}
}

func TestCredentialFails(t *testing.T) {
	g := serve(t, func(http.ResponseWriter, *http.Request, int) {})
	for key, err := range map[string]error{"": problem.New(problem.Denied, "the sign-in has ended"), "a b": nil} {
		c, _, _ := client(t, g.URL, func(o *Options) {
			o.Key = ""
			o.Credential = func(context.Context) (string, error) { return key, err }
		})
		if e := fails(t, c, write); e.State != problem.Unchanged || g.count() > 0 {
			t.Errorf("%+v, %d requests", e, g.count())
		}
	}
}

// No more than Limit are under way at once, those whose body is still being read among them.
func TestLimit(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	arrived, leave := make(chan bool, 10), make(chan bool)
	g := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		arrived <- true
		<-leave
		mu.Lock()
		now--
		mu.Unlock()
		fmt.Fprint(w, "{}")
	})
	c, _, _ := client(t, g.URL, func(o *Options) { o.Limit, o.Debug = 2, nil })
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			r := get
			r.Stream = i%2 == 0
			resp, err := c.Do(t.Context(), r)
			if err != nil {
				t.Error(err)
				return
			}
			if resp.Stream != nil {
				_, _ = io.Copy(io.Discard, resp.Stream)
				_ = resp.Stream.Close()
				_ = resp.Stream.Close()
			}
		})
	}
	for range 6 {
		<-arrived
		leave <- true
	}
	all.Wait()
	if most > 2 {
		t.Errorf("%d at once", most)
	}
	ctx, stop := context.WithCancel(t.Context())
	held := slices.Repeat([]func(){nil}, 2)
	for i := range held {
		held[i], _ = c.slot(t.Context())
	}
	stop()
	if _, err := c.Do(ctx, write); problem.CodeOf(err) != problem.Interrupted {
		t.Error(err)
	}
	for _, done := range held {
		done()
	}
}
