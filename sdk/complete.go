package sdk

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Candidate is a name that completes what was typed.
type Candidate struct {
	Text string `json:"text"`
	Note string `json:"note,omitempty"`
}

// Completer returns names that begin with prefix. It may only read, and has about a second.
type Completer func(ctx context.Context, inv *Invocation, prefix string) ([]Candidate, error)

func (p *Plugin) complete(ctx context.Context, inv *Invocation, kind, prefix string) error {
	completer := p.Completers[kind]
	if completer == nil {
		return problem.New(problem.Plugin, "plugin %q does not complete %q", p.Name, kind)
	}
	candidates, err := completer(ctx, inv, prefix)
	for _, c := range candidates {
		if err == nil {
			err = inv.Emit(c)
		}
	}
	return err
}
