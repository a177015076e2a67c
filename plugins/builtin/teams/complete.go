package teams

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// complete offers ids, and aliases where these are what was begun. The gateway has no filter for a part of an id, so ids are
// those of the first page.
func complete(ctx context.Context, inv *sdk.Invocation, prefix string) ([]sdk.Candidate, error) {
	found := litellm.NewCandidates(prefix)
	filters := []sdk.Query{{"team_alias": prefix}, {}}
	if prefix == "" {
		filters = filters[1:]
	}
	for _, filter := range filters {
		rows, _, _, err := litellm.TeamPage(ctx, inv, filter, 1, 100)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			t, err := litellm.ReadTeam(row)
			if err != nil {
				return nil, err
			}
			found.Offer(t.TeamID, litellm.Text(t.Alias))
		}
	}
	return found.List, nil
}
