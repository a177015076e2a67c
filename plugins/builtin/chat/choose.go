package chat

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// choose has the person choose a model by its number or name; "" when the input ends. A name that is not listed is taken
// too: a gateway may serve more than it lists.
func (s *session) choose(ctx context.Context) (string, error) {
	names, err := models(ctx, s.inv)
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", problem.New(problem.NotFound, "cannot choose a model: the key may use none")
	}
	for i, name := range names {
		s.inv.Notice("%4d  %s", i+1, name)
	}
	for {
		answer, err := s.inv.Prompt(ctx, "model, by number or name: ")
		switch {
		case errors.Is(err, io.EOF):
			return "", nil
		case errors.Is(err, sdk.ErrInterrupted):
			s.inv.Notice("Ctrl-D ends")
			continue
		case err != nil:
			return "", err
		}
		if name := s.chosen(names, strings.TrimSpace(answer)); name != "" {
			return name, nil
		}
	}
}

// chosen is the model that an answer means; "" for none.
func (s *session) chosen(names []string, answer string) string {
	if slices.Contains(names, answer) || answer == "" {
		return answer
	}
	if n, err := strconv.Atoi(answer); err == nil {
		if n < 1 || n > len(names) {
			s.inv.Notice("there is no number %d: they go from 1 to %d", n, len(names))
			return ""
		}
		return names[n-1]
	}
	s.inv.Notice("the gateway does not list %q; it is taken all the same", answer)
	return answer
}
