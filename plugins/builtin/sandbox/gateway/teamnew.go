package gateway

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// teamFields are the members of bodies about teams that have a type.
var teamFields = fields(`
	team_alias string, team_id string, organization_id string, members_with_roles list, team_member_permissions strings,
	metadata dict, tpm_limit integer, rpm_limit integer, max_budget number, soft_budget number, budget_duration string,
	models list, blocked boolean, router_settings dict, access_group_ids strings, default_team_member_models strings,
	model_aliases dict, tags list, guardrails strings, policies strings, prompts strings, team_member_budget number,
	team_member_rpm_limit integer, team_member_tpm_limit integer, team_member_budget_duration string`)

// teamMembers are the members of a body that land in a team's row as they are.
var teamMembers = []string{
	"team_member_permissions", "metadata", "tpm_limit", "rpm_limit", "budget_duration", "models", "router_settings",
	"access_group_ids", "default_team_member_models", "budget_limits", "soft_budget",
}

// newTeam is POST /team/new. The caller becomes an admin of the team, users
// that do not exist are made, and aliases may repeat (observed on LiteLLM
// 1.106.2).
func newTeam(q *request) (answer, error) {
	b := q.body
	problems := checkFields(b, teamFields, "body")
	list, more := readMembers(b["members_with_roles"], "body", "members_with_roles")
	if err := refuseInvalid(append(problems, more...)); err != nil {
		return answer{}, err
	}
	if err := q.checkTeam(b, nil); err != nil {
		return answer{}, err
	}
	t := &teamRow{alias: b.optional("team_alias"), maxBudget: b.optionalFloat("max_budget"), createdAt: stamp(q.now), updatedAt: stamp(q.now), data: object{}}
	if t.id, _ = b.str("team_id"); t.id == "" {
		t.id = uuid.NewString()
	}
	if _, taken, err := q.tx.team(t.id); err != nil {
		return answer{}, err
	} else if taken {
		return reprError(http.StatusBadRequest, fmt.Sprintf("Team id = %s already exists. Please use a different team id.", t.id), typeInternal, nil), nil
	}
	if id, given := b.str("organization_id"); given && id != "" {
		return wireError(http.StatusBadRequest, "Organization not found for organization_id="+id, typeInternal, nil), nil
	}
	if err := refuseLicensed(b, typeInternal, nil); err != nil {
		return answer{}, err
	}
	if blocked, given := b["blocked"]; given {
		t.blocked = blocked.Kind() == 't'
	}
	if err := q.fillTeam(t); err != nil {
		return answer{}, err
	}
	if err := t.insert(q.tx); err != nil {
		return answer{}, err
	}
	if q.caller.userID != nil {
		list = append(list, teamMember{id: *q.caller.userID, role: "admin", email: q.caller.user.email})
	}
	for _, m := range list {
		if _, err := q.addMember(t, m, nil); err != nil {
			return answer{}, err
		}
	}
	return teamAnswer(t), nil
}

// fillTeam takes over what the body says of a new team.
func (q *request) fillTeam(t *teamRow) error {
	b := q.body
	for _, name := range teamMembers {
		if b.has(name) {
			t.data[name] = b[name]
		}
	}
	metadata := fold(b, b.object("metadata"))
	if text, given := b.str("budget_duration"); given {
		t.data.set("budget_reset_at", stamp(budgetReset(text, q.now)))
	}
	if f, given := b.number("soft_budget"); given {
		t.data["soft_budget"] = floatValue(f)
	}
	if b.has("team_member_budget") {
		id, err := q.newBudget(object{"budget_id": raw("team-budget-" + strings.ReplaceAll(uuid.NewString(), "-", "")), "max_budget": b["team_member_budget"]})
		if err != nil {
			return err
		}
		metadata.set("team_member_budget_id", id)
	}
	if len(metadata) > 0 {
		t.data.set("metadata", metadata)
	}
	return nil
}

// checkTeam refuses budgets that cannot be; old is the team before a change.
func (q *request) checkTeam(b object, old *teamRow) error {
	for _, name := range []string{"max_budget", "soft_budget"} {
		if err := refuseNegative(b, name, typeInternal, nil); err != nil {
			return err
		}
	}
	limit := b.optionalFloat("max_budget")
	if _, given := b["max_budget"]; !given && old != nil {
		limit = old.maxBudget
	}
	if soft, given := b.number("soft_budget"); given && limit != nil && soft >= *limit {
		message := fmt.Sprintf("soft_budget (%s) must be strictly lower than max_budget (%s)", floatText(soft), floatText(*limit))
		return refuse(reprError(http.StatusBadRequest, message, typeInternal, nil))
	}
	return refuseBudgetDuration(b, typeInternal, nil)
}
