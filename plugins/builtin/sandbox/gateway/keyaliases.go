package gateway

import (
	"database/sql"
	"slices"
)

// listAliases is GET /key/aliases: the aliases in order, without the empty
// ones. Others than admins see those of their own keys and of their teams.
func listAliases(q *request) (answer, error) {
	var problems []problem
	page := q.number("page", 1, 0, &problems)
	size := q.number("size", 50, 100, &problems)
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	var where conditions
	where.add("key_alias != ''")
	if !q.caller.seesAll() {
		var own conditions
		own.add("user_id = ?", q.userID())
		if len(q.caller.teams) > 0 {
			own.among("team_id", q.caller.teams)
		}
		where.add(own.join(" OR "), own.args...)
	}
	if v, _ := q.query("search"); v != "" {
		where.contains("key_alias", v)
	}
	if v, _ := q.query("team_id"); v != "" {
		where.add("team_id = ?", v)
	}
	from := ` FROM keys WHERE ` + where.join(" AND ")
	var total int
	if _, err := q.tx.get(`SELECT count(*)`+from, where.args, &total); err != nil {
		return answer{}, err
	}
	aliases := []string{}
	args := slices.Concat(where.args, []any{size, (page - 1) * size})
	err := q.tx.each(`SELECT key_alias`+from+` ORDER BY key_alias LIMIT ? OFFSET ?`, args, func(rows *sql.Rows) error {
		var alias string
		err := rows.Scan(&alias)
		aliases = append(aliases, alias)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return ok(ordered{{"aliases", aliases}, {"total_count", total}, {"current_page", page}, {"total_pages", (total + size - 1) / size}, {"size", size}})
}
