package scripts

import (
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/script"
)

const (
	never   = `"last_active": null, "created_at": "2020-01-01T00:00:00Z", "models": [], "user_id": null, "team_id": null, "spend": 0, "budget_duration": null`
	limited = `"max_budget": 5, "expires": null`
	endless = `"max_budget": null, "expires": null`
	ended   = `"max_budget": 5, "expires": "2020-02-01T00:00:00.123456Z"`
)

func TestOnboard(t *testing.T) {
	g := &gateway{answers: map[string][]string{
		"teams get alias=eng": {`{"team_id": "t-1", "team_alias": "eng"}`},
		"users create":        {`{"user_id": "u-1", "result": "created"}`},
		"teams members add":   {`{"user_id": "u-1", "team_id": "t-1", "result": "created"}`},
		"keys generate":       {`{"token": "abc", "key": "secret-ref:x", "result": "created"}`},
	}}
	result := run(t, g, "onboard", true, map[string]string{"people.csv": "email,name,team,cost_center\nada@example.com,Ada,eng,4711\n"}, "people=people.csv", "budget=20")
	same(t, result, script.Result{Batches: 1, OK: 1})
	same(t, g.writes, []string{
		"keys generate models=gpt-4o-mini max-budget=20 budget-duration=1mo key-alias=ada@example.com/default team-id=t-1 user-id=u-1 type=llm_api if-not-exists=true",
		"teams members add role=user if-not-exists=true team=t-1 user=u-1",
		`users create email=ada@example.com role=internal_user alias=Ada set=metadata:={"cost_center":"4711"} if-not-exists=true`,
	})
}

func TestMoveTeam(t *testing.T) {
	g := &gateway{answers: map[string][]string{
		"teams get alias=eng":    {`{"team_id": "t-1", "team_alias": "eng"}`},
		"b: teams get alias=eng": {`{"team_id": "t-2", "team_alias": "eng"}`},
		"keys list team-id=t-1 status=active": {
			`{"token": "k1", "key_alias": "a", "key_name": "sk-...1", "status": "active", ` + never + `, ` + limited + `}`,
			`{"token": "k2", "key_alias": null, "key_name": "sk-...2", "status": "active", ` + never + `, ` + endless + `}`,
		},
		"b: keys generate": {`{"token": "n", "key": "secret-ref:x", "result": "created"}`},
	}}
	same(t, run(t, g, "move-team", true, nil, "team=eng", "to=b"), script.Result{Batches: 1, OK: 2})
	same(t, g.writes, []string{
		"b: keys generate max-budget=5 key-alias=a team-id=t-2 set=models:=[] if-not-exists=true",
		"b: keys generate team-id=t-2 set=key_alias:=null,models:=[],max_budget:=null if-not-exists=true",
	})
}

func TestBudgets(t *testing.T) {
	key := func(token, more string) string { return `{"token": "` + token + `", "status": "active", ` + more + `}` }
	answers := map[string][]string{
		"teams get team=eng":             {`{"team_id": "t-1"}`},
		"users get user=ada@example.com": {`{"user_id": "u-1"}`},
		"keys list": {
			key("right", `"team_id": "t-1", "user_id": null, "key_alias": "x", "max_budget": 50, "budget_duration": "1mo"`),
			key("team", `"team_id": "t-1", "user_id": "u-1", "key_alias": null, "max_budget": null, "budget_duration": null`),
			key("user", `"team_id": "t-2", "user_id": "u-1", "key_alias": "ci-1", "max_budget": 9, "budget_duration": "7d"`),
			key("alias", `"team_id": null, "user_id": null, "key_alias": "ci-1", "max_budget": 9, "budget_duration": "7d"`),
			key("dot", `"team_id": null, "user_id": null, "key_alias": "xci-1", "max_budget": 9, "budget_duration": null`),
			key("meta", `"team_id": null, "user_id": null, "key_alias": null, "max_budget": 9, "budget_duration": null, "metadata": {"cost_center": 4711}`),
		},
		"keys update": {`{"token": "x", "result": "updated"}`},
	}
	files := map[string]string{"rules.csv": "team,user,alias,metadata,max_budget,budget_duration\n" +
		"eng,,,,50,1mo\n,ada@example.com,,,100,\n,,ci-*,,none,30d\n,,,cost_center=4711,10,1mo\n"}

	g := &gateway{answers: answers}
	same(t, run(t, g, "budgets", false, files, "rules=rules.csv"), script.Result{})
	same(t, members(t, g.records, "token", "rule", "was", "max_budget", "was_duration", "budget_duration"),
		"team 1 <nil> 50 <nil> 1mo\nuser 2 9 100 7d 7d\nalias 3 9 <nil> 7d 30d\nmeta 4 9 10 <nil> 1mo\n")
	same(t, g.said.String(), "4 to change, 1 right already, 1 that no rule is for\n")
	same(t, len(g.writes), 0)

	g = &gateway{answers: answers}
	same(t, run(t, g, "budgets", false, files, "rules=rules.csv", "apply=true"), script.Result{Batches: 1, OK: 4})
	same(t, len(g.records), 0)
	same(t, g.writes, []string{
		"keys update budget-duration=30d set=max_budget:=null key=alias",
		"keys update max-budget=10 budget-duration=1mo key=meta",
		"keys update max-budget=100 budget-duration=7d key=user",
		"keys update max-budget=50 budget-duration=1mo key=team",
	})
}

