package script

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// The shipped script that new people are onboarded with, from its file to its results, with a run in the middle that is killed.
func TestOnboarding(t *testing.T) {
	text, err := os.ReadFile("types/testdata/right/onboard.ts")
	if err != nil {
		t.Fatal(err)
	}
	dir := workDir(t, "people.csv", "email,name,team,cost_center\nada@example.com,Ada,eng,4711\nbob@example.com,Bob,data,4712\neve@example.com,Eve,eng,4713\n")
	p, err := Build(t.Context(), BuildOptions{Path: "onboard.ts", FS: files("onboard.ts", string(text)), Manifests: manifests()})
	if err != nil {
		t.Fatal(err)
	}
	if p.Summary != "Onboards people: an account, a place in their team, and one key with a monthly limit." || !strings.Contains(p.Doc, "--dry-run") {
		t.Errorf("%q %q", p.Summary, p.Doc)
	}
	signature, err := p.Describe(t.Context(), Limits{})
	if err != nil || len(signature.Arguments) != 1 || len(signature.Flags) != 2 {
		t.Fatal(signature, err)
	}
	j, store := journal(t)
	ctx, kill := context.WithCancel(t.Context())
	gateway := func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		first := c.Values[0].GetValues()[0]
		switch name {
		case "teams get":
			return "", emit(fmt.Sprintf(`{"team_id":"t-%s","team_alias":"%s"}`, first, first))
		case "users create":
			if strings.Contains(spelt(c), "bob@") && c.Step != nil && !c.Step.Again() {
				kill()
				<-ctx.Done()
				return "", ctx.Err()
			}
			for _, v := range c.Values {
				if v.GetName() == "email" {
					return "", emit(fmt.Sprintf(`{"user_id":"u-%s","result":"created"}`, v.GetValues()[0]))
				}
			}
		case "keys generate":
			return "", emit(`{"key":"secret-ref:k","token":"88d0","result":"created"}`)
		}
		return "", emit(`{"result":"created"}`)
	}
	o := RunOptions{WorkDir: dir, Values: []*protocol.Value{value("people", "people.csv"), value("budget", "20")}}
	f := &fake{t: t, answer: gateway}
	o.Host, o.DryRun = f, true
	if r, err := p.Run(t.Context(), o); err != nil || r.OK != 3 {
		t.Fatal(r, err, frame(err))
	}
	f = &fake{t: t, jobs: j, answer: gateway}
	o.Host, o.DryRun = f, false
	if _, err := p.Run(ctx, o); err == nil {
		t.Fatal("it was not killed")
	}
	first := slices.Clone(f.calls)
	f = &fake{t: t, jobs: again(t, store, j), answer: gateway}
	o.Host = f
	r, err := p.Run(t.Context(), o)
	if err != nil || r != (Result{Batches: 1, OK: 3}) {
		t.Fatal(r, err, frame(err))
	}
	all := slices.Concat(first, f.calls)
	for _, email := range []string{"ada@example.com", "bob@example.com", "eve@example.com"} {
		for _, want := range []string{"users create email=" + email, "teams members add", "keys generate models=gpt-4o-mini max-budget=20 budget-duration=1mo key-alias=" + email + "/default"} {
			n := 0
			for _, c := range all {
				if strings.HasPrefix(c, want) && (!strings.HasPrefix(want, "teams") || strings.HasSuffix(c, "user=u-"+email)) {
					n++
				}
			}
			if n == 0 || n > 2 || n == 2 && !strings.HasPrefix(want, "users create") {
				t.Errorf("%s %s: %d times in\n%s", email, want, n, strings.Join(all, "\n"))
			}
		}
	}
	if got := ended(t, f.jobs, "bob@example.com"); got != `bob@example.com {"email":"bob@example.com","user":"created","key_result":"created","key":"secret-ref:k"}` {
		t.Error(got)
	}
}

// The script that moves a team works on two gateways, and may use the second one as the person has named it.
func TestMoveTeam(t *testing.T) {
	text, err := os.ReadFile("types/testdata/right/move-team.ts")
	if err != nil {
		t.Fatal(err)
	}
	j, _ := journal(t)
	f := &fake{jobs: j, answer: func(_ context.Context, name string, c *Call, emit func(string) error) (string, error) {
		switch name {
		case "teams get":
			return "", emit(`{"team_id":"t` + c.Profile + `"}`)
		case "keys list":
			for n := range 3 {
				if err := emit(fmt.Sprintf(`{"token":"%d","key_name":"sk-...%d","key_alias":"a%d","models":["m"],"max_budget":null}`, n, n, n)); err != nil {
					return "", err
				}
			}
			return "", nil
		}
		return "", emit(`{"result":"created","key":"secret-ref:1"}`)
	}}
	r := run(t, f, RunOptions{Values: []*protocol.Value{value("team", "eng"), value("to", "b")}}, string(text))
	slices.Sort(f.calls)
	want := `keys generate models=m key-alias=a0 team-id=tb set=max_budget:=null if-not-exists=true @b
keys generate models=m key-alias=a1 team-id=tb set=max_budget:=null if-not-exists=true @b
keys generate models=m key-alias=a2 team-id=tb set=max_budget:=null if-not-exists=true @b
keys list team-id=t status=active
teams get alias=eng
teams get alias=eng @b`
	if got := strings.Join(f.calls, "\n"); r.OK != 3 || got != want {
		t.Error(r, got)
	}
}
