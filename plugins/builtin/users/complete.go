package users

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

const completions = 50

// complete offers ids, and e-mails where these are what was begun.
func complete(ctx context.Context, inv *sdk.Invocation, prefix string) ([]sdk.Candidate, error) {
	found := litellm.NewCandidates(prefix)
	filters := []sdk.Query{{"user_ids": prefix}, {"user_email": prefix}} // both match parts, in any case
	if prefix == "" {
		filters = filters[:1]
	}
	for _, filter := range filters {
		rows, _, err := litellm.UserPages(filter).One(ctx, inv, 1, completions)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			u, err := litellm.ReadUser(row)
			if err != nil {
				return nil, err
			}
			found.Offer(u.UserID, litellm.Text(u.Email))
		}
	}
	return found.List, nil
}
