package gateway

import "strings"

var teamExchanges = concat(
	each("/team/new", `{"team_id":"$-t1","team_alias":"$-al","max_budget":10,"metadata":{"m":1},"models":["mock-gpt"],"members_with_roles":[{"role":"user","user_id":"$-m0"}]}`,
		`{"team_id":"$-t2","team_alias":"$-al","budget_duration":"30d","tpm_limit":-1,"bogus":1}`, `{"team_id":"$-t1"}`, `{"team_alias":"$-x","organization_id":"zz"}`, `{"budget_duration":"2mo"}`, `{"max_budget":-1}`,
		`{"soft_budget":5,"max_budget":3}`, `{"soft_budget":-1}`, `{"models":"x"}`, `{"metadata":"x"}`, `{"team_alias":5}`, `{"team_id":5}`, `{"max_budget":"x"}`, `{"tags":["a"]}`, `{"guardrails":["a"]}`,
		`{"members_with_roles":[{"role":"owner","user_id":"q"}]}`, `{"members_with_roles":[{"role":"user"}]}`, `{"team_id":"$-t3","members_with_roles":[{"role":"admin","user_id":"$-adm"}],"blocked":true}`,
		`{"team_id":"$-t4","team_member_budget":4,"soft_budget":1}`, `[]`, `{`),
	reads("/team/info?team_id=$-t1", "/team/info?team_id=$-t3", "/team/info?team_id=$-t4", "/team/info", "/team/info?team_id=", "/team/info?team_id=$-none",
		"/team/list?user_id=$-none", "/team/list?user_id=$-m0", "/team/list?organization_id=zz", "/team/available",
		"/v2/team/list?team_id=$-t1", "/v2/team/list?team_alias=$-AL&sort_by=team_id", "/v2/team/list?team_id=$", "/v2/team/list?user_id=$-none", "/v2/team/list?user_id=$-m0", "/v2/team/list?team_id=$-t1&sort_by=zz",
		"/v2/team/list?team_alias=$-al&sort_by=team_id&sort_order=desc&page_size=1", "/v2/team/list?status=zz", "/v2/team/list?status=", "/v2/team/list?search=$-T1", "/v2/team/list?search=$-t1",
		"/v2/team/list?search=$-t&search_team_id_match=prefix&sort_by=team_id", "/v2/team/list?search_team_id_match=zz", "/v2/team/list?page_size=101", "/v2/team/list?page=0", "/v2/team/list?team_alias=$-al&page=99", "/v2/team/list?organization_id=zz"),
	[]exchange{read("/team/list").among(), read("/user/info").among()},
	each("/team/update", `{"team_id":"$-t1"}`, `{}`, `{"team_id":null}`, `{"team_id":5}`, `{"team_id":"$-none"}`, `{"team_id":"$-t1","max_budget":null,"team_alias":null,"tpm_limit":4}`, `{"team_id":"$-t1","models":null}`, `{"team_id":"$-t1","blocked":null}`,
		`{"team_id":"$-t1","metadata":null}`, `{"team_id":"$-t1","metadata":{"z":1},"members_with_roles":[{"role":"user","user_id":"q"}]}`, `{"team_id":"$-t1","budget_duration":"abc"}`, `{"team_id":"$-t1","budget_duration":"7d","max_budget":4}`,
		`{"team_id":"$-t1","budget_duration":null}`, `{"team_id":"$-t1","max_budget":-1}`, `{"team_id":"$-t1","soft_budget":9}`, `{"team_id":"$-t1","organization_id":"zz"}`, `{"team_id":"$-t1","organization_id":"","spend":4}`,
		`{"team_id":"$-t1","blocked":true}`, `{"team_id":"$-t1","blocked":false,"models":[]}`, `{"team_id":"$-t1","tags":["x"]}`, `{"team_id":"$-t1","router_settings":null}`, `[]`),
	[]exchange{
		patch("/team/$-t1", `{"metadata":{"a":1,"z":null}}`), patch("/team/$-t1", `{"metadata":{"q":{"a":1}}}`), patch("/team/$-t1", `{"metadata":{"q":{"b":1}}}`), patch("/team/$-t1", `{"metadata":null}`),
		patch("/team/$-t1", `{"team_id":"q"}`), patch("/team/$-t1", `{"team_id":"$-t1","max_budget":3,"bogus":1}`), patch("/team/$-none", `{}`), patch("/team/$-t1", `{}`), patch("/team/$-t1", ``),
		patch("/team/$-t1", `{"models":null}`), patch("/team/$-t1", `{"max_budget":null}`), patch("/team/$-t1", `{"max_budget":-1}`), patch("/team/$-t1", `{"tags":["x"]}`),
	},
	each("/team/block", `{}`, `{"team_id":"$-none"}`, `{"team_id":"$-t1"}`, `{"team_id":"$-t1"}`), each("/team/unblock", `{}`, `{"team_id":"$-none"}`, `{"team_id":"$-t1"}`),
	each("/key/generate", `{"key":"sk-$-key-of-blocked","key_alias":"$-tk3","team_id":"$-t3"}`), as("blocked", read("/models")),
	each("/team/delete", `{}`, `{"team_ids":"x"}`, `{"team_ids":["$-t1","$-none"]}`, `{"team_ids":[]}`, `{"team_ids":["$-t1","$-t1"]}`, `{"team_ids":["$-t3","$-t4"]}`),
	reads("/key/info?key=sk-$-key-of-blocked", "/v2/team/list?status=deleted&team_id=$-t1", "/team/info?team_id=$-t1", "/v2/user/info?user_id=$-m0"),
	as("blocked", read("/models")),
	each("/user/delete", `{"user_ids":["$-m0","$-adm"]}`),
)

