package keys

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// complete gives the aliases that begin with what was typed.
func complete(ctx context.Context, inv *sdk.Invocation, prefix string) ([]sdk.Candidate, error) {
	var answer struct {
		Aliases []string `json:"aliases"`
	}
	query := sdk.Query{"search": prefix, "size": "100"}
	if err := inv.Get(sdk.Attempting(ctx, "complete keys"), "/key/aliases", query, &answer); err != nil {
		return nil, err
	}
	out := make([]sdk.Candidate, len(answer.Aliases))
	for i, alias := range answer.Aliases {
		out[i] = sdk.Candidate{Text: alias}
	}
	return out, nil
}
