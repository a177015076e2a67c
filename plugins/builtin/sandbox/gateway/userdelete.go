package gateway

import (
	"net/http"
	"slices"
)

// deleteUsers is POST /user/delete: all or nothing, duplicates count once. Keys
// and memberships go with the user; the keys are not archived (observed on
// LiteLLM 1.106.2). The answer is a bare number.
func deleteUsers(q *request) (answer, error) {
	if err := refuseInvalid(requireTexts(q.body, "user_ids")); err != nil {
		return answer{}, err
	}
	ids, isList := q.body.strs("user_ids")
	if !isList {
		return invalid(problem{"list_type", []any{"body", "user_ids"}, "Input should be a valid list"}), nil
	}
	var users []userRow
	for _, id := range distinct(ids) {
		u, found, err := q.tx.user(id)
		if err != nil {
			return answer{}, err
		}
		if !found {
			return detailError(http.StatusNotFound, "User not found, passed user_id="+id), nil
		}
		users = append(users, u)
	}
	for _, u := range users {
		if _, err := q.removeUser(u); err != nil {
			return answer{}, err
		}
	}
	return ok(len(users))
}

// distinct returns the texts, each once, in the order of their first places.
func distinct(texts []string) []string {
	var out []string
	for _, text := range texts {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// removeUser deletes the user with keys and memberships and returns the teams
// that it was in.
func (q *request) removeUser(u userRow) (teams []string, err error) {
	teams = []string{}
	for _, id := range u.teams() {
		t, found, err := q.tx.team(id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		teams = append(teams, id)
		t.list = slices.DeleteFunc(t.list, func(m teamMember) bool { return m.id == u.id })
		if err := q.saveTeam(&t); err != nil {
			return nil, err
		}
	}
	for _, table := range []string{"memberships", "keys", "users"} {
		if err := q.tx.exec(`DELETE FROM `+table+` WHERE user_id = ?`, u.id); err != nil {
			return nil, err
		}
	}
	return teams, nil
}
