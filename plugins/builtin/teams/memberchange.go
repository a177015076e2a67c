package teams

import (
	"context"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type membersUpdateCmd struct {
	sdk.Emits[MemberWritten]
	Team string   `arg:"" field:"team_id" complete:"teams" help:"Id of the team, or the alias if only one team has it."`
	User []string `arg:"" field:"user_id" stdin:"" complete:"users" help:"Ids of members, or e-mails that only one of them has; - reads them from standard input."`
	Role *string  `enum:"user,admin" placeholder:"ROLE" help:"user or admin, within the team. An admin of a team needs a licence on the gateway."`
	memberFlags
}

func (membersUpdateCmd) Help() string {
	return "Everything that is not given stays as it is. --set max_budget_in_team=null takes the limit away."
}

func (membersUpdateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng"},
		{Command: "users create --email ada@example.com --id ada --team eng"},
		{Command: "teams members update eng ada --max-budget 50"},
	}
}

func (c *membersUpdateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "update members of team " + c.Team
	ctx = sdk.Attempting(ctx, "%s", attempt)
	if err := c.refuseNames(attempt); err != nil {
		return err
	}
	change := c.change(inv)
	if c.Role != nil {
		change["role"] = *c.Role
	}
	if err := c.Apply(ctx, inv, body.Operation("POST", "/team/member_update"), change); err != nil {
		return err
	}
	if len(change) == 0 {
		return problem.New(problem.Usage, "cannot %s: no change is given", attempt).WithHint("give --role, --max-budget or --set PATH=VALUE").WithState(problem.Unchanged)
	}
	if err := litellm.Check(attempt, change); err != nil {
		return err
	}
	names, piped, err := litellm.Names(ctx, inv, "user", c.User)
	if err != nil {
		return err
	}
	t, err := litellm.FindTeam(ctx, inv, c.Team)
	if err != nil {
		return litellm.Before(attempt, err)
	}
	if piped {
		if err := inv.ConfirmSelection(ctx, "update", "members", names); err != nil {
			return err
		}
	}
	return locked(ctx, inv, t.TeamID, names, func(ctx context.Context, t *litellm.Team, name string) (*litellm.Team, error) {
		return c.update(sdk.Attempting(ctx, "update member %s of team %s", name, t), inv, t, name, change)
	})
}

// update looks for the member first: for somebody else the gateway answers 200, and makes a budget without a member (observed
// on LiteLLM 1.106.2 and 1.83.14).
func (c *membersUpdateCmd) update(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, name string, change map[string]any) (*litellm.Team, error) {
	m, err := among(t, name)
	if err != nil {
		return nil, err
	}
	there := t.MemberFields(m.UserID)
	missing := false
	for field := range change {
		_, shown := there[field]
		missing = missing || !shown
	}
	if !missing && len(litellm.Differing(change, there)) == 0 {
		return nil, memberResult(inv, t, m.UserID, "unchanged", nil)
	}
	now, err := litellm.UpdateMember(ctx, inv, t, m.UserID, change)
	if err != nil {
		return nil, err
	}
	return now, memberResult(inv, now, m.UserID, "updated", nil)
}

type membersRemoveCmd struct {
	sdk.Emits[MemberWritten]
	Team          string   `arg:"" field:"team_id" complete:"teams" help:"Id of the team, or the alias if only one team has it."`
	User          []string `arg:"" field:"user_id" stdin:"" complete:"users" help:"Ids of members, or e-mails that only one of them has; - reads them from standard input."`
	IgnoreMissing bool     `name:"ignore-missing" help:"Do not fail for those who are no members."`
}

func (membersRemoveCmd) Help() string {
	return "The keys that a member has in the team go, too. On a terminal the command says so and asks. The user stays."
}

func (membersRemoveCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng"},
		{Command: "users create --email ada@example.com --id ada --team eng"},
		{Command: "teams members remove eng ada"},
	}
}

func (c *membersRemoveCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "remove members of team " + c.Team
	ctx = sdk.Attempting(ctx, "%s", attempt)
	names, piped, err := litellm.Names(ctx, inv, "user", c.User)
	if err != nil {
		return err
	}
	t, err := litellm.FindTeam(ctx, inv, c.Team)
	if err != nil {
		return litellm.Before(attempt, err)
	}
	if err := c.confirm(ctx, inv, t, names, piped); err != nil {
		return err
	}
	return locked(ctx, inv, t.TeamID, names, func(ctx context.Context, t *litellm.Team, name string) (*litellm.Team, error) {
		now, err := c.remove(sdk.Attempting(ctx, "remove member %s of team %s", name, t), inv, t, name)
		if c.IgnoreMissing && litellm.IsNotFound(err) {
			return nil, memberResult(inv, t, name, "not_found", nil)
		}
		return now, err
	})
}

// confirm says what goes with the members. A name that may mean two of them ends it before anything is done.
func (c *membersRemoveCmd) confirm(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, names []string, selected bool) error {
	var lines []string
	for _, name := range names {
		m, err := among(t, name)
		switch {
		case litellm.IsNotFound(err) && selected:
			lines = append(lines, name+"  (no member)")
		case litellm.IsNotFound(err):
		case err != nil:
			return err
		default:
			keys := 0
			for _, k := range t.Keys {
				if k.UserID == m.UserID {
					keys++
				}
			}
			lines = append(lines, fmt.Sprintf("remove member  %s  %s  of team %s, and with it %s in the team", m.UserID, litellm.Text(m.Email), t, litellm.Count(keys, "key")))
		}
	}
	switch {
	case selected:
		return inv.ConfirmSelection(ctx, "remove", "members", lines)
	case len(lines) == 0:
		return nil
	}
	return inv.Confirm(ctx, lines...)
}

func (c *membersRemoveCmd) remove(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, name string) (*litellm.Team, error) {
	m, err := among(t, name)
	if gone, ok := inv.Intended("remove " + name); ok && litellm.IsNotFound(err) {
		return nil, memberResult(inv, t, gone, "deleted", nil)
	}
	if err == nil {
		err = inv.Intend(ctx, "remove "+name, m.UserID)
	}
	if err != nil {
		return nil, err
	}
	id, email := m.UserID, m.Email
	now, err := litellm.RemoveMember(ctx, inv, t, id)
	if err != nil {
		return nil, err
	}
	return now, inv.Emit(MemberWritten{Member: Member{Member: litellm.Member{UserID: id, Email: email, Role: m.Role}, TeamID: t.TeamID}, Result: "deleted"})
}
