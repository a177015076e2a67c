package sdk

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Intent says, before a write is sent, what identifies its effect: the id of what is to be made, the name of what is to be
// deleted. name tells the intents of one command apart. The host has it on disk when Intent returns. In a job, when the
// command is run again because its process or its answer was lost, Intent returns the identity of that earlier run, and again
// is true: that run may have sent the write, so the command looks first whether the effect is there, and if it is, it is
// this command's own. Outside a job it returns identity, and false, at once.
func (inv *Invocation) Intent(ctx context.Context, name, identity string) (use string, again bool, err error) {
	if !inv.start.GetDurable() && !inv.link.durable.Load() || inv.DryRun() {
		return identity, false, nil
	}
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Intent{Intent: &protocol.Intent{Id: id, Name: name, Identity: identity}}}
	})
	if err != nil {
		return "", false, err
	}
	a := answer.GetIntent()
	if a.GetError() != nil {
		return "", false, a.GetError().Problem()
	}
	return a.GetIdentity(), a.GetAgain(), nil
}
