package teams

import (
	"context"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type membersAddCmd struct {
	sdk.Emits[MemberWritten]
	Team string   `arg:"" field:"team_id" complete:"teams" help:"Id of the team, or the alias if only one team has it."`
	User []string `arg:"" field:"user_id" stdin:"" complete:"users" help:"Ids of users, or e-mails that only one user has; - reads them from standard input."`
	Role string   `enum:"user,admin" default:"user" placeholder:"ROLE" help:"user or admin, within the team. An admin of a team needs a licence on the gateway."`
	memberFlags
	IfNotExists bool `name:"if-not-exists" help:"Who is a member already is printed, with the fields that differ."`
}

func (membersAddCmd) Help() string {
	return "Everybody must be a user of the gateway: nobody is made on the way. After each addition the team is read, for some " +
		"versions of the gateway lose members that are added at the same time."
}

func (membersAddCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng"},
		{Command: "users create --email ada@example.com --id ada"},
		{Command: "teams members add eng ada --max-budget 20"},
		{Command: "teams members add eng ada@example.com --if-not-exists"},
	}
}

func (c *membersAddCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "add members to team " + c.Team
	ctx = sdk.Attempting(ctx, "%s", attempt)
	change, err := c.given(ctx, inv, attempt)
	if err != nil {
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
	users := map[string]*litellm.User{} // all of them, before the first is added
	for _, name := range names {
		if users[name], err = litellm.FindUser(ctx, inv, name); err != nil {
			return litellm.Before(attempt, err)
		}
	}
	if piped {
		if err := inv.ConfirmSelection(ctx, "add", "members", names); err != nil {
			return err
		}
	}
	return locked(ctx, inv, t.TeamID, names, func(ctx context.Context, t *litellm.Team, name string) (*litellm.Team, error) {
		return c.add(sdk.Attempting(ctx, "add user %s to team %s", name, t), inv, t, users[name], change)
	})
}

func (c *membersAddCmd) given(ctx context.Context, inv *sdk.Invocation, attempt string) (map[string]any, error) {
	if err := c.refuseNames(attempt); err != nil {
		return nil, err
	}
	change := c.change(inv)
	if err := c.Apply(ctx, inv, body.Operation("POST", "/team/member_add"), change); err != nil {
		return nil, err
	}
	return change, litellm.Check(attempt, change)
}

// add makes one user a member. Who is one already is never sent: alone the gateway would refuse it, in a list it would not.
func (c *membersAddCmd) add(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, u *litellm.User, change map[string]any) (*litellm.Team, error) {
	intent := "member " + u.UserID
	if t.Member(u.UserID) != nil {
		if _, ours := inv.Intended(intent); ours {
			return t, memberResult(inv, t, u.UserID, "created", nil)
		}
		return nil, c.exists(inv, t, u, change)
	}
	if err := inv.Intend(ctx, intent, u.UserID); err != nil {
		return nil, err
	}
	now, err := litellm.AddMember(ctx, inv, t, u.UserID, c.Role, change)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("member %s of team %s", u.UserID, t)
	if err := litellm.Settled(inv, what, "created", c.wanted(inv, change), now.MemberFields(u.UserID), nil); err != nil {
		return now, err
	}
	return now, memberResult(inv, now, u.UserID, "created", nil)
}

// wanted is what was asked for, the role included.
func (c *membersAddCmd) wanted(inv *sdk.Invocation, change map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range change {
		out[name] = v
	}
	if inv.Given("role") {
		out["role"] = c.Role
	}
	return out
}

func (c *membersAddCmd) exists(inv *sdk.Invocation, t *litellm.Team, u *litellm.User, change map[string]any) error {
	if c.IfNotExists {
		return memberResult(inv, t, u.UserID, "exists", litellm.Differing(c.wanted(inv, change), t.MemberFields(u.UserID)))
	}
	return &problem.Error{
		Code: problem.Refused, Message: fmt.Sprintf("cannot add user %s to team %s: it is a member already", u.UserID, t), Field: "user",
		Hint: "change it: litellm-proxy teams members update " + t.TeamID + " " + u.UserID + ", or --if-not-exists", State: problem.Unchanged,
	}
}