var memberExchanges = concat(
	each("/user/new", `{"user_id":"$-e1","user_email":"E1@$.org","auto_create_key":false}`),
	each("/team/member_add",
		`{"team_id":"$-t2","member":{"role":"user","user_id":"$-m1"},"max_budget_in_team":3}`, `{"team_id":"$-t2","member":{"role":"user","user_id":"$-m1"}}`,
		`{"team_id":"$-t2","member":[{"role":"user","user_id":"$-m2"},{"role":"user","user_id":"$-m1"}]}`, `{"team_id":"$-t2","member":[{"role":"user","user_id":"$-m2"}]}`,
		`{"team_id":"$-t2","member":{"role":"user","user_email":"e1@$.org"}}`, `{"team_id":"$-t2","member":{"role":"user","user_email":"E1@$.org"}}`, `{"team_id":"$-t2","member":{"role":"user","user_id":"$-e1"}}`,
		`{"team_id":"$-t2","member":{"role":"user","user_email":"new@$.org"}}`, `{"team_id":"$-none","member":{"role":"user","user_id":"q"}}`, `{"team_id":"$-t2","member":{"role":"admin","user_id":"q"}}`,
		`{"team_id":"$-t2","member":{"role":"owner","user_id":"q"}}`, `{"team_id":"$-t2","member":{"role":"user"}}`, `{"team_id":"$-t2"}`, `{"member":{"role":"user","user_id":"q"}}`, `{}`, `{"team_id":"$-t2","member":[]}`,
		`{"team_id":"$-t2","member":"x"}`, `{"team_id":"$-t2","member":{"role":"user","user_id":"q"},"max_budget_in_team":"x"}`, `{"team_id":"$-t2","member":{"user_id":"q"}}`, `{"team_id":"$-t2","member":{"role":"user","user_id":"$-m3"},"max_budget_in_team":-1}`,
		`{"team_id":"$-t2","member":[{"role":"owner","user_id":"q"},{"role":"user"}]}`),
	reads("/team/info?team_id=$-t2", "/v2/user/info?user_id=$-m1", "/v2/user/info?user_id=$-e1"),
	each("/team/member_update", `{"team_id":"$-t2","user_id":"$-m1","max_budget_in_team":5}`, `{"team_id":"$-t2","user_id":"$-stranger","max_budget_in_team":4}`, `{"team_id":"$-t2","user_id":"$-stranger2"}`, `{"team_id":"$-none","user_id":"q"}`,
		`{"team_id":"$-t2"}`, `{}`, `{"team_id":"$-t2","user_id":"$-m1","role":"admin"}`, `{"team_id":"$-t2","user_id":"$-m1","role":"user","tpm_limit":4,"rpm_limit":3,"budget_duration":"7d"}`,
		`{"team_id":"$-t2","user_email":"none@$.org","max_budget_in_team":1}`, `{"team_id":"$-t2","user_email":"e1@$.org","max_budget_in_team":1}`, `{"team_id":"$-t2","user_id":"$-m1","role":"owner"}`, `{"team_id":"$-t2","user_id":"$-m1","budget_duration":"abc"}`,
		`{"team_id":"$-t2","user_id":"$-m1","max_budget_in_team":null}`),
	[]exchange{read("/team/info?team_id=$-t2").unordered(), read("/v2/user/info?user_id=$-stranger")},
	each("/key/generate", `{"key":"sk-$-key-of-m1","user_id":"$-m1","team_id":"$-t2","key_alias":"$-mk1"}`, `{"key":"sk-$-key-of-m1b","user_id":"$-m1","key_alias":"$-mk2"}`),
	as("m1", read("/team/info?team_id=$-t2").unordered(), read("/key/list?include_team_keys=true"), read("/user/info"), read("/key/aliases")),
	each("/team/member_delete", `{}`, `{"team_id":"$-t2"}`, `{"team_id":"$-none","user_id":"q"}`, `{"team_id":"$-t2","user_id":"zz"}`, `{"team_id":"$-t2","user_id":"$-stranger"}`, `{"team_id":"$-t2","user_id":"$-m1"}`, `{"team_id":"$-t2","user_id":"$-m1"}`,
		`{"team_id":"$-t2","user_email":"e1@$.org"}`, `{"team_id":"$-t2","user_email":"zz"}`),
	reads("/key/info?key=sk-$-key-of-m1", "/key/info?key=sk-$-key-of-m1b", "/v2/user/info?user_id=$-m1"), []exchange{read("/team/info?team_id=$-t2").unordered()},
	each("/team/delete", `{"team_ids":["$-t2"]}`), each("/user/delete", `{"user_ids":["$-m1","$-m2","$-m3","$-e1"]}`),
)

