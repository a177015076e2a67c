package gateway

import "testing"

// TestOthersThanAdmins is section 8 of the observations.
func TestOthersThanAdmins(t *testing.T) {
	g := openTest(t, Options{})
	for _, s := range [][2]string{
		{"/user/new", `{"user_id":"iu","user_role":"internal_user","auto_create_key":false}`}, {"/user/new", `{"user_id":"oth","auto_create_key":false}`}, {"/user/new", `{"user_id":"pv","user_role":"proxy_admin_viewer","auto_create_key":false}`},
		{"/team/new", `{"team_id":"plain","members_with_roles":[{"role":"user","user_id":"iu"}]}`}, {"/team/new", `{"team_id":"foreign"}`}, {"/team/new", `{"team_id":"own","members_with_roles":[{"role":"admin","user_id":"iu"}]}`},
		{"/key/generate", `{"key":"sk-role-iu-00000000","key_alias":"iu","user_id":"iu"}`}, {"/key/generate", `{"key":"sk-role-oth-00000000","key_alias":"oth","user_id":"oth"}`}, {"/key/generate", `{"key":"sk-role-pv-00000000","key_alias":"pv","user_id":"pv"}`},
		{"/key/generate", `{"key":"sk-role-none-0000000","key_alias":"none"}`}, {"/key/generate", `{"key":"sk-role-team-0000000","key_alias":"team","team_id":"own"}`}, {"/key/generate", `{"key":"sk-role-plain-000000","key_alias":"plain","team_id":"plain"}`},
	} {
		call(t, g, "POST", s[0], s[1]).want(200)
	}
	const onlyAdmin = "Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route="
	run(t, g, []step{
		{"GET", "/key/list", "", 200, `"total_count":1`},
		{"GET", "/key/list?key_alias=oth", "", 200, `{"keys":[],"total_count":0`},
		{"GET", "/key/list?user_id=oth", "", 403, `You are not authorized to check another user's keys`},
		{"GET", "/key/list?team_id=plain", "", 200, `"total_count":0`},
		{"GET", "/key/list?team_id=foreign", "", 403, `You are not authorized to check this team's keys`},
		{"GET", "/key/list?key_hash=none", "", 403, `Key Hash not found.`},
		{"GET", "/key/list?include_team_keys=true", "", 200, `"total_count":3`},
		{"GET", "/key/aliases", "", 200, `{"aliases":["iu","plain","team"]`},
		{"GET", "/key/info?key=sk-role-oth-00000000", "", 403, `You are not allowed to access this key's info. Your role=internal_user`},
		{"GET", "/key/info?key=sk-role-team-0000000", "", 200, `"key_alias":"team"`},
		{"GET", "/key/info?key=none", "", 404, `Key not found in database`},
		{"POST", "/v2/key/info", `{"keys":["sk-role-oth-00000000"]}`, 200, `"info":[]`},
		{"POST", "/key/generate", `{"user_id":"oth"}`, 403, `User can only create keys for themselves. Got user_id=oth, Your ID=iu`},
		{"POST", "/key/generate", `{"team_id":"none"}`, 400, `Team not found for team_id=none. Non-admin users cannot create keys for non-existent teams.`},
		{"POST", "/key/generate", `{"team_id":"foreign"}`, 400, `User=iu not assigned to team=foreign`},
		{"POST", "/key/generate", `{"team_id":"plain"}`, 401, `Team member does not have permissions for endpoint: KeyManagementRoutes.KEY_GENERATE.`},
		{"POST", "/key/generate", `{"permissions":{}}`, 403, "Only proxy admins can set `permissions`."},
		{"POST", "/key/generate", `{"key_type":"management"}`, 403, "Only proxy admins can set `allowed_routes` on a key."},
		{"POST", "/key/generate", `{"key":"sk-role-oth-00000000"}`, 200, `"user_id":"iu"`},
		{"POST", "/key/update", `{"key":"sk-role-iu-00000000","key_alias":"iu"}`, 403, `Only proxy admins, team admins, or org admins can call /key/update. user_role=internal_user, user_id=iu`},
		{"POST", "/key/update", `{"key":"sk-role-iu-00000000","max_budget":9}`, 403, `/key/update (max_budget/spend)`},
		{"POST", "/key/update", `{"key":"sk-role-iu-00000000","user_id":"oth"}`, 403, `Non-admin caller is not allowed to rebind the key from user=iu to user=oth`},
		{"POST", "/key/update", `{"key":"sk-role-oth-00000000","rpm_limit":1}`, 403, `User can only create keys for themselves.`},
		{"POST", "/key/update", `{"key":"sk-role-plain-000000","rpm_limit":1}`, 401, `KeyManagementRoutes.KEY_UPDATE`},
		{"POST", "/key/update", `{"key":"sk-role-team-0000000","rpm_limit":1}`, 200, `"rpm_limit":1`},
		{"POST", "/key/generate", `{"key":"sk-role-mine-0000000","max_budget":5}`, 200, `"max_budget":5.0`},
		{"POST", "/key/update", `{"key":"sk-role-mine-0000000","rpm_limit":1}`, 200, `"rpm_limit":1`},
		{"POST", "/key/update", `{"key":"sk-role-mine-0000000","max_budget":9}`, 403, `(max_budget/spend)`},
		{"POST", "/key/block", `{"key":"sk-role-iu-00000000"}`, 403, `{"detail":{"error":"Only proxy admins, team admins, or org admins can call /key/block. user_role=internal_user, user_id=iu"}}`},
		{"POST", "/key/sk-role-iu-00000000/reset_spend", `{"reset_to":0}`, 403, `You must be a proxy admin or team admin to reset key spend`},
		{"POST", "/key/delete", `{"keys":["sk-role-oth-00000000"]}`, 403, `You are not authorized to delete this key`},
		{"POST", "/key/delete", `{"keys":["sk-role-mine-0000000"]}`, 200, `deleted_keys`},
		{"GET", "/user/list", "", 403, `{"detail":{"error":"Only proxy admins and organization admins can list users."}}`},
		{"GET", "/v2/user/info?user_id=oth", "", 404, `User not found: oth`},
		{"POST", "/user/update", `{"user_id":"iu"}`, 401, onlyAdmin + `/user/update. Your role=internal_user. Your user_id=**"`},
		{"GET", "/team/list", "", 401, `{"detail":{"error":"Only admin users can query all teams/other teams. Your user role=internal_user"}}`},
		{"GET", "/v2/team/list?user_id=iu", "", 200, `"total":2`},
		{"GET", "/team/info?team_id=foreign", "", 403, `{'error': 'User=iu not authorized to access this team=foreign'}`},
		{"GET", "/team/info?team_id=plain", "", 200, `"caller_edit_access":{"kind":"none"}`},
		{"GET", "/team/info?team_id=own", "", 200, `"caller_edit_access":{"kind":"team_admin_disabled"}`},
		{"POST", "/team/update", `{"team_id":"plain"}`, 403, `You do not have access to this team`},
		{"POST", "/team/update", `{"team_id":"own"}`, 403, `Team admins on this proxy cannot edit team settings.`},
		{"POST", "/team/block", `{"team_id":"own"}`, 401, onlyAdmin + `/team/block`},
		{"PATCH", "/team/own", `{}`, 401, onlyAdmin + `/team/own`},
		{"POST", "/team/member_add", `{"team_id":"plain","member":{"role":"user","user_id":"x"}}`, 403, `{"detail":{"error":"Call not allowed. User not proxy admin OR team admin. route=/team/member_add, team_id=plain"}}`},
		{"POST", "/team/member_add", `{"team_id":"own","member":{"role":"user","user_id":"x"}}`, 403, `Only proxy admins can add a user_id that does not exist yet: x.`},
		{"POST", "/team/member_add", `{"team_id":"own","member":{"role":"user","user_id":"oth"}}`, 200, `"updated_users":[{"user_id":"oth"`},
		{"POST", "/team/member_delete", `{"team_id":"own","user_id":"oth"}`, 200, `"team_id":"own"`},
		{"PATCH", "/credentials/x", `{"credential_info":{}}`, 401, onlyAdmin + `/credentials/x`},
		{"POST", "/management/v1/users/bulk", `{"users":[{}]}`, 401, onlyAdmin},
	}, "sk-role-iu-00000000")
	call(t, g, "POST", "/management/v1/users/bulk_delete", `{"user_ids":["x"]}`, "sk-role-iu-00000000").want(403).contains(`"detail":"Only PROXY_ADMIN or ORG_ADMIN users may delete users."`)
	run(t, g, []step{
		{"GET", "/key/info?key=sk-role-team-0000000", "", 200, `"key_alias":"team"`}, // no owner reads no owner's
		{"GET", "/key/info?key=sk-role-iu-00000000", "", 403, `not allowed to access this key's info`},
		{"GET", "/v2/user/info", "", 400, `user_id is required.`},
		{"GET", "/team/info?team_id=own", "", 403, `API key not authorized to access this team=own. No user_id or team_id associated with this key.`},
		{"GET", "/key/aliases", "", 401, onlyAdmin + `/key/aliases. Your role=unknown.`},
	}, "sk-role-none-0000000")
	run(t, g, []step{
		{"GET", "/key/list?user_id=oth", "", 200, `"total_count":1`},
		{"GET", "/user/list?user_ids=oth", "", 200, `"total":1`},
		{"GET", "/team/list?user_id=iu", "", 200, `"team_id":"own"`},
		{"POST", "/v2/key/info", `{"keys":["sk-role-oth-00000000"]}`, 200, `"key_alias":"oth"`},
		{"POST", "/key/block", `{"key":"x"}`, 403, `user not allowed to access this route, role= proxy_admin_viewer. Trying to access: /key/block"`},
		{"POST", "/user/update", `{"user_id":"x"}`, 403, `Trying to access: /user/update and updating invalid param: user_id. only user_email can be updated`},
		{"PATCH", "/team/own", `{}`, 403, `Trying to access: /team/own`},
	}, "sk-role-pv-00000000")
}

