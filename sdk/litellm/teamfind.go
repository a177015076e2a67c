package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// WalkTeams calls each for every team that fits the filter and that the caller may see, and returns how many there are. A
// caller who may not list all teams gets the own ones; then own is true.
func WalkTeams(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, each func(*Team) error) (total int, own bool, err error) {
	row := func(raw json.RawMessage) error {
		t, err := ReadTeam(raw)
		if err != nil {
			return err
		}
		return each(t)
	}
	own, err = visible(ctx, inv, filter, func(filter sdk.Query) error {
		total, err = TeamPages(filter).Walk(ctx, inv, row)
		return err
	})
	return total, own, err
}

// TeamPage is one page of what WalkTeams goes through, as the gateway cuts it.
func TeamPage(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, page, size int) (rows []json.RawMessage, total int, own bool, err error) {
	own, err = visible(ctx, inv, filter, func(filter sdk.Query) error {
		rows, total, err = TeamPages(filter).One(ctx, inv, page, size)
		return err
	})
	return rows, total, own, err
}

// visible reads with the filter and, if that is refused, once more with the caller's own teams alone.
func visible(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, read func(sdk.Query) error) (own bool, err error) {
	err = read(filter)
	if problem.CodeOf(err) != problem.Denied || filter["user_id"] != "" {
		return false, err
	}
	caller, whoErr := WhoAmI(ctx, inv)
	if whoErr != nil || caller.UserID == "" || caller.SeesAll() {
		return false, err // the refusal says more
	}
	mine := sdk.Query{"user_id": caller.UserID}
	maps.Copy(mine, filter)
	return true, read(mine)
}

// TeamsByAlias reads the teams with an alias, compared byte for byte: the gateway's filter is a part of one in any case,
// and it lets several teams have one alias.
func TeamsByAlias(ctx context.Context, inv *sdk.Invocation, alias string) ([]*Team, error) {
	if alias == "" {
		return nil, problem.New(problem.Usage, "a team's alias is empty").WithState(problem.Unchanged)
	}
	var out []*Team
	_, _, err := WalkTeams(ctx, inv, sdk.Query{"team_alias": alias}, func(t *Team) error {
		if t.Alias != nil && *t.Alias == alias {
			out = append(out, t)
		}
		return nil
	})
	return out, err
}

// TeamByAlias reads the one team with an alias, as TeamByID does. None is an error with the code NotFound, several one with
// the code Failed that names their ids.
func TeamByAlias(ctx context.Context, inv *sdk.Invocation, alias string) (*Team, error) {
	teams, err := TeamsByAlias(ctx, inv, alias)
	switch {
	case err != nil:
		return nil, err
	case len(teams) == 0:
		return nil, missingTeam(alias, "")
	case len(teams) > 1:
		return nil, ambiguousTeam(fmt.Sprintf("%d teams have the alias %q", len(teams), alias), teams)
	}
	return TeamByID(ctx, inv, teams[0].TeamID)
}

// FindTeam reads the team that a name on the command line means: an id, or else an alias that exactly one team has. Both
// meanings at once is an error that lists both.
func FindTeam(ctx context.Context, inv *sdk.Invocation, name string) (*Team, error) {
	byID, err := TeamByID(ctx, inv, name)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	byAlias, err := TeamsByAlias(ctx, inv, name)
	if err != nil {
		return nil, err
	}
	var others []*Team
	for _, t := range byAlias {
		if byID == nil || t.TeamID != byID.TeamID {
			others = append(others, t)
		}
	}
	switch {
	case byID != nil && len(others) == 0:
		return byID, nil
	case byID != nil:
		return nil, ambiguousTeam(fmt.Sprintf("%q is the id of one team and the alias of another", name), append([]*Team{byID}, others...))
	case len(others) == 0:
		return nil, missingTeam(name, "")
	case len(others) > 1:
		return nil, ambiguousTeam(fmt.Sprintf("%d teams have the alias %q", len(others), name), others)
	}
	return TeamByID(ctx, inv, others[0].TeamID)
}

func missingTeam(name, said string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: fmt.Sprintf("there is no team %q", name), Said: said, Field: "team",
		Hint: "litellm-proxy teams list shows them",
	}
}

func ambiguousTeam(why string, teams []*Team) error {
	e := &problem.Error{Code: problem.Failed, Message: why, Hint: "name the one that is meant by its id", Field: "team", Type: Ambiguous}
	for _, t := range teams {
		e.Facts = append(e.Facts, problem.Fact{Label: "is", Text: t.String()})
	}
	return e
}