var credentialExchanges = concat(
	each("/credentials",
		`{"credential_name":"$-cr","credential_values":{"api_key":"sk-abcdefghijkl","api_base":"http://x","vertex_credentials":"abcdefgh","Authorization":"abcdefg","my_Token":"12345","password":"abcdefgh","aws_region":5,"nested":{"api_key":"abcdefg"}},"credential_info":{"p":"openai","description":"d"}}`,
		`{"credential_name":"$-cr","credential_values":{"a":"b"},"credential_info":{}}`, `{"credential_name":"q","credential_values":{},"credential_info":{}}`, `{"credential_name":"q","credential_values":"x","credential_info":"x"}`,
		`{"credential_name":"q","credential_values":null,"credential_info":{}}`, `{"credential_values":{"a":"b"}}`, `{"credential_name":5,"credential_values":{"a":"b"},"credential_info":{}}`, `{"credential_name":"q","model_id":"$-none","credential_info":{}}`,
		`{"credential_name":"$-cr2","display_name":"N","credential_info":{},"credential_values":{"a":"b","short_key":"abcd","n_key":5,"empty_key":""}}`),
	reads("/credentials/by_name/$-cr", "/credentials/by_name/$-cr2"),
	[]exchange{
		patch("/credentials/$-cr", `{"credential_values":{"api_base":"y","new_key":"abcdefgh"},"credential_info":{}}`), patch("/credentials/$-cr", `{"credential_values":{},"credential_info":{"q":"r","description":null}}`),
		read("/credentials/by_name/$-cr"), patch("/credentials/$-cr", `{}`), patch("/credentials/$-cr", `{"credential_info":{"a":1}}`), patch("/credentials/$-cr", `{"credential_values":{"a":"b"}}`),
		patch("/credentials/$-cr", `{"credential_name":"$-cr","credential_info":{}}`), patch("/credentials/$-cr", `{"credential_name":"other","credential_info":{}}`), patch("/credentials/$-cr", `{"credential_name":null,"credential_info":{}}`),
		patch("/credentials/$-cr", `{"credential_info":"x"}`), patch("/credentials/$-cr", `{"credential_info":{},"credential_values":"x"}`), patch("/credentials/$-cr", `{"credential_info":null}`), patch("/credentials/$-cr", `{"credential_info":{},"display_name":"Nice"}`),
		read("/credentials/by_name/$-cr"), patch("/credentials/$-cr", `{"credential_info":{},"display_name":null}`), patch("/credentials/$-cr", `{"credential_info":{},"display_name":5}`), read("/credentials/by_name/$-cr"),
		patch("/credentials/$-none", `{"credential_info":{}}`), patch("/credentials/$-none", `{"credential_name":"zz","credential_info":{}}`), patch("/credentials/$-cr", ``), patch("/credentials/$-cr", `[]`),
		remove("/credentials/$-cr"), remove("/credentials/$-cr2"), remove("/credentials/$-cr"),
	},
)

