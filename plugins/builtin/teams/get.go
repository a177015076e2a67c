package teams

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// named is embedded in commands that act on one team.
type named struct {
	Team string `arg:"" field:"team_id" optional:"" complete:"teams" help:"Id of the team, or the alias if only one team has it."`
	ID   string `name:"id" xor:"id" placeholder:"ID" complete:"teams" help:"The team with this id."`
}

// find reads the team that the command line names; alias is what --alias gives, where it names one.
func (n *named) find(ctx context.Context, inv *sdk.Invocation, attempt, alias string) (*litellm.Team, error) {
	given := 0
	for _, text := range []string{n.Team, n.ID, alias} {
		if text != "" {
			given++
		}
	}
	switch {
	case given == 0:
		return nil, problem.New(problem.Usage, "cannot %s a team: none is named", attempt).WithHint("give its id or alias").WithState(problem.Unchanged)
	case given > 1:
		return nil, problem.New(problem.Usage, "cannot %s a team: it is named twice", attempt).WithState(problem.Unchanged)
	case alias != "":
		return litellm.TeamByAlias(ctx, inv, alias)
	case n.ID != "":
		return litellm.TeamByID(ctx, inv, n.ID)
	}
	return litellm.FindTeam(ctx, inv, n.Team)
}

type getCmd struct {
	sdk.Emits[litellm.Team]
	named
	Alias string `xor:"id" placeholder:"ALIAS" complete:"teams" help:"The team with this alias."`
}

func (getCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng"},
		{Command: "teams get eng"},
		{Command: "teams get --alias eng --jq .team_id"},
	}
}

func (c *getCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "get team " + c.Team + c.ID + c.Alias
	t, err := c.find(sdk.Attempting(ctx, "%s", attempt), inv, "get", c.Alias)
	if err != nil {
		return litellm.Attempted(attempt, err)
	}
	return inv.Emit(t.Raw)
}
