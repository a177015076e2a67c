package teams

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Member is a member of a team.
type Member struct {
	litellm.Member
	TeamID    string       `json:"team_id" column:"TEAM,name=team,wide"`
	MaxBudget *json.Number `json:"max_budget_in_team" column:"LIMIT,name=limit,format=dollars"`
	Spend     *json.Number `json:"spend" column:"SPEND,format=dollars" help:"In the team; null when the gateway does not tell."`
}

// MemberWritten is the result of adding, changing or removing a member.
type MemberWritten struct {
	Member
	Result  string   `json:"result" column:"RESULT" help:"created, exists, updated, unchanged or deleted; not_found with --ignore-missing."`
	Differs []string `json:"differs,omitempty" help:"With exists: the given fields that have other values there."`
	sdk.Failure
}

type membersListCmd struct {
	sdk.Lists[Member]
	Team string `arg:"" field:"team_id" complete:"teams" help:"Id of the team, or the alias if only one team has it."`
}

func (membersListCmd) Examples() []sdk.Example {
	return []sdk.Example{{Command: "teams create --alias eng"}, {Command: "teams members list eng"}}
}

func (c *membersListCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	t, err := litellm.FindTeam(sdk.Attempting(ctx, "list members of team %s", c.Team), inv, c.Team)
	if err != nil {
		return err
	}
	for _, m := range t.Members {
		if err := inv.Emit(memberOf(t, m)); err != nil {
			return err
		}
	}
	return inv.Listed(sdk.Listing{Total: len(t.Members)})
}

// memberOf puts together what the gateway tells of a member.
func memberOf(t *litellm.Team, m litellm.Member) Member {
	out := Member{Member: m, TeamID: t.TeamID}
	if kept, ok := t.Memberships[m.UserID]; ok {
		out.Spend = numberOf(kept.Spend)
		out.MaxBudget = numberOf(kept.Budget.MaxBudget)
	}
	return out
}

func numberOf(n json.Number) *json.Number {
	if n == "" {
		return nil
	}
	return &n
}

// memberFlags are what add and update can set.
type memberFlags struct {
	MaxBudget json.Number `name:"max-budget" placeholder:"DOLLARS" help:"How much the member may spend within the team."`
	litellm.Fields
}

// change is the body's members for what is given, besides the team and the user.
func (f *memberFlags) change(inv *sdk.Invocation) map[string]any {
	out := map[string]any{}
	if inv.Given("max-budget") {
		out["max_budget_in_team"] = f.MaxBudget
	}
	return out
}

// refuseNames refuses what the arguments say.
func (f *memberFlags) refuseNames(attempt string) error {
	for _, name := range f.Names() {
		if name == "team_id" || name == "user_id" || name == "user_email" || name == "member" {
			return &problem.Error{Code: problem.Usage, Message: "cannot " + attempt + ": " + name + " is what the arguments say", Field: name, State: problem.Unchanged}
		}
	}
	return nil
}

// locked runs do for one member after the other, with nobody else on this machine at the members of the team. do gets the
// team as it is by then, and returns it as it is afterwards.
func locked(ctx context.Context, inv *sdk.Invocation, id string, targets []string, do func(context.Context, *litellm.Team, string) (*litellm.Team, error)) error {
	unlock, err := litellm.LockMembers(ctx, inv, id)
	defer unlock()
	if err != nil {
		return err
	}
	team, err := litellm.TeamByID(ctx, inv, id)
	if err != nil {
		return err
	}
	return inv.Each(ctx, "user_id", targets, func(ctx context.Context, target string) error {
		now, err := do(ctx, team, target)
		if now != nil {
			team = now
		}
		return err
	})
}

// among finds a member by the user's id, or by an e-mail that one member alone has; a missing one is an error with the code
// NotFound. No other list is needed: whom the gateway knows by an id that is no user's any more is found as well.
func among(t *litellm.Team, name string) (*litellm.Member, error) {
	var found []*litellm.Member
	for i := range t.Members {
		m := &t.Members[i]
		if m.UserID == name || m.Email != nil && litellm.FoldEmail(*m.Email) == litellm.FoldEmail(name) && name != "" {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, &problem.Error{
			Code: problem.NotFound, Message: fmt.Sprintf("user %q is no member of team %s", name, t), Field: "user", State: problem.Unchanged,
			Hint: "litellm-proxy teams members list " + t.TeamID + " shows them",
		}
	}
	e := &problem.Error{
		Code: problem.Failed, Message: fmt.Sprintf("%q may be any of %d members of team %s", name, len(found), t), Field: "user",
		Hint: "name the one that is meant by its id", State: problem.Unchanged,
	}
	for _, m := range found {
		e.Facts = append(e.Facts, problem.Fact{Label: "is", Text: m.UserID + "  " + litellm.Text(m.Email)})
	}
	return nil, e
}

// memberResult prints a member with what became of it.
func memberResult(inv *sdk.Invocation, t *litellm.Team, userID, result string, differs []string) error {
	out := MemberWritten{Result: result, Differs: differs}
	out.Member = Member{Member: litellm.Member{UserID: userID}, TeamID: t.TeamID}
	if m := t.Member(userID); m != nil {
		out.Member = memberOf(t, *m)
	}
	return inv.Emit(out)
}