var budgetExchanges = concat(
	[]exchange{post("/model/new", `{"model_name":"$-bm","litellm_params":{"model":"openai/gpt-4o-mini","mock_response":"Hello"},"model_info":{"id":"$-bid"}}`).among(), post("/model/new", `{"model_name":"$-bm2","litellm_params":{"model":"openai/gpt-4o-mini","mock_response":"Hello"},"model_info":{"id":"$-bid2"}}`).among()},
	each("/user/new", `{"user_id":"$-b-u","max_budget":0,"auto_create_key":false}`, `{"user_id":"$-b-r","rpm_limit":1,"auto_create_key":false}`, `{"user_id":"$-b-m","models":["$-bm2"],"auto_create_key":false}`),
	each("/team/new", `{"team_id":"$-b-t","max_budget":0}`, `{"team_id":"$-b-r","rpm_limit":1}`, `{"team_id":"$-b-m","models":["$-bm2"]}`, `{"team_id":"$-b-x","blocked":true}`, `{"team_id":"$-b-mem","members_with_roles":[{"role":"user","user_id":"$-b-u"}]}`),
	each("/team/member_update", `{"team_id":"$-b-mem","user_id":"$-b-u","max_budget_in_team":0}`), []exchange{read("/team/info?team_id=$-b-mem").unordered()},
	each("/key/generate", `{"key":"sk-$-key-of-b0","key_alias":"$-b0","max_budget":0}`, `{"key":"sk-$-key-of-b1","key_alias":"$-b1","user_id":"$-b-u"}`, `{"key":"sk-$-key-of-b2","key_alias":"$-b2","team_id":"$-b-t"}`, `{"key":"sk-$-key-of-b3","key_alias":"$-b3","rpm_limit":1}`,
		`{"key":"sk-$-key-of-b4","key_alias":"$-b4","tpm_limit":1}`, `{"key":"sk-$-key-of-b5","key_alias":"$-b5","max_parallel_requests":0}`, `{"key":"sk-$-key-of-b6","key_alias":"$-b6","rpm_limit":0}`, `{"key":"sk-$-key-of-b7","key_alias":"$-b7","user_id":"$-b-r"}`,
		`{"key":"sk-$-key-of-b8","key_alias":"$-b8","team_id":"$-b-r"}`, `{"key":"sk-$-key-of-b9","key_alias":"$-b9","team_id":"$-b-m"}`, `{"key":"sk-$-key-of-b10","key_alias":"$-b10","user_id":"$-b-m"}`, `{"key":"sk-$-key-of-b11","key_alias":"$-b11","models":["$-bm2"],"max_budget":0}`,
		`{"key":"sk-$-key-of-b12","key_alias":"$-b12","team_id":"$-b-x"}`, `{"key":"sk-$-key-of-b13","key_alias":"$-b13","team_id":"$-b-mem","user_id":"$-b-u"}`, `{"key":"sk-$-key-of-b14","key_alias":"$-b14","enforced_params":["user"]}`,
		`{"key":"sk-$-key-of-b15","key_alias":"$-b15","model_rpm_limit":{"$-bm":1}}`, `{"key":"sk-$-key-of-b16","key_alias":"$-b16","team_id":"$-b-t","user_id":"$-b-u"}`, `{"key":"sk-$-key-of-b17","key_alias":"$-b17","max_budget":5}`,
		`{"key":"sk-$-key-of-b18","key_alias":"$-b18","team_id":"$-b-m","models":["$-bm"]}`, `{"key":"sk-$-key-of-b19","key_alias":"$-b19","team_id":"$-b-m","models":["all-team-models"]}`, `{"key":"sk-$-key-of-b20","key_alias":"$-b20","models":["no-default-models"]}`,
		`{"key":"sk-$-key-of-b21","key_alias":"$-b21","models":["all-proxy-models"],"duration":"0s"}`, `{"key":"sk-$-key-of-b22","key_alias":"$-b22","aliases":{"x":"y"},"blocked":true}`),
	as("b2", post("/v1/chat/completions", `{"model":"$-bm",`+hello+`}`)), // what comes later depends on when the cost arrives
	asEach([]string{"b0", "b1", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11", "b12", "b13", "b14", "b15", "b17", "b18", "b19", "b20", "b21", "b22"}, []exchange{
		post("/v1/chat/completions", `{"model":"$-bm",`+hello+`}`), post("/v1/chat/completions", `{"model":"$-bm",`+hello+`}`), post("/chat/completions", `{"model":"$-none",`+hello+`}`), post("/chat/completions", `{"model":"$-bm","stream":true,`+hello+`}`), post("/chat/completions", `{"model":"$-bm"}`),
		read("/models?return_wildcard_routes=false").among(), read("/key/info").among(),
	}),
	each("/key/delete", `{"key_aliases":["$-b0","$-b1","$-b2","$-b3","$-b4","$-b5","$-b6","$-b7","$-b8","$-b9","$-b10","$-b11","$-b12","$-b13","$-b14","$-b15","$-b16","$-b17","$-b18","$-b19","$-b20","$-b21","$-b22"]}`),
	each("/team/delete", `{"team_ids":["$-b-t","$-b-r","$-b-m","$-b-x","$-b-mem"]}`), each("/user/delete", `{"user_ids":["$-b-u","$-b-r","$-b-m"]}`), each("/model/delete", `{"id":"$-bid"}`, `{"id":"$-bid2"}`),
)

