package gateway

import (
	"testing"
	"time"
)

// limitGateway has users, teams and keys that run into every limit; ask calls
// chat with the key of that name.
func limitGateway(t *testing.T, now *time.Time) (ask func(name, more string) result) {
	t.Helper()
	g := openTest(t, Options{Now: func() time.Time { return *now }})
	for _, s := range [][2]string{
		{"/user/new", `{"user_id":"poor","max_budget":0,"auto_create_key":false}`}, {"/user/new", `{"user_id":"slow","rpm_limit":1,"auto_create_key":false}`},
		{"/user/new", `{"user_id":"picky","models":["mock-claude"],"auto_create_key":false}`},
		{"/team/new", `{"team_id":"poor","max_budget":0}`}, {"/team/new", `{"team_id":"slow","rpm_limit":1}`}, {"/team/new", `{"team_id":"picky","models":["mock-claude"]}`},
		{"/team/new", `{"team_id":"mixed","members_with_roles":[{"role":"user","user_id":"poor"}]}`}, {"/team/member_update", `{"team_id":"mixed","user_id":"poor","max_budget_in_team":0}`},
	} {
		call(t, g, "POST", s[0], s[1]).want(200)
	}
	for name, members := range map[string]string{
		"budget": `"max_budget":0`, "small": `"max_budget":0.000001`, "user": `"user_id":"poor"`, "team": `"team_id":"poor"`, "userteam": `"team_id":"picky","user_id":"poor","models":["mock-claude"]`, "member": `"team_id":"mixed","user_id":"poor"`,
		"rpm": `"rpm_limit":2`, "tpm": `"tpm_limit":1`, "jobs": `"max_parallel_requests":0`, "slowuser": `"user_id":"slow"`, "slowteam": `"team_id":"slow"`, "model": `"model_rpm_limit":{"mock-gpt":1}`,
		"models": `"models":["mock-claude"],"max_budget":0`, "pickyuser": `"user_id":"picky"`, "pickyteam": `"team_id":"picky"`, "enforced": `"enforced_params":["user"]`, "plain": `"user_id":"slow2"`, "none": `"models":["no-default-models"]`,
	} {
		call(t, g, "POST", "/key/generate", `{"key":"sk-limit-`+name+`-0000000","key_alias":"`+name+`",`+members+`}`).want(200)
	}
	return func(name, more string) result {
		return call(t, g, "POST", "/chat/completions", `{"model":"mock-gpt",`+hello+more+`}`, "sk-limit-"+name+"-0000000")
	}
}

func TestBudgets(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	ask := limitGateway(t, &now)
	ask("budget", "").want(422).contains(`{"error":{"message":"Budget has been exceeded! Key=budget (sk-...0000) Current cost: 0.0, Max budget: 0.0","type":"budget_exceeded","param":null,"code":"422"}}`)
	ask("budget", `,"stream":true`).want(422).contains(`budget_exceeded`)
	ask("small", "").want(200).contains(`"prompt_tokens":8`)
	ask("small", "").want(422).contains(`Current cost: 1.32e-05, Max budget: 1e-06`)
	ask("user", "").want(422).contains(`ExceededBudget: User=poor over budget. Spend=0.0, Budget=0.0`)
	ask("team", "").want(200) // a budget of 0 stops a team after its first cost only
	ask("team", "").want(422).contains(`Budget has been exceeded! Team=poor Current cost: 1.35e-05, Max budget: 0.0`)
	ask("member", "").want(422).contains(`Budget has been exceeded! User=poor in Team=mixed Current cost: 0.0, Max budget: 0.0`)
	ask("models", "").want(403).contains(`"type":"key_model_access_denied","param":"model"`)
	ask("none", "").want(403).contains(`key_model_access_denied`)
	ask("pickyteam", "").want(403).contains(`team_model_access_denied`)
	ask("pickyuser", "").want(403).contains(`user_model_access_denied`).lacks("mock-claude")
	ask("enforced", "").want(500).contains(`Enforced Params is an Enterprise feature. Enforced Params: ['user'].`)
}

