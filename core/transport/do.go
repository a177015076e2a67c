package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// longestWait is the longest Retry-After that is waited for.
const longestWait = 60 * time.Second

// failure is one try that failed.
type failure struct {
	err    *problem.Error
	again  bool          // the same request may succeed when it is sent again
	lost   bool          // it was sent, and what it did is not known
	after  time.Duration // the server's Retry-After; 0: none
	reason string        // for the person who waits
}

// Do sends a request and returns the answer, or a *problem.Error for anything but a 2xx status. Reads and Identified
// writes are sent again, after a pause, when the connection fails or the gateway answers 429, 502, 503 or 504. Other
// writes are sent once. A redirect is an error.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if err := checkRequest(&r); err != nil {
		return nil, c.clean(err)
	}
	c.learn(&r)
	call := &call{Request: r, client: c, started: time.Now(), asked: c.Asked(r)}
	resp, err := call.run(ctx)
	if err != nil {
		return nil, c.clean(err)
	}
	return resp, nil
}

// Asked returns what Classify and ErrorIn need to know of a request.
func (c *Client) Asked(r Request) Asked {
	return Asked{
		Attempt: r.attempt(), Method: r.Method, Path: r.Path,
		HasKey: c.o.Key != "", KeyFrom: c.o.KeyFrom,
	}
}

// learn registers the secrets of a request before anything of it is sent or printed.
func (c *Client) learn(r *Request) {
	c.o.Redact.AddForm(r.Query)
	if len(r.Body) == 0 {
		return
	}
	if isForm(r.Header) {
		c.o.Redact.AddForm(string(r.Body))
		return
	}
	c.o.Redact.AddBody(r.Body)
}

// call is one request with all its tries.
type call struct {
	Request
	client  *Client
	started time.Time
	asked   Asked
	tries   int
	lost    bool // a try before this one may have had its effect
}

// safe says whether the request may be sent more than once: what changes nothing and costs nothing, and what carries an
// identity of its own.
func (c *call) safe() bool {
	return c.Identified || !IsWrite(c.Method, c.Path) && !IsSpending(c.Method, c.Path)
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
		if !f.again || !c.safe() || c.tries > c.client.o.Retries {
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
			e := c.ended(ctx, err)
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

// ended returns the error of a call whose context is done.
func (c *call) ended(ctx context.Context, err error) *problem.Error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e := problem.New(problem.TimedOut, "cannot %s: timed out after %s", c.asked.Attempt, short(time.Since(c.started)))
		e.Retryable = true
		return c.state(e, false)
	}
	return c.state(problem.New(problem.Interrupted, "cannot %s: interrupted", c.asked.Attempt), false)
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
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.3g s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// retryAfter returns how long the server asks to wait; 0 if it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	var seconds float64
	if _, err := fmt.Sscanf(v, "%g", &seconds); err == nil && allDigits(v) {
		if seconds > 1e6 {
			seconds = 1e6
		}
		return time.Duration(seconds * float64(time.Second))
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if there, err := http.ParseTime(h.Get("Date")); err == nil {
		now = there // by the server's own clock
	}
	return max(0, at.Sub(now))
}

func allDigits(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' {
			return false
		}
	}
	return s != ""
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