var bulkExchanges = concat(
	each("/team/new", `{"team_id":"$-q-t"}`), each("/user/new", `{"user_id":"$-q0","auto_create_key":false}`),
	each("/management/v1/users/bulk", `{"users":[{"user_id":"$-q1"},{"user_id":"$-q0"},{"user_id":"$-q1"},{"user_id":"$-q2","teams":["$-none"]},{"user_id":"$-q3","teams":["$-q-t"],"auto_create_key":true,"user_email":"q3@$.org"},{"user_id":"$-q4","user_email":"q3@$.org"},{"user_id":"$-q5","budget_duration":"2mo"},{"user_id":"$-q6","teams":[{"team_id":"$-q-t","max_budget_in_team":1}],"user_role":"internal_user","max_budget":-1}]}`,
		`{}`, `{"users":[]}`, `{"users":[{"user_id":"z","bogus":1}]}`, `{"users":[],"z":1}`, `[]`, `{"users":"x"}`, `{"users":[{"user_role":"x"}]}`, `{`, `{"users":[{"user_email":"Q3@$.org","user_id":"$-q7"}]}`),
	reads("/v2/user/info?user_id=$-q3", "/v2/user/info?user_id=$-q6", "/key/list?user_id=$-q3&return_full_object=true", "/team/info?team_id=$-q-t"),
	each("/management/v1/users/bulk_delete", `{"user_ids":["$-q1","$-none","$-q1","$-q3"]}`, `{}`, `{"user_ids":[]}`, `{"user_ids":"x"}`, `{"user_ids":["a"],"z":1}`, `[]`, `{"user_ids":["$-none"]}`, `{"user_ids":[5]}`),
	reads("/key/list?user_id=$-q3", "/management/v1/users"), each("/management/v1/users", `{}`),
	each("/team/delete", `{"team_ids":["$-q-t"]}`), each("/user/delete", `{"user_ids":["$-q0","$-q6"]}`),
)

// roleExchanges asks every route with the keys of all roles. It comes after the
// removal of the users of fidelityExchanges and makes its own.
var roleExchanges = concat(
	each("/user/new", `{"user_id":"$-r-iu","user_role":"internal_user","auto_create_key":false}`, `{"user_id":"$-r-iv","user_role":"internal_user_viewer","auto_create_key":false}`,
		`{"user_id":"$-r-pv","user_role":"proxy_admin_viewer","auto_create_key":false}`, `{"user_id":"$-r-nr","auto_create_key":false}`, `{"user_id":"$-r-oth","auto_create_key":false}`),
	each("/key/generate", `{"key":"sk-$-key-of-r-iu","key_alias":"$-r-iu","user_id":"$-r-iu"}`, `{"key":"sk-$-key-of-r-iv","key_alias":"$-r-iv","user_id":"$-r-iv"}`, `{"key":"sk-$-key-of-r-pv","key_alias":"$-r-pv","user_id":"$-r-pv"}`,
		`{"key":"sk-$-key-of-r-nr","key_alias":"$-r-nr","user_id":"$-r-nr"}`, `{"key":"sk-$-key-of-r-oth","key_alias":"$-r-oth","user_id":"$-r-oth"}`, `{"key":"sk-$-key-of-r-nobody","key_alias":"$-r-nobody"}`,
		`{"key":"sk-$-key-of-r-llm","key_alias":"$-r-llm","user_id":"$-r-iu","key_type":"llm_api"}`, `{"key":"sk-$-key-of-r-man","key_alias":"$-r-man","user_id":"$-r-iu","key_type":"management"}`,
		`{"key":"sk-$-key-of-r-ro","key_alias":"$-r-ro","user_id":"$-r-iu","key_type":"read_only"}`, `{"key":"sk-$-key-of-r-own","key_alias":"$-r-own","allowed_routes":["/key/info","/team/*","/chat/completions"]}`),
	each("/team/new", `{"team_id":"$-r-t1","members_with_roles":[{"role":"user","user_id":"$-r-iu"}]}`, `{"team_id":"$-r-t2"}`, `{"team_id":"$-r-t3","members_with_roles":[{"role":"admin","user_id":"$-r-iu"}]}`),
	each("/key/generate", `{"key":"sk-$-key-of-r-t1","key_alias":"$-r-t1","team_id":"$-r-t1"}`, `{"key":"sk-$-key-of-r-t3","key_alias":"$-r-t3","team_id":"$-r-t3"}`),
	asEach([]string{"r-iu", "r-iv", "r-nr", "r-nobody", "r-llm", "r-man", "r-ro", "r-own", "r-t1"}, roleCalls),
	asEach([]string{"r-pv"}, viewerCalls),
	each("/team/delete", `{"team_ids":["$-r-t1","$-r-t2","$-r-t3"]}`), each("/user/delete", `{"user_ids":["$-r-iu","$-r-iv","$-r-pv","$-r-nr","$-r-oth"]}`), each("/key/delete", `{"key_aliases":["$-r-nobody","$-r-own"]}`),
)

