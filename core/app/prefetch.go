package app

import (
	"context"
	"net/http"

	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
)

// prefetched is a read that was begun before the plugin could ask for it; nil is none.
type prefetched struct {
	request transport.Request
	items   string
	taken   chan struct{} // holds one element until somebody takes the answer

	done     chan struct{} // closed when what follows is set
	response *transport.Response
	err      error
	array    *record.Array // the items, ready to print
	arrayErr error
}

// prefetch begins the read that the command says it begins with, if the command may make it.
func (h *host) prefetch(ctx context.Context, output *output) {
	p := h.line.Command.GetPrefetch()
	if p.GetPath() == "" {
		return
	}
	r := transport.Request{Method: http.MethodGet, Path: p.GetPath(), Attempt: p.GetAttempt()}
	verdict, err := h.policy.Check(r)
	if err != nil || verdict != transport.Send || transport.IsSpending(r.Method, r.Path) {
		return
	}
	f := &prefetched{request: r, items: p.GetItems(), done: make(chan struct{}), taken: make(chan struct{}, 1)}
	f.taken <- struct{}{}
	h.prefetched = f
	go func() {
		defer close(f.done)
		ctx, stop := h.timed(ctx)
		defer stop()
		client, err := h.target.wait(ctx)
		if err != nil {
			f.err = err
			return
		}
		if f.response, f.err = client.Do(ctx, r); f.err == nil && f.items != "" {
			f.array, f.arrayErr = output.prepare(f.response.Body, f.items)
		}
	}()
}

// take returns the read that was begun if r is it, waiting for its answer; nil if r is another one, or it has been taken.
func (f *prefetched) take(ctx context.Context, r transport.Request) (*prefetched, error) {
	if f == nil || r.Method != f.request.Method || r.Path != f.request.Path || r.Attempt != f.request.Attempt ||
		r.Query != "" || len(r.Body) > 0 || len(r.Header) > 0 || r.AnyStatus || r.Stream {
		return nil, nil
	}
	select {
	case <-f.taken:
	default:
		return nil, nil
	}
	select {
	case <-f.done:
		return f, f.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
