package app

import (
	"context"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func authCommands() own {
	return ownCommands("auth", "Use the sign-in elsewhere", ownCommand{&protocol.Command{
		Path: []string{"print-token"}, Summary: "Print the key that commands would use.", Effect: protocol.Effect_EFFECT_READ,
		Help: "One line on standard output, renewed first if its end is near: fit for programs that ask a command for their key, such as\n" +
			"the apiKeyHelper of a coding agent. Everything else is on standard error.",
		Examples: []*protocol.Example{{Command: "--profile prod auth print-token", Note: "the key of a profile"}},
	}, runPrintToken})
}

func runPrintToken(ctx context.Context, s *session, line *command.Line) error {
	gateway, err := s.resolve(lineOf(line.Globals))
	if err != nil {
		return err
	}
	key, err := s.keyOf(ctx, line.Globals, gateway)
	if err != nil {
		return err
	}
	return s.print(key + "\n")
}

// keyOf is the key that a command would use at a gateway.
func (s *session) keyOf(ctx context.Context, g command.Globals, gateway config.Gateway) (string, error) {
	if gateway.Profile == config.Sandbox && gateway.Key == "" {
		return "", problem.New(problem.Usage, "the sandbox has no key outside of the command that runs it").WithHint("litellm-proxy sandbox serve prints one")
	}
	if gateway.Key != "" {
		return gateway.Key, nil
	}
	var o transport.Options
	s.credential(g, gateway, &o)
	key, err := o.Credential(ctx)
	if errors.Is(err, auth.ErrOlderExpired) {
		return "", problem.New(problem.Denied, "the sign-in that the older tool left has expired").WithHint("%s", o.KeyRemedy)
	}
	if err == nil && key == "" {
		e := problem.As(notSignedIn(gateway))
		return "", e.WithHint("%s; or set LITELLM_PROXY_API_KEY", o.KeyRemedy)
	}
	return key, err
}
