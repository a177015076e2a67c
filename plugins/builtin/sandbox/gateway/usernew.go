package gateway

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"
)

// newUser is POST /user/new. It makes a key too unless auto_create_key is
// false; an alias that is taken does not stop it, a key in the body is not
// looked at, and teams that do not exist are dropped without a word (observed
// on LiteLLM 1.106.2).
func newUser(q *request) (answer, error) {
	b := q.body
	if err := refuseInvalid(append(checkUserBody(b), checkTeams(b)...)); err != nil {
		return answer{}, err
	}
	u := q.userOf(b)
	if message, err := u.conflict(q.tx); err != nil {
		return answer{}, err
	} else if message != "" {
		return reprError(http.StatusConflict, message, typeInternal, nil), nil
	}
	if err := refuseBudgetDuration(b, typeInternal, nil); err != nil {
		return answer{}, err
	}
	secret := randomKey()
	k, err := q.keyOf(u, secret)
	if err != nil {
		return answer{}, err
	}
	auto, given := b["auto_create_key"]
	if given && auto.Kind() == 'f' {
		k = nil
	}
	if err := q.insertUser(u, k); err != nil {
		return answer{}, err
	}
	joined, err := q.joinTeams(&u)
	if err != nil {
		return answer{}, err
	}
	return q.newUserAnswer(u, k, secret, joined), nil
}

// userOf builds a user from a body.
func (q *request) userOf(b object) userRow {
	u := userRow{email: b.optional("user_email"), alias: b.optional("user_alias"), maxBudget: b.optionalFloat("max_budget"),
		createdAt: stamp(q.now), updatedAt: stamp(q.now), data: object{}}
	u.role, _ = b.str("user_role")
	if id := b.optional("user_id"); id != nil {
		u.id = *id
	} else {
		u.id = uuid.NewString()
	}
	u.spend, _ = b.number("spend")
	for _, name := range userMembers {
		if b.has(name) {
			u.data[name] = b[name]
		}
	}
	if b.has("guardrails") {
		metadata := b.object("metadata")
		metadata["guardrails"] = b["guardrails"]
		u.data.set("metadata", metadata)
	}
	if text, given := b.str("budget_duration"); given && isBudgetDuration(text) {
		u.data.set("budget_reset_at", stamp(budgetReset(text, q.now)))
	}
	return u
}

// keyOf is the key of a new user: limits of rates are on both, budgets on the
// user only.
func (q *request) keyOf(u userRow, secret string) (*keyRow, error) {
	b := object{}
	for name, v := range q.body {
		switch name {
		case "max_budget", "budget_duration", "organization_id", "budget_id", "allowed_routes", "tags":
		default:
			b[name] = v
		}
	}
	if len(b.object("model_max_budget")) > 0 {
		return nil, q.refuseReferences(b)
	}
	b.set("user_id", u.id)
	return newKey(q, secret, b)
}

// insertUser stores the user and, unless it is nil, the key.
func (q *request) insertUser(u userRow, k *keyRow) error {
	if sso, given := u.data.str("sso_user_id"); given {
		_, taken, err := q.tx.userWhere(`json_extract(data, '$.sso_user_id') = ?`, sso)
		if err != nil {
			return err
		}
		if taken {
			return refuse(reprError(http.StatusInternalServerError, "Internal Server Error.", typeInternal, nil))
		}
	}
	if err := u.insert(q.tx); err != nil {
		return err
	}
	if k == nil {
		return nil
	}
	return k.insert(q.tx)
}

// wantedTeam is an element of teams.
type wantedTeam struct {
	id     string
	budget *float64
}

// wantedTeams reads team_id and teams of a body.
func wantedTeams(b object) (list []wantedTeam, given bool) {
	if id, ok := b.str("team_id"); ok {
		list, given = append(list, wantedTeam{id: id}), true
	}
	for _, e := range elements(b["teams"]) {
		o, err := parseObject(`{"team_id":` + string(e) + `}`)
		if err == nil && e.Kind() == '{' {
			o, err = parseObject(string(e))
		}
		if id, ok := o.str("team_id"); ok && err == nil {
			list = append(list, wantedTeam{id, o.optionalFloat("max_budget_in_team")})
		}
	}
	return list, given || b.has("teams")
}

// checkTeams is the 422 for teams that is neither a list of ids nor one of
// objects with an id.
func checkTeams(b object) []problem {
	if !b.has("teams") {
		return nil
	}
	const ids, objects = "list[str]", "list[NewUserRequestTeam]"
	list := elements(b["teams"])
	if b["teams"].Kind() != '[' {
		return []problem{
			{"list_type", []any{"body", "teams", ids}, "Input should be a valid list"},
			{"list_type", []any{"body", "teams", objects}, "Input should be a valid list"},
		}
	}
	for i, e := range list {
		if e.Kind() != '"' && e.Kind() != '{' {
			return []problem{
				{"string_type", []any{"body", "teams", ids, i}, "Input should be a valid string"},
				{"model_attributes_type", []any{"body", "teams", objects, i}, "Input should be a valid dictionary or object to extract fields from"},
			}
		}
	}
	return nil
}

// joinTeams makes the new user a member of the teams in the body that exist,
// and returns them; nil when the body says nothing of teams.
func (q *request) joinTeams(u *userRow) (any, error) {
	wanted, given := wantedTeams(q.body)
	if !given {
		return nil, nil //nolint:nilnil // null is the answer
	}
	joined := []string{}
	for _, w := range wanted {
		t, found, err := q.tx.team(w.id)
		if err != nil {
			return nil, err
		}
		if !found || t.member(u.id) != nil {
			continue
		}
		if _, err := q.addMember(&t, teamMember{id: u.id, email: u.email, role: "user"}, w.budget); err != nil {
			return nil, err
		}
		joined = append(joined, w.id)
	}
	u.setTeams(joined)
	return joined, nil
}

// newUserAnswer is the answer: all members of a key and then those of the
// user. The hash of the key is not in it.
func (q *request) newUserAnswer(u userRow, k *keyRow, secret string, joined any) answer {
	var out object
	if k == nil {
		out = u.members()
		for _, name := range []string{"model_max_budget", "budget_fallbacks", "router_settings", "access_group_ids", "key_type", "created_at", "updated_at", "organization_id"} {
			out.set(name, nil)
		}
	} else {
		out = k.members()
		out.set("key", secret)
		out.setBudget(u.maxBudget)
		if v, given := u.data["budget_duration"]; given {
			out["budget_duration"] = v
		}
		for _, hidden := range []string{"token", "key_type", "organization_id"} {
			out.set(hidden, nil)
		}
	}
	v := extend(keyMadeForm().fill(out), member{"user_email", u.email}, member{"user_role", orNull(u.role)}, member{"teams", joined}, member{"user_alias", u.alias})
	return answer{status: http.StatusOK, contentType: jsonType, body: v}
}

// conflict says what of u is taken: the id or, in any case, the e-mail.
func (u userRow) conflict(st *store) (message string, err error) {
	if _, taken, err := st.user(u.id); err != nil || taken {
		return fmt.Sprintf("User with id %s already exists", u.id), err
	}
	if u.email == nil {
		return "", nil
	}
	other, taken, err := st.userWhere(`user_email = ? COLLATE NOCASE`, *u.email)
	if err != nil || !taken {
		return "", err
	}
	return fmt.Sprintf("User with email %s already exists", *other.email), nil
}
