package app

import (
	"errors"
	"fmt"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// outcome remembers what became of a command's writes, for when the command itself has no time to say.
type outcome struct {
	mu       sync.Mutex
	underWay int
	done     int
	lost     error // the first failure of a write whose effect is not known
}

// begin counts a write that is being sent; the function it returns takes its result.
func (o *outcome) begin() func(error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.underWay++
	return func(err error) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.underWay--
		switch {
		case err == nil:
			o.done++
		case o.lost == nil && problem.As(err).State == problem.Unknown:
			o.lost = err
		}
	}
}

// failed takes back that a write was done: its answer says something else.
func (o *outcome) failed(err *problem.Error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done--
	if o.lost == nil && err.State == problem.Unknown {
		o.lost = err
	}
}

// unknown returns the failure of a write whose effect is not known; nil if there is none.
func (o *outcome) unknown() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lost
}

func (o *outcome) isUnknown() bool { return o.unknown() != nil }

// state says what is true now, as problem.Error.State does.
func (o *outcome) state() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.underWay > 0 || o.lost != nil:
		return problem.Unknown
	case o.done == 1:
		return "one write was done before"
	case o.done > 1:
		return fmt.Sprintf("%d writes were done before", o.done)
	}
	return problem.Unchanged
}

// garbled takes back that a write was done whose answer is a refusal after all, or none that LiteLLM gives: then it is not
// known what became of it.
func (h *host) garbled(request transport.Request, err error) error {
	e := (*problem.Error)(nil)
	if !errors.As(err, &e) || !changes(request) {
		return err
	}
	if e.Code == problem.Unreachable && e.State == "" {
		e.State = problem.Unknown
	}
	h.outcome.failed(e)
	return e
}

// changes says whether a request is one of the writes whose outcome is kept.
func changes(r transport.Request) bool {
	return transport.IsWrite(r.Method, r.Path) && !transport.IsSpending(r.Method, r.Path)
}
