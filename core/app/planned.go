package app

import (
	"encoding/json"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
)

// planned is what the dry run of a script has held back: later reads of the same run see it, as if it had been done.
type planned struct {
	mu    sync.Mutex
	kinds map[string]int // requests by method and path
	order []string
	show  func(transport.Request) error // prints one for the person
}

// plans notes a request that is held back for a script.
func (h *host) plans(r transport.Request) error { return h.script.planned.add(r) }

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

var _ = json.Valid
