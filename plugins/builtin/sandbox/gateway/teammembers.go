package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// readMembers reads a member or a list of them; of what is wrong only the
// first counts.
func readMembers(v jsontext.Value, loc ...any) ([]teamMember, []problem) {
	list := elements(v)
	if v.Kind() == '{' {
		list = []jsontext.Value{v}
	}
	var out []teamMember
	for i, e := range list {
		at := loc
		if len(loc) > 1 {
			at = append(slices.Clone(loc), i)
		}
		o, err := parseObject(string(e))
		if err != nil || o == nil {
			return nil, []problem{{"value_error", at, "Value error, input needs to be a dictionary"}}
		}
		m := teamMember{email: o.optional("user_email")}
		m.id, _ = o.str("user_id")
		m.role, _ = o.str("role")
		switch {
		case m.id == "" && m.email == nil:
			return nil, []problem{{"value_error", at, "Value error, Either user id or user email must be provided"}}
		case !o.has("role"):
			return nil, []problem{missing(append(slices.Clone(at), "role")...)}
		case m.role != "user" && m.role != "admin":
			return nil, []problem{{"literal_error", append(slices.Clone(at), "role"), "Input should be 'admin' or 'user'"}}
		}
		out = append(out, m)
	}
	return out, nil
}

// addTeamMembers is POST /team/member_add. Users that do not exist are made.
// One member who is in the team already is refused, in a list such members are
// passed over (both observed on LiteLLM 1.106.2).
func addTeamMembers(q *request) (answer, error) {
	b := q.body
	list, err := q.readMemberAdd()
	if err != nil {
		return answer{}, err
	}
	if slices.ContainsFunc(list, func(m teamMember) bool { return m.role == "admin" }) {
		return detailError(http.StatusBadRequest, "Assigning team admins is a premium feature. "+licence), nil
	}
	id, _ := b.str("team_id")
	t, found, err := q.tx.team(id)
	if err != nil {
		return answer{}, err
	}
	if !found {
		return detailError(http.StatusNotFound, fmt.Sprintf("Team doesn't exist in db. Team=%s. Create team via `/team/new` call.", id)), nil
	}
	if err := q.refuseTeamAdmin(&t, "/team/member_add"); err != nil {
		return answer{}, err
	}
	fresh := slices.DeleteFunc(slices.Clone(list), t.has)
	if len(fresh) == 0 {
		return t.alreadyIn(b["member"], list), nil
	}
	users, memberships := []jsontext.Value{}, []jsontext.Value{}
	for _, m := range fresh {
		added, err := q.addMember(&t, m, b.optionalFloat("max_budget_in_team"))
		if err != nil {
			return answer{}, err
		}
		if added == nil {
			continue
		}
		users = append(users, userListForm().fill(added.user.members()))
		v, err := q.describeMembership(added.row)
		if err != nil {
			return answer{}, err
		}
		memberships = append(memberships, v)
	}
	v := extend(teamForm().fill(t.members()), member{"updated_users", users}, member{"updated_team_memberships", memberships})
	return answer{status: http.StatusOK, contentType: jsonType, body: v}, nil
}

// readMemberAdd validates the body of /team/member_add.
func (q *request) readMemberAdd() ([]teamMember, error) {
	b := q.body
	var problems []problem
	for _, name := range []string{"member", "team_id"} {
		if !b.has(name) {
			problems = append(problems, missing("body", name))
		}
	}
	var list []teamMember
	switch kind := b["member"].Kind(); {
	case len(problems) > 0:
	case kind != '{' && kind != '[':
		problems = []problem{
			{"list_type", []any{"body", "member", "list[Member]"}, "Input should be a valid list"},
			{"value_error", []any{"body", "member", "Member"}, "Value error, input needs to be a dictionary"},
		}
	default:
		list, problems = readMembers(b["member"], "body")
	}
	problems = append(problems, checkFields(b, fields("team_id string, max_budget_in_team number"), "body")...)
	return list, refuseInvalid(problems)
}

// has says whether the member is in the team already: by id, or by the exact
// e-mail that it was added with.
func (t *teamRow) has(m teamMember) bool {
	return slices.ContainsFunc(t.list, func(other teamMember) bool {
		return m.id != "" && other.id == m.id || m.email != nil && other.email != nil && *other.email == *m.email
	})
}