func TestCleanKeys(t *testing.T) {
	fresh := strings.NewReplacer(`"last_active": null`, `"last_active": "`+time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)+`"`).Replace(never)
	answers := map[string][]string{
		"keys info": {`{"token": "mine"}`},
		"keys list": {
			`{"token": "mine", "key_alias": "m", "status": "active", ` + never + `, ` + endless + `}`,
			`{"token": "old", "key_alias": "o", "status": "expired", ` + never + `, ` + ended + `}`,
			`{"token": "stale", "key_alias": "s", "status": "active", ` + never + `, ` + endless + `}`,
			`{"token": "free", "key_alias": "f", "status": "active", ` + fresh + `, ` + endless + `}`,
			`{"token": "fine", "key_alias": "g", "status": "active", ` + fresh + `, ` + limited + `}`,
			`{"token": "shut", "key_alias": "b", "status": "blocked", ` + never + `, ` + ended + `}`,
		},
		"keys block":  {`{"token": "x", "result": "updated"}`},
		"keys delete": {`{"key": "x", "result": "deleted"}`},
	}
	for _, c := range []struct {
		name, values string
		records      string
		writes       []string
	}{
		{"a report", "", "old expired block\nstale unused block\nfree unlimited none\n", nil},
		{"a report of a deletion's", "act-on=unlimited", "old expired none\nstale unused none\nfree unlimited block\n", nil},
		{"blocks", "apply=true", "", []string{"keys block key=old", "keys block key=stale"}},
		{"deletes", "delete=true act-on=expired", "", []string{"keys delete ignore-missing=true key=old", "keys delete ignore-missing=true key=shut"}},
		{"a long time", "unused-for=2000w", "old expired block\nstale unlimited none\nfree unlimited none\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &gateway{answers: answers}
			run(t, g, "clean-keys", false, nil, strings.Fields(c.values)...)
			same(t, members(t, g.records, "token", "kind", "action"), c.records)
			same(t, g.writes, c.writes)
		})
	}
}

func TestSpend(t *testing.T) {
	answers := map[string][]string{
		"teams list": {`{"team_id": "t-1", "team_alias": "eng", "spend": 5, "max_budget": 10}`, `{"team_id": "t-2", "team_alias": null, "spend": 40, "max_budget": null}`},
		"users list": {`{"user_id": "u-1", "user_email": "ada@example.com", "spend": 1.5, "max_budget": null}`, `{"user_id": "u-2", "user_email": null, "spend": 0, "max_budget": 0}`},
	}
	g := &gateway{answers: answers}
	run(t, g, "spend", false, nil)
	same(t, members(t, g.records, "by", "name", "spend", "used"),
		"team t-2 40 <nil>\nteam eng 5 0.5\nperson ada@example.com 1.5 <nil>\nperson u-2 0 <nil>\n")

	g = &gateway{answers: answers}
	run(t, g, "spend", false, nil, "by=person", "top=1")
	same(t, members(t, g.records, "name"), "ada@example.com\n")

	g = &gateway{answers: answers}
	run(t, g, "spend", false, nil, "by=team", "chart=true")
	same(t, len(g.records), 0)
	if text := g.text.String(); !strings.Contains(text, "Spend by team") || !strings.Contains(text, "█") || !strings.Contains(text, "$40") {
		t.Errorf("the picture is %q", text)
	}
}