// asEach repeats a list with several keys; ME in it is who asks.
func asEach(keys []string, list []exchange) []exchange {
	var out []exchange
	for _, key := range keys {
		for _, x := range list {
			x.as = key
			x.path, x.body = strings.ReplaceAll(x.path, "ME", key), strings.ReplaceAll(x.body, "ME", key)
			out = append(out, x)
		}
	}
	return out
}

var roleCalls = concat(
	reads("/key/list", "/key/list?key_alias=$-r-oth", "/key/list?user_id=$-r-oth", "/key/list?user_id=$-ME", "/key/list?team_id=$-r-t1", "/key/list?team_id=$-r-t2", "/key/list?organization_id=q", "/key/list?key_hash=zz",
		"/key/list?include_team_keys=true", "/key/list?include_created_by_keys=true", "/key/list?sort_by=zz", "/key/list?status=zz", "/key/list?substring_matching=true&key_alias=$-r",
		"/key/info?key=sk-$-key-of-r-oth", "/key/info?key=zz", "/key/info?key=sk-$-key-of-r-t3", "/key/info?key=sk-$-key-of-r-t1", "/key/info", "/key/aliases"),
	each("/v2/key/info", `{"keys":["sk-$-key-of-r-oth"]}`, `{"keys":["sk-$-key-of-ME","sk-$-key-of-r-oth"]}`),
	each("/key/generate", `{"team_id":"zz"}`, `{"team_id":"$-r-t2"}`, `{"team_id":"$-r-t1"}`, `{"user_id":"$-r-oth"}`, `{"allowed_routes":["x"]}`, `{"permissions":{}}`, `{"key_type":"management"}`, `{"team_id":"$-r-t3","user_id":"$-r-oth"}`, `{"tags":["a"]}`, `{"max_budget":-5}`,
		`{"key":"sk-$-key-of-r-oth","key_alias":"$-g-ME"}`, `{"key":"sk-$-key-of-g-ME","key_alias":"$-g-ME","max_budget":5}`, `{"team_id":"$-r-t3","key":"sk-$-key-of-h-ME","key_alias":"$-h-ME"}`),
	each("/key/update", `{"key":"sk-$-key-of-ME","key_alias":"$-ME"}`, `{"key":"sk-$-key-of-ME","max_budget":9}`, `{"key":"sk-$-key-of-r-oth","key_alias":"q"}`, `{"key":"zz","key_alias":"q"}`, `{"key":"sk-$-key-of-ME","user_id":"$-r-oth"}`, `{"key":"sk-$-key-of-ME","user_id":null}`,
		`{"key":"sk-$-key-of-ME","team_id":"zz"}`, `{"key":"sk-$-key-of-ME","allowed_routes":["a"]}`, `{"key":"sk-$-key-of-ME","permissions":{}}`, `{"key":"sk-$-key-of-r-t1","key_alias":"qq"}`, `{"key":"sk-$-key-of-r-t3","metadata":{"a":1}}`, `{}`, `{"key":"sk-$-key-of-g-ME","metadata":{"z":1}}`, `{"key":"sk-$-key-of-g-ME","max_budget":1}`),
	each("/key/block", `{"key":"sk-$-key-of-r-oth"}`, `{"key":"sk-none-00000000000"}`, `{"key":"x"}`, `{"key":"sk-$-key-of-r-t3"}`), each("/key/unblock", `{"key":"sk-$-key-of-r-oth"}`, `{"key":"sk-$-key-of-r-t3"}`),
	each("/key/sk-$-key-of-r-oth/reset_spend", `{"reset_to":0}`), each("/key/zz/reset_spend", `{"reset_to":0}`), each("/key/zz/regenerate", `{}`),
	each("/key/delete", `{"keys":["sk-$-key-of-r-oth"]}`, `{"keys":["zz"]}`, `{"key_aliases":["$-r-oth"]}`, `{"keys":["sk-$-key-of-r-t1"]}`, `{"keys":["sk-$-key-of-g-ME"]}`, `{"keys":["sk-$-key-of-h-ME"]}`),
	reads("/user/list", "/user/info?user_id=$-r-oth", "/user/info?user_id=zz", "/v2/user/info?user_id=$-r-oth", "/v2/user/info?user_id=zz", "/v2/user/info"),
	[]exchange{read("/user/info").unordered(), read("/team/list?user_id=$-ME").unordered()},
	each("/user/new", `{"user_id":"$-z"}`), each("/user/update", `{"user_id":"$-ME","user_alias":"q"}`), each("/user/delete", `{"user_ids":["zz"]}`), each("/management/v1/users/bulk", `{"users":[{}]}`), each("/management/v1/users/bulk_delete", `{"user_ids":["zz"]}`),
	reads("/team/info?team_id=$-r-t1", "/team/info?team_id=$-r-t2", "/team/info?team_id=zz", "/team/info", "/team/list", "/team/list?user_id=$-r-oth", "/v2/team/list", "/v2/team/list?user_id=$-ME", "/v2/team/list?user_id=$-r-oth", "/v2/team/list?team_id=$-r-t2", "/team/available"),
	each("/team/update", `{"team_id":"$-r-t1","team_alias":"q"}`, `{"team_id":"$-r-t2","team_alias":"q"}`, `{"team_id":"$-r-t3","team_alias":"q"}`, `{"team_id":"zz"}`), []exchange{patch("/team/$-r-t2", `{"team_alias":"q"}`), patch("/team/zz", `{}`)},
	each("/team/block", `{"team_id":"zz"}`), each("/team/unblock", `{"team_id":"zz"}`), each("/team/delete", `{"team_ids":["zz"]}`),
	each("/team/member_add", `{"team_id":"$-r-t2","member":{"role":"user","user_id":"$-q"}}`, `{"team_id":"$-r-t1","member":{"role":"user","user_id":"$-q"}}`, `{"team_id":"$-r-t3","member":{"role":"user","user_id":"$-r-oth"}}`, `{"team_id":"$-r-t3","member":{"role":"user","user_id":"$-qnew"}}`, `{"team_id":"zz","member":{"role":"user","user_id":"$-q"}}`),
	each("/team/member_update", `{"team_id":"$-r-t2","user_id":"$-q","max_budget_in_team":1}`, `{"team_id":"$-r-t3","user_id":"$-r-oth","max_budget_in_team":1}`, `{"team_id":"zz","user_id":"$-q"}`),
	[]exchange{read("/team/info?team_id=$-r-t3").unordered()},
	each("/team/member_delete", `{"team_id":"$-r-t2","user_id":"$-q"}`, `{"team_id":"$-r-t3","user_id":"$-r-oth"}`, `{"team_id":"zz","user_id":"$-q"}`),
	each("/credentials", `{"credential_name":"q","credential_values":{"a":"b"},"credential_info":{}}`), []exchange{patch("/credentials/q", `{"credential_info":{}}`), remove("/credentials/q"), read("/credentials"), read("/models"), read("/models/mock-gpt"), read("/model/info?litellm_model_id=none"), read("/v2/model/info?modelId=none"), read("/health/readiness/details")},
)

