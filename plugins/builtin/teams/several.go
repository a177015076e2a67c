package teams

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// several names teams.
type several struct {
	Team  []string `arg:"" field:"team_id" optional:"" stdin:"" complete:"teams" help:"Ids of teams, or aliases that only one team has; - reads them from standard input."`
	ID    []string `name:"id" split:"" placeholder:"ID,…" complete:"teams" help:"The teams with these ids."`
	Alias []string `split:"" placeholder:"ALIAS,…" complete:"teams" help:"The teams with exactly these aliases."`
}

// lookUp reads what the names mean, each team once; those that are missing have none. piped says that standard input has named
// them, and not the command line.
func (s *several) lookUp(ctx context.Context, inv *sdk.Invocation, verb string) (names []string, teams map[string]*litellm.Team, piped bool, err error) {
	given, piped, err := litellm.Names(ctx, inv, "team", s.Team)
	if err != nil {
		return nil, nil, piped, err
	}
	if !piped && len(given)+len(s.ID)+len(s.Alias) == 0 {
		return nil, nil, false, problem.New(problem.Usage, "cannot %s teams: none is named", verb).
			WithHint("give TEAM, or - to read them from standard input").WithState(problem.Unchanged)
	}
	teams = map[string]*litellm.Team{}
	seen := map[string]bool{}
	for _, list := range []struct {
		names []string
		find  func(context.Context, *sdk.Invocation, string) (*litellm.Team, error)
	}{{given, litellm.FindTeam}, {s.ID, litellm.TeamByID}, {s.Alias, litellm.TeamByAlias}} {
		for _, name := range list.names {
			t, err := list.find(sdk.Attempting(ctx, "%s team %s", verb, name), inv, name)
			if err != nil && !litellm.IsNotFound(err) {
				return nil, nil, piped, litellm.Before(verb+" team "+name, err)
			}
			if t != nil && seen[t.TeamID] {
				continue
			}
			if t != nil {
				seen[t.TeamID] = true
			}
			teams[name] = t
			names = append(names, name)
		}
	}
	return names, teams, piped, nil
}
