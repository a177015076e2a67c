package gateway

import (
	"database/sql"
	"maps"
	"net/http"
	"slices"
	"strings"
)

func userRoutes() []route {
	return []route{
		change(http.MethodPost, "/user/new", admins, newUser),
		change(http.MethodPost, "/user/update", admins, updateUser),
		change(http.MethodPost, "/user/delete", admins, deleteUsers),
		get("/user/info", anyone, userInfo),
		get("/v2/user/info", anyone, userInfoFlat),
		get("/user/list", anyone, listUsers),
		change(http.MethodPost, "/management/v1/users/bulk", admins, createUsers),
		change(http.MethodPost, "/management/v1/users/bulk_delete", anyone, removeUsers),
	}
}

// The forms of a user (observed on LiteLLM 1.106.2).
const (
	userHead = `{"user_id":null,"user_alias":null,"team_id":null,"sso_user_id":null,"organization_id":null,
"object_permission_id":null,"password_reset_required":null,"last_breach_check_at":null,"teams":[],"user_role":null,
"max_budget":null,"spend":0.0,"user_email":null,"models":[],"metadata":{},"max_parallel_requests":null,"tpm_limit":null,
"rpm_limit":null,"budget_duration":null,"budget_reset_at":null,"allowed_cache_controls":[],"policies":[],"model_spend":{},
"model_max_budget":{},"created_at":null,"updated_at":null}`
	userFlatShape = `{"user_id":null,"user_email":null,"user_alias":null,"user_role":null,"spend":0.0,"max_budget":null,
"tpm_limit":null,"rpm_limit":null,"models":[],"budget_duration":null,"budget_reset_at":null,"metadata":{},"created_at":null,
"updated_at":null,"sso_user_id":null,"teams":[],"object_permission":null,"model_max_budget":{},"model_max_budget_usage":{}}`
)

var (
	userRowForm  = formOf(`{"verified_subjects":null}`, userHead, `{"litellm_organization_table":null,"organization_memberships":null,"invitations_created":null,"invitations_updated":null,"invitations_user":null,"object_permission":null}`)
	userFullForm = formOf(`{"verified_subjects":null}`, strings.Replace(userHead, `"password_reset_required"`, `"password":null,"password_reset_required"`, 1), `{"litellm_organization_table":null,"organization_memberships":null,"invitations_created":null,"invitations_updated":null,"invitations_user":null,"object_permission":null}`)
	userSelfForm = formOf(`{"verified_subjects":null}`, userHead, `{"litellm_organization_table":null,"organization_memberships":[],"invitations_created":null,"invitations_updated":null,"invitations_user":null,"object_permission":null}`)
	userInfoForm = formOf(`{"verified_subjects":null}`, userHead, `{"litellm_organization_table":null,"organization_memberships":[],"invitations_created":null,"invitations_updated":null,"invitations_user":null,"object_permission":null,"model_max_budget_usage":{}}`)
	userListForm = formOf(userHead, `{"organization_memberships":null,"object_permission":null}`)
	userFlatForm = formOf(userFlatShape)
)

// userRow is one row of users. data holds the members that are not columns.
type userRow struct {
	id, role             string
	email, alias         *string
	spend                float64
	maxBudget            *float64
	createdAt, updatedAt string
	data                 object
}

const userColumns = `user_id, coalesce(user_role, ''), user_email, user_alias, spend, max_budget, created_at, updated_at, data`

func scanUser(rows *sql.Rows, more ...any) (userRow, error) {
	var u userRow
	var data string
	err := rows.Scan(append([]any{&u.id, &u.role, &u.email, &u.alias, &u.spend, &u.maxBudget, &u.createdAt, &u.updatedAt, &data}, more...)...)
	if err == nil {
		u.data, err = parseObject(data)
	}
	return u, err
}

func (u userRow) insert(st *store) error {
	return st.exec(`INSERT INTO users (user_id, user_role, user_email, user_alias, spend, max_budget, created_at, updated_at, data) VALUES (?,?,?,?,?,?,?,?,?)`,
		u.id, orNull(u.role), u.email, u.alias, u.spend, u.maxBudget, u.createdAt, u.updatedAt, u.data.column())
}

// save stores a changed user.
func (q *request) saveUser(u userRow) error {
	return q.tx.exec(`UPDATE users SET user_role = ?, user_email = ?, user_alias = ?, spend = ?, max_budget = ?, updated_at = ?, data = ? WHERE user_id = ?`,
		orNull(u.role), u.email, u.alias, u.spend, u.maxBudget, stamp(q.now), u.data.column(), u.id)
}

// user returns the user with the id; the zero row when there is none.
func (s *store) user(id string) (u userRow, found bool, err error) {
	return s.userWhere(`user_id = ?`, id)
}

func (s *store) userWhere(where string, args ...any) (u userRow, found bool, err error) {
	err = s.each(`SELECT `+userColumns+` FROM users WHERE `+where+` ORDER BY created_at LIMIT 1`, args, func(rows *sql.Rows) error {
		u, err = scanUser(rows)
		found = err == nil
		return err
	})
	return u, found, err
}

// teams are the ids of the teams that the row of the user names.
func (u userRow) teams() []string {
	list, _ := u.data.strs("teams")
	return list
}

// setTeams replaces them.
func (u *userRow) setTeams(ids []string) {
	if u.data == nil {
		u.data = object{}
	}
	u.data.set("teams", slices.Clone(ids))
}

// members is everything of u under the names of the answers.
func (u userRow) members() object {
	o := make(object, len(u.data)+8)
	maps.Copy(o, u.data)
	o.set("user_id", u.id)
	o.set("user_role", orNull(u.role))
	o.set("user_email", u.email)
	o.set("user_alias", u.alias)
	o["spend"] = floatValue(u.spend)
	o.setBudget(u.maxBudget)
	o.set("created_at", u.createdAt)
	o.set("updated_at", u.updatedAt)
	return o
}

// userMembers are the members of a body that land in a user's row as they are.
var userMembers = []string{
	"sso_user_id", "models", "metadata", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration",
	"allowed_cache_controls", "policies", "team_id", "model_max_budget",
}

// checkUserBody validates the types of a body about a user.
func checkUserBody(b object) []problem {
	problems := checkKeyBody(b)
	problems = append(problems, checkFields(b, fields("user_email string, user_alias string, sso_user_id string, auto_create_key boolean"), "body")...)
	return append(problems, oneOf(b, "user_role", "literal_error", userRoles, roleAdmin, roleViewer, roleUser, roleUserViewer)...)
}

const userRoles = "<LitellmUserRoles.PROXY_ADMIN: 'proxy_admin'>, <LitellmUserRoles.PROXY_ADMIN_VIEW_ONLY: 'proxy_admin_viewer'>, <LitellmUserRoles.INTERNAL_USER: 'internal_user'> or <LitellmUserRoles.INTERNAL_USER_VIEW_ONLY: 'internal_user_viewer'>"
