package gateway

import (
	"database/sql"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// refuseTeamList is the 401 for others than admins who ask for more than their
// own teams.
func (q *request) refuseTeamList() error {
	id, _ := q.query("user_id")
	if q.caller.seesAll() || q.caller.owns(&id) {
		return nil
	}
	return refuse(detailError(http.StatusUnauthorized, "Only admin users can query all teams/other teams. Your user role="+q.caller.roleName()))
}

// listTeams is GET /team/list: a bare list of everything, with keys and
// memberships.
func listTeams(q *request) (answer, error) {
	if err := q.refuseTeamList(); err != nil {
		return answer{}, err
	}
	id, _ := q.query("user_id")
	org, _ := q.query("organization_id")
	list, err := q.tx.teamsWhere(`1`, `created_at`)
	if err != nil {
		return answer{}, err
	}
	teams := []jsontext.Value{}
	for _, t := range list {
		switch {
		case id != "" && t.member(id) == nil,
			org == "default_organization" && t.orgID != nil,
			org != "" && org != "default_organization" && (t.orgID == nil || *t.orgID != org):
			continue
		}
		v, err := q.teamWithKeys(t, id)
		if err != nil {
			return answer{}, err
		}
		teams = append(teams, v)
	}
	return ok(teams)
}

// listTeamsPaged is GET /v2/team/list. A user_id that does not exist is a 404,
// and a column that it cannot sort by is ignored (observed on LiteLLM
// 1.106.2).
func listTeamsPaged(q *request) (answer, error) {
	var problems []problem
	page := q.number("page", 1, 0, &problems)
	size := q.number("page_size", 10, 100, &problems)
	if match, given := q.query("search_team_id_match"); given && match != "exact" && match != "prefix" {
		problems = append(problems, problem{"literal_error", []any{"query", "search_team_id_match"}, "Input should be 'exact' or 'prefix'"})
	}
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	status, given := q.query("status")
	if given && status != "deleted" {
		return detailError(http.StatusBadRequest, "Invalid status value. Currently only 'deleted' is supported."), nil
	}
	if err := q.refuseTeamList(); err != nil {
		return answer{}, err
	}
	where, err := q.teamFilters()
	if err != nil {
		return answer{}, err
	}
	table, more := "teams", `, (SELECT count(*) FROM keys WHERE keys.team_id = teams.team_id)`
	if given {
		table, more = "deleted_teams", `, id, deleted_at, deleted_by, deleted_by_api_key`
	}
	from := ` FROM ` + table + ` WHERE ` + where.join(" AND ")
	var total int
	if _, err := q.tx.get(`SELECT count(*)`+from, where.args, &total); err != nil {
		return answer{}, err
	}
	query := `SELECT ` + teamColumns + more + from + ` ORDER BY ` + q.teamOrder(page) + ` LIMIT ? OFFSET ?`
	teams := []jsontext.Value{}
	err = q.tx.each(query, append(where.args, size, (page-1)*size), func(rows *sql.Rows) error {
		v, err := describeTeamRow(rows, given)
		teams = append(teams, v)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	return ok(ordered{{"teams", teams}, {"total", total}, {"page", page}, {"page_size", size}, {"total_pages", (total + size - 1) / size}})
}

// describeTeamRow reads one row of /v2/team/list.
func describeTeamRow(rows *sql.Rows, deleted bool) (jsontext.Value, error) {
	if deleted {
		var a archive
		t, err := scanTeam(rows, a.columns()...)
		o := mergeInto(t.members(), a.members())
		o.set("default_team_member_models", nil)
		return teamDeletedForm().fill(o), err
	}
	var keys int
	t, err := scanTeam(rows, &keys)
	o := t.members()
	o.set("members_count", len(t.list))
	o.set("keys_count", keys)
	return teamListedForm().fill(o), err
}

func (q *request) teamFilters() (conditions, error) {
	var where conditions
	if v, _ := q.query("team_id"); v != "" {
		where.add("team_id = ?", v)
	}
	if v, _ := q.query("team_alias"); v != "" {
		where.contains("team_alias", v)
	}
	if v, _ := q.query("organization_id"); v != "" {
		where.add("organization_id = ?", v)
	}
	if v, _ := q.query("search"); v != "" {
		if match, _ := q.query("search_team_id_match"); match == "prefix" {
			where.add("(substr(team_id, 1, length(?)) = ? OR team_alias LIKE ?)", v, v, "%"+v+"%")
		} else {
			where.add("(team_id = ? OR team_alias LIKE ?)", v, "%"+v+"%")
		}
	}
	if v, _ := q.query("user_id"); v != "" {
		u, found, err := q.tx.user(v)
		if err != nil {
			return where, err
		}
		if !found {
			return where, refuse(detailError(http.StatusNotFound, "User not found, passed user_id="+v))
		}
		where.among("team_id", u.teams())
	}
	return where, nil
}

// teamOrder is the order of /v2/team/list; teams with the same alias move from
// page to page.
func (q *request) teamOrder(page int) string {
	column, _ := q.query("sort_by")
	if !slices.Contains([]string{"team_id", "team_alias", "created_at"}, column) {
		return "created_at DESC, team_id"
	}
	order, _ := q.query("sort_order")
	return sortedBy(column, order != "desc") + ", " + shuffled("team_id", page)
}
