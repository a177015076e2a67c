package gateway

import (
	"database/sql"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"
)

func userRoutes() []route {
	return []route{
		change(http.MethodPost, "/user/new", admins, newUser),
		change(http.MethodPost, "/user/delete", admins, deleteUsers),
		get("/user/info", anyone, userInfo),
	}
}

// userInfoShape is user_info of /user/info (observed on LiteLLM 1.106.2).
const userInfoShape = `{"verified_subjects":null,"user_id":null,"user_alias":null,"team_id":null,"sso_user_id":null,
"organization_id":null,"object_permission_id":null,"password_reset_required":null,"last_breach_check_at":null,"teams":[],
"user_role":null,"max_budget":null,"spend":0.0,"user_email":null,"models":[],"metadata":{},"max_parallel_requests":null,
"tpm_limit":null,"rpm_limit":null,"budget_duration":null,"budget_reset_at":null,"allowed_cache_controls":[],"policies":[],
"model_spend":{},"model_max_budget":{},"created_at":null,"updated_at":null,"litellm_organization_table":null,
"organization_memberships":[],"invitations_created":null,"invitations_updated":null,"invitations_user":null,
"object_permission":null,"model_max_budget_usage":{}}`

// userRow is one row of users. data holds the members that are not columns.
type userRow struct {
	id, role  string
	email     *string
	createdAt string
	data      object
}

const userColumns = `user_id, coalesce(user_role, ''), user_email, created_at, data`

// user returns the user with the id; the zero row when there is none.
func (s *store) user(id string) (u userRow, found bool, err error) {
	return s.userWhere(`user_id = ?`, id)
}

func (s *store) userWhere(where string, args ...any) (u userRow, found bool, err error) {
	err = s.each(`SELECT `+userColumns+` FROM users WHERE `+where+` LIMIT 1`, args, func(rows *sql.Rows) error {
		var data string
		err := rows.Scan(&u.id, &u.role, &u.email, &u.createdAt, &data)
		if err == nil {
			u.data, err = parseObject(data)
		}
		found = err == nil
		return err
	})
	return u, found, err
}

// members is everything of u under the names of the answers.
func (u userRow) members() object {
	o := object{}
	for name, v := range u.data {
		o[name] = v
	}
	o.set("user_id", u.id)
	o.set("user_role", orNull(u.role))
	o.set("user_email", u.email)
	o.set("created_at", u.createdAt)
	o.set("updated_at", u.createdAt)
	return o
}

// newUser is POST /user/new in its basic form. It makes a key too unless
// auto_create_key is false; an alias that is taken does not stop it, and a key
// in the body is not looked at (observed on LiteLLM 1.106.2).
func newUser(q *request) (answer, error) {
	b := q.body
	problems := checkFields(b, []field{{"user_id", "string"}, {"user_email", "string"}, {"key_alias", "string"}, {"max_budget", "number"}}, "body")
	role, given := b.str("user_role")
	if b.has("user_role") && (!given || !slices.Contains([]string{roleAdmin, roleViewer, roleUser, roleUserViewer}, role)) {
		problems = append(problems, problem{"literal_error", []any{"body", "user_role"}, "Input should be <LitellmUserRoles.PROXY_ADMIN: 'proxy_admin'>, <LitellmUserRoles.PROXY_ADMIN_VIEW_ONLY: 'proxy_admin_viewer'>, <LitellmUserRoles.INTERNAL_USER: 'internal_user'> or <LitellmUserRoles.INTERNAL_USER_VIEW_ONLY: 'internal_user_viewer'>"})
	}
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	u := userRow{role: role, email: b.optional("user_email"), createdAt: stamp(q.now), data: object{}}
	if id := b.optional("user_id"); id != nil {
		u.id = *id
	} else {
		u.id = uuid.NewString()
	}
	b.set("user_id", u.id)
	if a, taken, err := u.conflict(q.tx); err != nil || taken {
		return a, err
	}
	for _, m := range shape(userInfoShape) {
		if b.has(m.name) && m.name != "teams" && m.name != "spend" {
			u.data[m.name] = b[m.name]
		}
	}
	err := q.tx.exec(`INSERT INTO users (user_id, user_role, user_email, created_at, data) VALUES (?,?,?,?,?)`,
		u.id, orNull(u.role), u.email, u.createdAt, u.data.text())
	if err != nil {
		return answer{}, err
	}
	out := shape(keyMade)
	more := ordered{{"user_email", u.email}, {"user_role", orNull(u.role)}, {"teams", nil}, {"user_alias", b.optional("user_alias")}}
	if auto, given := b["auto_create_key"]; given && auto.Kind() == 'f' {
		unset := object{"model_max_budget": raw(nil), "budget_fallbacks": raw(nil), "router_settings": raw(nil), "access_group_ids": raw(nil), "key_type": raw(nil)}
		for name, v := range u.members() {
			if name != "created_at" && name != "updated_at" {
				unset[name] = v
			}
		}
		return reply(http.StatusOK, append(out.with(unset), more...)), nil
	}
	secret := randomKey()
	k := newKey(q, secret, b)
	if err := k.insert(q.tx); err != nil {
		return answer{}, err
	}
	made := k.members()
	made.set("key", secret)
	for _, hidden := range []string{"token", "key_type"} {
		made.set(hidden, nil)
	}
	return reply(http.StatusOK, append(out.with(made), more...)), nil
}