func TestRateLimits(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 10, 0, time.UTC)
	ask := limitGateway(t, &now)
	if got := ask("rpm", "").want(200).header.Get("X-Ratelimit-Api_key-Remaining-Requests"); got != "1" {
		t.Errorf("%s requests remain", got)
	}
	now = now.Add(20 * time.Second)
	ask("rpm", "").want(200)
	r := ask("rpm", `,"stream":true`).want(429)
	r.contains(`{"error":{"message":"Rate limit exceeded for api_key: `+hashKey("sk-limit-rpm-0000000")+`. Limit type: requests. Current limit: 2, Remaining: 0. Limit resets at: 2026-11-24 02:01:10 UTC"`, `"type":"throttling_error","param":null,"code":"429"}}`)
	for name, want := range map[string]string{"retry-after": "40", "rate_limit_type": "requests", "reset_at": "2026-11-24 02:01:10 UTC"} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	now = now.Add(40 * time.Second)
	ask("rpm", "").want(200)
	ask("tpm", "").want(429).contains(`Limit type: tokens. Current limit: 1, Remaining: 1.`)
	ask("jobs", "").want(429).contains(`Limit type: max_parallel_requests. Current limit: 0, Remaining: 0.`)
	for name, subject := range map[string]string{"slowuser": "user: slow", "slowteam": "team: slow", "model": "model_per_key: " + hashKey("sk-limit-model-0000000") + ":mock-gpt"} {
		ask(name, "").want(200)
		ask(name, "").want(429).contains("Rate limit exceeded for " + subject + ".")
	}
}

// TestSpend: a call costs the key, its owner, its team and the membership.
func TestSpend(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/team/new", `{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","team_id":"t","user_id":"u"}`).want(200)
	if got := call(t, g, "POST", "/chat/completions", `{"model":"mock-gpt",`+hello+`}`, trapKey).want(200).header.Get("X-Litellm-Response-Cost"); got != "1.35e-05" {
		t.Errorf("cost %s", got)
	}
	call(t, g, "POST", "/chat/completions", `{"model":"mock-claude",`+hello+`}`, trapKey).want(200) // has no price
	call(t, g, "POST", "/chat/completions", `{"model":"none",`+hello+`}`, trapKey).want(400)
	run(t, g, []step{
		{"GET", "/key/info?key=" + trapKey, "", 200, `"spend":1.35e-05,"total_spend":1.35e-05`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"last_active":"20`},
		{"GET", "/v2/user/info?user_id=u", "", 200, `"spend":1.35e-05`},
		{"GET", "/team/info?team_id=t", "", 200, `"default_team_member_models":[],"spend":1.35e-05`},
		{"GET", "/team/info?team_id=t", "", 200, `{"user_id":"u","team_id":"t","budget_id":null,"spend":1.35e-05`},
	})
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","max_budget":0.00001}`).want(200)
	call(t, g, "GET", "/models", "", trapKey).want(422).contains(`budget_exceeded`)
	call(t, g, "GET", "/key/info", "", trapKey).want(200)
	call(t, g, "POST", "/key/"+trapKey+"/reset_spend", `{"reset_to":0}`).want(200)
	call(t, g, "GET", "/models", "", trapKey).want(200)
}

// TestModelAliases: a key's alias of a model is good for chat, where the name
// that was asked for comes back, and appears in the list of models; a key with
// models of its own lists them whether they exist or not.
func TestModelAliases(t *testing.T) {
	g := openTest(t, Options{Seed: "empty"})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","aliases":{"q":"mock-gpt"}}`).want(200)
	call(t, g, "POST", "/chat/completions", `{"model":"q",`+hello+`}`, trapKey).want(200).contains(`"model":"q"`)
	call(t, g, "POST", "/chat/completions", `{"model":"q","stream":true,`+hello+`}`, trapKey).want(200).contains(`"model":"q"`)
	call(t, g, "GET", "/models", "", trapKey).want(200).contains(`{"id":"mock-claude","object":"model","created":1677610602,"owned_by":"openai"},{"id":"q",`)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","models":["q","none"]}`).want(200)
	call(t, g, "POST", "/chat/completions", `{"model":"q",`+hello+`}`, trapKey).want(403).contains(`The requested model 'q' is not available`)
	call(t, g, "GET", "/models", "", trapKey).want(200).contains(`{"id":"none","object":"model","created":1677610602,"owned_by":"openai"}],"object":"list"}`)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","models":["no-default-models"]}`).want(200)
	call(t, g, "GET", "/models", "", trapKey).want(200).contains(`{"data":[],"object":"list"}`)
}
