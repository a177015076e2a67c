package gateway

import (
	"database/sql"
	"maps"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

func teamRoutes() []route {
	return []route{
		change(http.MethodPost, "/team/new", admins, newTeam),
		change(http.MethodPost, "/team/update", anyone, updateTeam),
		change(http.MethodPost, "/team/delete", admins, deleteTeams),
		change(http.MethodPost, "/team/block", admins, blockTeam),
		change(http.MethodPost, "/team/unblock", admins, unblockTeam),
		change(http.MethodPost, "/team/member_add", anyone, addTeamMembers),
		change(http.MethodPost, "/team/member_update", anyone, updateTeamMember),
		change(http.MethodPost, "/team/member_delete", anyone, deleteTeamMember),
		get("/team/info", anyone, teamInfo),
		get("/team/list", anyone, listTeams),
		get("/team/available", anyone, availableTeams),
		get("/v2/team/list", anyone, listTeamsPaged),
		change(http.MethodPatch, "/team/{id}", admins, patchTeam),
	}
}

// The forms of a team: in most answers, and as the row of the database in
// those of /team/update, /team/block and /team/unblock (observed on LiteLLM
// 1.106.2).
const (
	teamShape = `{"team_alias":null,"team_id":null,"organization_id":null,"admins":[],"members":[],"members_with_roles":[],
"team_member_permissions":[],"metadata":{},"tpm_limit":null,"rpm_limit":null,"tpd_limit":null,"max_budget":null,
"soft_budget":null,"budget_duration":null,"budget_limits":null,"models":[],"blocked":false,"router_settings":{},
"access_group_ids":[],"default_team_member_models":[],"spend":0.0,"max_parallel_requests":null,"budget_reset_at":null,
"model_id":null,"model_spend":{},"model_max_budget":{},"policies":[],"allow_team_guardrail_config":false,
"litellm_model_table":null,"object_permission":null,"object_permission_id":null,"updated_at":null,"created_at":null}`
	teamRowShape = `{"team_id":null,"team_alias":null,"organization_id":null,"object_permission_id":null,"admins":[],"members":[],
"members_with_roles":[],"metadata":{},"max_budget":null,"soft_budget":null,"spend":0.0,"models":[],
"max_parallel_requests":null,"tpm_limit":null,"rpm_limit":null,"tpd_limit":null,"budget_duration":null,
"budget_reset_at":null,"blocked":false,"created_at":null,"updated_at":null,"model_spend":{},"model_max_budget":{},
"router_settings":{},"team_member_permissions":[],"access_group_ids":[],"policies":[],"default_team_member_models":[],
"budget_limits":null,"model_id":null,"allow_team_guardrail_config":false,"litellm_organization_table":null,
"litellm_model_table":null,"object_permission":null,"projects":null}`
	teamInfoMore = `{"team_member_budget_table":null,"access_group_models":null,"access_group_mcp_server_ids":null,
"access_group_agent_ids":null,"access_group_details":null,"organization_models":null,"model_max_budget_usage":{},
"caller_edit_access":{"kind":"unrestricted"}}`
	teamListedMore  = `{"members_count":0,"keys_count":0,"access_group_models":null,"access_group_mcp_server_ids":null,"access_group_agent_ids":null}`
	teamDeletedMore = `{"id":null,"deleted_at":null,"deleted_by":null,"deleted_by_api_key":null,"litellm_changed_by":null}`
)

var (
	teamForm        = formOf(teamShape)
	teamRowForm     = formOf(teamRowShape)
	teamInfoForm    = formOf(teamShape, teamInfoMore)
	teamListedForm  = formOf(teamShape, teamListedMore)
	teamDeletedForm = formOf(teamShape, teamDeletedMore)
)

// teamMember is an entry of members_with_roles.
type teamMember struct {
	id, role string
	email    *string
}

// teamRow is one row of teams. data holds the members that are not columns.
type teamRow struct {
	id                   string
	alias, orgID         *string
	blocked              bool
	spend                float64
	maxBudget            *float64
	list                 []teamMember
	createdAt, updatedAt string
	data                 object
}

const teamColumns = `team_id, team_alias, organization_id, blocked, spend, max_budget, members, created_at, updated_at, data`

func (t *teamRow) values() []any {
	return []any{t.id, t.alias, t.orgID, t.blocked, t.spend, t.maxBudget, string(raw(t.memberList())), t.createdAt, t.updatedAt, t.data.column()}
}

func (t *teamRow) insert(st *store) error {
	return st.exec(`INSERT INTO teams (`+teamColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?)`, t.values()...)
}

// saveTeam stores a changed team.
func (q *request) saveTeam(t *teamRow) error {
	t.updatedAt = stamp(q.now)
	return q.tx.exec(`UPDATE teams SET (`+teamColumns+`) = (?,?,?,?,?,?,?,?,?,?) WHERE team_id = ?`, append(t.values(), t.id)...)
}

func scanTeam(rows *sql.Rows, more ...any) (teamRow, error) {
	var t teamRow
	var list, data string
	err := rows.Scan(append([]any{&t.id, &t.alias, &t.orgID, &t.blocked, &t.spend, &t.maxBudget, &list, &t.createdAt, &t.updatedAt, &data}, more...)...)
	if err == nil {
		t.data, err = parseObject(data)
	}
	for _, e := range elements(jsontext.Value(list)) {
		o, err := parseObject(string(e))
		if err != nil {
			return t, err
		}
		m := teamMember{email: o.optional("user_email")}
		m.id, _ = o.str("user_id")
		m.role, _ = o.str("role")
		t.list = append(t.list, m)
	}
	return t, err
}

// team returns the team with the id; the zero row when there is none.
func (s *store) team(id string) (t teamRow, found bool, err error) {
	list, err := s.teamsWhere(`team_id = ?`, `created_at`, id)
	if err != nil || len(list) == 0 {
		return t, false, err
	}
	return list[0], true, nil
}

func (s *store) teamsWhere(where, order string, args ...any) ([]teamRow, error) {
	var list []teamRow
	err := s.each(`SELECT `+teamColumns+` FROM teams WHERE `+where+` ORDER BY `+order, args, func(rows *sql.Rows) error {
		t, err := scanTeam(rows)
		list = append(list, t)
		return err
	})
	return list, err
}

// member returns the entry of a user, nil when there is none.
func (t *teamRow) member(id string) *teamMember {
	i := slices.IndexFunc(t.list, func(m teamMember) bool { return m.id == id })
	if i < 0 {
		return nil
	}
	return &t.list[i]
}

// isAdmin says whether the user is an admin of the team.
func (t *teamRow) isAdmin(id string) bool {
	m := t.member(id)
	return m != nil && m.role == "admin"
}

// memberList is members_with_roles.
func (t *teamRow) memberList() []ordered {
	list := []ordered{}
	for _, m := range t.list {
		list = append(list, ordered{{"user_id", m.id}, {"user_email", m.email}, {"role", m.role}})
	}
	return list
}

// members is everything of t under the names of the answers.
func (t *teamRow) members() object {
	o := make(object, len(t.data)+9)
	maps.Copy(o, t.data)
	o.set("team_id", t.id)
	o.set("team_alias", t.alias)
	o.set("organization_id", t.orgID)
	o.set("blocked", t.blocked)
	o["spend"] = floatValue(t.spend)
	o.setBudget(t.maxBudget)
	o.set("members_with_roles", t.memberList())
	o.set("created_at", t.createdAt)
	o.set("updated_at", t.updatedAt)
	return o
}

// row is t as the row of the database, whose entries of members have another
// order.
func (t *teamRow) row() jsontext.Value {
	o := t.members()
	list := []ordered{}
	for _, m := range t.list {
		list = append(list, ordered{{"role", m.role}, {"user_id", m.id}, {"user_email", m.email}})
	}
	o.set("members_with_roles", list)
	return teamRowForm().fill(o)
}

// teamAnswer answers with t in its usual form.
func teamAnswer(t *teamRow) answer {
	return answer{status: http.StatusOK, contentType: jsonType, body: teamForm().fill(t.members())}
}

func availableTeams(*request) (answer, error) { return ok([]string{}) }
