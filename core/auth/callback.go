package auth

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	callbackPath = "/callback"
	// headerTime is how long a connection may take to say what it wants: a browser next door takes milliseconds.
	headerTime = 5 * time.Second
)

// outcome is what a browser brings back.
type outcome struct {
	code string
	// refused is the error of an authorization that was not given: "access_denied"; description may be empty.
	refused, description string
}

// callback is the listener that PKCE's browser comes back to. It gives out one outcome, which has the right state;
// whatever else knocks is turned away, and does not end the wait.
type callback struct {
	host    string // 127.0.0.1:PORT
	state   string
	outcome chan outcome // of capacity 1

	server *http.Server
	done   chan struct{} // closed when the server has ended
	mu     sync.Mutex
	over   bool // an outcome was taken
}

// listenForCallback opens a port of this machine alone: 127.0.0.1 by number, as a name may resolve to anything.
func (l *Login) listenForCallback(ctx context.Context, state string) (*callback, error) {
	listen := l.Listen
	if listen == nil {
		listen = (&net.ListenConfig{}).Listen
	}
	ln, err := listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, problem.Wrap(problem.Failed, err, "cannot open a port of this machine")
	}
	c := &callback{host: ln.Addr().String(), state: state, outcome: make(chan outcome, 1), done: make(chan struct{})}
	c.server = &http.Server{
		Handler: http.HandlerFunc(c.serve), ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: headerTime,
		MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0), // its lines would hold what strangers send
	}
	c.server.SetKeepAlivesEnabled(false)
	go func() {
		defer close(c.done)
		_ = c.server.Serve(ln)
	}()
	return c, nil
}

// uri is the address that the browser is sent back to.
func (c *callback) uri() string { return "http://" + c.host + callbackPath }

// close ends the listener; it may be called twice.
func (c *callback) close() {
	_ = c.server.Close()
	<-c.done
}

func (c *callback) serve(w http.ResponseWriter, r *http.Request) {
	// A page elsewhere can have its own name resolve to 127.0.0.1; it cannot choose the Host that a browser sends.
	if r.Host != c.host || r.Method != http.MethodGet || r.URL.Path != callbackPath {
		answer(w, http.StatusNotFound, "There is nothing here.")
		return
	}
	o, why := c.read(r.URL.RawQuery)
	if why != "" {
		answer(w, http.StatusBadRequest, "This is not the sign-in that the terminal waits for: "+why+".")
		return
	}
	if !c.take() {
		answer(w, http.StatusBadRequest, "This sign-in has been answered already.")
		return
	}
	text := "The terminal has got the answer and goes on. This page can be closed."
	if o.refused != "" {
		text = "The sign-in was refused. This page can be closed; the terminal says more."
	}
	answer(w, http.StatusOK, text)
	_ = http.NewResponseController(w).Flush() // the listener is closed as soon as the outcome is known
	c.outcome <- o
}

// take says whether the outcome is the first.
func (c *callback) take() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := !c.over
	c.over = true
	return first
}

// read returns what a callback's query says, or why it is not for this sign-in. The reason repeats nothing of it.
func (c *callback) read(query string) (outcome, string) {
	q, err := url.ParseQuery(query)
	state := q["state"]
	switch {
	case err != nil:
		return outcome{}, "the address is damaged"
	case len(state) == 0:
		return outcome{}, "it has no state"
	case len(state) > 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(c.state)) != 1:
		return outcome{}, "its state is of another sign-in"
	case q.Get("error") != "":
		return outcome{refused: line(q.Get("error")), description: line(q.Get("error_description"))}, ""
	case len(q["code"]) != 1 || q.Get("code") == "":
		return outcome{}, "it has no code"
	}
	return outcome{code: q.Get("code")}, ""
}

// paste takes a callback address that a person has copied from a browser on another machine. It returns what is wrong
// with it; nothing if it was taken.
func (c *callback) paste(text string) (wrong string) {
	text = strings.Trim(strings.TrimSpace(text), `"'<>`)
	if !strings.Contains(text, "://") { // browsers hide it, and some leave it out of the copy
		text = "http://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return "that is no address"
	case u.Hostname() != "127.0.0.1" || u.Scheme != "http" || u.User != nil:
		return "that is not an address of this machine"
	case u.Host != c.host:
		return fmt.Sprintf("that address is of another sign-in: its port is %q, and this one has %s", line(u.Port()), c.host[strings.LastIndexByte(c.host, ':')+1:])
	case u.Path != callbackPath:
		return "that address has another path than " + callbackPath
	}
	o, why := c.read(u.RawQuery)
	if why != "" {
		return "that is not the address this sign-in waits for: " + why
	}
	if c.take() {
		c.outcome <- o
	}
	return ""
}

// answer is a page without anything in it that could do anything.
func answer(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
