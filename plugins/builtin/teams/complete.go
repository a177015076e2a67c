package teams

import (
	"context"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

const completions = 50

// complete offers ids, and aliases where these are what was begun. The gateway has no filter for a part of an id, so ids are
// those of the first page.
func complete(ctx context.Context, inv *sdk.Invocation, prefix string) ([]sdk.Candidate, error) {
	var out []sdk.Candidate
	seen := map[string]bool{}
	offer := func(text, note string) {
		if text != "" && strings.HasPrefix(text, prefix) && !seen[text] && len(out) < completions {
			seen[text] = true
			out = append(out, sdk.Candidate{Text: text, Note: note})
		}
	}
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
			offer(t.TeamID, litellm.Text(t.Alias))
			if prefix != "" {
				offer(litellm.Text(t.Alias), t.TeamID)
			}
		}
	}
	return out, nil
}
