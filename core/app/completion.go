package app

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/term"
)

// completeRole is the first argument of a call by a shell's completion; the words typed so far follow.
const completeRole = "__complete"

// The shells' scripts ask this program, which answers from manifests.
//
//go:embed completion.bash
var bashScript string

//go:embed completion.zsh
var zshScript string

//go:embed completion.fish
var fishScript string

func runCompletion(_ context.Context, s *session, line *command.Line) error {
	scripts := map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}
	return s.print(scripts[value(line, "shell")])
}

// complete prints the candidates, one a line with its note behind a tab. A first line ":files" asks the shell to
// complete file names as well.
func (s *session) complete(ctx context.Context, words []string) error {
	_ = s.prepare(ctx, words) // what a script takes, if the line runs one that can be read
	found := command.Complete(words, s.catalog())
	candidates := found.Candidates
	if found.Kind != "" {
		for _, c := range s.names(ctx, found, words) {
			candidates = append(candidates, command.Candidate{Text: found.Before + c.Text, Note: c.Note})
		}
	}
	var b strings.Builder
	if found.Files {
		b.WriteString(":files\n")
	}
	for _, c := range candidates {
		if strings.ContainsAny(c.Text, "\n\t\r") {
			continue // a shell could not tell where it ends
		}
		fmt.Fprintf(&b, "%s\t%s\n", term.VisibleLine(c.Text), term.VisibleLine(c.Note))
	}
	_, err := io.WriteString(s.Streams.Out, b.String())
	return err
}
