package app

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// rehearsal is what a dry run has held back.
type rehearsal struct {
	mu    sync.Mutex
	own   bool // writes that a user may make for what is the user's own: keys
	other bool // writes that only an admin may make
}

func (r *rehearsal) held(request transport.Request) {
	if transport.IsSpending(request.Method, request.Path) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.HasPrefix(request.Path, "/key/") {
		r.own = true
	} else {
		r.other = true
	}
}

// askWithin is how long the gateway may take to say whose key it is.
const askWithin = 5 * time.Second

// warnPlanned tells a caller who has rehearsed what the role does not allow.
func (h *host) warnPlanned() {
	if !h.rehearsal.own && !h.rehearsal.other {
		return
	}
	ctx, stop := context.WithTimeout(h.run, askWithin)
	defer stop()
	caller := h.caller(ctx)
	role := caller.Role
	switch {
	case caller.Nobody:
		role = "none: the key belongs to nobody"
	case role == "" && caller.UserID == "", role == litellm.RoleAdmin, role == litellm.RoleUser && !h.rehearsal.other:
		return
	case role == "":
		role = "none"
	}
	h.Notice("for real the gateway would refuse this: your role is "+role, false)
}

// caller asks the gateway whose key is used; nothing is known of one that does not say.
func (h *host) caller(ctx context.Context) *litellm.Caller {
	client, err := h.target.wait(ctx)
	if err != nil {
		return &litellm.Caller{}
	}
	r, err := client.Do(ctx, transport.Request{Method: http.MethodGet, Path: litellm.WhoAmIPath, Attempt: "ask whose key this is", AnyStatus: true})
	if err != nil {
		return &litellm.Caller{}
	}
	return litellm.ReadCaller(r.Status, r.Body)
}
