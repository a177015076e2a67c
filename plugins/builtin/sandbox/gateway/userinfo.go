package gateway

import (
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// userInfo is GET /user/info: the user with user_id, or the caller; an e-mail
// is not looked at. An admin who names nobody gets all keys and all teams, and
// a 500 while one of the keys is poisoned (observed on LiteLLM 1.106.2).
func userInfo(q *request) (answer, error) {
	id, asked := q.literalQuery("user_id")
	if !asked {
		id = textOr(q.caller.userID, "None")
	}
	if asked && !q.caller.seesAll() && !q.caller.owns(&id) {
		return wireError(http.StatusForbidden, fmt.Sprintf("key not allowed to access this user's info. user_id=%s, key's user_id=%s", id, textOr(q.caller.userID, "None")), typeAuth, noParam), nil
	}
	everything := !asked && q.caller.seesAll()
	u, found, err := q.tx.user(id)
	switch {
	case err != nil:
		return answer{}, err
	case !found && !everything || q.caller.userID == nil && !asked:
		return wireError(http.StatusNotFound, "User "+id+" not found", typeInternal, nil), nil
	case everything:
		return q.allInfo(id, u, found)
	}
	keys, err := q.keysOfUser(`user_id = ?`, id)
	if err != nil {
		return answer{}, err
	}
	teams, err := q.teamsOfUser(u)
	if err != nil {
		return answer{}, err
	}
	return ok(ordered{{"user_id", id}, {"user_info", userInfoForm().fill(u.members())}, {"keys", keys}, {"teams", teams}})
}

// keysOfUser are keys as /user/info shows them: with the alias of their team,
// null for a team that is gone and the text None for a key without one.
func (q *request) keysOfUser(where string, args ...any) ([]jsontext.Value, error) {
	list, err := q.tx.keysWhere(where, args...)
	if err != nil {
		return nil, err
	}
	keys := []jsontext.Value{}
	for _, k := range list {
		o, err := k.withBudget(q.tx)
		if err != nil {
			return nil, err
		}
		alias, err := q.teamAlias(k)
		if err != nil {
			return nil, err
		}
		keys = append(keys, extend(keyOfUserForm().fill(o), member{"team_alias", alias}))
	}
	return keys, nil
}

func (q *request) teamAlias(k *keyRow) (any, error) {
	if k.teamID == nil {
		return "None", nil
	}
	t, _, err := q.tx.team(*k.teamID)
	return t.alias, err
}

// teamsOfUser are the teams of a user with the membership of that user and
// with all keys.
func (q *request) teamsOfUser(u userRow) ([]jsontext.Value, error) {
	teams := []jsontext.Value{}
	for _, id := range u.teams() {
		t, found, err := q.tx.team(id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		v, err := q.teamWithKeys(t, u.id)
		if err != nil {
			return nil, err
		}
		teams = append(teams, v)
	}
	return teams, nil
}

// allInfo is the answer for an admin who names nobody.
func (q *request) allInfo(id string, u userRow, found bool) (answer, error) {
	list, err := q.tx.keysWhere(`1`)
	if err != nil {
		return answer{}, err
	}
	keys := []jsontext.Value{}
	for _, k := range list {
		if message := k.poison("LiteLLM_VerificationToken"); message != "" {
			return wireError(http.StatusInternalServerError, message, typeInternal, nil), nil
		}
		alias, err := q.teamAlias(k)
		if err != nil {
			return answer{}, err
		}
		keys = append(keys, extend(keyRowForm().fill(k.members()), member{"team_alias", alias}))
	}
	all, err := q.tx.teamsWhere(`1`, `created_at`)
	if err != nil {
		return answer{}, err
	}
	teams := []jsontext.Value{}
	for _, t := range all {
		teams = append(teams, teamForm().fill(t.members()))
	}
	var info any
	if found {
		info = userSelfForm().fill(u.members())
	}
	return ok(ordered{{"user_id", id}, {"user_info", info}, {"keys", keys}, {"teams", teams}})
}

// userInfoFlat is GET /v2/user/info. For others than admins a user that is not
// theirs is not there (observed on LiteLLM 1.106.2).
func userInfoFlat(q *request) (answer, error) {
	id, asked := q.literalQuery("user_id")
	if !asked {
		if q.caller.userID == nil {
			return wireError(http.StatusBadRequest, "user_id is required. Either pass it as a query parameter or authenticate with a user-bound key.", typeInternal, nil), nil
		}
		id = *q.caller.userID
	}
	u, found, err := q.tx.user(id)
	if err != nil {
		return answer{}, err
	}
	if !found || !q.caller.seesAll() && !q.caller.owns(&id) {
		return wireError(http.StatusNotFound, "User not found: "+id, typeInternal, nil), nil
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: userFlatForm().fill(u.members())}, nil
}
