package litellm

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// Roles of LiteLLM.
const (
	RoleAdmin      = "proxy_admin"
	RoleViewer     = "proxy_admin_viewer"
	RoleUser       = "internal_user"
	RoleUserViewer = "internal_user_viewer"
)

// Caller is whose key is used.
type Caller struct {
	UserID string // empty for a key that belongs to nobody
	Role   string // empty when it cannot be known
	Nobody bool   // the key belongs to nobody
}

// masterUser is the user that the gateway's master key acts as.
const masterUser = "default_user_id"

// WhoAmIPath is where a GET without an id tells of the caller: see ReadCaller.
const WhoAmIPath = "/v2/user/info"

// WhoAmI asks the gateway whose key is used. A gateway that does not say leaves the role empty.
func WhoAmI(ctx context.Context, inv *sdk.Invocation) (*Caller, error) {
	ctx = sdk.Attempting(ctx, "ask whose key this is")
	r, err := inv.Do(ctx, sdk.Request{Method: "GET", Path: WhoAmIPath, AnyStatus: true})
	if err != nil {
		return nil, err
	}
	return ReadCaller(r.Status, r.Body), nil
}

// ReadCaller reads the answer of WhoAmIPath: 404 is the master key as long as its user has no row, 400 a key without an owner
// (observed on LiteLLM 1.106.2 and 1.83.14).
func ReadCaller(status int, body []byte) *Caller {
	var user struct {
		ID   string `json:"user_id"`
		Role string `json:"user_role"`
	}
	var refusal struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &user)
	_ = json.Unmarshal(body, &refusal)
	switch {
	case status == 200 && user.ID != masterUser:
		return &Caller{UserID: user.ID, Role: user.Role}
	case status == 200, status == 404 && refusal.Error.Message == "User not found: "+masterUser:
		return &Caller{UserID: masterUser, Role: RoleAdmin}
	}
	return &Caller{Nobody: status == 400}
}

// SeesAll reports whether the caller's lists are everybody's.
func (c *Caller) SeesAll() bool { return c.Role == RoleAdmin || c.Role == RoleViewer }

// Scope says whose things the caller's list of them is, and whether that is only a part.
func (c *Caller) Scope(noun string) (text string, partial bool) {
	switch {
	case c.SeesAll():
		return fmt.Sprintf("you see all %s (role %s)", noun, c.Role), false
	case c.Role == "":
		return fmt.Sprintf("you may see a part of the %s only (your role is not known)", noun), true
	}
	return fmt.Sprintf("you see your own %s only (role %s)", noun, c.Role), true
}
