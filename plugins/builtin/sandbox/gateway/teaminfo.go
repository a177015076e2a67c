package gateway

import (
	"database/sql"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// teamInfo is GET /team/info, for admins, for the members of the team and for
// its keys.
func teamInfo(q *request) (answer, error) {
	id, given := q.query("team_id")
	if !given {
		return wireError(http.StatusUnprocessableEntity, "{'message': 'Malformed request. No team id passed in.'}", typeAuth, noParam), nil
	}
	var problems []problem
	limit := q.number("key_limit", 0, 0, &problems)
	if len(problems) > 0 && problems[0].kind == "greater_than_equal" {
		problems[0] = problem{"greater_than", problems[0].loc, "Input should be greater than 0"}
	}
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	t, found, err := q.tx.team(id)
	if err != nil {
		return answer{}, err
	}
	if !found {
		return wireError(http.StatusNotFound, "{'message': "+repr("Team not found, passed team id: "+id+".")+"}", typeAuth, noParam), nil
	}
	if message := q.noTeamAccess(&t); message != "" {
		return reprError(http.StatusForbidden, message, typeAuth, noParam), nil
	}
	info, err := q.describeTeam(&t)
	if err != nil {
		return answer{}, err
	}
	keys, err := q.keysOfTeam(id)
	if err != nil {
		return answer{}, err
	}
	if limit > 0 {
		keys = keys[:min(limit, len(keys))]
	}
	rows, err := q.tx.membershipsWhere(`team_id = ?`, id)
	if err != nil {
		return answer{}, err
	}
	shared, _ := t.data.object("metadata").str("team_member_budget_id")
	memberships := []jsontext.Value{}
	for _, m := range rows {
		v, err := q.describeMembership(m)
		if err != nil {
			return answer{}, err
		}
		memberships = append(memberships, extend(v, member{"budget_source", m.source(shared)}))
	}
	return ok(ordered{{"team_id", id}, {"team_info", info}, {"keys", keys}, {"team_memberships", memberships}})
}

// noTeamAccess says why the caller may not read the team, "" when they may.
func (q *request) noTeamAccess(t *teamRow) string {
	c := q.caller
	switch {
	case c.seesAll(), c.userID != nil && t.member(*c.userID) != nil, c.key != nil && c.key.isTeam(t.id):
		return ""
	case c.userID == nil && c.key.teamID != nil:
		return fmt.Sprintf("Team key for team=%s not authorized to access this team=%s", *c.key.teamID, t.id)
	case c.userID == nil:
		return fmt.Sprintf("API key not authorized to access this team=%s. No user_id or team_id associated with this key.", t.id)
	}
	return fmt.Sprintf("User=%s not authorized to access this team=%s", *c.userID, t.id)
}

// describeTeam is team_info: the members have the aliases of their users.
func (q *request) describeTeam(t *teamRow) (jsontext.Value, error) {
	o := t.members()
	list := []ordered{}
	for _, m := range t.list {
		u, _, err := q.tx.user(m.id)
		if err != nil {
			return nil, err
		}
		list = append(list, ordered{{"user_id", m.id}, {"user_email", m.email}, {"role", m.role}, {"user_alias", u.alias}})
	}
	o.set("members_with_roles", list)
	if id, given := t.data.object("metadata").str("team_member_budget_id"); given {
		b, found, err := q.tx.budget(id)
		if err != nil {
			return nil, err
		}
		if found {
			o["team_member_budget_table"] = teamBudgetForm().fill(b)
		}
	}
	switch {
	case q.caller.isAdmin:
	case t.isAdmin(q.userID()):
		o.set("caller_edit_access", ordered{{"kind", "team_admin_disabled"}})
	default:
		o.set("caller_edit_access", ordered{{"kind", "none"}})
	}
	return teamInfoForm().fill(o), nil
}

// keysOfTeam are the keys of a team as rows with their hashes and budgets,
// which the lists of teams leave out (observed on LiteLLM 1.106.2).
func (q *request) keysOfTeam(id string) ([]jsontext.Value, error) {
	list, err := q.tx.keysWhere(`team_id = ?`, id)
	if err != nil {
		return nil, err
	}
	keys := []jsontext.Value{}
	for _, k := range list {
		o, err := k.withBudget(q.tx)
		if err != nil {
			return nil, err
		}
		keys = append(keys, keyOfUserForm().fill(o))
	}
	return keys, nil
}

// teamWithKeys is a team with its memberships, or that of one user, and keys.
func (q *request) teamWithKeys(t teamRow, userID string) (jsontext.Value, error) {
	where, args := `team_id = ?`, []any{t.id}
	if userID != "" {
		where, args = where+` AND user_id = ?`, append(args, userID)
	}
	rows, err := q.tx.membershipsWhere(where, args...)
	if err != nil {
		return nil, err
	}
	memberships := []jsontext.Value{}
	for _, m := range rows {
		v, err := q.describeMembership(m)
		if err != nil {
			return nil, err
		}
		memberships = append(memberships, v)
	}
	list, err := q.tx.keysWhere(`team_id = ?`, t.id)
	keys := []jsontext.Value{}
	for _, k := range list {
		keys = append(keys, keyOfUserForm().fill(k.members()))
	}
	return extend(teamForm().fill(t.members()), member{"team_memberships", memberships}, member{"keys", keys}), err
}

// membership is one row of memberships. It may be there for who is no member
// of the team.
type membership struct {
	teamID, userID string
	spend          float64
	budgetID       *string
}

func (s *store) membershipsWhere(where string, args ...any) ([]membership, error) {
	var list []membership
	err := s.each(`SELECT team_id, user_id, spend, budget_id FROM memberships WHERE `+where+` ORDER BY team_id, seq`, args, func(rows *sql.Rows) error {
		var m membership
		err := rows.Scan(&m.teamID, &m.userID, &m.spend, &m.budgetID)
		list = append(list, m)
		return err
	})
	return list, err
}

// source says where the budget of a membership comes from; shared is the
// budget that the team gives all its members.
func (m membership) source(shared string) string {
	switch {
	case m.budgetID == nil:
		return "none"
	case *m.budgetID == shared:
		return "team_default"
	}
	return "custom"
}

func (q *request) describeMembership(m membership) (jsontext.Value, error) {
	var table any
	if m.budgetID != nil {
		b, found, err := q.tx.budget(*m.budgetID)
		if err != nil {
			return nil, err
		}
		if found {
			table = memberBudgetForm().fill(b)
		}
	}
	return raw(ordered{{"user_id", m.userID}, {"team_id", m.teamID}, {"budget_id", m.budgetID}, {"spend", floatValue(m.spend)},
		{"total_spend", floatValue(m.spend)}, {"litellm_budget_table", table}}), nil
}
