package app

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// guard holds back the deletes of a command in a protected profile until the person has said once that they are meant.
type guard struct {
	mu   sync.Mutex
	open bool
}

// unlock asks unless it has been answered.
func (g *guard) unlock(ask func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open {
		return nil
	}
	if err := ask(); err != nil {
		return err
	}
	g.open = true
	return nil
}

// pass lets a request through, unless it deletes in a protected profile and nobody has said that it is meant: whatever
// command, plugin or script makes it.
func (h *host) pass(r transport.Request) error {
	if h.target.config.Guard == "" || !deletes(r) {
		return nil
	}
	return h.guard.unlock(func() error {
		return h.unlock("On "+h.gatewayName()+":\n  "+r.Method+" "+r.Path, "delete")
	})
}

// deletes says whether a request deletes something: by its method, or by its path's last word; POST /delete/allowed_ip has it
// first. Source: LiteLLM 1.106.2's OpenAPI document.
func deletes(r transport.Request) bool {
	route := grant.Decode(r.Path)
	return transport.IsWrite(r.Method, route) && (r.Method == "DELETE" || strings.Contains(path.Base(route), "delete") || strings.HasPrefix(route, "/delete/"))
}

// unlock has the person type the profile's name; where nobody is, it must be on the command line, beside --yes.
func (h *host) unlock(what, verb string) error {
	g, c := h.line.Globals, h.target.config
	if g.Yes && c.Named {
		return nil
	}
	if !h.Streams.InTTY || !h.Streams.ErrTTY {
		return problem.New(problem.Guarded, "cannot %s in the protected profile %q: nobody is there to confirm it", verb, c.Guard).
			WithHint("put both on the line: --yes --profile %s", c.Guard).WithState(h.state())
	}
	answer, err := h.typed(fmt.Sprintf("%s\nThe profile is protected. Type its name to %s: ", what, verb))
	if err != nil || strings.EqualFold(answer, c.Guard) {
		return err
	}
	return problem.New(problem.Guarded, "not confirmed: the profile's name is %s", c.Guard).WithState(h.state())
}
