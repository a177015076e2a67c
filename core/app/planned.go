package app

import (
	"net/http"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// planned is what the dry run of a script has held back, by kinds of requests.
type planned struct {
	mu    sync.Mutex
	kinds map[string]int // requests by method and path
	order []string
	show  func(transport.Request) error // prints one for the person
}

func (p *planned) add(r transport.Request) error {
	kind := r.Method + " " + r.Path
	p.mu.Lock()
	if p.kinds == nil {
		p.kinds = map[string]int{}
	}
	if p.kinds[kind] == 0 {
		p.order = append(p.order, kind)
	}
	p.kinds[kind]++
	p.mu.Unlock()
	if p.show == nil {
		return nil
	}
	return p.show(r)
}

// plans notes a request that is held back for a script, and what it would have changed.
func (h *host) plans(r transport.Request) error {
	h.rows.write(r)
	return h.script.planned.add(r)
}

// plannedAnswer is the gateway's to a read of what a dry run would have made or deleted; nil where the gateway is to be asked.
func (h *host) plannedAnswer(r transport.Request) *transport.Response {
	if h.rows == nil || r.Method != http.MethodGet {
		return nil
	}
	body, status := h.rows.read(r)
	if status == 0 {
		return nil
	}
	return &transport.Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
}

// answerPlanned passes such an answer on.
func (h *host) answerPlanned(target *target, r *protocol.HTTPRequest, request transport.Request, planned *transport.Response, reply func(*protocol.ToPlugin) error) error {
	client, err := target.wait(h.run)
	if err != nil {
		return err
	}
	if planned.Status/100 != 2 && !request.AnyStatus {
		return transport.Classify(planned.Status, planned.Header.Get("Content-Type"), planned.Body, client.Asked(request))
	}
	return h.answer(target, r, request, &prefetched{response: planned}, reply)
}

// revise puts into the gateway's answer to a read what a dry run would have changed.
func (h *host) revise(r transport.Request, response *transport.Response) {
	if h.rows != nil && r.Method == http.MethodGet && response.Stream == nil && response.Status == http.StatusOK {
		response.Body = h.rows.revise(grant.Decode(r.Path), r.Query, response.Body)
	}
}