// TestAllowedRoutes: a group leaves the role in force, a path does not.
func TestAllowedRoutes(t *testing.T) {
	g := openTest(t, Options{})
	for _, kind := range []string{"llm_api", "read_only", "management"} {
		call(t, g, "POST", "/key/generate", `{"key":"sk-routes-`+kind+`-00","key_type":"`+kind+`"}`).want(200)
	}
	call(t, g, "POST", "/key/generate", `{"key":"sk-routes-own-000000","allowed_routes":["/team/*"]}`).want(200)
	for key, paths := range map[string]map[string]int{
		"sk-routes-llm_api-00":    {"/models": 200, "/key/info": 403, "/v2/model/info": 403},
		"sk-routes-read_only-00":  {"/models": 200, "/key/info": 200, "/key/list": 403, "/key/aliases": 403, "/credentials": 403},
		"sk-routes-management-00": {"/models": 403, "/key/info": 200, "/key/aliases": 401, "/team/available": 200},
		"sk-routes-own-000000":    {"/models": 403, "/key/info": 403, "/team/available": 200},
	} {
		for path, status := range paths {
			call(t, g, "GET", path, "", key).want(status)
		}
	}
	call(t, g, "GET", "/key/list", "", "sk-routes-llm_api-00").want(403).contains(`{"detail":"Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. Tried to call route: /key/list"}`)
	call(t, g, "POST", "/team/new", `{"team_id":"t"}`, "sk-routes-management-00").want(401)
	call(t, g, "POST", "/team/new", `{"team_id":"t"}`, "sk-routes-own-000000").want(200).contains(`"members_with_roles":[]`)
}
