package sdk

import (
	"encoding/json"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Listing says what a list is a list of; the host ends the list with it on standard error.
type Listing struct {
	// Total is how many there are on the gateway, as far as the caller may know; negative when unknown.
	Total int
	// Scope is "you see all keys (role proxy_admin)"; empty for nothing to say.
	Scope string
	// Partial says that the caller sees only a part of them, which is worth saying off a terminal too.
	Partial bool
	// Around are the members that the older tool's shape, --format json, has beside the records; see the tag envelope.
	Around map[string]any
}

// Listed tells the host about a list, before its end.
func (inv *Invocation) Listed(l Listing) error {
	m := &protocol.Listed{Scope: l.Scope, Partial: l.Partial}
	if total := int64(l.Total); total >= 0 {
		m.Total = &total
	}
	if l.Around != nil {
		raw, err := json.Marshal(l.Around)
		if err != nil {
			return fmt.Errorf("tell about the list: %w", err)
		}
		m.Around = raw
	}
	return inv.link.send(&protocol.ToHost{Message: &protocol.ToHost_Listed{Listed: m}})
}
