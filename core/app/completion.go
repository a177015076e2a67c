package app

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
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
	return s.print(scripts[argument(line, "shell")[0]])
}

// complete prints the candidates, one a line with its note behind a tab. A first line ":files" asks the shell to
// complete file names as well.
func (s *session) complete(words []string) error {
	candidates, files := command.Complete(words, s.catalog())
	var b strings.Builder
	if files {
		b.WriteString(":files\n")
	}
	for _, c := range candidates {
		note := strings.ReplaceAll(c.Note, "\n", " ")
		fmt.Fprintf(&b, "%s\t%s\n", c.Text, note)
	}
	_, err := io.WriteString(s.Streams.Out, b.String())
	return err
}
