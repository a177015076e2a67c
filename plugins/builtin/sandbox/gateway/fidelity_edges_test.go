package gateway

// edgeExchanges are combinations: what a poisoned key does to the other
// endpoints, aliases of models, values in other types.
var edgeExchanges = concat(
	each("/team/new", `{"team_id":"$-x-t","members_with_roles":[{"role":"user","user_id":"$-x-u"}]}`),
	each("/key/generate", `{"key":"sk-$-key-of-x1","key_alias":"$-x1","team_id":"$-x-t","user_id":"$-x-u","aliases":{"q":"mock-gpt"}}`, `{"key":"sk-$-key-of-x2","key_alias":"$-x2","user_id":"$-x-u","max_budget":"5","rpm_limit":"3","tpm_limit":4.0,"blocked":"true"}`,
		`{"key_alias":"$-x3","max_budget":true}`, `{"key_alias":"$-x3","rpm_limit":1.5}`, `{"key_alias":"$-x3","models":null,"metadata":null,"permissions":null,"aliases":null,"max_budget":null,"spend":null,"blocked":null,"key":null}`,
		`{"key_alias":"$-x4","budget_duration":""}`, `{"key_alias":"$-x5","budget_duration":"1mo","max_budget":1e-7}`, `{"key_alias":"$-x6","key":"sk-$-x6-ümläut-0000"}`, `{"key_alias":"$-x7 with é, \"quotes\" and 'more'"}`, `{"key_alias":"$-x7 with é, \"quotes\" and 'more'"}`,
		`{"key_alias":"$-x8","metadata":{"zz":1,"a":{"bb":1,"a":[{"d":1,"c":2}]}},"max_parallel_requests":5,"allowed_cache_controls":["no-cache"],"budget_fallbacks":{"a":["b"]},"router_settings":{"num_retries":2}}`, `{"key_alias":"$-x9","rotation_interval":"30d","auto_rotate":true}`, `{"key":"sk-$-key-of-x11","key_alias":"$-x11","aliases":{"q":"mock-gpt","rr":"$-none"}}`),
	[]exchange{
		read("/key/list?key_alias=$-x1&expand=user"), read("/key/list?key_alias=$-x2&return_full_object=true"), read("/key/list?key_alias=$-x3&return_full_object=true"), read("/key/list?key_alias=$-x5&return_full_object=true"),
		read("/key/list?key_alias=$-x6&return_full_object=true"), read("/key/list?key_alias=$-x8&return_full_object=true"), read("/key/aliases?search=$-x7"),
		post("/key/update", `{"key_alias":"$-x8","max_budget":"7","rpm_limit":"4","metadata":{"b":null,"a":1}}`), post("/key/update", `{"key":"sk-$-key-of-x2","key_alias":null}`), post("/key/update", `{"key":"sk-$-key-of-x2","key_alias":"$-x2","soft_budget":2}`),
		post("/key/update", `{"key":"sk-$-key-of-x2","tags":[],"guardrails":[]}`), post("/key/update", `{"key":"sk-$-key-of-x2","budget_duration":""}`), post("/key/update", `{"key":"sk-$-key-of-x2","models":["a","b"],"allowed_routes":["/models"]}`),
		post("/v1/chat/completions", `{"model":"q",`+hello+`}`).by("x11").among(), post("/v1/chat/completions", `{"model":"q","stream":true,`+hello+`}`).by("x11").among(), read("/models").by("x11").among(),
		post("/key/generate", `{"key":"sk-$-key-of-x10","key_alias":"$-x10","models":["q","$-none"],"aliases":{"q":"mock-gpt"}}`), post("/chat/completions", `{"model":"q",`+hello+`}`).by("x10"), read("/models").by("x10"), read("/models/q").by("x10"),
		post("/key/update", `{"key_alias":"$-x10","soft_budget":3}`), post("/key/update", `{"key_alias":"$-x10","soft_budget":null}`), read("/key/info?key=sk-$-key-of-x10"), post("/key/update", `{"key_alias":"$-x10","soft_budget":-3}`), post("/key/update", `{"key_alias":"$-x10","max_budget":true,"rpm_limit":false}`),
		post("/key/update", `{"key":"sk-$-key-of-x1","permissions":null}`), read("/user/info?user_id=$-x-u").unordered(), read("/team/info?team_id=$-x-t"), read("/team/list?user_id=$-x-u"), read("/v2/team/list?team_id=$-x-t"),
		post("/team/delete", `{"team_ids":["$-x-t"]}`), read("/v2/user/info?user_id=$-x-u"), post("/team/member_delete", `{"team_id":"$-x-t","user_id":"$-x-u"}`), read("/team/info?team_id=$-x-t"),
		post("/key/update", `{"key":"sk-$-key-of-x1","team_id":null}`), post("/key/sk-$-key-of-x1/reset_spend", `{"reset_to":0}`), post("/user/delete", `{"user_ids":["$-x-u"]}`), read("/key/info?key=sk-$-key-of-x1"),
		read("/team/info?team_id=$-x-t&key_limit=0"), read("/team/info?team_id=$-x-t&key_limit=1"), read("/team/$-x-t"), post("/team/$-x-t", `{}`), read("/key/$-x"), read("/user/$-x"), {method: "DELETE", path: "/team/$-x-t"},
		read("/key/update"), read("/key/block"), post("/key/list", `{}`), post("/user/list", `{}`), post("/v2/team/list", `{}`), {method: "PUT", path: "/key/update", body: `{}`}, {method: "PUT", path: "/credentials/x", body: `{}`}, read("/user/new"), read("/team/member_add"),
		post("/key/update", ``), post("/key/generate", ``), post("/user/new", ``), post("/user/update", ``), post("/team/new", ``), post("/team/update", ``), post("/team/member_add", `[]`), post("/key/delete", ``), post("/key/block", `[]`), post("/user/delete", `[]`), post("/team/delete", ``), post("/key/update", `{`), post("/team/block", `{`),
		read("/key/list/").among(), read("/key/aliases/").among(),
	},
	each("/team/delete", `{"team_ids":["$-x-t"]}`), each("/key/delete", `{"key_aliases":["$-x2","$-x3","$-x4","$-x5","$-x6","$-x8","$-x9","$-x10","$-x11"]}`, `{"key_aliases":["$-x7 with é, \"quotes\" and 'more'"]}`),
)