var viewerCalls = concat(
	reads("/key/list?key_alias=$-r-oth", "/key/list?user_id=$-r-oth", "/key/list?team_id=$-r-t1", "/key/list?key_hash=zz", "/key/list?organization_id=q", "/key/list?substring_matching=true&key_alias=$-R-o", "/key/info?key=sk-$-key-of-r-oth", "/key/info?key=zz", "/key/info", "/key/aliases?search=$-r"),
	each("/v2/key/info", `{"keys":["sk-$-key-of-r-oth"]}`), reads("/user/list?user_ids=$-r-oth", "/user/info?user_id=$-r-oth", "/user/info?user_id=zz", "/v2/user/info?user_id=$-r-oth", "/v2/user/info", "/team/info?team_id=$-r-t2", "/team/list?user_id=$-r-oth", "/v2/team/list?team_id=$-r-t2", "/team/available"), []exchange{read("/team/list?user_id=$-r-iu").unordered()},
	each("/key/generate", `{}`), each("/key/update", `{"key":"zz"}`), each("/key/delete", `{"keys":["zz"]}`), each("/key/block", `{"key":"zz"}`), each("/key/regenerate", `{}`), each("/key/zz/reset_spend", `{"reset_to":0}`),
	each("/user/new", `{}`), each("/user/update", `{"user_id":"q"}`), each("/user/delete", `{"user_ids":[]}`), each("/management/v1/users/bulk", `{"users":[{}]}`), each("/management/v1/users/bulk_delete", `{"user_ids":["zz"]}`),
	each("/team/new", `{}`), each("/team/update", `{"team_id":"zz"}`), each("/team/delete", `{"team_ids":[]}`), each("/team/block", `{"team_id":"zz"}`), each("/team/member_add", `{}`), each("/team/member_update", `{}`), each("/team/member_delete", `{}`),
	each("/credentials", `{}`), []exchange{patch("/team/zz", `{}`), patch("/credentials/q", `{}`), remove("/credentials/q")},
)

