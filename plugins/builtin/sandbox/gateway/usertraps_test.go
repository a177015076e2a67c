package gateway

import "testing"

func TestUserCreation(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/team/new", `{"team_id":"t","team_alias":"core"}`).want(200)
	run(t, g, []step{
		{"POST", "/user/new", `{"user_id":"u","user_email":"A@x.org","teams":["t","none"],"max_budget":5,"budget_duration":"30d","models":["m"],"auto_create_key":false}`, 200, `"teams":["t"],"user_alias":null}`},
		{"POST", "/user/new", `{"user_id":"U","teams":["none"],"auto_create_key":false}`, 200, `"teams":[],"user_alias":null}`},
		{"POST", "/user/new", `{"user_id":"","auto_create_key":false}`, 200, `"user_id":""`},
		{"POST", "/user/new", `{"user_email":"a@X.ORG"}`, 409, `User with email A@x.org already exists`},
		{"POST", "/user/new", `{"user_id":"k","team_id":"t","max_budget":3,"duration":"1h","key_alias":"auto"}`, 200, `"token":null,"created_by":null,"updated_by":null`},
		{"GET", "/key/list?user_id=k&return_full_object=true", "", 200, `"max_budget":null`},
		{"GET", "/user/info?user_id=k", "", 200, `"team_alias":"core"}],"teams":[{"team_alias":"core","team_id":"t"`},
		{"GET", "/v2/user/info?user_id=u", "", 200, `{"user_id":"u","user_email":"A@x.org","user_alias":null,"user_role":null,"spend":0.0,"max_budget":5.0,"tpm_limit":null,"rpm_limit":null,"models":["m"],"budget_duration":"30d","budget_reset_at":"20`},
		{"GET", "/v2/user/info?user_id=none", "", 404, `{"error":{"message":"User not found: none","type":"internal_server_error","param":null,"code":"404"}}`},
		{"GET", "/team/info?team_id=t", "", 200, `{"user_id":"u","user_email":"A@x.org","role":"user","user_alias":null}`},
		{"POST", "/user/new", `{"teams":"x"}`, 422, `"loc":["body","teams","list[NewUserRequestTeam]"]`},
		{"POST", "/user/new", `{"budget_duration":"2mo"}`, 400, `Invalid budget_duration '2mo'`},
	})
}

// TestUserUpdate: what does not exist is created, by e-mail with a 400, and
// empty values and most nulls do nothing.
func TestUserUpdate(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/user/new", `{"user_id":"u","user_email":"A@x.org","models":["m"],"metadata":{"a":1},"max_budget":5,"rpm_limit":3,"user_alias":"al","auto_create_key":false}`).want(200)
	run(t, g, []step{
		{"POST", "/user/update", `{"user_id":"ghost","max_budget":1}`, 200, `{"user_id":"ghost","data":{"verified_subjects":null,"user_id":"ghost"`},
		{"GET", "/v2/user/info?user_id=ghost", "", 200, `"max_budget":1.0`},
		{"POST", "/user/update", `{"user_email":"a@x.org","max_budget":1}`, 400, `{"error":{"message":"Authentication Error, 'LiteLLM_UserTable' object has no attribute 'get'","type":"auth_error","param":"None","code":"400"}}`},
		{"GET", "/user/list?user_email=A@X.org", "", 200, `"total":2`},
		{"POST", "/user/update", `{"user_email":"A@x.org","spend":2}`, 200, `{"user_id":"u",`},
		{"POST", "/user/update", `{"user_id":"u","models":[],"metadata":{},"user_alias":null,"user_email":null}`, 200, `"user_email":"A@x.org","models":["m"],"metadata":{"a":1}`},
		{"POST", "/user/update", `{"user_id":"u","max_budget":null,"rpm_limit":null}`, 200, `"max_budget":null`},
		{"POST", "/user/update", `{"user_id":"u","metadata":{"b":1}}`, 200, `"metadata":{"b":1}`},
		{"POST", "/user/update", `{"user_id":"u","key_alias":"x"}`, 400, "Could not find field at `upsertOneLiteLLM_UserTable.create.key_alias`"},
		{"POST", "/user/update", `{"user_id":"ghost","user_email":"A@x.org"}`, 200, `"user_email":"A@x.org"`},
		{"POST", "/user/update", `{}`, 422, `Either user id or user email must be provided`},
		{"POST", "/user/update", `{"user_id":""}`, 400, `Either user_id or user_email must be provided`},
	})
}