// adminExchanges are those of a user with the role proxy_admin, who unlike the
// master key has a row.
var adminExchanges = concat(
	each("/user/new", `{"user_id":"$-ad","user_role":"proxy_admin","user_email":"ad@$.org","auto_create_key":false}`), each("/key/generate", `{"key":"sk-$-key-of-ad","key_alias":"$-ad","user_id":"$-ad"}`),
	as("ad",
		read("/key/info"), read("/user/info").among(), read("/v2/user/info"), read("/key/list?key_alias=$-ad"), read("/key/list?user_id=$-ad&include_created_by_keys=true"),
		post("/key/generate", `{"key":"sk-$-key-of-ad1","key_alias":"$-ad1"}`), post("/key/update", `{"key":"sk-$-key-of-ad1","rpm_limit":4,"permissions":{"a":1},"allowed_routes":["/models"]}`), read("/key/list?key_alias=$-ad1&expand=user"),
		post("/key/block", `{"key":"sk-$-key-of-ad1"}`), post("/key/unblock", `{"key":"sk-$-key-of-ad1"}`), post("/key/delete", `{"keys":["sk-$-key-of-ad1"]}`), read("/key/info?key=sk-$-key-of-ad1"),
		post("/team/new", `{"team_id":"$-ad-t","team_alias":"$-ad"}`), read("/team/info?team_id=$-ad-t"), post("/team/member_add", `{"team_id":"$-ad-t","member":{"role":"user","user_id":"$-ad-u"},"max_budget_in_team":1}`), read("/key/list?include_team_keys=true&user_id=$-ad"),
		post("/key/generate", `{"key_alias":"$-ad2","team_id":"$-ad-t","soft_budget":1}`), read("/key/list?team_id=$-ad-t&return_full_object=true"), read("/user/info?user_id=$-ad"), read("/team/info?team_id=$-ad-t"), read("/team/list?user_id=$-ad").unordered(), post("/v2/key/info", `{"key_aliases":["$-ad2"]}`), post("/key/update", `{"key_alias":"$-ad2"}`), read("/user/list?user_ids=$-ad,$-ad-u&sort_by=user_id"),
		post("/user/update", `{"user_id":"$-ad-u","user_role":"internal_user_viewer"}`), post("/team/update", `{"team_id":"$-ad-t","team_alias":"x"}`), post("/team/block", `{"team_id":"$-ad-t"}`),
		post("/credentials", `{"credential_name":"$-ad","credential_values":{"a":"b"},"credential_info":{}}`), remove("/credentials/$-ad"), read("/models"), read("/model/info?litellm_model_id=none"),
		post("/team/delete", `{"team_ids":["$-ad-t"]}`), read("/v2/team/list?status=deleted&team_id=$-ad-t"), read("/key/list?status=deleted&return_full_object=true&key_alias=$-ad2"), post("/management/v1/users/bulk_delete", `{"user_ids":["$-ad-u"]}`),
	),
	each("/user/delete", `{"user_ids":["$-ad"]}`), as("ad", read("/models")),
)

// edgeCleanup repairs before it removes.
var edgeCleanup = concat(
	each("/key/update", `{"key":"sk-$-key-of-x1","permissions":{}}`), each("/key/delete", `{"keys":["sk-$-key-of-x1","sk-$-key-of-x2","sk-$-key-of-x10","sk-$-key-of-x11"]}`),
	each("/team/delete", `{"team_ids":["$-x-t"]}`, `{"team_ids":["$-ad-t"]}`), each("/user/delete", `{"user_ids":["$-x-u"]}`, `{"user_ids":["$-ad"]}`, `{"user_ids":["$-ad-u"]}`),
	[]exchange{{method: "DELETE", path: "/credentials/$-ad", body: "{}"}},
)
