package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var errIdle = errors.New("no byte for too long")

// try sends the request once, and takes note of it if it is a write.
func (c *call) try(ctx context.Context) (*Response, *failure) {
	n := note{journal: c.client.o.Journal, request: &c.Request}
	resp, f := c.once(ctx, n.begin)
	n.finish(resp, f)
	return resp, f
}

// once sends the request; begun is called when it is about to go out on a connection.
func (c *call) once(ctx context.Context, begun func()) (*Response, *failure) {
	if ctx.Err() != nil {
		return nil, &failure{err: c.ended(ctx, ctx.Err(), false)}
	}
	tryCtx, cancel := context.WithCancelCause(ctx)
	dog := newWatchdog(c.client.idle(ctx), cancel)
	var got atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if got.CompareAndSwap(false, true) {
			begun()
		}
	}}
	req, err := c.build(httptrace.WithClientTrace(tryCtx, trace), dog)
	if err != nil {
		dog.stop()
		return nil, &failure{err: err}
	}
	began := time.Now()
	c.client.trace.request(req, c.Body)
	resp, rtErr := c.client.wire.RoundTrip(req)
	if rtErr != nil {
		dog.stop()
		f := c.broken(ctx, tryCtx, rtErr, got.Load())
		c.client.trace.failure(f.err, time.Since(began))
		return nil, f
	}
	dog.touch()
	c.sent = true
	c.client.reached.Store(true)
	if c.Stream && resp.StatusCode/100 == 2 {
		c.client.trace.response(resp, nil, time.Since(began), true)
		return &Response{Status: resp.StatusCode, Header: resp.Header, Stream: &stream{call: c, body: resp.Body, dog: dog, ctx: ctx, tryCtx: tryCtx}}, nil
	}
	defer dog.stop()
	defer resp.Body.Close()
	limit, accepted := c.client.limit, resp.StatusCode/100 == 2 || c.AnyStatus
	if !accepted {
		limit = min(limit, maxErrorBody)
	}
	body, readErr := readBody(resp, limit, dog)
	c.client.trace.response(resp, body, time.Since(began), false)
	if !accepted {
		return nil, c.refused(resp, body)
	}
	switch {
	case errors.Is(readErr, errTooLarge):
		e := problem.New(problem.Failed, "cannot %s: the answer is larger than %d MiB", c.asked.Attempt, limit>>20)
		e.Status = resp.StatusCode
		return nil, &failure{err: c.state(e, true)}
	case readErr != nil:
		f := c.broken(ctx, tryCtx, cut(readErr), true)
		f.err.Status = resp.StatusCode
		return nil, f
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body, TLS: resp.TLS}, nil
}

func (c *call) build(ctx context.Context, dog *watchdog) (*http.Request, *problem.Error) {
	target := c.client.base + c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	u, err := url.Parse(target)
	if err != nil || u.Host != c.client.url.Host || u.User != nil {
		return nil, problem.New(problem.Usage, "cannot %s: %q is not a path of the gateway", c.asked.Attempt, oneLine(c.Path, longestEcho))
	}
	h := make(http.Header, len(c.Header)+4)
	for name, values := range c.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	h.Del("Accept-Encoding") // gzip is asked for, and undone, below
	if h.Get("User-Agent") == "" {
		h.Set("User-Agent", orDefault(c.client.o.UserAgent, "litellm-proxy"))
	}
	if h.Get("Accept") == "" && !c.Stream {
		h.Set("Accept", "application/json")
	}
	if h.Get("Content-Type") == "" && len(c.Body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	if key := orDefault(c.Key, c.key); key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
	if by := c.client.o.ChangedBy; by != nil && takesChangedBy(c.Method, grant.Decode(c.Path)) {
		h.Set(changedBy, by())
	}
	req := (&http.Request{
		Method: c.Method, URL: u, Host: u.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if len(c.Body) > 0 {
		req.ContentLength = int64(len(c.Body))
		req.Body = dog.watch(c.Body)
		// net/http replays what it has not sent, and whatever carries one of these headers.
		if c.safe() || h.Get("Idempotency-Key") == "" && h.Get("X-Idempotency-Key") == "" {
			req.GetBody = func() (io.ReadCloser, error) { return dog.watch(c.Body), nil }
		}
	}
	return req, nil
}

// broken returns the failure of a try that has no whole answer.
func (c *call) broken(ctx, tryCtx context.Context, err error, got bool) *failure {
	var dial *dialError
	sent := got && !errors.As(err, &dial)
	attempt := c.asked.Attempt
	c.sent = c.sent || sent
	f := &failure{lost: sent && c.asked.changes()}
	switch {
	case ctx.Err() != nil || isOver(ctx):
		f.err = c.ended(ctx, ctx.Err(), sent)
	case errors.Is(context.Cause(tryCtx), errIdle):
		f.err = problem.New(problem.TimedOut, "cannot %s: the gateway sent nothing for %s", attempt, short(c.client.idle(ctx)))
		f.err.Hint = "allow more time with --timeout"
		f.err.Retryable = true
	case wantsCertificate(err):
		f.err = problem.New(problem.Unreachable, "cannot %s: %s wants another client certificate than it was shown", attempt, c.client.place())
		f.err.Hint = "client_cert and client_key of the profile name one: litellm-proxy config list"
		f.lost, sent = false, false // it has not read the request
	case !sent:
		why, hint := whyUnreachable(err)
		f.err = problem.New(problem.Unreachable, "cannot %s: %s cannot be reached: %s", attempt, c.client.place(), why)
		f.err.Hint = hint
		f.err.Retryable = true
		f.reason = c.client.place() + " cannot be reached: " + why
		// Before the first answer the address itself is the likeliest mistake: that is said at once.
		f.again = c.client.reached.Load()
	case isTLSMismatch(err):
		f.err = problem.New(problem.Unreachable, "cannot %s: %s does not speak plain HTTP", attempt, c.client.place())
		f.err.Hint = "the address probably begins with https://"
	case isMalformed(err):
		f.err = problem.New(problem.Unreachable, "cannot %s: %s answered something that is not HTTP: %s", attempt, c.client.place(), oneLine(innermost(err).Error(), longestEcho))
		f.err.Hint = "is this the LiteLLM gateway's own address?"
	default:
		f.err = problem.New(problem.Unreachable, "cannot %s: %s", attempt, whyLost(err))
		f.err.Retryable = true
		f.again = true
		f.reason = whyLost(err)
	}
	f.err = c.state(f.err, sent)
	return f
}

// place names the gateway in errors.
func (c *Client) place() string {
	if c.o.Socket != "" {
		return "the gateway's socket"
	}
	return c.url.Scheme + "://" + c.url.Host
}

// refused returns the failure of an answer with another status than 2xx.
func (c *call) refused(resp *http.Response, body []byte) *failure {
	f := &failure{reason: fmt.Sprintf("the gateway said %d", resp.StatusCode)}
	if resp.StatusCode/100 == 3 {
		f.err = redirected(resp, c.asked)
		return f
	}
	f.err = Classify(resp.StatusCode, resp.Header.Get("Content-Type"), body, c.asked)
	f.again = f.err.Retryable
	f.undone = resp.StatusCode == http.StatusTooManyRequests
	f.lost = resp.StatusCode >= 500 && c.asked.changes()
	f.after = retryAfter(resp.Header, time.Now())
	return f
}