var managementCleanup = concat(
	[]exchange{{method: "DELETE", path: "/credentials/$-cr", body: "{}"}, {method: "DELETE", path: "/credentials/$-cr2", body: "{}"}},
	each("/key/update", `{"key":"sk-$-key-of-k1","metadata":{},"permissions":{},"config":{},"aliases":{},"budget_fallbacks":{}}`),
	each("/team/delete", `{"team_ids":["$-ut"]}`, `{"team_ids":["$-t1"]}`, `{"team_ids":["$-t2"]}`, `{"team_ids":["$-t3"]}`, `{"team_ids":["$-t4"]}`),
	each("/user/delete", `{"user_ids":["$-u1"]}`, `{"user_ids":["$-u2"]}`, `{"user_ids":["$-u3"]}`, `{"user_ids":["$-u4"]}`, `{"user_ids":["$-u5"]}`, `{"user_ids":["$-u7"]}`, `{"user_ids":["$-new1"]}`,
		`{"user_ids":["$-m0"]}`, `{"user_ids":["$-m1"]}`, `{"user_ids":["$-m2"]}`, `{"user_ids":["$-m3"]}`, `{"user_ids":["$-e1"]}`, `{"user_ids":["$-adm"]}`),
	each("/key/delete", `{"key_aliases":["$-k1","$-k2","$-k3","$-k4","$-k5","$-k6","$-k7","$-k8","$-k9","$-k10","$-k11","$-k12","$-k13","$-k14","$-k15","$-k16","$-k17","$-mk2","$-tk3","$-uk","$-r-nobody","$-r-own","$-r-t1","$-r-t3"]}`),
	each("/key/delete", `{"key_aliases":["$-b0","$-b1","$-b2","$-b3","$-b4","$-b5","$-b6","$-b7","$-b8","$-b9","$-b10","$-b11","$-b12","$-b13","$-b14","$-b15","$-b16","$-b17","$-b18","$-b19","$-b20","$-b21","$-b22"]}`),
	each("/team/delete", `{"team_ids":["$-b-t"]}`, `{"team_ids":["$-b-r"]}`, `{"team_ids":["$-b-m"]}`, `{"team_ids":["$-b-x"]}`, `{"team_ids":["$-b-mem"]}`, `{"team_ids":["$-q-t"]}`),
	each("/user/delete", `{"user_ids":["$-b-u"]}`, `{"user_ids":["$-b-r"]}`, `{"user_ids":["$-b-m"]}`, `{"user_ids":["$-q0"]}`, `{"user_ids":["$-q1"]}`, `{"user_ids":["$-q3"]}`, `{"user_ids":["$-q6"]}`),
	each("/model/delete", `{"id":"$-bid"}`, `{"id":"$-bid2"}`),
	each("/team/delete", `{"team_ids":["$-r-t1"]}`, `{"team_ids":["$-r-t2"]}`, `{"team_ids":["$-r-t3"]}`),
	each("/user/delete", `{"user_ids":["$-r-iu"]}`, `{"user_ids":["$-r-iv"]}`, `{"user_ids":["$-r-pv"]}`, `{"user_ids":["$-r-nr"]}`, `{"user_ids":["$-r-oth"]}`),
)
