package teams

import (
	"context"
	"errors"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Deleted is the result of deleting a team.
type Deleted struct {
	TeamID         string  `json:"team_id" column:"ID,name=id"`
	Alias          *string `json:"team_alias" column:"ALIAS,name=alias"`
	Result         string  `json:"result" column:"RESULT" help:"deleted, or not_found with --ignore-missing."`
	KeysDeleted    int     `json:"keys_deleted" column:"KEYS DELETED"`
	MembersRemoved int     `json:"members_removed" column:"MEMBERS REMOVED"`
	sdk.Failure
}

type deleteCmd struct {
	sdk.Emits[Deleted]
	several
	IgnoreMissing bool `name:"ignore-missing" help:"Do not fail for teams that are not there."`
}

func (deleteCmd) Help() string {
	return "A team's keys and memberships go with it. On a terminal the command says so and asks. Everything is looked up " +
		"before the first team is deleted: a name that may mean two teams deletes none."
}

func (deleteCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng"},
		{Command: "teams delete eng"},
		{Command: "teams delete eng --ignore-missing"},
	}
}

func (c *deleteCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	names, teams, piped, err := c.lookUp(ctx, inv, "delete")
	if err != nil {
		return err
	}
	if err := confirm(ctx, inv, names, teams, piped); err != nil {
		return err
	}
	return inv.Each(ctx, "team_id", names, func(ctx context.Context, name string) error {
		err := deleteOne(sdk.Attempting(ctx, "delete team %s", name), inv, teams[name], name)
		if c.IgnoreMissing && litellm.IsNotFound(err) {
			return inv.Emit(Deleted{TeamID: name, Result: "not_found"})
		}
		return err
	})
}

// confirm says what will go. What was selected is confirmed everywhere, what was named on a terminal.
func confirm(ctx context.Context, inv *sdk.Invocation, names []string, teams map[string]*litellm.Team, selected bool) error {
	var lines []string
	for _, name := range names {
		t := teams[name]
		switch {
		case t == nil && selected:
			lines = append(lines, name+"  (not there)")
		case t == nil:
		default:
			lines = append(lines, fmt.Sprintf("delete team  %s, and with it %s and %s", t, litellm.Count(len(t.Keys), "key"), litellm.Count(len(t.Members), "membership")))
		}
	}
	switch {
	case selected:
		return inv.ConfirmSelection(ctx, "delete", "teams", lines)
	case len(lines) == 0:
		return nil
	}
	return inv.Confirm(ctx, lines...)
}

// deleteOne removes one team: the gateway would leave all of several if one of them were missing.
func deleteOne(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, name string) error {
	if t == nil {
		if id, ok := inv.Intended("delete " + name); ok {
			return inv.Emit(Deleted{TeamID: id, Result: "deleted"})
		}
		return missing(name)
	}
	if err := inv.Intend(ctx, "delete "+name, t.TeamID); err != nil {
		return err
	}
	failure := inv.Post(ctx, "/team/delete", map[string]any{"team_ids": []string{t.TeamID}}, nil)
	e := problem.As(failure)
	if failure != nil && (errors.Is(failure, sdk.ErrPlanned) || !litellm.Lost(failure) && e.Status != 404) {
		return failure
	}
	_, left := litellm.TeamByID(sdk.Attempting(ctx, "make sure that team %s is gone", t), inv, t.TeamID)
	switch gone := litellm.IsNotFound(left); {
	case gone && e != nil && e.Status == 404: // somebody else was quicker
		return missing(name)
	case gone && failure != nil:
		inv.Notice("the gateway's answer was lost or an error; checked: the team was deleted")
	case gone:
	case left != nil && failure == nil:
		inv.Notice("team %s was deleted; the check afterwards failed: %v", t, left)
	case failure != nil && left == nil:
		e.State = problem.Unchanged + " (checked)"
		return e
	case failure != nil:
		return failure
	default:
		return problem.New(problem.Failed, "team %s is still there, though the gateway said that it was deleted", t).
			WithHint("look again: litellm-proxy teams get %s", t.TeamID)
	}
	return inv.Emit(Deleted{TeamID: t.TeamID, Alias: t.Alias, Result: "deleted", KeysDeleted: len(t.Keys), MembersRemoved: len(t.Members)})
}

func missing(name string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: fmt.Sprintf("there is no team %q", name), Field: "team", State: problem.Unchanged,
		Hint: "litellm-proxy teams list shows them",
	}
}