// conflict is the 409 for an id or, in any case, an e-mail that is taken.
func (u userRow) conflict(st *store) (a answer, taken bool, err error) {
	if _, taken, err = st.user(u.id); err != nil || taken {
		return reprError(http.StatusConflict, fmt.Sprintf("User with id %s already exists", u.id), typeInternal, nil), taken, err
	}
	if u.email == nil {
		return a, false, nil
	}
	other, taken, err := st.userWhere(`lower(user_email) = lower(?)`, *u.email)
	if err != nil || !taken {
		return a, false, err
	}
	return reprError(http.StatusConflict, fmt.Sprintf("User with email %s already exists", *other.email), typeInternal, nil), true, nil
}

// deleteUsers is POST /user/delete: all or nothing, duplicates count once, the
// keys go with their owner. The answer is a bare number.
func deleteUsers(q *request) (answer, error) {
	ids, isList := q.body.strs("user_ids")
	switch {
	case !q.body.has("user_ids"):
		return invalid(missing("body", "user_ids")), nil
	case !isList:
		return invalid(problem{"list_type", []any{"body", "user_ids"}, "Input should be a valid list"}), nil
	}
	for _, id := range ids {
		if _, found, err := q.tx.user(id); err != nil {
			return answer{}, err
		} else if !found {
			return detailError(http.StatusNotFound, "User not found, passed user_id="+id), nil
		}
	}
	count := 0
	for _, id := range ids {
		n, err := q.tx.execCount(`DELETE FROM users WHERE user_id = ?`, id)
		if err != nil {
			return answer{}, err
		}
		if err := q.tx.exec(`DELETE FROM keys WHERE user_id = ?`, id); err != nil {
			return answer{}, err
		}
		count += n
	}
	return ok(count)
}

// userInfo is GET /user/info: the user with user_id, or the caller. The master
// key without user_id gets all keys.
func userInfo(q *request) (answer, error) {
	notFound := func(id string) (answer, error) {
		return wireError(http.StatusNotFound, "User "+id+" not found", typeInternal, nil), nil
	}
	id, asked := q.literalQuery("user_id")
	if !asked {
		if q.caller.userID == nil {
			return notFound("None")
		}
		id = *q.caller.userID
	}
	if !q.caller.seesAll() && !q.caller.owns(&id) {
		return wireError(http.StatusForbidden, fmt.Sprintf("key not allowed to access this user's info. user_id=%s, key's user_id=%s", id, q.userID()), typeAuth, noParam), nil
	}
	everything := !asked && q.caller.seesAll()
	u, found, err := q.tx.user(id)
	if err != nil {
		return answer{}, err
	}
	if !found && !everything {
		return notFound(id)
	}
	where, args, form := "user_id = ?", []any{id}, shape(keyOfUser)
	if everything {
		where, args, form = "1", nil, shape(keyListed)
	}
	list, err := q.tx.keysWhere(where, args...)
	if err != nil {
		return answer{}, err
	}
	keys := []ordered{}
	for _, k := range list {
		keys = append(keys, append(form.with(k.members()), member{"team_alias", "None"}))
	}
	var info any
	if found {
		info = shape(userInfoShape).with(u.members())
	}
	return ok(ordered{{"user_id", id}, {"user_info", info}, {"keys", keys}, {"teams", []any{}}})
}
