package gateway

import (
	"net/http"
	"strings"
)

// listKeys is GET /key/list with the filters key_alias, user_id, team_id and
// key_hash, which are exact; an empty one is no filter.
func listKeys(q *request) (answer, error) {
	page, a, valid := q.page("page", 1, 0)
	if !valid {
		return a, nil
	}
	size, a, valid := q.page("size", 10, 100)
	if !valid {
		return a, nil
	}
	where, args := []string{"1"}, []any{}
	for _, f := range [][2]string{{"key_alias", "key_alias"}, {"user_id", "user_id"}, {"team_id", "team_id"}, {"key_hash", "token"}} {
		if v, _ := q.query(f[0]); v != "" {
			where, args = append(where, f[1]+" = ?"), append(args, v)
		}
	}
	if !q.caller.seesAll() {
		refuse := func(message, param string) (answer, error) {
			return wireError(http.StatusForbidden, "You are not authorized to "+message, typeBadRequest, param), nil
		}
		if !q.caller.known {
			return refuse("access this endpoint. No 'user_id' is associated with your API key.", "user_id")
		}
		if v, _ := q.query("user_id"); v != "" && !q.caller.owns(&v) {
			return refuse("check another user's keys", "user_id")
		}
		if v, _ := q.query("team_id"); v != "" {
			return refuse("check this team's keys", "team_id")
		}
		where, args = append(where, "user_id = ?"), append(args, *q.caller.userID)
	}
	list, err := q.tx.keysWhere(strings.Join(where, " AND "), args...)
	if err != nil {
		return answer{}, err
	}
	rows, pages := slicePage(list, page, size)
	full, _ := q.query("return_full_object")
	form := append(shape(keyListed), shape(keyListedMore)...)
	keys := []any{}
	for _, k := range rows {
		if full == "true" {
			keys = append(keys, form.with(k.members()))
			continue
		}
		keys = append(keys, k.token)
	}
	return ok(ordered{{"keys", keys}, {"total_count", len(list)}, {"current_page", page}, {"total_pages", pages}})
}
