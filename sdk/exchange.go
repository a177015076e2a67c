package sdk

import (
	"context"
	"io"
	"sync"
	"sync/atomic"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// exchange is one request that has an answer, and the way to the rest of it.
type exchange struct {
	response *Response
	wait     func(context.Context) (*protocol.ToPlugin, error)
	done     func()
	cancel   func()
}

// begin sends a request and waits for the head of its answer.
func (inv *Invocation) begin(ctx context.Context, r Request, deliver *protocol.Deliver) (*exchange, error) {
	if len(r.Body) > protocol.MaxInput {
		return nil, problem.New(problem.Usage, "cannot send %s %s: the body has %d bytes, the limit is %d MiB", r.Method, r.Path, len(r.Body), protocol.MaxInput>>20)
	}
	message := &protocol.HTTPRequest{
		Method: r.Method, Path: r.Path, Query: r.Query, Body: r.Body, Deliver: deliver, Gateway: inv.gateway, As: inv.as, AsHash: inv.asHash,
		Identified: r.Identified, Attempt: attempt(ctx, r), AnyStatus: r.AnyStatus, Stream: r.stream,
	}
	for _, h := range r.Headers {
		message.Headers = append(message.Headers, &protocol.Header{Name: h.Name, Value: h.Value})
	}
	wait, done := inv.link.open(func(id uint64) *protocol.ToHost {
		message.Id = id
		return &protocol.ToHost{Message: &protocol.ToHost_Http{Http: message}}
	})
	x := &exchange{response: &Response{}, wait: wait, done: done, cancel: func() {
		inv.link.tell(&protocol.ToHost{Message: &protocol.ToHost_Cancel{Cancel: &protocol.Cancel{Id: message.GetId()}}})
	}}
	head, err := x.head(ctx)
	if err != nil {
		if ctx.Err() != nil {
			x.cancel()
		}
		done()
		return nil, err
	}
	x.response.Status = int(head.GetStatus())
	for _, h := range head.GetHeaders() {
		x.response.Headers = append(x.response.Headers, Header{h.GetName(), h.GetValue()})
	}
	return x, nil
}

func (x *exchange) head(ctx context.Context) (*protocol.HTTPHead, error) {
	answer, err := x.wait(ctx)
	if err != nil {
		return nil, err
	}
	head := answer.GetHttpHead()
	switch {
	case head.GetError() != nil:
		return nil, head.GetError().Problem()
	case head.GetPlanned() != "":
		return nil, ErrPlanned
	}
	return head, nil
}

// chunk waits for the next piece of the body.
func (x *exchange) chunk(ctx context.Context) (data []byte, last bool, err error) {
	answer, err := x.wait(ctx)
	if err != nil {
		return nil, true, err
	}
	c := answer.GetHttpChunk()
	if c.GetError() != nil {
		return c.GetData(), true, c.GetError().Problem()
	}
	return c.GetData(), c.GetLast(), nil
}

// body is the rest of an answer as a reader.
type body struct {
	*exchange
	ctx   context.Context
	rest  []byte
	err   error
	ended atomic.Bool // there is nothing to cancel any more
	once  sync.Once
}

func (b *body) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		data, last, err := b.chunk(b.ctx)
		b.rest = data
		switch {
		case err != nil:
			b.err = err
		case last:
			b.err = io.EOF
			b.ended.Store(true)
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// Close ends the request, if its answer has not ended, and a Read that waits for it.
func (b *body) Close() error {
	b.once.Do(func() {
		if !b.ended.Load() {
			b.cancel()
		}
		b.done()
	})
	return nil
}
