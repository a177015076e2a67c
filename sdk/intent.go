package sdk

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Intend says, right before a write is sent, what identifies its effect: the id of what is to be made, the name of what is to be
// deleted. name tells the intents of one command apart. In a job it is on disk when Intend returns; outside one nothing is
// done.
func (inv *Invocation) Intend(ctx context.Context, name, identity string) error {
	if inv.DryRun() || !inv.start.GetDurable() && inv.link.target.Load() == nil {
		return nil
	}
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Intent{Intent: &protocol.Intent{Id: id, Name: name, Identity: identity}}}
	})
	if err != nil {
		return err
	}
	if e := answer.GetIntent().GetError(); e != nil {
		return e.Problem()
	}
	return nil
}

// Intended returns what an earlier run of the command has intended, in a job that is resumed because that run or one of its
// answers was lost. That run may have sent the write: the command looks first whether the effect is there and, if it is, takes
// it for its own.
func (inv *Invocation) Intended(name string) (identity string, ok bool) {
	intents := inv.start.GetIntents()
	if t := inv.link.target.Load(); t != nil {
		intents = t.GetIntents()
	}
	identity, ok = intents[name]
	return identity, ok
}
