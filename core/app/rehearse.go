package app

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
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
	role, known := h.role(ctx)
	switch {
	case !known, role == "proxy_admin", role == "internal_user" && !h.rehearsal.other:
		return
	case role == "":
		role = "none: the key belongs to nobody"
	}
	h.Notice("for real the gateway would refuse this: your role is "+role, false)
}

// role asks the gateway for the caller's role: 404 is the master key, 400 a key without an owner (observed on LiteLLM 1.106.2
// and 1.83.14).
func (h *host) role(ctx context.Context) (role string, known bool) {
	client, err := h.target.wait(ctx)
	if err != nil {
		return "", false
	}
	r, err := client.Do(ctx, transport.Request{Method: http.MethodGet, Path: "/v2/user/info", Attempt: "ask whose key this is", AnyStatus: true})
	if err != nil {
		return "", false
	}
	var user struct {
		ID   string `json:"user_id"`
		Role string `json:"user_role"`
	}
	switch _ = json.Unmarshal(r.Body, &user); {
	case r.Status == http.StatusOK && user.ID != "default_user_id":
		return user.Role, true
	case r.Status == http.StatusBadRequest:
		return "", true
	}
	return "", false
}
