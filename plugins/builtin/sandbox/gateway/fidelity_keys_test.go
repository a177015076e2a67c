package gateway

// The exchanges about keys and users; as in fidelity_exchanges_test.go they
// build on one another, and the lists follow one another.

func patch(path, body string) exchange { return exchange{method: "PATCH", path: path, body: body} }

func remove(path string) exchange { return exchange{method: "DELETE", path: path} }

func (x exchange) among() exchange { x.mixed, x.shape = true, true; return x }

func (x exchange) unordered() exchange { x.mixed = true; return x }

// each posts every body to a path.
func each(path string, bodies ...string) []exchange {
	var out []exchange
	for _, b := range bodies {
		out = append(out, post(path, b))
	}
	return out
}

// reads gets every path.
func reads(paths ...string) []exchange {
	var out []exchange
	for _, p := range paths {
		out = append(out, read(p))
	}
	return out
}

// as is the list with another key.
func as(who string, list ...exchange) []exchange {
	for i := range list {
		list[i].as = who
	}
	return list
}

func concat(lists ...[]exchange) []exchange {
	var out []exchange
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

var keyExchanges = concat(
	each("/team/new", `{"team_id":"$-first"}`), each("/team/delete", `{"team_ids":["$-first"]}`), // makes the admin's own row
	each("/key/generate",
		`{"key":"sk-$-key-of-k1","key_alias":"$-k1","models":["mock-gpt"],"max_budget":5,"metadata":{"a":1},"duration":"1h","budget_duration":"30d","rpm_limit":60}`,
		`{"key":"sk-$-key-of-k1","key_alias":"$-fiction","max_budget":99}`,
		`{"budget_id":"$-none"}`, `{"duration":"30"}`, `{"duration":"abc"}`, `{"duration":"-1"}`, `{"duration":""}`, `{"duration":"99999999999999d"}`,
		`{"key_alias":"$-k2","duration":"30min"}`, `{"key_alias":"$-k3","duration":"1mo"}`, `{"key_alias":"$-k4","duration":"0s"}`,
		`{"budget_duration":"2mo"}`, `{"budget_duration":"abc"}`, `{"budget_duration":"30"}`, `{"budget_duration":"0d"}`, `{"budget_duration":"-1"}`,
		`{"key_alias":"$-k5","budget_duration":"2w"}`, `{"max_budget":-1}`, `{"max_budget":"NaN"}`, `{"max_budget":"inf"}`, `{"max_budget":"x"}`,
		`{"soft_budget":-1}`, `{"key_alias":"$-k6","tpm_limit":-1}`, `{"organization_id":"none"}`, `{"tags":["a"]}`, `{"guardrails":["a"]}`, `{"policies":["a"]}`,
		`{"prompts":["a"]}`, `{"allowed_passthrough_routes":["/x"]}`, `{"model_max_budget":{"a":{"budget_limit":1,"time_period":"1d"}}}`,
		`{"key_alias":"$-k7","permissions":{"a":true},"aliases":{"q":"mock-gpt"},"config":{"z":1},"blocked":false}`, `{"key_alias":"$-k8","tags":[]}`,
		"{\"key_alias\":\"a\\u0000b\"}", `{"key_alias":5}`, `{"models":"x"}`, `{"metadata":"x"}`, `{"blocked":"x"}`, `{"key_type":"zz"}`, `{"rpm_limit_type":"zz"}`,
		`{"key_alias":"$-k9","key_type":"llm_api"}`, `{"key_alias":"$-k10","key_type":"management"}`, `{"key_alias":"$-k11","soft_budget":1}`,
		`{"key_alias":"$-k12","enforced_params":["user"]}`, `{"key_alias":"$-k13","model_rpm_limit":{"mock-gpt":5},"rpm_limit_type":"dynamic"}`,
		`{"tpm_limit":99999999999999999999}`, `{"max_parallel_requests":99999999999}`, `{"key_alias":"$-k14","spend":3.5,"auto_rotate":true}`,
		`{"key_alias":"$-k15","key":"sk-$ with blanks 0000000"}`, `{"key_alias":"$-k16","team_id":"$-no-team","user_id":"$-no-user"}`,
		`{"key_alias":"$-k17","blocked":true,"allowed_routes":["/models"]}`, `{"key":5}`, `{"user_id":5,"tpm_limit":"x","max_budget":[]}`),
	reads("/key/info?key=sk-$-key-of-k1", "/key/info", "/key/info?key=", "/key/info?key=$-none", "/key/info?key_alias=$-k1"),
	as("k1", read("/key/info"), read("/key/list"), read("/user/info"), read("/v2/user/info")),
	each("/v2/key/info", `{"keys":["sk-$-key-of-k1","sk-none"]}`, `{"key_aliases":["$-k1","$-none"]}`, `{}`, `{"keys":[]}`, `[]`, `{"keys":"x"}`, `{"keys":["sk-none"]}`, ``),
	each("/key/update", `{}`, `{"key":"sk-$-key-of-k1"}`, `{"key":"sk-none","max_budget":1}`, `{"key_alias":"$-none"}`, `{"key_alias":"$-k2","max_budget":1}`,
		`{"key":"sk-$-key-of-k1","key_alias":"$-k2"}`, `{"key":"sk-$-key-of-k1","key_alias":"$-k1"}`, `{"key":"sk-$-key-of-k1","team_id":"$-none"}`,
		`{"key":"sk-$-key-of-k1","user_id":"$-nobody"}`, `{"key":"sk-$-key-of-k1","user_id":null}`, `{"key":"sk-$-key-of-k1","budget_id":"$-none"}`,
		`{"key":"sk-$-key-of-k1","organization_id":"none"}`, `{"key":"sk-$-key-of-k1","max_budget":null,"rpm_limit":null,"duration":null,"budget_duration":null,"team_id":null,"budget_id":null}`,
		`{"key":"sk-$-key-of-k1","models":null}`, `{"key":"sk-$-key-of-k1","spend":null}`, `{"key":"sk-$-key-of-k1","allowed_routes":null}`,
		`{"key":"sk-$-key-of-k1","duration":"0s"}`, `{"key":"sk-$-key-of-k1","duration":"-1"}`, `{"key":"sk-$-key-of-k1","duration":"abc"}`, `{"key":"sk-$-key-of-k1","duration":""}`,
		`{"key":"sk-$-key-of-k1","budget_duration":"2mo"}`, `{"key":"sk-$-key-of-k1","budget_duration":"7d","max_budget":3}`, `{"key":"sk-$-key-of-k1","max_budget":-2}`,
		`{"key":"sk-$-key-of-k1","tags":["x"]}`, `{"key":"sk-$-key-of-k1","metadata":{"b":2}}`, `{"key":"sk-$-key-of-k1","model_rpm_limit":{"z":1}}`,
		`{"key":"sk-$-key-of-k1","model_max_budget":{"a":{"budget_limit":1,"time_period":"1d"}}}`, `{"key":"sk-$-key-of-k1","spend":2}`,
		`{"key":"sk-$-key-of-k1","aliases":{"q":"mock-gpt"},"config":{"z":1},"permissions":{"p":1},"bogus":1}`, `{"key":"sk-$-key-of-k1","models":[],"key_type":"read_only"}`,
		`{"key":"sk-$-key-of-k1","blocked":true}`, `{"key":"sk-$-key-of-k1","blocked":null}`, `{"key":"","max_budget":1}`, `{"key":"sk-$-key-of-k1","temp_budget_increase":5}`,
		`{"key":"sk-$-key-of-k1","auto_rotate":null,"router_settings":null}`, `{"key":"sk-$-key-of-k1","router_settings":{},"auto_rotate":false}`),
	// a null in an object poisons the row
	each("/key/update", `{"key":"sk-$-key-of-k1","metadata":null}`),
	[]exchange{
		read("/models").by("k1"), read("/key/list?key_alias=$-k1&return_full_object=true"), read("/key/list?key_alias=$-k1"), read("/user/info"),
		read("/key/info?key=sk-$-key-of-k1"), post("/key/delete", `{"keys":["sk-$-key-of-k1"]}`), post("/key/delete", `{"key_aliases":["$-k1"]}`),
		post("/key/block", `{"key":"sk-$-key-of-k1"}`), post("/key/update", `{"key":"sk-$-key-of-k1","permissions":null,"config":null,"aliases":null,"budget_fallbacks":null}`),
		read("/models").by("k1"), post("/key/update", `{"key":"sk-$-key-of-k1","metadata":{},"permissions":{},"config":{},"aliases":{},"budget_fallbacks":{},"blocked":false}`),
	},
	each("/key/block", `{}`, `{"key":"x"}`, `{"key":"sk-none-0000000000"}`, `{"key":"sk-with blanks 0000000"}`, `{"key":5}`, `{"key":null}`, `{"key":"sk-"}`, `{"key":"sk-$-key-of-k1"}`, `{"key":"sk-$-key-of-k1"}`),
	[]exchange{read("/key/info?key=sk-$-key-of-k1"), read("/models").by("k1"), read("/key/list?status=revoked&key_alias=$-k1"), read("/key/list?status=active&key_alias=$-k1")},
	each("/key/unblock", `{"key":"sk-$-key-of-k1"}`, `{"key":"zz"}`, `{}`),
	each("/key/$-none/regenerate", `{}`, `{"max_budget":"x"}`, ``, `{`), each("/key/regenerate", `{"key":"sk-$-key-of-k1"}`, ``),
	each("/key/sk-$-key-of-k1/reset_spend", `{"reset_to":99}`, `{"reset_to":-1}`, `{}`, `{"reset_to":"x"}`, `{"reset_to":null}`, `{"reset_to":true}`, `{"reset_to":1}`, ``),
	each("/key/$-none/reset_spend", `{"reset_to":0}`),
)

var keyListExchanges = concat(
	reads("/key/list?status=zz", "/key/list?status=", "/key/list?expires=zz", "/key/list?sort_by=user_id", "/key/list?sort_by=", "/key/list?size=0", "/key/list?page=1.5",
		"/key/list?return_full_object=zz", "/key/list?substring_matching=zz", "/key/list?key_hash=zz", "/key/list?team_id=$-no-team", "/key/list?user_id=$-no-user",
		"/key/list?organization_id=zz", "/key/list?include_team_keys=true&user_id=$-nobody", "/key/list?include_created_by_keys=true&user_id=$-nobody",
		"/key/list?key_alias=$-k1&return_full_object=true", "/key/list?key_alias=$-k7&return_full_object=1", "/key/list?key_alias=$-k9&return_full_object=yes",
		"/key/list?key_alias=$-k11&return_full_object=true", "/key/list?key_alias=$-k13&return_full_object=true", "/key/list?key_alias=$-k14&return_full_object=true",
		"/key/list?key_alias=$-k5&return_full_object=true", "/key/list?key_alias=$-k17&return_full_object=true", "/key/list?key_alias=$-k7&expand=user", "/key/list?key_alias=$-k7&expand=zz",
		"/key/list?substring_matching=true&key_alias=$-K1&sort_by=key_alias&sort_order=asc", "/key/list?substring_matching=true&user_id=$-NO-U",
		"/key/list?substring_matching=true&key_alias=$-k&expires=expired", "/key/list?substring_matching=true&key_alias=$-k&status=expired",
		"/key/list?substring_matching=true&key_alias=$-k&status=revoked&return_full_object=true", "/key/list?substring_matching=true&key_alias=$-k&size=3&page=99",
		"/key/list?key_alias=$-k&project_id=x", "/key/list?search=$-K9", "/key/list?key_alias=$-k1&agent_id=x&access_group_id=y", "/key/list?key_alias=$-k1&bogus=1",
		"/key/aliases?search=$-k", "/key/aliases?search=$-k&size=2", "/key/aliases?search=$-k&size=2&page=50", "/key/aliases?size=101", "/key/aliases?page=0", "/key/aliases?search=$-none", "/key/aliases?team_id=$-no-team"),
	each("/key/delete", `{"keys":["sk-none"]}`, `{"keys":[]}`, `{"key_aliases":[]}`, `{"keys":"x"}`, `{"keys":[5]}`, `{"keys":null,"key_aliases":["$-none"]}`, `{"keys":["sk-none"],"key_aliases":["$-k2"]}`,
		`{"keys":["sk-$-key-of-k1","sk-$-key-of-k1","zz"],"key_aliases":["$-k2"]}`, `{"key_aliases":["$-k2","$-nope"]}`, `{"keys":["sk-$-key-of-k1"]}`),
	reads("/key/info?key=sk-$-key-of-k1", "/key/list?status=deleted&return_full_object=true&key_alias=$-k1", "/key/list?status=deleted&key_alias=$-k1"),
	[]exchange{read("/models").by("k1"), post("/v2/key/info", `{"keys":["sk-$-key-of-k1"]}`), post("/key/block", `{"key":"sk-$-key-of-k1"}`)},
	each("/key/generate", `{"key":"sk-$-key-of-k1","key_alias":"$-k1"}`), each("/key/delete", `{"keys":["sk-$-key-of-k1"]}`), reads("/key/list?status=deleted&key_alias=$-k1"),
	each("/key/delete", `{"key_aliases":["$-k3","$-k4","$-k5","$-k6","$-k7","$-k8","$-k9","$-k10","$-k11","$-k12","$-k13","$-k14","$-k15","$-k16","$-k17"]}`),
)

var userExchanges = concat(
	each("/team/new", `{"team_id":"$-ut","team_alias":"$-ut"}`),
	each("/user/new",
		`{"user_id":"$-u1","user_email":"A@$.org","user_role":"internal_user","teams":["$-ut","none"],"max_budget":5,"budget_duration":"30d","models":["mock-gpt"],"metadata":{"q":1},"rpm_limit":3,"auto_create_key":false,"user_alias":"al"}`,
		`{"user_id":"$-u2","key_alias":"$-uk","duration":"1h","models":["mock-gpt"],"max_budget":3,"budget_duration":"7d","team_id":"$-ut","tpm_limit":5,"metadata":{"a":1}}`,
		`{"user_id":"$-u3","teams":[{"team_id":"$-ut","max_budget_in_team":2,"user_role":"user"}],"auto_create_key":false}`,
		`{"user_id":"$-u4","key_alias":"$-uk","spend":2,"key":"sk-$-key-of-u4","blocked":true}`, `{"user_id":"$-u5","sso_user_id":"$-s","auto_create_key":false}`, `{"user_id":"$-u6","sso_user_id":"$-s","auto_create_key":false}`,
		`{"budget_duration":"2mo"}`, `{"user_id":"$-u7","max_budget":-1,"guardrails":["g"],"auto_create_key":false}`, `{"duration":"abc"}`, `{"teams":"x"}`, `{"teams":[5]}`, `{"models":"x"}`, `{"metadata":"x"}`, `{"user_email":5}`,
		`{"auto_create_key":"zz"}`, `{"user_role":"org_admin"}`, `{"model_max_budget":{"a":{"budget_limit":1,"time_period":"1d"}}}`),
	reads("/key/list?user_id=$-u2&return_full_object=true", "/key/list?user_id=$-u4&return_full_object=true", "/user/info?user_id=$-u1", "/user/info?user_id=$-u2", "/user/info?user_id=$-none",
		"/v2/user/info?user_id=$-u1", "/v2/user/info?user_id=$-u3", "/v2/user/info?user_id=$-none", "/team/info?team_id=$-ut"),
	each("/user/update", `{"user_id":"$-u1"}`, `{}`, `{"user_id":"$-u1","models":[],"metadata":{},"max_budget":null,"rpm_limit":null}`, `{"user_id":"$-u1","metadata":{"z":2}}`,
		`{"user_id":"$-new1","user_role":"internal_user"}`, `{"user_email":"A@$.org","max_budget":7}`, `{"user_email":"a@$.org","max_budget":7}`, `{"user_email":"zz@$.org"}`,
		`{"user_id":"$-u1","user_role":"zz"}`, `{"user_id":"$-u1","budget_duration":"abc"}`, `{"user_id":"$-u1","budget_duration":"7d"}`, `{"user_id":"$-u1","spend":3,"bogus":1}`,
		`{"user_id":"$-u1","models":["m2"]}`, `{"user_id":"$-u1","user_email":"zz@$.org"}`, `{"user_id":"$-u1","password":"x"}`, `{"user_id":"$-u1","tags":["x"],"teams":["q"]}`,
		`{"user_id":"$-u1","user_alias":"n2","tpm_limit":9}`, `{"user_id":"$-u1","user_alias":null,"user_role":null,"spend":null,"user_email":null}`, `{"user_id":""}`, `{"user_id":5}`, `[]`,
		`{"user_id":"$-u1","key_alias":"q"}`, `{"user_id":"$-u1","blocked":false}`, `{"user_id":"$-u1","duration":"1h"}`, `{"user_id":"$-u1","budget_duration":null}`, `{"user_id":"$-u1","max_budget":-1}`),
	reads("/user/list?user_email=@$&sort_by=user_id", "/user/list?user_ids=$-U", "/user/list?user_ids=$-u1,$-u1", "/user/list?user_ids=$-u1,$-none,%20$-u2", "/user/list?user_ids=,", "/user/list?role=zz",
		"/user/list?user_ids=$-u&role=internal_user", "/user/list?user_ids=$-u&sort_by=user_id&page_size=1", "/user/list?user_ids=$-u&sort_by=user_id&sort_order=desc&page_size=1",
		"/user/list?sort_by=zz", "/user/list?sort_by=", "/user/list?sort_by=user_id&sort_order=zz", "/user/list?team=$-ut", "/user/list?team=zz", "/user/list?page=0", "/user/list?page_size=101",
		"/user/list?user_ids=$-u&page=99", "/user/list?sso_user_ids=$-s", "/user/list?organization_ids=x", "/user/list?user_ids=$-u&sort_by=user_role&page_size=1", "/user/list?user_ids=$-u&sort_by=spend&sort_order=desc&page_size=1"),
	each("/user/delete", `{}`, `{"user_ids":null}`, `{"user_ids":[5]}`, `{"user_ids":["$-u1","$-none"]}`, `{"user_ids":["$-u1","$-u2","$-u1"]}`),
	reads("/team/info?team_id=$-ut", "/key/list?user_id=$-u2", "/key/list?status=deleted&user_id=$-u2", "/v2/user/info?user_id=$-u1"),
	each("/user/delete", `{"user_ids":["$-u3","$-u4","$-u5","$-u7","$-new1"]}`), each("/team/delete", `{"team_ids":["$-ut"]}`),
)
