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

// coreCommand is a command that is no plugin's. It is described as plugins are, so that help and completion know it.
type coreCommand struct {
	manifest *protocol.Manifest
	run      func(ctx context.Context, s *session, line *command.Line) error
}

// coreOrder is the order of the core's own commands in the help.
var coreOrder = []string{"completion", "help", "version"}

// coreCommandNamed finds one of the core's own commands.
func coreCommandNamed(name string) (coreCommand, bool) {
	switch name {
	case "completion":
		return coreCommand{single("completion", "Print the completion script for a shell",
			"Put it where the shell finds it, for example:\n\n"+
				"  bash:  litellm-proxy completion bash > ~/.local/share/bash-completion/completions/litellm-proxy\n"+
				"  zsh:   litellm-proxy completion zsh > \"${fpath[1]}/_litellm-proxy\"\n"+
				"  fish:  litellm-proxy completion fish > ~/.config/fish/completions/litellm-proxy.fish",
			&protocol.Parameter{Name: "shell", Kind: protocol.Kind_KIND_STRING, Required: true, Enum: []string{"bash", "zsh", "fish"}, Help: "The shell."},
		), runCompletion}, true
	case "help":
		return coreCommand{single("help", "Explain a command or a topic", "",
			&protocol.Parameter{Name: "topic", Kind: protocol.Kind_KIND_STRING, Repeated: true, Help: "The words of a command, or a topic: " + strings.Join(topicNames(), ", ") + "."},
		), runHelp}, true
	case "version":
		return coreCommand{single("version", "Print the version of this program", ""), runVersion}, true
	}
	return coreCommand{}, false
}

// single describes a core command that is its first word alone.
func single(name, summary, help string, arguments ...*protocol.Parameter) *protocol.Manifest {
	return &protocol.Manifest{
		Name: name, Summary: summary,
		Commands: []*protocol.Command{{
			Summary: summary + ".", Help: help, Effect: protocol.Effect_EFFECT_READ, Arguments: arguments,
		}},
	}
}

func argument(line *command.Line, name string) []string {
	for _, v := range line.Values {
		if v.GetName() == name {
			return v.GetValues()
		}
	}
	return nil
}

func runVersion(_ context.Context, s *session, _ *command.Line) error {
	return s.print(fmt.Sprintf("litellm-proxy %s (%s, %s/%s)\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH))
}

func runHelp(_ context.Context, s *session, line *command.Line) error {
	words := argument(line, "topic")
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
