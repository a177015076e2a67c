package sdk

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Lock waits until no other process of this user on this machine holds the lock over the command's gateway, kind and name:
// where the API has no constraint, that keeps two of them from doing one thing twice. unlock gives it back; the end of the
// run does too. Whoever takes two must take them in an order that all keep.
func (inv *Invocation) Lock(ctx context.Context, kind, name string) (unlock func(), err error) {
	var held uint64
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		held = id
		return &protocol.ToHost{Message: &protocol.ToHost_Lock{Lock: &protocol.Lock{Id: id, Kind: kind, Name: name}}}
	})
	if err == nil && answer.GetLock().GetError() != nil {
		err = answer.GetLock().GetError().Problem()
	}
	if err != nil {
		return func() {}, err
	}
	return func() {
		inv.link.tell(&protocol.ToHost{Message: &protocol.ToHost_Unlock{Unlock: &protocol.Unlock{Id: held}}})
	}, nil
}
