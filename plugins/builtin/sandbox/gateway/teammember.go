package gateway

import (
	"fmt"
	"net/http"
	"slices"
)

// readMemberCall validates what /team/member_update and /team/member_delete
// have in common and finds the team.
func (q *request) readMemberCall(extra string) (t teamRow, err error) {
	b := q.body
	problems := checkFields(b, fields("user_id string, user_email string, team_id string"+extra), "body")
	if len(problems) == 0 && !b.has("user_id") && !b.has("user_email") {
		problems = append(problems, valueProblem("Either user id or user email must be provided"))
	} else if !b.has("team_id") {
		problems = append(problems, missing("body", "team_id"))
	}
	problems = append(problems, oneOf(b, "role", "literal_error", "'admin' or 'user'", "admin", "user")...)
	if err := refuseInvalid(problems); err != nil {
		return t, err
	}
	if role, _ := b.str("role"); role == "admin" {
		return t, refuse(detail(http.StatusBadRequest, "Assigning team admins is a premium feature. You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/#trial. Pricing: https://www.litellm.ai/#pricing"))
	}
	if message := checkBudgetDuration(b); message != "" {
		return t, refuse(detailError(http.StatusBadRequest, message))
	}
	id, _ := b.str("team_id")
	t, found, err := q.tx.team(id)
	if err == nil && !found {
		err = refuse(detailError(http.StatusBadRequest, fmt.Sprintf("Team id=%s does not exist in db", id)))
	}
	if err == nil {
		err = q.refuseTeamAdmin(&t, "/team/member_delete") // for both
	}
	return t, err
}

// memberLimits are the members of /team/member_update that go into a budget.
var memberLimits = []struct{ name, column string }{
	{"max_budget_in_team", "max_budget"}, {"tpm_limit", "tpm_limit"}, {"rpm_limit", "rpm_limit"}, {"budget_duration", "budget_duration"},
}

// updateTeamMember is POST /team/member_update. A user_id is believed: for who
// is no member, and no user, a membership with a budget appears (observed on
// LiteLLM 1.106.2).
func updateTeamMember(q *request) (answer, error) {
	b := q.body
	t, err := q.readMemberCall(", max_budget_in_team number, tpm_limit integer, rpm_limit integer, budget_duration string")
	if err != nil {
		return answer{}, err
	}
	id, byID := b.str("user_id")
	email := b.optional("user_email")
	i := slices.IndexFunc(t.list, func(m teamMember) bool {
		return byID && m.id == id || !byID && m.email != nil && *m.email == *email
	})
	if i >= 0 {
		id = t.list[i].id
		if role, given := b.str("role"); given {
			t.list[i].role = role
			if err := q.saveTeam(&t); err != nil {
				return answer{}, err
			}
		}
	} else if !byID {
		return detailError(http.StatusBadRequest, "User id doesn't exist in team table. Data="+reprMemberUpdate(b)), nil
	}
	if err := q.limitMember(&t, id); err != nil {
		return answer{}, err
	}
	out := ordered{{"user_id", id}, {"user_email", email}, {"team_id", t.id}}
	for _, name := range []string{"max_budget_in_team", "tpm_limit", "rpm_limit", "budget_duration", "allowed_models", "temp_budget_increase", "temp_budget_expiry"} {
		v := raw(nil)
		if b.has(name) {
			v = b[name]
		}
		if f, given := b.number(name); given && name == "max_budget_in_team" {
			v = floatValue(f)
		}
		out = append(out, member{name, v})
	}
	return ok(out)
}

// reprMemberUpdate is the body as Python prints it.
func reprMemberUpdate(b object) string {
	text := ""
	for i, name := range []string{"user_id", "user_email", "team_id", "max_budget_in_team", "role", "tpm_limit", "rpm_limit", "budget_duration", "allowed_models", "temp_budget_increase", "temp_budget_expiry"} {
		value := "None"
		if s, ok := b.str(name); ok {
			value = repr(s)
		} else if f, ok := b.number(name); ok && name == "max_budget_in_team" {
			value = floatText(f)
		} else if b.has(name) {
			value = string(b[name])
		}
		text += " "[:min(i, 1)] + name + "=" + value
	}
	return text
}

// limitMember changes the budget of a membership, or makes one. What the body
// does not name stays, null clears.
func (q *request) limitMember(t *teamRow, userID string) error {
	with := object{}
	for _, limit := range memberLimits {
		if v, given := q.body[limit.name]; given {
			with[limit.column] = v
		}
	}
	if len(with) == 0 {
		return nil
	}
	if f, given := with.number("max_budget"); given {
		with["max_budget"] = floatValue(f)
	}
	if text, given := with.str("budget_duration"); given {
		with.set("budget_reset_at", stamp(budgetReset(text, q.now)))
	}
	rows, err := q.tx.membershipsWhere(`team_id = ? AND user_id = ?`, t.id, userID)
	if err != nil {
		return err
	}
	shared := textOr(t.data.object("metadata").optional("team_member_budget_id"), "")
	if len(rows) > 0 && rows[0].source(shared) == "custom" {
		b, found, err := q.tx.budget(*rows[0].budgetID)
		if err != nil || found {
			return firstError(err, q.changeBudget(*rows[0].budgetID, b, with))
		}
	}
	id, err := q.newBudget(with)
	if err != nil {
		return err
	}
	return q.tx.exec(`INSERT INTO memberships (team_id, user_id, seq, budget_id) VALUES (?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM memberships WHERE team_id = ?), ?)
		ON CONFLICT DO UPDATE SET budget_id = excluded.budget_id`, t.id, userID, t.id, id)
}

// deleteTeamMember is POST /team/member_delete. The keys of the member in this
// team go into the archive; a budget stays behind (observed on LiteLLM
// 1.106.2).
func deleteTeamMember(q *request) (answer, error) {
	t, err := q.readMemberCall("")
	if err != nil {
		return answer{}, err
	}
	id, byID := q.body.str("user_id")
	email := q.body.optional("user_email")
	i := slices.IndexFunc(t.list, func(m teamMember) bool {
		return byID && m.id == id || !byID && m.email != nil && *m.email == *email
	})
	if i < 0 {
		return detailError(http.StatusBadRequest, "User not found in team"), nil
	}
	id = t.list[i].id
	keys, err := q.tx.keysWhere(`team_id = ? AND user_id = ?`, t.id, id)
	if err = firstError(err, refusePoisoned(keys)); err != nil {
		return answer{}, err
	}
	t.list = slices.Delete(t.list, i, i+1)
	if err := q.saveTeam(&t); err != nil {
		return answer{}, err
	}
	if err := q.leaveTeam(id, t.id); err != nil {
		return answer{}, err
	}
	if err := q.archiveKeys(keys); err != nil {
		return answer{}, err
	}
	return teamAnswer(&t), nil
}

// leaveTeam takes the team out of the user's row and ends the membership.
func (q *request) leaveTeam(userID, teamID string) error {
	u, found, err := q.tx.user(userID)
	if err != nil {
		return err
	}
	if found {
		u.setTeams(slices.DeleteFunc(slices.Concat([]string{}, u.teams()), func(id string) bool { return id == teamID }))
		if err := q.saveUser(u); err != nil {
			return err
		}
	}
	return q.tx.exec(`DELETE FROM memberships WHERE team_id = ? AND user_id = ?`, teamID, userID)
}
