package gateway

import "testing"

func TestTeams(t *testing.T) {
	g := openTest(t, Options{})
	run(t, g, []step{
		{"POST", "/team/new", `{"team_id":"t","team_alias":"core","max_budget":10,"metadata":{"m":1},"members_with_roles":[{"role":"user","user_id":"new"}]}`, 200, `"members_with_roles":[{"user_id":"new","user_email":null,"role":"user"},{"user_id":"default_user_id","user_email":null,"role":"admin"}]`},
		{"GET", "/v2/user/info?user_id=new", "", 200, `"user_role":"internal_user"`},
		{"GET", "/v2/user/info?user_id=default_user_id", "", 200, `"teams":["t"]`},
		{"POST", "/team/new", `{"team_id":"t"}`, 400, `{'error': 'Team id = t already exists. Please use a different team id.'}`},
		{"POST", "/team/new", `{"team_alias":"core","team_id":""}`, 200, `"team_alias":"core","team_id":"`},
		{"POST", "/team/new", `{"soft_budget":5,"max_budget":3}`, 400, `soft_budget (5.0) must be strictly lower than max_budget (3.0)`},
		{"GET", "/team/info?team_id=none", "", 404, `{"error":{"message":"{'message': 'Team not found, passed team id: none.'}","type":"auth_error","param":"None","code":"404"}}`},
		{"GET", "/team/info", "", 422, `{'message': 'Malformed request. No team id passed in.'}`},
		{"GET", "/v2/team/list?team_alias=COR", "", 200, `"total":2,"page":1,"page_size":10,"total_pages":1}`},
		{"GET", "/v2/team/list?team_id=t", "", 200, `"members_count":2,"keys_count":0,`},
		{"GET", "/v2/team/list?user_id=none", "", 404, `{"detail":{"error":"User not found, passed user_id=none"}}`},
		{"GET", "/team/list?user_id=none", "", 200, `[]`},
		{"GET", "/v2/team/list?sort_by=zz", "", 200, `"total":2`},
		{"GET", "/v2/team/list?status=active", "", 400, `Currently only 'deleted' is supported.`},
		{"GET", "/team/available", "", 200, `[]`},
		{"POST", "/team/update", `{"team_id":"t","max_budget":null,"metadata":{"z":1},"members_with_roles":[]}`, 200, `{"team_id":"t","data":{"team_id":"t","team_alias":"core","organization_id":null,"object_permission_id":null,"admins":[],"members":[],"members_with_roles":[{"role":"user","user_id":"new"`},
		{"POST", "/team/update", `{"team_id":"t","models":null}`, 500, "`data.models`: A value is required but not set"},
		{"POST", "/team/update", `{"team_id":"none"}`, 404, `{'error': 'Team not found, passed team_id=none'}`},
		{"POST", "/team/update", `{"team_id":"t","tags":["x"]}`, 403, `only available for LiteLLM Enterprise users. You must`},
		{"PATCH", "/team/t", `{"metadata":{"a":{"b":1},"z":null}}`, 200, `"metadata":{"a":{"b":1}}`},
		{"PATCH", "/team/t", `{"metadata":{"a":{"c":2}}}`, 200, `"metadata":{"a":{"b":1,"c":2}}`},
		{"PATCH", "/team/t", `{"team_id":"x"}`, 400, `team_id in body (x) does not match team_id in path (t)`},
		{"POST", "/key/generate", `{"key":"` + trapKey + `","team_id":"t"}`, 200, ``},
		{"POST", "/team/block", `{"team_id":"t"}`, 200, `"blocked":true`},
		{"POST", "/team/block", `{"team_id":"none"}`, 404, `{"detail":{"error":"Team not found, passed team_id=none"}}`},
	})
	call(t, g, "GET", "/models", "", trapKey).want(401).contains("Authentication Error, Team=t is blocked. Update via `/team/unblock` if you're an admin.")
	call(t, g, "POST", "/team/unblock", `{"team_id":"t"}`).want(200)
	call(t, g, "GET", "/models", "", trapKey).want(200)
	run(t, g, []step{
		{"POST", "/team/delete", `{"team_ids":["t","none"]}`, 404, `{"detail":{"error":"Team not found, passed team_id=none"}}`},
		{"POST", "/team/delete", `{"team_ids":[]}`, 200, `{"deleted_teams":[]}`},
		{"POST", "/team/delete", `{"team_ids":["t","t"]}`, 200, `{"deleted_teams":["t"]}`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"status":"deleted"`},
		{"GET", "/v2/user/info?user_id=new", "", 200, `"teams":[]`},
		{"GET", "/v2/team/list?status=deleted", "", 200, `"deleted_by":"default_user_id"`},
	})
}

func TestTeamMembers(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/team/new", `{"team_id":"t"}`).want(200)
	call(t, g, "POST", "/user/new", `{"user_id":"e","user_email":"E@x.org","auto_create_key":false}`).want(200)
	run(t, g, []step{
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"user","user_id":"a"},"max_budget_in_team":3}`, 200, `"updated_users":[{"user_id":"a","user_alias":null`},
		{"GET", "/v2/user/info?user_id=a", "", 200, `"teams":["t"]`},
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"user","user_id":"a"}}`, 400, `{"error":{"message":"User already in team. Member: user_id=a, user_email=None. Existing members=[Member(user_id='default_user_id', user_email=None, role='admin'), Member(user_id='a', user_email=None, role='user')]","type":"team_member_already_in_team","param":"member","code":"400"}}`},
		{"POST", "/team/member_add", `{"team_id":"t","member":[{"role":"user","user_id":"b"},{"role":"user","user_id":"a"}]}`, 200, `"updated_users":[{"user_id":"b"`},
		{"POST", "/team/member_add", `{"team_id":"t","member":[{"role":"user","user_id":"b"}]}`, 400, `All users are already in team.`},
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"user","user_email":"e@X.org"}}`, 200, `{"user_id":"e","user_email":"e@X.org","role":"user"}]`},
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"user","user_email":"E@x.org"}}`, 200, `"updated_users":[],"updated_team_memberships":[]}`},
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"admin","user_id":"x"}}`, 400, `{"detail":{"error":"Assigning team admins is a premium feature.`},
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"owner","user_id":"x"}}`, 422, `"loc":["body","role"]`},
		{"POST", "/team/member_add", `{"team_id":"t","member":{"role":"user"}}`, 422, `Either user id or user email must be provided`},
		{"POST", "/team/member_add", `{"team_id":"none","member":{"role":"user","user_id":"x"}}`, 404, `Team doesn't exist in db. Team=none.`},
		// Who is no member gets a membership, and is none.
		{"POST", "/team/member_update", `{"team_id":"t","user_id":"stranger","max_budget_in_team":4}`, 200, `{"user_id":"stranger","user_email":null,"team_id":"t","max_budget_in_team":4.0`},
		{"GET", "/v2/user/info?user_id=stranger", "", 404, `User not found: stranger`},
		{"GET", "/team/info?team_id=t", "", 200, `{"user_id":"stranger","team_id":"t","budget_id":"`},
		{"POST", "/team/member_delete", `{"team_id":"t","user_id":"stranger"}`, 400, `{"detail":{"error":"User not found in team"}}`},
		{"POST", "/team/member_update", `{"team_id":"t","user_id":"a","max_budget_in_team":null,"rpm_limit":2}`, 200, `"max_budget_in_team":null,"tpm_limit":null,"rpm_limit":2`},
		{"GET", "/team/info?team_id=t", "", 200, `"max_budget":null,"max_parallel_requests":null,"tpm_limit":null,"rpm_limit":2`},
		{"POST", "/team/member_update", `{"team_id":"t","user_email":"none@x.org"}`, 400, `User id doesn't exist in team table. Data=user_id=None user_email='none@x.org' team_id='t'`},
		{"POST", "/key/generate", `{"key":"` + trapKey + `","team_id":"t","user_id":"a"}`, 200, ``},
		{"POST", "/key/generate", `{"key":"sk-private-0000000001","user_id":"a"}`, 200, ``},
		{"POST", "/team/member_delete", `{"team_id":"t","user_id":"a"}`, 200, `"team_id":"t"`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"status":"deleted"`},
		{"GET", "/key/info?key=sk-private-0000000001", "", 200, `"status":"active"`},
		{"GET", "/v2/user/info?user_id=a", "", 200, `"teams":[]`},
		{"POST", "/team/member_delete", `{"team_id":"t","user_id":"a"}`, 400, `User not found in team`},
		{"POST", "/team/member_delete", `{"team_id":"none","user_id":"a"}`, 400, `Team id=none does not exist in db`},
		{"POST", "/team/member_delete", `{"team_id":"t"}`, 422, `Either user id or user email must be provided`},
	})
	var left int
	if err := g.db.QueryRowContext(t.Context(), `SELECT count(*) FROM budgets`).Scan(&left); err != nil || left != 2 {
		t.Errorf("%d budgets stayed, %v", left, err)
	}
}
