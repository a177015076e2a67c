package app

import (
	"bytes"
	"errors"
	"io"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// answer passes the gateway's answer on: to the output, or in chunks to the plugin.
func (h *host) answer(target *target, r *protocol.HTTPRequest, request transport.Request, got *prefetched, reply func(*protocol.ToPlugin) error) error {
	response := got.response
	out := &protocol.HTTPHead{Id: r.GetId(), Status: int32(response.Status)}
	for name, values := range response.Header {
		for _, v := range values {
			out.Headers = append(out.Headers, &protocol.Header{Name: name, Value: string(h.vault.veil([]byte(v)))})
		}
	}
	switch d := r.GetDeliver(); {
	case r.GetStream():
		return h.passStream(out, response, reply)
	case d.GetWhole():
		if err := h.deliverWhole(target, request, response, d.GetHead()); err != nil {
			return err
		}
		return reply(head(out))
	case d != nil:
		if err := h.deliverItems(request, got, d.GetItems()); err != nil {
			return err
		}
		return reply(head(out))
	}
	if err := notRefused(target, request, response.Body); err != nil {
		return err
	}
	if err := response.ExpectNoPage(request.Purpose()); err != nil {
		return err
	}
	if err := reply(head(out)); err != nil {
		return err
	}
	return chunks(r.GetId(), h.vault.veil(response.Body), reply)
}

// passStream passes a body on as it comes. Once its head is out, an answer that breaks off ends with a chunk that says so.
func (h *host) passStream(out *protocol.HTTPHead, response *transport.Response, reply func(*protocol.ToPlugin) error) error {
	defer response.Stream.Close()
	if err := reply(head(out)); err != nil {
		return err
	}
	body, buffer := h.vault.veiled(response.Stream), make([]byte, 32<<10)
	for {
		n, err := body.Read(buffer)
		chunk := &protocol.HTTPChunk{Id: out.GetId(), Data: bytes.Clone(buffer[:n]), Last: err != nil}
		if err != nil && !errors.Is(err, io.EOF) {
			chunk.Error = protocol.FromError(err)
		}
		if n > 0 || err != nil {
			if err := reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpChunk{HttpChunk: chunk}}); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

func head(h *protocol.HTTPHead) *protocol.ToPlugin {
	return &protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: h}}
}

// notRefused finds an error in the body of an answer that calls itself a success, as older gateways give them. Larger
// bodies are none.
func notRefused(target *target, request transport.Request, body []byte) error {
	if request.AnyStatus || len(body) > 16<<10 {
		return nil
	}
	if e := transport.ErrorIn(body, target.client.Asked(request)); e != nil {
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
