package teams

import (
	"context"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Blocked is the result of blocking or unblocking a team.
type Blocked struct {
	TeamID  string  `json:"team_id" column:"ID,name=id"`
	Alias   *string `json:"team_alias" column:"ALIAS,name=alias"`
	Blocked bool    `json:"blocked" column:"BLOCKED"`
	Result  string  `json:"result" column:"RESULT" help:"updated or unchanged."`
	sdk.Failure
}

type blockCmd struct {
	sdk.Emits[Blocked]
	blocking
}

func (blockCmd) Help() string {
	return "A key that was used a short time ago may go on working for up to a minute."
}

func (blockCmd) Examples() []sdk.Example {
	return []sdk.Example{{Command: "teams create --alias eng"}, {Command: "teams block eng"}, {Command: "teams unblock eng"}}
}

func (c *blockCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	return c.run(ctx, inv, "block", true)
}

type unblockCmd struct {
	sdk.Emits[Blocked]
	blocking
}

func (c *unblockCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	return c.run(ctx, inv, "unblock", false)
}

type blocking struct{ several }

func (c *blocking) run(ctx context.Context, inv *sdk.Invocation, verb string, blocked bool) error {
	names, teams, piped, err := c.lookUp(ctx, inv, verb)
	if err != nil {
		return err
	}
	if piped {
		if err := inv.ConfirmSelection(ctx, verb, "teams", names); err != nil {
			return err
		}
	}
	return inv.Each(ctx, "team_id", names, func(ctx context.Context, name string) error {
		if teams[name] == nil {
			return missing(name)
		}
		return set(sdk.Attempting(ctx, "%s team %s", verb, name), inv, teams[name], "/team/"+verb, blocked)
	})
}

func set(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, path string, blocked bool) error {
	out := Blocked{TeamID: t.TeamID, Alias: t.Alias, Blocked: blocked, Result: "unchanged"}
	if t.Blocked == blocked {
		return inv.Emit(out)
	}
	if err := inv.Intend(ctx, path, t.TeamID); err != nil {
		return err
	}
	failure := inv.Post(ctx, path, map[string]any{"team_id": t.TeamID}, nil)
	if failure != nil && (errors.Is(failure, sdk.ErrPlanned) || !litellm.Lost(failure)) {
		return failure
	}
	now, err := litellm.TeamByID(sdk.Attempting(ctx, "read team %s again", t), inv, t.TeamID)
	switch {
	case err != nil && failure != nil:
		return failure
	case err != nil:
		inv.Notice("the gateway said that it was done; the check afterwards failed: %v", err)
	case now.Blocked != blocked && failure != nil:
		e := problem.As(failure)
		e.State = problem.Unchanged + " (checked)"
		return e
	case now.Blocked != blocked:
		return problem.New(problem.Failed, "the gateway said that it was done, and team %s is as it was", t).WithState(problem.Unchanged + " (checked)")
	case failure != nil:
		inv.Notice("the gateway's answer was lost or an error; checked: it was done")
	}
	out.Result = "updated"
	return inv.Emit(out)
}
