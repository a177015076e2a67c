// Package transport is the one HTTP client of the program: base URL, key, retry, dry run, grants, trace and redaction.
package transport

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Options say which gateway a Client talks to and how.
type Options struct {
	BaseURL string // http(s)://host[:port][/prefix], without credentials, query and fragment
	Key     string // travels in Authorization only; empty: none is sent
	KeyFrom string // where the key came from, for errors: "$LITELLM_PROXY_API_KEY", "--api-key", "the sandbox"
	Socket  string // a Unix socket that is dialled whatever the URL says; a https URL keeps its TLS
	TLS     TLS

	// Credential returns the key of each request, in place of Key: one that is kept, and renewed when its end is near. It is
	// called from several goroutines, and its error is the request's.
	Credential func(context.Context) (string, error)
	// KeyRemedy is what to do about a key that is no good, for errors; empty: it depends on what is wrong.
	KeyRemedy string
	// Journal takes note of writes; nil: nobody does.
	Journal Journal
	// ChangedBy is what is sent with writes as litellm-changed-by, where the gateway takes it: printable ASCII; nil: nothing.
	ChangedBy func() string
	// Limit is how many requests may be under way at once; 0 = any number.
	Limit int

	Debug  io.Writer        // receives the trace, one Write a block, already redacted; nil: none
	Redact *redact.Redactor // learns Key and the secrets of request bodies; nil: one of its own

	UserAgent   string
	Concurrency int           // idle connections that are kept; 0 = 8
	Idle        time.Duration // longest wait without a byte; 0 = 30 s, and none for a context that has a deadline
	Retries     int           // further tries of a safe request; 0 = 4, negative = none

	// OnWait is told before a retry sleeps. It may be called from several goroutines.
	OnWait func(reason string, d time.Duration)
	// Sleep replaces the real one in tests.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Client talks to one gateway. It is safe for concurrent use.
type Client struct {
	o     Options
	base  string // BaseURL without a slash at the end
	url   *url.URL
	wire  *http.Transport
	ready *warm
	trace *tracer
	limit int64         // of a body
	slots chan struct{} // nil: any number

	reached atomic.Bool            // the gateway has answered once
	key     atomic.Pointer[string] // the last one that was used
}

// Journal takes note of writes, but for what spends.
type Journal interface {
	// Begin is called when a write is about to go out on a connection, once for each time that it is sent. end is called with
	// the answer's status, 0 if there was none, and with the failure.
	Begin(Request) (end func(status int, err *problem.Error))
}

const (
	defaultIdle        = 30 * time.Second
	defaultRetries     = 4
	defaultConcurrency = 8
	maxBody            = 256 << 20
	// keepIdle is shorter than the 5 s after which uvicorn, LiteLLM's server, closes a connection that does nothing: a
	// write that meets the closing end would have an unknown effect.
	keepIdle = 4 * time.Second
)

// New returns a client. It opens no connection.
func New(o Options) (*Client, error) {
	u, err := config.ParseURL(o.BaseURL)
	if err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot use the gateway's address")
	}
	if err := checkKey(o.Key, o.KeyFrom); err != nil {
		return nil, err
	}
	if o.Redact == nil {
		o.Redact = &redact.Redactor{}
	}
	o.Redact.Add(o.Key)
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Retries == 0 {
		o.Retries = defaultRetries
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	secure, err := o.TLS.config(u.Hostname())
	if err != nil {
		return nil, err
	}
	c := &Client{o: o, base: u.String(), url: u, limit: maxBody}
	c.key.Store(&c.o.Key)
	if o.Limit > 0 {
		c.slots = make(chan struct{}, o.Limit)
	}
	c.ready = &warm{socket: o.Socket, secure: secure}
	c.trace = &tracer{w: o.Debug, redact: o.Redact}
	c.wire = &http.Transport{
		Proxy:                  proxyFor(o.Socket),
		DialContext:            c.ready.dial,
		DialTLSContext:         c.ready.dialTLS,
		TLSClientConfig:        secure,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           2 * o.Concurrency,
		MaxIdleConnsPerHost:    o.Concurrency,
		IdleConnTimeout:        keepIdle,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		ReadBufferSize:         32 << 10,
	}
	return c, nil
}

// checkKey returns an error for a key that no header can carry.
func checkKey(key, from string) error {
	if i := strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return problem.New(problem.Usage, "the key from %s holds a character that cannot be sent (number %d: a space, a line end or not ASCII)", orDefault(from, "the configuration"), i+1)
	}
	return nil
}

// BaseURL returns the gateway's address, without a slash at the end.
func (c *Client) BaseURL() string { return c.base }

// Proxy returns the address of the proxy that requests go through, without its password; empty for none.
func (c *Client) Proxy() string {
	if c.wire.Proxy == nil {
		return ""
	}
	u, err := c.wire.Proxy(&http.Request{URL: c.url})
	if err != nil || u == nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Close closes the connections that do nothing.
func (c *Client) Close() {
	c.ready.close()
	c.wire.CloseIdleConnections()
}

// proxyFor returns the environment's proxy, which is never used for a socket or for this machine.
func proxyFor(socket string) func(*http.Request) (*url.URL, error) {
	if socket != "" {
		return nil
	}
	return func(r *http.Request) (*url.URL, error) {
		if isLoopback(r.URL.Hostname()) {
			return nil, nil
		}
		return http.ProxyFromEnvironment(r)
	}
}

func isLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Sleep waits, or returns why ctx has ended.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func orDefault(s, or string) string {
	if s == "" {
		return or
	}
	return s
}
