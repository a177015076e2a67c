package litellm

import (
	"context"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Names are the values of a repeated argument with the tag stdin, each once; for a single "-" those on standard input, one a
// line. Then piped is true: nobody has named them on the command line. An empty input names none, which is no error.
func Names(ctx context.Context, inv *sdk.Invocation, argument string, given []string) (names []string, piped bool, err error) {
	if piped = len(given) == 1 && given[0] == "-"; piped {
		raw, err := inv.Input(ctx, argument, 0)
		if err != nil {
			return nil, true, err
		}
		given = strings.Split(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n")
	}
	seen := map[string]bool{}
	for _, name := range given {
		if piped {
			name = strings.TrimSpace(name)
		}
		switch {
		case name == "" && piped, seen[name]:
			continue
		case name == "":
			return nil, false, problem.New(problem.Usage, "a name is empty").WithState(problem.Unchanged)
		}
		seen[name] = true
		names = append(names, name)
	}
	if piped && len(names) == 0 {
		inv.Notice("standard input names nothing: nothing was changed")
	}
	return names, piped, nil
}
