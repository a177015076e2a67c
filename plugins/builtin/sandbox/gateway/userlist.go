package gateway

import (
	"database/sql"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// listUsers is GET /user/list, for admins.
func listUsers(q *request) (answer, error) {
	if !q.caller.seesAll() {
		return detailError(http.StatusForbidden, "Only proxy admins and organization admins can list users."), nil
	}
	var problems []problem
	page := q.number("page", 1, 0, &problems)
	size := q.number("page_size", 25, 100, &problems)
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	order, err := q.userOrder(page)
	if err != nil {
		return answer{}, err
	}
	where := q.userFilters()
	from := ` FROM users WHERE ` + where.join(" AND ")
	var total int
	if _, err := q.tx.get(`SELECT count(*)`+from, where.args, &total); err != nil {
		return answer{}, err
	}
	users := []jsontext.Value{}
	query := `SELECT ` + userColumns + `, (SELECT count(*) FROM keys WHERE keys.user_id = users.user_id)` + from + ` ORDER BY ` + order + ` LIMIT ? OFFSET ?`
	err = q.tx.each(query, append(where.args, size, (page-1)*size), func(rows *sql.Rows) error {
		var count int
		u, err := scanUser(rows, &count)
		users = append(users, extend(userListForm().fill(u.members()), member{"key_count", count}))
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return ok(ordered{{"users", users}, {"total", total}, {"page", page}, {"page_size", size}, {"total_pages", (total + size - 1) / size}})
}

// userFilters reads the filters of /user/list. One id is a part of ids, in any
// case; several are exact, so X,X is the way to ask for X alone (observed on
// LiteLLM 1.106.2).
func (q *request) userFilters() conditions {
	var where conditions
	if v, _ := q.query("user_ids"); v != "" {
		ids := strings.Split(v, ",")
		for i := range ids {
			ids[i] = strings.TrimSpace(ids[i])
		}
		if len(ids) == 1 {
			where.contains("user_id", ids[0])
		} else {
			where.among("user_id", slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
		}
	}
	if v, _ := q.query("user_email"); v != "" {
		where.contains("user_email", v)
	}
	if v, _ := q.query("role"); v != "" {
		where.add("user_role = ?", v)
	}
	if v, _ := q.query("sso_user_ids"); v != "" {
		where.among("json_extract(data, '$.sso_user_id')", strings.Split(v, ","))
	}
	if v, _ := q.query("team"); v != "" {
		where.add("EXISTS (SELECT 1 FROM json_each(data, '$.teams') WHERE value = ?)", v)
	}
	if v, _ := q.query("organization_ids"); v != "" {
		where.add("0")
	}
	return where
}

// userOrder is the order of /user/list. By default, and where many rows have
// the same value, those rows move from one page to the next, so that a walk
// misses some: only sort_by=user_id is safe (observed on LiteLLM 1.106.2).
func (q *request) userOrder(page int) (string, error) {
	column, given := q.query("sort_by")
	if !given {
		return "created_at DESC, " + shuffled("user_id", page), nil
	}
	columns := []string{"user_id", "user_email", "created_at", "spend", "user_alias", "user_role"}
	if !slices.Contains(columns, column) {
		return "", refuse(detailError(http.StatusBadRequest, "Invalid sort column. Must be one of: "+strings.Join(columns, ", ")))
	}
	order, given := q.query("sort_order")
	order = strings.ToLower(order)
	if given && order != "asc" && order != "desc" {
		return "", refuse(detailError(http.StatusBadRequest, "Invalid sort order. Must be 'asc' or 'desc'"))
	}
	return sortedBy(column, order != "desc") + ", " + shuffled("user_id", page), nil
}
