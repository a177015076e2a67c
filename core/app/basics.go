package app

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func completionCommand() own {
	shell := required(text("shell", "The shell."))
	shell.Enum = []string{"bash", "zsh", "fish"}
	return ownCommands("completion", "Print the completion script for a shell", ownCommand{&protocol.Command{
		Summary: "Print the completion script for a shell.", Effect: protocol.Effect_EFFECT_READ,
		Help: "Put it where the shell finds it, for example:\n\n" +
			"  bash:  litellm-proxy completion bash > ~/.local/share/bash-completion/completions/litellm-proxy\n" +
			"  zsh:   litellm-proxy completion zsh > \"${fpath[1]}/_litellm-proxy\"\n" +
			"  fish:  litellm-proxy completion fish > ~/.config/fish/completions/litellm-proxy.fish",
		Arguments: []*protocol.Parameter{shell},
	}, runCompletion})
}

func helpCommand() own {
	return ownCommands("help", "Explain a command or a topic", ownCommand{&protocol.Command{
		Summary: "Explain a command or a topic.", Effect: protocol.Effect_EFFECT_READ,
		Arguments: []*protocol.Parameter{repeated(text("topic", "The words of a command, or a topic: "+strings.Join(topicNames(), ", ")+"."))},
	}, runHelp})
}

func versionCommand() own {
	return ownCommands("version", "Print the version of this program", ownCommand{&protocol.Command{
		Summary: "Print the version of this program.", Effect: protocol.Effect_EFFECT_READ,
	}, runVersion})
}

func runVersion(_ context.Context, s *session, _ *command.Line) error {
	return s.print(fmt.Sprintf("litellm-proxy %s (%s, %s/%s)\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH))
}

func runHelp(_ context.Context, s *session, line *command.Line) error {
	words := values(line, "topic")
	if len(words) == 1 {
		if text, ok := topics[words[0]]; ok {
			return s.print(text)
		}
	}
	return s.help(words)
}

func (s *session) help(words []string) error {
	if len(words) > 0 {
		if m, err := s.catalog().Manifest(words[0]); err == nil && m == nil {
			return problem.New(problem.Usage, "there is no command or topic %q", strings.Join(words, " ")).
				WithHint("the topics are: %s; litellm-proxy --help lists the commands", strings.Join(topicNames(), ", "))
		}
	}
	text, err := command.Help(words, s.catalog(), s.Streams.Width)
	if err != nil {
		return err
	}
	return s.print(text)
}
