package gateway

import (
	"net/http"
	"slices"

	"github.com/google/uuid"
)

// notOfUsers are members that the body may have and the table of users has
// not: with them the database refuses the whole request.
var notOfUsers = []string{
	"key_alias", "duration", "agent_id", "budget_limits", "config", "permissions", "budget_fallbacks", "guardrails",
	"prompts", "blocked", "aliases", "allowed_routes", "access_group_ids", "project_id", "soft_budget",
}

// updateUser is POST /user/update. An id that does not exist is created. So is
// an e-mail that does not exist or is spelled with other case, and the answer
// then is a 400 all the same. Empty lists and objects and most nulls change
// nothing (all observed on LiteLLM 1.106.2).
func updateUser(q *request) (answer, error) {
	b := q.body
	problems := checkUserBody(b)
	if len(problems) == 0 && !b.has("user_id") && !b.has("user_email") {
		problems = append(problems, valueProblem("Either user id or user email must be provided"))
	}
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	if b.has("password") {
		return wireError(http.StatusBadRequest, "Password does not meet the required policy: must be at least 12 characters long, include an uppercase letter, include a number, include a special character.", "validation_error", "password"), nil
	}
	if err := refuseBudgetDuration(b, typeAuth, noParam); err != nil {
		return answer{}, err
	}
	bad := func(message string) (answer, error) {
		return wireError(http.StatusBadRequest, "Authentication Error, "+message, typeAuth, noParam), nil
	}
	id, byID := b.str("user_id")
	if byID && id == "" {
		return bad("Either user_id or user_email must be provided")
	}
	for _, name := range notOfUsers {
		if b.has(name) && !isEmpty(b[name]) {
			return bad("Could not find field at `upsertOneLiteLLM_UserTable.create." + name + "`")
		}
	}
	u, found, err := q.userToUpdate()
	if err != nil {
		return answer{}, err
	}
	q.applyUser(&u)
	if found {
		u.updatedAt = stamp(q.now)
		err = q.saveUser(u)
	} else {
		err = u.insert(q.tx)
	}
	switch {
	case err != nil:
		return answer{}, err
	case !found && !byID:
		return bad("'LiteLLM_UserTable' object has no attribute 'get'")
	}
	return ok(ordered{{"user_id", u.id}, {"data", userRowForm().fill(u.members())}})
}

// userToUpdate finds the user by id or else by the exact e-mail; when there is
// none it is a new one.
func (q *request) userToUpdate() (u userRow, found bool, err error) {
	id, byID := q.body.str("user_id")
	if byID {
		u, found, err = q.tx.user(id)
	} else {
		email, _ := q.body.str("user_email")
		u, found, err = q.tx.userWhere(`user_email = ?`, email)
		id = uuid.NewString()
	}
	if !found {
		u = userRow{id: id, createdAt: stamp(q.now), updatedAt: stamp(q.now), data: object{}}
	}
	return u, found, err
}

// isEmpty says whether a value is "", [] or {}.
func isEmpty(v []byte) bool {
	return slices.Contains([]string{`""`, `[]`, `{}`}, string(v))
}

// applyUser changes u as the body says. Null clears max_budget, the limits of
// rates and budget_duration, nothing else.
func (q *request) applyUser(u *userRow) {
	b := q.body
	given := func(name string) bool { return b.has(name) && !isEmpty(b[name]) }
	if given("user_role") {
		u.role, _ = b.str("user_role")
	}
	if given("user_email") {
		u.email = b.optional("user_email")
	}
	if given("user_alias") {
		u.alias = b.optional("user_alias")
	}
	if f, ok := b.number("spend"); ok && f != 0 {
		u.spend = f
	}
	if _, named := b["max_budget"]; named {
		u.maxBudget = b.optionalFloat("max_budget")
	}
	for _, name := range userMembers {
		_, named := b[name]
		clearable := name == "tpm_limit" || name == "rpm_limit" || name == "budget_duration"
		if given(name) || named && clearable {
			u.data[name] = b[name]
		}
	}
	if _, named := b["budget_duration"]; named {
		u.data.set("budget_reset_at", nil)
		if text, ok := b.str("budget_duration"); ok {
			u.data.set("budget_reset_at", stamp(budgetReset(text, q.now)))
		}
	}
}
