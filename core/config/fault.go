package config

import (
	"fmt"
	"regexp"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fault is something that is wrong with a line.
type fault struct {
	line int
	what string
}

// fault is the error for all that is wrong.
func (f *File) fault(faults []fault) *problem.Error {
	const most = 10
	first := faults[0]
	e := problem.New(problem.Usage, "cannot use the configuration %s:%d: %s", f.shown(), first.line, masked(first.what))
	for i, next := range faults[1:] {
		if i == most-1 {
			e.Facts = append(e.Facts, problem.Fact{Label: "and", Text: fmt.Sprintf("%d more", len(faults)-most)})
			break
		}
		e.Facts = append(e.Facts, problem.Fact{Label: "and", Text: fmt.Sprintf("%s:%d: %s", f.shown(), next.line, masked(next.what))})
	}
	return e.WithHint("edit the file, or see what is meant: litellm-proxy doctor")
}

// masked hides what looks like a gateway's key: somebody has written it where a name or an address should be. The pattern is
// made here, because it costs more than reading a file that is right.
func masked(text string) string {
	return regexp.MustCompile(`sk-[A-Za-z0-9_-]{4,}`).ReplaceAllString(text, "sk-…")
}
