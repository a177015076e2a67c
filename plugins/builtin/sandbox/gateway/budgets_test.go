package gateway

import (
	"strings"
	"sync"
	"testing"
)

func TestBudgetRoutes(t *testing.T) {
	g := openTest(t, Options{})
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/budget/new", `{"budget_id":"b","max_budget":5,"budget_duration":"30d"}`, 200, `{"budget_id":"b","max_budget":5.0,"soft_budget":null,`},
		{"POST", "/budget/new", `{"budget_id":"b","max_budget":6}`, 400, `{"detail":{"error":"Budget with id 'b' already exists."}}`},
		{"POST", "/budget/new", `{"budget_id":"c","max_budget":-1}`, 400, `{"detail":{"error":"max_budget must be a non-negative finite number. Received: -1.0"}}`},
		{"POST", "/budget/new", `{"budget_id":"c","budget_duration":"2mo"}`, 400, `Invalid budget_duration '2mo'.`},
		{"POST", "/budget/new", `{"budget_id":"c","model_max_budget":{"m":{"budget_limit":1}}}`, 400, `enterprise license`},
		{"POST", "/budget/new", `{"budget_id":"c","tpm_limit":99999999999999999999}`, 500, `Internal server error`},
		{"POST", "/budget/new", `{"budget_id":5}`, 422, `"loc":["body","budget_id"]`},
		{"POST", "/budget/new", `{"budget_id":"","rpm_limit":"3"}`, 200, `{"budget_id":"","max_budget":null,`},
		{"POST", "/budget/new", `{}`, 200, `"budget_id":"`},
		{"POST", "/budget/info", `{"budgets":["none","b","b"]}`, 200, `[{"budget_id":"b",`},
		{"POST", "/budget/info", `{"budgets":["none"]}`, 200, `[]`},
		{"POST", "/budget/info", `{"budgets":[""]}`, 200, `[{"budget_id":"",`},
		{"POST", "/budget/info", `{"budgets":[]}`, 400, `{"detail":{"error":"Specify list of budget id's to query. Passed in=[]"}}`},
		{"POST", "/budget/update", `{"budget_id":"b","max_budget":null,"rpm_limit":4}`, 200, `"max_budget":null,"soft_budget":null,"max_parallel_requests":null,"tpm_limit":null,"rpm_limit":4,`},
		{"POST", "/budget/update", `{"budget_id":"b","budget_duration":null}`, 200, `"budget_duration":null,"budget_reset_at":null,`},
		{"POST", "/budget/update", `{"budget_id":"none","max_budget":1}`, 200, `null`},
		{"POST", "/budget/update", `{"max_budget":1}`, 400, `budget_id is required`},
		{"GET", "/budget/settings?budget_id=b", "", 200, `"field_name":"rpm_limit","field_type":"Integer","field_description":"Max requests per minute, allowed for this budget id.","field_value":4,`},
		{"GET", "/budget/settings?budget_id=none", "", 200, `"field_value":null`},
		{"GET", "/budget/settings", "", 422, `"loc":["query","budget_id"]`},
		{"GET", "/budget/list", "", 200, `{"budget_id":"b",`},
		{"POST", "/budget/delete", `{"id":"none"}`, 200, `null`},
		{"POST", "/budget/delete", `{"budget_id":"b"}`, 422, `"loc":["body","id"]`},
		{"POST", "/budget/delete", `{"id":"b"}`, 200, `{"budget_id":"b",`},
		{"POST", "/budget/info", `{"budgets":["b"]}`, 200, `[]`},
	} {
		r := call(t, g, c.method, c.path, c.body).want(c.status)
		if r.contains(c.want); strings.Count(r.body, `"budget_id":"b"`) > 1 {
			t.Errorf("%s %s: b is there twice", c.path, c.body)
		}
	}
}

// A budget that is deleted takes the limits with it that it was.
func TestBudgetDeletionLiftsLimits(t *testing.T) {
	g := openTest(t, Options{})
	const key = "sk-key-with-a-budget-0001"
	hello := `{"model":"mock-gpt","messages":[{"role":"user","content":"hello"}]}`
	call(t, g, "POST", "/budget/new", `{"budget_id":"b","max_budget":0}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"`+key+`","budget_id":"b"}`).want(200).contains(`"litellm_budget_table":{"budget_id":"b","max_budget":0.0,`)
	call(t, g, "POST", "/key/generate", `{"budget_id":"none"}`).want(500)
	call(t, g, "POST", "/chat/completions", hello, key).want(422).contains("budget_exceeded")
	call(t, g, "POST", "/team/new", `{"team_id":"t"}`).want(200)
	call(t, g, "POST", "/team/member_add", `{"team_id":"t","member":{"role":"user","user_id":"u"},"max_budget_in_team":3}`).want(200)
	var budgets []struct {
		ID string `json:"budget_id"`
	}
	call(t, g, "GET", "/budget/list", "").want(200).into(&budgets)
	if len(budgets) != 2 {
		t.Fatalf("%d budgets", len(budgets))
	}
	for _, b := range budgets {
		call(t, g, "POST", "/budget/delete", `{"id":"`+b.ID+`"}`).want(200)
	}
	call(t, g, "GET", "/key/info?key="+key, "").want(200).contains(`"budget_id":null`, `"litellm_budget_table":null`)
	call(t, g, "POST", "/chat/completions", hello, key).want(200)
	call(t, g, "GET", "/team/info?team_id=t", "").want(200).contains(`{"user_id":"u","team_id":"t","budget_id":null,`)
}

func TestBudgetRoles(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/budget/new", `{"budget_id":"b"}`).want(200)
	keys := map[string]string{}
	for _, role := range []string{"internal_user", "proxy_admin_viewer"} {
		keys[role] = "sk-key-of-" + role
		call(t, g, "POST", "/user/new", `{"user_id":"`+role+`","user_role":"`+role+`","auto_create_key":false}`).want(200)
		call(t, g, "POST", "/key/generate", `{"user_id":"`+role+`","key":"`+keys[role]+`"}`).want(200)
	}
	for _, c := range []struct {
		method, path, body string
		viewer             int
	}{
		{"POST", "/budget/new", `{"budget_id":"c"}`, 403},
		{"POST", "/budget/info", `{"budgets":["b"]}`, 403},
		{"POST", "/budget/update", `{"budget_id":"b"}`, 403},
		{"POST", "/budget/delete", `{"id":"b"}`, 403},
		{"GET", "/budget/list", "", 200},
		{"GET", "/budget/settings?budget_id=b", "", 200},
	} {
		call(t, g, c.method, c.path, c.body, keys["internal_user"]).want(401).contains("Only proxy admin can be used", "Your role=internal_user")
		call(t, g, c.method, c.path, c.body, keys["proxy_admin_viewer"]).want(c.viewer)
		call(t, g, c.method, c.path, c.body, "").want(401)
	}
	call(t, g, "POST", "/budget/info", `{"budgets":["b","c"]}`).want(200).contains(`"budget_id":"b"`).lacks(`"budget_id":"c"`)
}

// Of many that make a budget with one id at once, one does.
func TestBudgetRace(t *testing.T) {
	g := openTest(t, Options{})
	var all sync.WaitGroup
	codes := make([]int, 12)
	for i := range codes {
		all.Go(func() { codes[i] = call(t, g, "POST", "/budget/new", `{"budget_id":"b"}`).status })
	}
	all.Wait()
	made := 0
	for _, code := range codes {
		switch code {
		case 200:
			made++
		case 400:
		default:
			t.Errorf("status %d", code)
		}
	}
	if made != 1 {
		t.Errorf("%d were made", made)
	}
}
