package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// longestWait is the longest Retry-After that is waited for.
const longestWait = 60 * time.Second

// failure is one try that failed.
type failure struct {
	err    *problem.Error
	again  bool          // the same request may succeed when it is sent again
	undone bool          // the server says that it has not done it
	lost   bool          // it was sent, and what it did is not known
	after  time.Duration // the server's Retry-After; 0: none
	reason string        // for the person who waits
}

// Do sends a request and returns the answer, or a *problem.Error for anything but a 2xx status. Reads and Identified
// writes are sent again, after a pause, when the connection fails or the gateway answers 429, 502, 503 or 504. Other
// writes are sent again after a 429 alone, which refuses them before anything is done (observed on LiteLLM 1.106.2);
// what spends is sent once. A redirect is an error.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if err := checkRequest(&r); err != nil {
		return nil, c.clean(err)
	}
	Learn(c.o.Redact, r)
	key, e := c.credential(ctx, &r)
	if e != nil {
		return nil, c.clean(e)
	}
	done, err := c.slot(ctx)
	if err != nil {
		return nil, c.clean((&call{Request: r, client: c, started: time.Now(), asked: c.Asked(r)}).ended(ctx, err, false))
	}
	call := &call{Request: r, client: c, key: key, started: time.Now(), asked: c.Asked(r)}
	resp, failed := call.run(ctx)
	if failed != nil || resp.Stream == nil {
		done()
	} else {
		resp.Stream = &slotted{resp.Stream, sync.OnceFunc(done)}
	}
	if failed != nil {
		return nil, c.clean(failed)
	}
	return resp, nil
}

// credential is the client's key for a request.
func (c *Client) credential(ctx context.Context, r *Request) (string, *problem.Error) {
	if c.o.Credential == nil || r.Key != "" {
		return c.o.Key, nil
	}
	key, err := c.o.Credential(ctx)
	if err == nil {
		err = checkKey(key, c.o.KeyFrom)
	}
	if err != nil {
		e := *problem.As(err)
		if c.Asked(*r).changes() && e.State == "" {
			e.State = problem.Unchanged
		}
		return "", &e
	}
	c.o.Redact.Add(key)
	c.key.Store(&key)
	return key, nil
}

// slot waits until fewer than Limit requests are under way; done gives its place back.
func (c *Client) slot(ctx context.Context) (done func(), err error) {
	if c.slots == nil {
		return func() {}, nil
	}
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// slotted gives its place back when it is closed.
type slotted struct {
	io.ReadCloser
	done func()
}

func (s *slotted) Close() error {
	defer s.done()
	return s.ReadCloser.Close()
}

// Asked returns what Classify and ErrorIn need to know of a request.
func (c *Client) Asked(r Request) Asked {
	key, from, remedy := *c.key.Load(), c.o.KeyFrom, c.o.KeyRemedy
	if r.Key != "" {
		key, from, remedy = r.Key, "the command line", ""
	}
	return Asked{
		Attempt: r.Purpose(), Method: r.Method, Path: r.Path,
		HasKey: key != "", KeyFrom: from, KeyLabel: redact.Label(key), KeyRemedy: remedy,
	}
}

// call is one request with all its tries.
type call struct {
	Request
	client  *Client
	key     string
	started time.Time
	asked   Asked
	tries   int
	sent    bool // a try has reached a connection
	lost    bool // a try before this one may have had its effect
}

// safe says whether the request may be sent more than once: what changes nothing and costs nothing, and what carries an
// identity of its own.
func (c *call) safe() bool {
	return c.Identified || !IsWrite(c.Method, c.Path) && !IsSpending(c.Method, c.Path)
}

// may says whether the request may be sent again after a failure.
func (c *call) may(f *failure) bool {
	return f.again && (c.safe() || f.undone && !IsSpending(c.Method, c.Path)) && c.tries <= c.client.o.Retries
}

func (c *call) run(ctx context.Context) (*Response, *problem.Error) {
	pause := &backoff.ExponentialBackOff{
		InitialInterval: 250 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 10 * time.Second,
	}
	pause.Reset()
	for {
		c.tries++
		resp, f := c.try(ctx)
		if f == nil {
			return resp, nil
		}
		if c.lost && f.err.State == problem.Unchanged {
			f.err.State = problem.Unknown
		}
		c.lost = c.lost || f.lost
		if !c.may(f) {
			return nil, c.tried(f.err)
		}
		wait := pause.NextBackOff()
		if f.after > longestWait {
			f.err.Message += fmt.Sprintf(": it asks to wait %s", f.after.Round(time.Second))
			return nil, c.tried(f.err)
		}
		if f.after > 0 {
			wait = f.after
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait {
			return nil, c.tried(f.err) // the time is up before the next try: say what is wrong rather than that
		}
		if c.client.o.OnWait != nil {
			c.client.o.OnWait(c.client.o.Redact.String(f.reason), wait)
		}
		if err := c.client.o.Sleep(ctx, wait); err != nil {
			e := c.ended(ctx, err, false)
			if c.lost && c.asked.changes() {
				e.State = problem.Unknown
			}
			return nil, e
		}
	}
}

// tried adds how often the request was sent.
func (c *call) tried(e *problem.Error) *problem.Error {
	if c.tries > 1 {
		e.Facts = append(e.Facts, problem.Fact{Label: "tried", Text: fmt.Sprintf("%d times in %s", c.tries, short(time.Since(c.started)))})
	}
	return e
}

// ended returns the error of a call whose context is done; sent says whether its last try had reached a connection.
func (c *call) ended(ctx context.Context, err error, sent bool) *problem.Error {
	if !errors.Is(err, context.DeadlineExceeded) && !isOver(ctx) {
		return c.state(problem.New(problem.Interrupted, "cannot %s: interrupted", c.asked.Attempt), sent)
	}
	why := "timed out after " + short(time.Since(c.started))
	if !c.sent {
		why = "the time was up before it was sent"
	}
	e := problem.New(problem.TimedOut, "cannot %s: %s", c.asked.Attempt, why)
	e.Retryable = true
	return c.state(e, sent)
}

// isOver says whether the deadline of a context has passed; its own timer may be a little late.
func isOver(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return errors.Is(ctx.Err(), context.DeadlineExceeded) || ok && ctx.Err() == nil && !time.Now().Before(end)
}

// state sets what is true after a failure without an answer.
func (c *call) state(e *problem.Error, sent bool) *problem.Error {
	if !c.asked.changes() {
		return e
	}
	e.State = problem.Unchanged
	if sent {
		e.State = problem.Unknown
	}
	return e
}

// short prints a duration for people: 31 ms, 4.2 s, 2m5s.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "less than 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// clean hides secrets in everything an error says.
func (c *Client) clean(e *problem.Error) *problem.Error {
	r := c.o.Redact
	e.Message, e.Said, e.Hint, e.State = r.String(e.Message), r.String(e.Said), r.String(e.Hint), r.String(e.State)
	e.Type, e.Field = r.String(e.Type), r.String(e.Field)
	for i := range e.Facts {
		e.Facts[i].Text = r.String(e.Facts[i].Text)
	}
	return e
}
