package gateway

// The exchanges about budgets; as in fidelity_exchanges_test.go they build on
// one another.

var budgetRowExchanges = concat(
	each("/budget/new", `{"budget_id":"$-g1","max_budget":5,"budget_duration":"30d"}`, `{"budget_id":"$-g1","max_budget":6}`, `{"budget_id":"$-g1","max_budget":-1}`,
		`{"budget_id":"$-g1","budget_duration":"x"}`, `{"budget_id":"$-g2","max_budget":-1,"soft_budget":-1,"budget_duration":"x"}`, `{"budget_id":"$-g2","soft_budget":-0.5}`,
		`{"budget_id":"$-g2","budget_duration":"2mo","model_max_budget":{"a":{"budget_limit":1}}}`, `{"budget_id":"$-g2","model_max_budget":{"a":{"budget_limit":1}}}`,
		`{"budget_id":"$-g2","budget_duration":""}`, `{"budget_id":"$-g2","max_budget":"NaN"}`, `{"budget_id":"$-g2","max_budget":"x"}`, `{"budget_id":"$-g2","rpm_limit":1.5}`,
		`{"budget_id":5,"tpm_limit":"x"}`, `{}`, `{"budget_id":null}`, `[]`, `{`, ``,
		`{"budget_id":"$-g2","max_budget":0,"soft_budget":3,"tpm_limit":"5","rpm_limit":-1,"tpd_limit":4,"max_parallel_requests":7,"model_max_budget":{},"allowed_models":["a"],"temp_budget_increase":4,"bogus":1}`,
		`{"budget_id":"$-g3","budget_duration":"1d","budget_reset_at":"2030-01-01T00:00:00Z"}`),
	each("/budget/info", `{"budgets":["$-g1"]}`, `{"budgets":["$-g2","$-none","$-g1","$-g2"]}`, `{"budgets":["$-none"]}`, `{"budgets":[]}`, `{"budgets":null}`, `{"budgets":"$-g1"}`,
		`{"budgets":[5]}`, `{}`, `[]`),
	each("/budget/update", `{"budget_id":"$-g1","max_budget":9}`, `{"budget_id":"$-g1","max_budget":null,"rpm_limit":4}`, `{"budget_id":"$-g1","budget_duration":"7d"}`,
		`{"budget_id":"$-g1","budget_duration":"abc"}`, `{"budget_id":"$-g1"}`, `{"budget_id":"$-g1","soft_budget":2,"budget_reset_at":"2030-01-01T00:00:00Z"}`,
		`{"budget_id":"$-g1","budget_duration":null}`, `{"budget_id":"$-g1","model_max_budget":{}}`, `{"budget_id":"$-g1","model_max_budget":null}`,
		`{"budget_id":"$-g1","model_max_budget":{"a":{"budget_limit":1}}}`, `{"budget_id":"$-g1","max_budget":"x"}`, `{"budget_id":"$-none","max_budget":1}`,
		`{"budget_id":"$-none","max_budget":-1}`, `{"budget_id":null,"max_budget":1}`, `{"max_budget":1}`, `{}`),
	[]exchange{
		read("/budget/list").among(), read("/budget/settings?budget_id=$-g1"), read("/budget/settings?budget_id=$-none"), read("/budget/settings?budget_id="), read("/budget/settings"),
		read("/budget/new"), post("/budget/list", `{}`),
	},

	// a key with a budget, and without it
	each("/key/generate", `{"key":"sk-$-key-of-g1","key_alias":"$-g1","budget_id":"$-g1"}`, `{"key_alias":"$-g2","budget_id":"$-none"}`),
	[]exchange{read("/key/info?key=sk-$-key-of-g1"), read("/key/list?key_alias=$-g1&return_full_object=true")},
	each("/key/update", `{"key":"sk-$-key-of-g1","budget_id":"$-g2"}`, `{"key":"sk-$-key-of-g1","budget_id":"$-none"}`),
	[]exchange{read("/key/info?key=sk-$-key-of-g1")},
	each("/budget/delete", `{"id":"$-g2"}`, `{"id":"$-g2"}`, `{"id":"$-none"}`, `{}`, `{"budget_id":"$-g1"}`, `{"id":5}`, `{"id":null}`),
	[]exchange{read("/key/info?key=sk-$-key-of-g1"), read("/key/list?key_alias=$-g1&return_full_object=true")},

	// what the roles may
	each("/user/new", `{"user_id":"$-g-iu","user_role":"internal_user","auto_create_key":false}`, `{"user_id":"$-g-pv","user_role":"proxy_admin_viewer","auto_create_key":false}`),
	each("/key/generate", `{"key":"sk-$-key-of-g-iu","key_alias":"$-g-iu","user_id":"$-g-iu"}`, `{"key":"sk-$-key-of-g-pv","key_alias":"$-g-pv","user_id":"$-g-pv"}`,
		`{"key":"sk-$-key-of-g-man","key_alias":"$-g-man","key_type":"management"}`, `{"key":"sk-$-key-of-g-ro","key_alias":"$-g-ro","key_type":"read_only"}`),
	asEach([]string{"g-iu", "g-pv", "g-man", "g-ro", "none"}, []exchange{
		post("/budget/new", `{"budget_id":"$-g4-ME"}`), post("/budget/info", `{"budgets":["$-g1"]}`), post("/budget/update", `{"budget_id":"$-g1"}`),
		post("/budget/delete", `{"id":"$-g4-ME"}`), read("/budget/list").among(), read("/budget/settings?budget_id=$-g1"),
	}),
	each("/key/delete", `{"key_aliases":["$-g-man","$-g-ro"]}`), each("/user/delete", `{"user_ids":["$-g-iu","$-g-pv"]}`),
	each("/budget/delete", `{"id":"$-g1"}`, `{"id":"$-g3"}`), each("/key/delete", `{"keys":["sk-$-key-of-g1"]}`),
)
