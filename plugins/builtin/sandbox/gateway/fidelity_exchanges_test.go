package gateway

// The exchanges of TestFidelity, in order; they build on one another. $ is the
// prefix of the run.

const hello = `"messages":[{"role":"user","content":"hello"}]`

func post(path, body string) exchange { return exchange{method: "POST", path: path, body: body} }

func read(path string) exchange { return exchange{method: "GET", path: path} }

func (x exchange) by(who string) exchange { x.as = who; return x }

func (x exchange) loosely() exchange { x.loose = true; return x }

var fidelityExchanges = []exchange{
	// health and routes
	read("/health/liveliness").by("none"), read("/health/liveness").by("none"), read("/health/readiness").by("none"),
	read("/health/readiness/details"), read("/health/readiness/details").by("none"), read("/").by("none"),
	read("/$-nope"), {method: "POST", path: "/models", body: "{}"}, {method: "DELETE", path: "/models"},
	{method: "PUT", path: "/model/new", body: "{}"}, read("/model/new"), read("/v1/models/a/b"),

	// keys of low role
	post("/user/new", `{"user_id":"$-iu","user_role":"internal_user","auto_create_key":false}`),
	post("/user/new", `{"user_id":"$-iu","user_role":"internal_user"}`),
	post("/user/new", `{"user_id":"$-auto","user_email":"$@example.org","key_alias":"$-auto"}`),
	post("/user/new", `{"user_id":"$-auto2","user_email":"$@EXAMPLE.org"}`),
	post("/user/new", `{"user_role":"king"}`), post("/user/new", `[]`), post("/user/new", `{`),
	post("/user/new", `{"user_id":"$-pv","user_role":"proxy_admin_viewer","auto_create_key":false}`),
	post("/user/new", `{"user_id":"$-iv","user_role":"internal_user_viewer","auto_create_key":false}`),
	post("/key/generate", `{"key":"sk-$-key-of-iu","key_alias":"$-iu","user_id":"$-iu"}`),
	post("/key/generate", `{"key":"sk-$-key-of-pv","key_alias":"$-pv","user_id":"$-pv"}`),
	post("/key/generate", `{"key":"sk-$-key-of-iv","key_alias":"$-iv","user_id":"$-iv"}`),
	post("/key/generate", `{"key":"sk-$-key-of-nobody","key_alias":"$-nobody"}`),
	post("/key/generate", `{"key":"sk-$-key-of-ghost","key_alias":"$-ghost","user_id":"$-ghost"}`),
	post("/key/generate", `{"key":"sk-$-key-of-limited","key_alias":"$-limited","user_id":"$-iu","models":["$-m1"]}`),
	post("/key/generate", `{"key":"sk-$-key-of-expired","key_alias":"$-expired","duration":"0s"}`),
	post("/key/generate", `{"key":"sk-$-key-of-iu","user_id":"$-iu"}`),
	post("/key/generate", `{"key_alias":"$-iu"}`),
	post("/key/generate", `{"key":"nope12345678901234aaaa"}`), post("/key/generate", `{"key":"sk-short"}`),
	read("/key/list?key_alias=$-iu"), read("/key/list?key_alias=$-iu&return_full_object=true"), read("/key/list?key_alias=$-none"),
	read("/key/list?size=101"), read("/key/list?page=0"), read("/key/list?size=x"),
	read("/user/info?user_id=$-auto"), read("/user/info?user_id=$-none"), read("/user/info").by("iu"), read("/user/info").by("nobody"),
	read("/user/info").by("ghost"), read("/user/info?user_id=$-auto").by("iu"), read("/user/info?user_id=$-auto").by("pv"),

	// authentication
	read("/key/list").by("none"), read("/key/list").by("unknown"), read("/models").by("expired"),
	post("/model/new", `{`).by("none"), post("/model/new", `[]`).by("none"), post("/model/new", `{}`).by("none"),
	post("/chat/completions", `{`).by("none").loosely(), post("/chat/completions", `{}`).by("none"),

	// models
	post("/model/new", `{"model_name":"$-m1","litellm_params":{"model":"openai/gpt-4o-mini","api_key":"sk-canary","mock_response":"Hello from $","rpm":100,"zz":"extra"},"model_info":{"id":"$-id1","mode":"chat","custom":"yes"}}`),
	post("/model/new", `{"model_name":"$-m1","litellm_params":{"model":"openai/gpt-4o-mini"},"model_info":{"id":"$-id1"}}`),
	post("/model/new", `{"model_name":"$-m2","litellm_params":{"model":"openai/gpt-4o","api_key":"sk-canary","api_base":"http://127.0.0.1:9"},"model_info":{"id":"$-id2"}}`),
	post("/model/new", `{"model_name":"$-m3","litellm_params":{"model":"$-unknown"},"model_info":{"id":"$-id3"}}`),
	post("/model/new", `{"model_name":"$-m4","litellm_params":{"model":"openai/gpt-4o"},"model_info":{"id":"$-id4"}}`),
	post("/model/new", `{"model_name":"$-m5","litellm_params":{"model":"openai/gpt-4o","mock_response":"litellm.RateLimitError"},"model_info":{"id":"$-id5"}}`),
	post("/model/new", `{"model_name":"$-a"}`), post("/model/new", `{}`), post("/model/new", `[]`), post("/model/new", `{"model_name":"x"`),
	post("/model/new", `"x"`), post("/model/new", ``), post("/model/new", `{"model_name":"$-a","litellm_params":{}}`),
	post("/model/new", `{"model_name":5,"litellm_params":{"model":3,"rpm":"a","max_budget":"x"}}`),
	post("/model/new", `{"model_name":"$-a","litellm_params":"x"}`),
	read("/models"), read("/v1/models?include_metadata=true"), read("/models/$-m1"), read("/v1/models/$-none"), read("/models/$-m1").by("iu"),
	read("/models").by("limited"), read("/models/$-m2").by("limited"),
	read("/model/info"), read("/model/info?litellm_model_id=$-id1"), read("/v1/model/info?litellm_model_id=$-none"),
	read("/model/info?litellm_model_id=$-id3"), read("/model/info?litellm_model_id="), read("/model/info?litellm_model_id=$-id1").by("iu"),
	read("/model/info").by("nobody"), read("/model/info").by("limited"),
	read("/v2/model/info?modelId=$-id1"), read("/v2/model/info?modelId=$-none"), read("/v2/model/info?modelId=$-id3"), read("/v2/model/info?model=$-m2"),
	read("/v2/model/info?search=$-M"), read("/v2/model/info?search=$&size=2&page=2"), read("/v2/model/info?page=0"), read("/v2/model/info?size=a"),
	read("/v2/model/info?search=$&page=99"), read("/model_group/info"), read("/model_group/info?model_group=$-none"),
	post("/model/update", `{"model_name":"$-m1","model_info":{"id":"$-id1"},"litellm_params":{"rpm":7,"mock_response":null}}`),
	read("/model/info?litellm_model_id=$-id1"),
	post("/model/update", `{"model_info":{"id":"$-none"},"litellm_params":{"rpm":7}}`), post("/model/update", `{"litellm_params":{"rpm":7}}`),
	post("/model/update", `{"model_info":{"id":"$-id1"}}`), post("/model/update", `{"model_info":{"id":"$-id3"},"litellm_params":{"rpm":1}}`),
	post("/model/update", `{"model_info":{},"litellm_params":{"rpm":7}}`), post("/model/update", `[]`), post("/model/update", `{`),
	{method: "PATCH", path: "/model/$-id1/update", body: `{"litellm_params":{"new":"x"},"model_info":{"custom":"z","id":"other"}}`},
	{method: "PATCH", path: "/model/$-id1/update", body: `{}`}, {method: "PATCH", path: "/model/$-id1/update"},
	{method: "PATCH", path: "/model/$-none/update", body: `{"model_name":"q"}`}, {method: "PATCH", path: "/model/$/id1/update", body: `{}`},
	read("/model/info?litellm_model_id=$-id1"),
	post("/model/delete", `{"id":"$-none"}`), post("/model/delete", `{}`), post("/model/delete", `{"id":null}`), post("/model/delete", `{"id":5}`),

	// chat
	post("/v1/chat/completions", `{"model":"$-m1",`+hello+`}`), post("/chat/completions", `{"model":"$-m1","n":2,"messages":[]}`),
	post("/chat/completions", `{"model":"$-m1","stream":true,`+hello+`}`),
	post("/chat/completions", `{"model":"$-m1","stream":true,"stream_options":{"include_usage":true},`+hello+`}`),
	post("/chat/completions", `{"model":"$-none",`+hello+`}`), post("/chat/completions", `{"model":"$-none","stream":true,`+hello+`}`),
	post("/chat/completions", `{`+hello+`}`), post("/chat/completions", `{"model":"$-m1"}`), post("/chat/completions", `{"model":5,"messages":[]}`),
	post("/chat/completions", `{"model":"x"`).loosely(), post("/chat/completions", `[]`), post("/chat/completions", ``),
	post("/chat/completions", `{"model":"$-m2",`+hello+`}`), post("/chat/completions", `{"model":"$-m2","stream":true,`+hello+`}`),
	post("/chat/completions", `{"model":"$-m4",`+hello+`}`), post("/chat/completions", `{"model":"$-m5",`+hello+`}`),
	post("/chat/completions", `{"model":"$-m1",`+hello+`}`).by("iu"), post("/chat/completions", `{"model":"$-m2",`+hello+`}`).by("limited"),
	post("/chat/completions", `{"model":"$-m1",`+hello+`}`).by("nobody"),

	// health of deployments
	read("/health?model_id=$-id1"), read("/health?model=$-m1"), read("/health?model=$-m2").loosely(), read("/health?model_id=$-none"), read("/health?model=$-none"),
	read("/health?model_id=$-id4").loosely(), read("/health?model="), read("/health?model=$-id1"),

	// credentials
	post("/credentials", `{"credential_name":"$-c","credential_values":{"api_key":"sk-abcdefghijkl","api_base":"http://x","short_key":"ab"},"credential_info":{"custom_llm_provider":"openai"}}`),
	post("/credentials", `{"credential_name":"$-c","credential_values":{"api_key":"b"},"credential_info":{}}`),
	post("/credentials", `{"credential_name":"$-d","credential_values":{"api_key":"b"}}`), post("/credentials", `{"credential_name":"$-d","credential_info":{}}`),
	post("/credentials", `{}`), read("/credentials"), read("/credentials/by_name/$-c"), read("/credentials/by_name/$-none"), read("/credentials/$-c"),
	{method: "DELETE", path: "/credentials/$-c"}, {method: "DELETE", path: "/credentials/$-c"},

	// what the roles may
	read("/key/list").by("iu"), read("/key/list?user_id=$-auto").by("iu"), read("/key/list?team_id=t").by("iu"), read("/key/list").by("nobody"),
	read("/health/readiness/details").by("iu"), read("/credentials").by("iu"), read("/credentials/by_name/x").by("iu"), read("/credentials").by("pv"),
	read("/models").by("iv"), read("/health/readiness/details").by("pv"),
	post("/model/new", `{"model_name":"$-q","litellm_params":{"model":"openai/x"}}`).by("iu"),
	post("/model/new", `{"model_name":"$-q","litellm_params":{"model":"openai/x"}}`).by("iv"),
	post("/model/new", `{"model_name":"$-q","litellm_params":{"model":"openai/x"}}`).by("pv"),
	post("/model/new", `{"model_name":"$-q","litellm_params":{"model":"openai/x"}}`).by("nobody"),
	post("/model/new", `{`).by("iu"), post("/model/delete", `{"id":"$-id1"}`).by("iu"), post("/model/delete", `{"id":"$-none"}`).by("iu"),
	post("/model/update", `{"model_info":{"id":"$-id1"},"litellm_params":{"rpm":8}}`).by("iu"),
	{as: "iu", method: "PATCH", path: "/model/$-id1/update", body: `{"litellm_params":{"rpm":8}}`},
	{as: "iv", method: "PATCH", path: "/model/$-id1/update", body: `{"litellm_params":{"rpm":8}}`},
	post("/user/new", `{"user_id":"$-zz"}`).by("iu"), post("/user/new", `{"user_id":"$-zz"}`).by("nobody"), post("/user/new", `{}`).by("ghost"),
	post("/user/delete", `{"user_ids":["$-zz"]}`).by("iu"), post("/user/new", `{}`).by("pv"),
	post("/credentials", `{"credential_name":"$-e","credential_values":{"a":"b"},"credential_info":{}}`).by("iu"),
	post("/key/generate", `{"key_alias":"$-own","user_id":"$-auto"}`).by("iu"), post("/key/generate", `{"key_alias":"$-own"}`).by("iu"),
	post("/key/generate", `{"key_alias":"$-own2"}`).by("nobody"), post("/key/generate", `{"key_alias":"$-own2"}`).by("iv"),
	post("/key/delete", `{"keys":["sk-$-key-of-nobody"]}`).by("iu"), post("/key/delete", `{"key_aliases":["$-own"]}`).by("iu"),

	// removal
	post("/model/delete", `{"id":"$-id1"}`), post("/model/delete", `{"id":"$-id1"}`), post("/model/delete", `{"id":"$-id3"}`),
	post("/key/delete", `{"keys":["sk-$-key-of-nobody","$-nope"]}`), post("/key/delete", `{"keys":["$-nope"]}`),
	post("/key/delete", `{"keys":[]}`), post("/key/delete", `{}`), post("/key/delete", `[]`),
	post("/user/delete", `{"user_ids":["$-iu","$-none"]}`), post("/user/delete", `{"user_ids":[]}`), post("/user/delete", `{}`),
	post("/user/delete", `{"user_ids":"x"}`), post("/user/delete", `{"user_ids":["$-iu","$-auto","$-auto"]}`),
}

var fidelityCleanup = []exchange{
	post("/model/delete", `{"id":"$-id1"}`), post("/model/delete", `{"id":"$-id2"}`), post("/model/delete", `{"id":"$-id3"}`),
	post("/model/delete", `{"id":"$-id4"}`), post("/model/delete", `{"id":"$-id5"}`),
	post("/user/delete", `{"user_ids":["$-iu"]}`), post("/user/delete", `{"user_ids":["$-auto"]}`),
	post("/user/delete", `{"user_ids":["$-pv"]}`), post("/user/delete", `{"user_ids":["$-iv"]}`),
	post("/key/delete", `{"keys":["sk-$-key-of-nobody","sk-$-key-of-ghost","sk-$-key-of-expired","sk-$-key-of-limited"]}`),
	{method: "DELETE", path: "/credentials/$-c", body: "{}"},
}
