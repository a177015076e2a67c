package app

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func doctorCommand() own {
	return ownCommands("doctor", "Say what is wrong between here and the gateway", ownCommand{&protocol.Command{
		Summary: "Say what is wrong between here and the gateway.", Effect: protocol.Effect_EFFECT_READ,
	}, func(context.Context, *session, *command.Line) error { return nil }})
}
