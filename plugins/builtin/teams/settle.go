package teams

import (
	"context"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// settle finds out what came of a team that was sent. failure is nil, or leaves it open: for an id in use the gateway answers
// 400, and 500 in a race (observed on LiteLLM 1.106.2). It has no constraint on aliases, so that after a race several teams may
// have one. All of the racers agree on the team that stays; the others remove their own.
func (n *creation) settle(ctx context.Context, inv *sdk.Invocation, failure error) (t *litellm.Team, exists bool, err error) {
	reading := sdk.Attempting(ctx, "read team %s again", n.id)
	mine, err := litellm.TeamByID(reading, inv, n.id)
	switch e := problem.As(failure); {
	case litellm.IsNotFound(err) && failure == nil:
		return nil, false, problem.New(problem.Failed, "cannot %s: the gateway said that it was done, and there is no such team", n.attempt).
			WithState(problem.Unchanged + " (checked)")
	case litellm.IsNotFound(err):
		e.State = problem.Unchanged + " (checked)"
		return nil, false, e
	case err != nil && failure != nil:
		e.State, e.Hint = problem.Unknown, "see whether it is there: litellm-proxy teams get --id "+n.id
		return nil, false, e
	case err != nil:
		e := problem.As(err)
		e.State = "team " + n.id + " was created; it could not be read back"
		return nil, false, e
	}
	wanted := n.wanted()
	there := litellm.Within(wanted, litellm.Members(mine.Raw))
	if n.ID != "" && failure != nil && len(litellm.Differing(wanted, there)) > 0 {
		return nil, false, n.inUse("the id is in use: another process took it at the same time", "another --id, or none", mine)
	}
	rivals, err := litellm.TeamsByAlias(reading, inv, n.Alias)
	if err != nil {
		e := problem.As(err)
		e.State = "team " + n.id + " was created; whether another has the same alias is not known"
		return nil, false, e
	}
	if first := litellm.First(append(claims(rivals), claims([]*litellm.Team{mine})...)); first.ID != n.id {
		return n.yield(ctx, inv, first.ID)
	}
	// 400 for an id that was free a moment ago may be another's, and like ours: whose it is nobody can tell.
	exists = n.ID != "" && failure != nil && problem.As(failure).Status == 400
	return mine, exists, litellm.Settled(inv, "team "+mine.String(), "created", wanted, there, failure)
}

// yield removes our team for the one that was first.
func (n *creation) yield(ctx context.Context, inv *sdk.Invocation, first string) (*litellm.Team, bool, error) {
	err := inv.Post(sdk.Attempting(ctx, "remove team %s, which came second", n.id), "/team/delete", map[string]any{"team_ids": []string{n.id}}, nil)
	if _, left := litellm.TeamByID(ctx, inv, n.id); !litellm.IsNotFound(left) {
		e := problem.As(err)
		if e == nil {
			e = problem.New(problem.Failed, "cannot remove team %s", n.id)
		}
		e.Message = fmt.Sprintf("another process created team %s with the alias %s at the same time; ours could not be removed: %s", first, n.Alias, e.Message)
		e.State = fmt.Sprintf("the teams %s and %s have the same alias", first, n.id)
		e.Hint = "litellm-proxy teams delete " + n.id
		return nil, false, e
	}
	winner, err := litellm.TeamByID(ctx, inv, first)
	if err != nil {
		return nil, false, litellm.Before(n.attempt, err)
	}
	winner, err = n.found(ctx, inv, []*litellm.Team{winner})
	return winner, true, err
}

// found is the end when teams have the alias: with --if-not-exists the only one is the result.
func (n *creation) found(ctx context.Context, inv *sdk.Invocation, there []*litellm.Team) (*litellm.Team, error) {
	if n.IfNotExists && len(there) == 1 {
		t, err := litellm.TeamByID(ctx, inv, there[0].TeamID)
		return t, litellm.Before(n.attempt, err)
	}
	e := n.inUse("the alias is in use", "change it: litellm-proxy teams update "+there[0].TeamID+", or --if-not-exists to keep it", there...)
	if len(there) > 1 {
		e.Code, e.Hint = problem.Failed, "several teams have it already; see which is meant: litellm-proxy teams list"
	}
	return nil, e
}

func (n *creation) inUse(why, hint string, by ...*litellm.Team) *problem.Error {
	e := &problem.Error{Code: problem.Refused, Message: "cannot " + n.attempt + ": " + why, Hint: hint, Field: "alias", State: problem.Unchanged}
	if why != "the alias is in use" {
		e.Field = "id"
	}
	for _, t := range by {
		e.Facts = append(e.Facts, problem.Fact{Label: "by", Text: t.String()})
	}
	return e
}
