package auth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// person is somebody who signs in, by what a test says.
type person struct {
	visit  func(address, code string) error
	pastes chan string // nil: nobody can paste
	choose func(teams []Team) (Team, error)

	mu      sync.Mutex
	said    []string
	visited []string
}

func (p *person) Visit(_ context.Context, address, code string) error {
	p.mu.Lock()
	p.visited = append(p.visited, address)
	p.mu.Unlock()
	if p.visit == nil {
		return nil
	}
	return p.visit(address, code)
}

func (p *person) Pasted(ctx context.Context) (string, error) {
	if p.pastes == nil {
		return "", ErrNoPerson
	}
	select {
	case s := <-p.pastes:
		return s, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (p *person) Choose(_ context.Context, teams []Team) (Team, error) {
	if p.choose == nil {
		return Team{}, ErrNoPerson
	}
	return p.choose(teams)
}

func (p *person) Say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, text)
}

func (p *person) heard() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.said, "\n")
}

// signsIn has the person's browser do its part at a fake, up to this machine's listener.
func (p *person) signsIn(t *testing.T, g *fake) *person {
	p.visit = func(address, code string) error {
		if to := g.browse(address, code); to != "" {
			if status, text := fetch(t, to); status != 200 {
				t.Errorf("the browser sees %d %s", status, text)
			}
		}
		return nil
	}
	return p
}

// fetch gets a page without following redirects.
func fetch(t *testing.T, address string) (int, string) {
	t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer c.CloseIdleConnections()
	resp, err := c.Get(address)
	if err != nil {
		t.Errorf("the browser: %v", err)
		return 0, ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// clock is a time that passes when somebody sleeps.
type clock struct {
	mu   sync.Mutex
	at   time.Time
	late bool // PKCE's time is up at once
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	if d == pkceWait && !c.late { // the browser is faster
		<-ctx.Done()
		return ctx.Err()
	}
	c.mu.Lock()
	c.at = c.at.Add(d)
	c.mu.Unlock()
	return ctx.Err()
}

// login is a sign-in at a fake, by a person with a browser, and its trace.
func login(t *testing.T, g *fake, p *person, knobs ...func(*Login)) (*Login, *clock, *bytes.Buffer) {
	t.Helper()
	return loginAt(t, g.URL, p, knobs...)
}

func loginAt(t *testing.T, address string, p *person, knobs ...func(*Login)) (*Login, *clock, *bytes.Buffer) {
	t.Helper()
	c, secrets, trace := clientAt(t, address)
	clock := &clock{at: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
	l := &Login{Client: c, Redact: secrets, Person: p, Browser: true, Now: clock.now, Sleep: clock.sleep}
	for _, k := range knobs {
		k(l)
	}
	return l, clock, trace
}

// clientAt is a client without a key, which does not wait.
func clientAt(t *testing.T, address string) (*transport.Client, *redact.Redactor, *bytes.Buffer) {
	t.Helper()
	secrets, trace := &redact.Redactor{}, &bytes.Buffer{}
	c, err := transport.New(transport.Options{
		BaseURL: address, Redact: secrets, Debug: trace, Sleep: func(ctx context.Context, d time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, secrets, trace
}

// text is all that an error says.
func text(err error) string {
	e := problem.As(err)
	out := e.Message + "\n" + e.Said + "\n" + e.Hint
	for _, f := range e.Facts {
		out += "\n" + f.Label + " " + f.Text
	}
	return out
}

// fails checks what an error is and says.
func fails(t *testing.T, err error, code problem.Code, parts ...string) {
	t.Helper()
	var e *problem.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T %v", err, err)
	}
	if e.Code != code || e.State != problem.Unchanged {
		t.Errorf("code %d, state %q: %s", e.Code, e.State, text(err))
	}
	for _, p := range parts {
		if !strings.Contains(text(err), p) {
			t.Errorf("%q is not in\n%s", p, text(err))
		}
	}
}

// callbackOf reads what an /authorize address says of the listener.
func callbackOf(address string) (uri, state string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	return u.Query().Get("redirect_uri"), u.Query().Get("state")
}

// get asks for a page.
func get(address string) (int, string, error) {
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(address)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), nil
}

// before puts something in front of a handler.
func before(h http.Handler, path func(string), request ...func(r *http.Request, body string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if path != nil {
			path(r.URL.Path)
		}
		for _, f := range request {
			f(r, string(body))
		}
		h.ServeHTTP(w, r)
	})
}

// noPort is a machine on which nothing can be listened on.
func noPort(context.Context, string, string) (net.Listener, error) {
	return nil, errors.New("no port today")
}

var errEnough = errors.New("enough")

// contains says whether a text has all the parts.
func contains(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}