func TestUserList(t *testing.T) {
	g := openTest(t, Options{})
	for _, b := range []string{`{"user_id":"bob","user_email":"Bob@x.org","user_role":"internal_user"}`, `{"user_id":"Bob2","user_email":"b_b@x.org","auto_create_key":false}`, `{"user_id":"eve","user_email":"bxb@x.org","auto_create_key":false}`} {
		call(t, g, "POST", "/user/new", b).want(200)
	}
	for query, total := range map[string]string{
		"user_ids=BOB": "2", "user_ids=bob,bob": "1", "user_ids=bob,none,%20eve%20": "2", "user_ids=b_b": "2", "user_ids=": "3", "user_ids=,": "0", "user_email=B_B@": "3", "role=internal_user": "1", "role=zz": "0", "user_id=bob": "3",
	} {
		call(t, g, "GET", "/user/list?"+query, "").want(200).contains(`"total":` + total + `,"page":1,"page_size":25,`)
	}
	run(t, g, []step{
		{"GET", "/user/list?user_ids=bob,bob", "", 200, `"key_count":1}],"total":1,"page":1,"page_size":25,"total_pages":1}`},
		{"GET", "/user/list?sort_by=zz", "", 400, `{"detail":{"error":"Invalid sort column. Must be one of: user_id, user_email, created_at, spend, user_alias, user_role"}}`},
		{"GET", "/user/list?sort_by=user_id&sort_order=zz", "", 400, `Invalid sort order.`},
		{"GET", "/user/list?sort_by=user_id&page_size=1", "", 200, `"user_id":"Bob2"`},
		{"GET", "/user/list?page_size=101", "", 422, `less_than_equal`},
	})
}

// TestUserDeletion: all or nothing, and the keys leave no trace.
func TestUserDeletion(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/team/new", `{"team_id":"t"}`).want(200)
	call(t, g, "POST", "/user/new", `{"user_id":"u","teams":["t"],"auto_create_key":false}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","user_id":"u"}`).want(200)
	run(t, g, []step{
		{"POST", "/user/delete", `{"user_ids":["u","none"]}`, 404, `{"detail":{"error":"User not found, passed user_id=none"}}`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"status":"active"`},
		{"POST", "/user/delete", `{"user_ids":["u","u"]}`, 200, `1`},
		{"GET", "/key/info?key=" + trapKey, "", 404, `Key not found in database`},
		{"GET", "/key/list?status=deleted", "", 200, `"total_count":0`},
		{"GET", "/v2/team/list", "", 200, `"members_with_roles":[{"user_id":"default_user_id","user_email":null,"role":"admin"}]`},
		{"POST", "/user/delete", `{}`, 422, `"loc":["body","user_ids"]`},
	})
}

func TestBulkUsers(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/user/new", `{"user_id":"old","auto_create_key":false}`).want(200)
	r := call(t, g, "POST", "/management/v1/users/bulk", `{"users":[{"user_id":"a"},{"user_id":"old"},{"user_id":"a"},{"user_id":"b","teams":["none"]},{"user_id":"c","auto_create_key":true}]}`).want(200)
	r.contains(`{"user_id":"a","user_email":null,"success":true,"teams":[],"key":null,"error":null}`, `"error":"User id=old already exists"`, `"error":"Duplicate user_id in request: a"`,
		`"error":"Team id=none does not exist"`, `"key":"sk-`, `"meta":{"total_requested":5,"created":2,"failed":3}}`)
	call(t, g, "GET", "/key/list", "").contains(`"total_count":1`)
	call(t, g, "POST", "/management/v1/users/bulk_delete", `{"user_ids":["a","none"]}`).want(200).contains(`{"user_id":"none","user_email":null,"success":false,"teams_removed":[],"error":"User id=none not found"}`)
	bad := call(t, g, "POST", "/management/v1/users/bulk", `{"users":[{"bogus":1}]}`).want(422).contains(`"detail":"users.0.bogus: Extra inputs are not permitted"`)
	if got := bad.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
}
