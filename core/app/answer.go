package app

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// answer passes the gateway's answer on: to the output, or in chunks to the plugin.
func (h *host) answer(r *protocol.HTTPRequest, request transport.Request, got *prefetched, reply func(*protocol.ToPlugin) error) error {
	response := got.response
	out := &protocol.HTTPHead{Id: r.GetId(), Status: int32(response.Status)}
	for name, values := range response.Header {
		for _, v := range values {
			out.Headers = append(out.Headers, &protocol.Header{Name: name, Value: v})
		}
	}
	switch d := r.GetDeliver(); {
	case d.GetWhole():
		if err := h.deliverWhole(request, response, d.GetHead()); err != nil {
			return err
		}
		return reply(head(out))
	case d != nil:
		if err := h.deliverItems(request, got, d.GetItems()); err != nil {
			return err
		}
		return reply(head(out))
	}
	if err := h.notRefused(request, response.Body); err != nil {
		return err
	}
	if err := response.ExpectNoPage(attempt(request)); err != nil {
		return err
	}
	if err := reply(head(out)); err != nil {
		return err
	}
	return chunks(r.GetId(), response.Body, reply)
}

func head(h *protocol.HTTPHead) *protocol.ToPlugin {
	return &protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: h}}
}

func attempt(r transport.Request) string {
	if r.Attempt != "" {
		return r.Attempt
	}
	return r.Method + " " + r.Path
}

// notRefused finds an error in the body of an answer that calls itself a success, as older gateways give them. Larger
// bodies are none.
func (h *host) notRefused(request transport.Request, body []byte) error {
	if request.AnyStatus || len(body) > 16<<10 {
		return nil
	}
	if e := transport.ErrorIn(body, h.target.client.Asked(request)); e != nil {
		return e
	}
	return nil
}

// chunks sends a body in pieces that fit a message; the last one, which may be empty, says so.
func chunks(id uint64, body []byte, reply func(*protocol.ToPlugin) error) error {
	for {
		n := min(len(body), protocol.ChunkSize)
		chunk := &protocol.HTTPChunk{Id: id, Data: body[:n], Last: n == len(body)}
		if err := reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpChunk{HttpChunk: chunk}}); err != nil {
			return err
		}
		if body = body[n:]; chunk.GetLast() {
			return nil
		}
	}
}

// deliverItems prints the items of a list.
func (h *host) deliverItems(request transport.Request, got *prefetched, member string) error {
	if err := got.response.ExpectNoPage(attempt(request)); err != nil {
		return err
	}
	array, err := got.array, got.arrayErr
	if array == nil && err == nil || got.items != member {
		array, err = h.output.prepare(got.response.Body, member)
	}
	if err == nil {
		h.progress.Stop()
		return h.output.print(array)
	}
	if bad := (*record.AnswerError)(nil); errors.As(err, &bad) {
		e := problem.New(problem.Unreachable, "cannot %s: the answer is not JSON, was cut short, or is no list", attempt(request))
		e.Status = got.response.Status
		return e.WithHint("is %s the LiteLLM gateway's own address?", h.gatewayName())
	}
	return err
}

// deliverWhole prints an answer whatever it is: JSON as a record, an event stream as it comes, other text as it is.
func (h *host) deliverWhole(request transport.Request, response *transport.Response, withHead bool) error {
	defer response.Stream.Close()
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind == "text/event-stream" {
		if err := h.headText(response, withHead); err != nil {
			return err
		}
		return h.stream(response.Stream)
	}
	body, err := io.ReadAll(response.Stream)
	if err != nil {
		return err
	}
	if isJSON := kind == "application/json" || strings.HasSuffix(kind, "+json"); isJSON && len(body) > 0 {
		response.Body = body
		if err := response.ExpectJSON(attempt(request)); err != nil {
			return err
		}
		if err := h.notRefused(request, body); err != nil {
			return err
		}
		if err := h.headText(response, withHead); err != nil {
			return err
		}
		h.progress.Stop()
		return h.output.record(body)
	}
	if err := h.headText(response, withHead); err != nil {
		return err
	}
	return h.Text(string(body))
}

// headText prints status line and headers, sorted.
func (h *host) headText(response *transport.Response, wanted bool) error {
	if !wanted {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d %s\n", response.Status, http.StatusText(response.Status))
	names := make([]string, 0, len(response.Header))
	for name := range response.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range response.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	return h.Text(b.String() + "\n")
}

// stream prints an event stream as it comes.
func (h *host) stream(events io.Reader) error {
	buffer := make([]byte, 32<<10)
	for {
		n, err := events.Read(buffer)
		if n > 0 {
			if err := h.Text(string(buffer[:n])); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
