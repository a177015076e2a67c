package sdktest

import (
	"bytes"
	"context"
	"net/http"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// CtrlC among Host.Lines is a person who presses Ctrl-C at the prompt.
const CtrlC = "\x03"

// stream answers a request whose body is wanted as it comes: each Write of the gateway's is a piece. A handler that panics
// with http.ErrAbortHandler breaks the answer off, as it does in a server; its request's context ends when the plugin cancels
// the request.
func (c *conversation) stream(gateway http.Handler, q *protocol.HTTPRequest) {
	ctx, cancel := context.WithCancel(c.ctx)
	if c.cancels == nil {
		c.cancels = map[uint64]context.CancelFunc{}
	}
	c.cancels[q.GetId()] = cancel
	go func() {
		defer cancel()
		w := &pieces{conversation: c, request: q, header: http.Header{}}
		whole := serve(gateway, w, c.request(ctx, q))
		switch {
		case ctx.Err() != nil:
		case w.refused():
			w.fail(refusal(q, w.status, w.held.String()))
		case whole:
			w.WriteHeader(http.StatusOK)
			w.chunk(&protocol.HTTPChunk{Last: true})
		case w.status == 0:
			w.fail(problem.New(problem.Unreachable, "cannot %s: the connection was lost before the answer came", q.GetAttempt()))
		default:
			e := problem.New(problem.Unreachable, "cannot %s: the answer was cut off", q.GetAttempt())
			w.chunk(&protocol.HTTPChunk{Last: true, Error: protocol.FromError(e)})
		}
	}()
}

// serve reports whether the handler has answered to the end.
func serve(gateway http.Handler, w http.ResponseWriter, r *http.Request) (whole bool) {
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler { //nolint:errorlint // it is a value, not a chain
			panic(v)
		}
	}()
	gateway.ServeHTTP(w, r)
	return true
}

// pieces passes what a handler writes on to the plugin. What a refusal says is held back, for the error.
type pieces struct {
	*conversation
	request *protocol.HTTPRequest
	header  http.Header
	status  int
	held    bytes.Buffer
}

func (w *pieces) refused() bool {
	return w.status != 0 && w.status/100 != 2 && !w.request.GetAnyStatus()
}

// Header gives the headers of the answer.
func (w *pieces) Header() http.Header { return w.header }

// WriteHeader sends the head of the answer.
func (w *pieces) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	if w.status = status; !w.refused() {
		w.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: headOf(w.request, status, w.header)}})
	}
}

// Write sends one piece of the body.
func (w *pieces) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.refused() {
		return w.held.Write(b)
	}
	w.chunk(&protocol.HTTPChunk{Data: bytes.Clone(b)})
	return len(b), nil
}

// Flush sends the head: everything else has been sent.
func (w *pieces) Flush() { w.WriteHeader(http.StatusOK) }

func (w *pieces) chunk(chunk *protocol.HTTPChunk) {
	chunk.Id = w.request.GetId()
	w.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpChunk{HttpChunk: chunk}})
}

func (w *pieces) fail(e *problem.Error) {
	w.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: &protocol.HTTPHead{
		Id: w.request.GetId(), Error: protocol.FromError(e)}}})
}

func headOf(q *protocol.HTTPRequest, status int, header http.Header) *protocol.HTTPHead {
	head := &protocol.HTTPHead{Id: q.GetId(), Status: int32(status)}
	for name, values := range header {
		for _, v := range values {
			head.Headers = append(head.Headers, &protocol.Header{Name: name, Value: v})
		}
	}
	return head
}

// refusal is the error of an answer that is not 2xx.
func refusal(q *protocol.HTTPRequest, status int, said string) *problem.Error {
	e := problem.New(codeOf(status), "cannot %s %s: status %d", q.GetMethod(), q.GetPath(), status)
	e.Status, e.Said = status, said
	return e
}