// alreadyIn is the 400 for members who are all in the team.
func (t *teamRow) alreadyIn(sent jsontext.Value, list []teamMember) answer {
	existing := make([]string, len(t.list))
	for i, m := range t.list {
		existing[i] = fmt.Sprintf("Member(user_id=%s, user_email=%s, role='%s')", reprOr(&m.id), reprOr(m.email), m.role)
	}
	message := "All users are already in team."
	if sent.Kind() == '{' {
		message = fmt.Sprintf("User already in team. Member: user_id=%s, user_email=%s.", textOr(orNil(list[0].id), "None"), textOr(list[0].email, "None"))
	}
	return wireError(http.StatusBadRequest, message+" Existing members=["+strings.Join(existing, ", ")+"]", "team_member_already_in_team", "member")
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// reprOr is the text in quotes, or None.
func reprOr(s *string) string {
	if s == nil || *s == "" {
		return "None"
	}
	return repr(*s)
}

// addition is what addMember made. The user is as it was before.
type addition struct {
	user userRow
	row  membership
}

// addMember puts a member into the team: the entry of the team, the id of the
// team in the user's row, and a membership, with a budget of its own when there
// is one and else with that of the team. It returns nil for a user who, under
// another spelling of the e-mail, is in it already.
func (q *request) addMember(t *teamRow, m teamMember, budget *float64) (*addition, error) {
	u, known, err := q.findMember(m)
	if err != nil {
		return nil, err
	}
	if known && t.member(u.id) != nil {
		return nil, nil //nolint:nilnil // nothing was added
	}
	if !known {
		if !q.caller.isAdmin && m.id != "" {
			return nil, refuse(detailError(http.StatusForbidden, fmt.Sprintf("Only proxy admins can add a user_id that does not exist yet: %s. Add the member by user_email to invite a new user, or ask a proxy admin to create the user first.", m.id)))
		}
		u = userRow{id: m.id, role: roleUser, createdAt: stamp(q.now), updatedAt: stamp(q.now), data: object{}}
		if m.id == "" {
			u.id, u.email = uuid.NewString(), m.email
		}
		u.setTeams([]string{t.id})
		err = u.insert(q.tx)
	} else {
		joined := u
		joined.data = mergeInto(object{}, u.data)
		joined.setTeams(append(u.teams(), t.id))
		err = q.saveUser(joined)
	}
	if err != nil {
		return nil, err
	}
	if m.email == nil {
		m.email = u.email
	}
	m.id = u.id
	t.list = append(t.list, m)
	if err := q.saveTeam(t); err != nil {
		return nil, err
	}
	row, err := q.newMembership(t, u.id, budget)
	return &addition{u, row}, err
}

// findMember finds the user of a member.
func (q *request) findMember(m teamMember) (userRow, bool, error) {
	if m.id != "" {
		return q.tx.user(m.id)
	}
	return q.tx.userWhere(`user_email = ? COLLATE NOCASE`, *m.email)
}

// newMembership stores the membership of a new member.
func (q *request) newMembership(t *teamRow, userID string, budget *float64) (membership, error) {
	m := membership{teamID: t.id, userID: userID, budgetID: t.data.object("metadata").optional("team_member_budget_id")}
	if budget != nil {
		id, err := q.newBudget(object{"max_budget": floatValue(*budget)})
		if err != nil {
			return m, err
		}
		m.budgetID = &id
	}
	return m, q.tx.exec(`INSERT INTO memberships (team_id, user_id, seq, budget_id) VALUES (?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM memberships WHERE team_id = ?), ?)
		ON CONFLICT DO UPDATE SET budget_id = excluded.budget_id`, m.teamID, m.userID, m.teamID, m.budgetID)
}

// refuseTeamAdmin is the 403 for who is neither proxy admin nor admin of the
// team.
func (q *request) refuseTeamAdmin(t *teamRow, route string) error {
	if q.caller.isAdmin || t.isAdmin(q.userID()) {
		return nil
	}
	return refuse(detailError(http.StatusForbidden, fmt.Sprintf("Call not allowed. User not proxy admin OR team admin. route=%s, team_id=%s", route, t.id)))
}
