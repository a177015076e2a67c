package litellm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const (
	memberTries = 6                     // LiteLLM 1.83.14 loses members that are added at the same time (observed)
	memberPause = 60 * time.Millisecond // between them
)

// LockMembers keeps others of this machine from changing the members of a team: the gateway writes the list as a whole.
func LockMembers(ctx context.Context, inv *sdk.Invocation, teamID string) (unlock func(), err error) {
	return inv.Lock(ctx, "team-members", teamID)
}

// AddMember makes a user a member of a team, which was read with the lock held, and returns the team as it is then. It does
// not return without an error before the user is among the members. request is the body's members besides team_id and
// member. The user must exist: the gateway would make one.
func AddMember(ctx context.Context, inv *sdk.Invocation, t *Team, userID, role string, request map[string]any) (*Team, error) {
	body := map[string]any{"team_id": t.TeamID, "member": map[string]any{"user_id": userID, "role": role}}
	for name, v := range request {
		body[name] = v
	}
	return changeMember(ctx, inv, t, "/team/member_add", body, fmt.Sprintf("user %s is a member of team %s", userID, t), func(now *Team) bool {
		return now.Member(userID) != nil
	})
}

// RemoveMember ends a user's membership, and returns the team as it is then. The gateway deletes the keys that the user has in
// the team (observed on LiteLLM 1.106.2 and 1.83.14).
func RemoveMember(ctx context.Context, inv *sdk.Invocation, t *Team, userID string) (*Team, error) {
	body := map[string]any{"team_id": t.TeamID, "user_id": userID}
	return changeMember(ctx, inv, t, "/team/member_delete", body, fmt.Sprintf("user %s is no member of team %s", userID, t), func(now *Team) bool {
		return now.Member(userID) == nil
	})
}

// UpdateMember changes a member's role and limits, and returns the team as it is then. What is not given stays: for LiteLLM
// 1.83.14 it has to be sent again, since it forgets a budget that is not (observed). Of somebody who is no member the gateway
// makes a budget without a member, so look first.
func UpdateMember(ctx context.Context, inv *sdk.Invocation, t *Team, userID string, change map[string]any) (*Team, error) {
	body := map[string]any{"team_id": t.TeamID, "user_id": userID}
	budget := t.Memberships[userID].Budget
	for name, v := range map[string]json.Number{"max_budget_in_team": budget.MaxBudget, "tpm_limit": budget.TPMLimit, "rpm_limit": budget.RPMLimit} {
		if v != "" {
			body[name] = v
		}
	}
	if len(budget.AllowedModels) > 0 {
		body["allowed_models"] = budget.AllowedModels
	}
	for name, v := range change {
		body[name] = v
	}
	return changeMember(ctx, inv, t, "/team/member_update", body, fmt.Sprintf("user %s has the new values in team %s", userID, t), func(now *Team) bool {
		return now.Member(userID) != nil && len(Differing(change, now.MemberFields(userID))) == 0
	})
}

// MemberFields is a member as the body of an update has it.
func (t *Team) MemberFields(userID string) map[string]any {
	budget := t.Memberships[userID].Budget
	out := map[string]any{"max_budget_in_team": nil, "tpm_limit": nil, "rpm_limit": nil}
	for name, v := range map[string]json.Number{"max_budget_in_team": budget.MaxBudget, "tpm_limit": budget.TPMLimit, "rpm_limit": budget.RPMLimit} {
		if v != "" {
			out[name] = v
		}
	}
	if m := t.Member(userID); m != nil {
		out["role"] = m.Role
	}
	return out
}

// changeMember sends a change of a team's members until it is there. goal says what is true then.
func changeMember(ctx context.Context, inv *sdk.Invocation, t *Team, path string, body map[string]any, goal string, reached func(*Team) bool) (*Team, error) {
	var failure error
	if err := inv.Intend(ctx, path+" "+t.TeamID, t.TeamID); err != nil {
		return nil, err
	}
	for try := range memberTries {
		if try > 0 {
			if err := pause(ctx, time.Duration(try)*memberPause); err != nil {
				return nil, err
			}
		}
		failure = inv.Post(ctx, path, body, nil)
		if errors.Is(failure, sdk.ErrPlanned) || problem.CodeOf(failure) == problem.Denied {
			return nil, failure
		}
		now, err := readAgain(ctx, inv, t)
		switch {
		case err != nil && failure != nil:
			return nil, failure
		case err != nil:
			e := problem.As(err)
			e.State = "the gateway said that it was done; it could not be checked"
			return nil, e
		case reached(now):
			if failure != nil {
				inv.Notice("the gateway's answer was lost or an error; checked: %s", goal)
			}
			return now, nil
		case failure != nil:
			e := problem.As(failure)
			e.State = problem.Unchanged + " (checked)"
			if !Lost(failure) && !strings.Contains(e.Said, "already in team") { // which it is not: another's write took it out again
				return nil, e
			}
		}
	}
	if failure != nil {
		return nil, failure
	}
	return nil, problem.New(problem.Failed, "the gateway said %d times that it was done, and it is not so that %s", memberTries, goal).
		WithHint("something else writes the members of this team; try again when it is done").WithState(problem.Unchanged + " (checked)")
}

// readAgain reads a team after a write. Where others have written meanwhile it waits for them to finish first: a write of
// theirs that began before ours would take ours away.
func readAgain(ctx context.Context, inv *sdk.Invocation, before *Team) (*Team, error) {
	ctx = sdk.Attempting(ctx, "read team %s again", before)
	now, err := TeamByID(ctx, inv, before.TeamID)
	if err != nil || abs(len(now.Members)-len(before.Members)) < 2 {
		return now, err
	}
	if err := pause(ctx, 5*memberPause); err != nil {
		return nil, err
	}
	return TeamByID(ctx, inv, before.TeamID)
}

func abs(n int) int {
	return max(n, -n)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
