package users_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

func TestCreate(t *testing.T) {
	w := sandbox(t)
	w.send("POST", "/team/new", `{"team_id":"t-1","team_alias":"eng"}`)
	r := w.want(problem.OK, "create --email ada@example.com --alias Ada·L --team eng --max-budget 100.0 --budget-duration 30d --models mock-gpt,mock-claude --set metadata.a=1")
	if got := field(t, r.Records[0], "result"); got != "created" {
		t.Errorf("%s", r.Records[0])
	}
	request := json.RawMessage(bodyOf(r, "POST /user/new"))
	if field(t, request, "auto_create_key") != "false" || len(field(t, request, "user_id")) != 36 {
		t.Errorf("the gateway would make a key, or choose the id: %s", request)
	}
	for path, want := range map[string]string{
		"user_email": "ada@example.com", "user_alias": "Ada L", "user_role": "internal_user", "teams": `["t-1"]`, "max_budget": "100.0",
		"models": `["mock-gpt","mock-claude"]`, "metadata": `{"a":1}`, "key_count": "0", "key": "",
	} {
		if got := field(t, r.Records[0], path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := strings.Join(r.Locks, ", "); got != "user ada@example.com, team-members t-1" {
		t.Errorf("locks: %s", got)
	}
	if !strings.Contains(w.send("GET", "/team/info?team_id=t-1", ""), field(t, r.Records[0], "user_id")) {
		t.Error("no member of the team")
	}
}

// TestCreateTaken: an e-mail is taken in any case of its letters, and what only looks like it is another.
func TestCreateTaken(t *testing.T) {
	w := sandbox(t)
	w.user("bob", "bob@example.com")
	w.user("bobob", "bobob@example.com")
	w.user("wild", "adaXexample.com")
	r := w.want(problem.Refused, "create --email BOB@example.com")
	if e := problem.As(r.Err); e.State != problem.Unchanged || e.Facts[0].Text != "bob  bob@example.com  internal_user" || sent(r) != "" {
		t.Errorf("%+v, sent %s", e, sent(r))
	}
	r = w.want(problem.OK, "create --email Bob@example.com --max-budget 5 --role internal_user --if-not-exists")
	if field(t, r.Records[0], "result") != "exists" || field(t, r.Records[0], "differs") != `["max_budget"]` || sent(r) != "" {
		t.Errorf("%s", r.Records[0])
	}
	w.want(problem.OK, "create --email ada_example.com") // _ stands for any letter in the gateway's filter
	r = w.want(problem.Refused, "create --email new@example.com --id bob")
	if e := problem.As(r.Err); !strings.Contains(e.Message, "the id is in use") || sent(r) != "" {
		t.Errorf("%+v", e)
	}
	w.user("twin", "twin@example.com")
	w.send("POST", "/user/update", `{"user_id":"twin","user_email":"bob@example.com"}`)
	r = w.want(problem.Failed, "create --email bob@example.com --if-not-exists")
	if e := problem.As(r.Err); len(e.Facts) != 2 || sent(r) != "" {
		t.Errorf("%+v", e)
	}
}

// TestCreateTeams: nothing is made unless all teams are there and mean one.
func TestCreateTeams(t *testing.T) {
	w := sandbox(t)
	for _, body := range []string{`{"team_id":"t-1","team_alias":"eng"}`, `{"team_id":"t-2","team_alias":"eng"}`, `{"team_id":"eng2","team_alias":"x"}`, `{"team_id":"t-3","team_alias":"eng2"}`, `{"team_id":"t-4","team_alias":"Data"}`} {
		w.send("POST", "/team/new", body)
	}
	for team, c := range map[string]struct {
		code  problem.Code
		facts int
	}{"none": {problem.NotFound, 0}, "data": {problem.NotFound, 0}, "eng": {problem.Failed, 2}, "eng2": {problem.Failed, 2}} {
		r := w.want(c.code, "create --email ada@example.com --team Data,"+team)
		if e := problem.As(r.Err); e.State != problem.Unchanged || len(e.Facts) != c.facts || sent(r) != "" || !strings.HasPrefix(e.Message, "cannot create user ada@example.com: ") {
			t.Errorf("%s: %+v, sent %s", team, e, sent(r))
		}
	}
}

// TestCreateLost: a lost answer, or a 500, is settled by asking, and makes one user.
func TestCreateLost(t *testing.T) {
	for _, line := range []string{"create --email ada@example.com", "create --email ada@example.com --id ada"} {
		w := sandbox(t)
		w.lose = "POST /user/new"
		r := w.want(problem.OK, line)
		if field(t, r.Records[0], "result") != "created" || len(r.Notices) != 1 || !strings.Contains(r.Notices[0], "checked") {
			t.Errorf("%s %q", r.Records, r.Notices)
		}
	}
	t.Run("and not made", func(t *testing.T) {
		w := sandbox(t)
		w.refuse = "POST /user/new"
		r := w.want(problem.Unreachable, "create --email ada@example.com")
		if e := problem.As(r.Err); e.State != problem.Unchanged+" (checked)" || len(r.Records) > 0 {
			t.Errorf("%+v", e)
		}
	})
	t.Run("and said to be made", func(t *testing.T) {
		w := sandbox(t)
		w.before = answer("POST /user/new", http.StatusOK, `{}`)
		w.want(problem.Failed, "create --email ada@example.com")
	})
	t.Run("and not seen", func(t *testing.T) {
		w := sandbox(t)
		w.after = func(r *http.Request) {
			if r.URL.Path == "/user/new" {
				w.before = func(out http.ResponseWriter, _ *http.Request) bool { http.Error(out, "no", 502); return true }
			}
		}
		w.lose = "POST /user/new"
		if e := problem.As(w.want(problem.Unreachable, "create --email ada@example.com --id ada").Err); e.State != problem.Unknown || !strings.Contains(e.Hint, "users get --id ada") {
			t.Errorf("%+v", e)
		}
	})
}

// answer is a hook that answers requests of one kind in the gateway's place.
func answer(request string, status int, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(out http.ResponseWriter, r *http.Request) bool {
		if r.Method+" "+r.URL.Path != request {
			return false
		}
		out.WriteHeader(status)
		_, _ = out.Write([]byte(body))
		return true
	}
}

// TestCreateRace: of two users with one e-mail the older stays, whoever looks; the loser removes its own and nothing else.
func TestCreateRace(t *testing.T) {
	rival := func(w *wire, first bool) {
		if first {
			w.user("rival", "other@example.com")
		}
		w.after = func(r *http.Request) {
			if r.URL.Path != "/user/new" {
				return
			}
			if !first {
				w.user("rival", "other@example.com")
			}
			w.send("POST", "/user/update", `{"user_id":"rival","user_email":"Ada@example.com"}`)
		}
	}
	left := func(w *wire) string {
		return strings.Join(values(w, "users.user_id", w.send("GET", "/user/list?user_email=ada@example.com", "")), " ")
	}
	t.Run("lost", func(t *testing.T) {
		w := sandbox(t)
		rival(w, true)
		r := w.want(problem.Refused, "create --email ada@example.com")
		if e := problem.As(r.Err); e.State != problem.Unchanged || left(w) != "rival" {
			t.Errorf("%+v, left: %s", e, left(w))
		}
	})
	t.Run("lost, and that is fine", func(t *testing.T) {
		w := sandbox(t)
		rival(w, true)
		r := w.want(problem.OK, "create --email ada@example.com --if-not-exists")
		if field(t, r.Records[0], "result") != "exists" || field(t, r.Records[0], "user_id") != "rival" || left(w) != "rival" {
			t.Errorf("%s, left: %s", r.Records, left(w))
		}
	})
	t.Run("won", func(t *testing.T) {
		w := sandbox(t)
		rival(w, false)
		r := w.want(problem.OK, "create --email ada@example.com --id ada")
		if field(t, r.Records[0], "result") != "created" || sent(r) != "POST /user/new" || !strings.Contains(left(w), "ada") {
			t.Errorf("%s, left: %s", r.Records, left(w))
		}
	})
	t.Run("lost before", func(t *testing.T) { // 409: the other was there when ours came
		w := sandbox(t)
		w.before = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/user/new" {
				w.before = nil
				w.user("rival", "Ada@example.com")
			}
			return false
		}
		r := w.want(problem.OK, "create --email ada@example.com --if-not-exists")
		if field(t, r.Records[0], "user_id") != "rival" || left(w) != "rival" {
			t.Errorf("%s, left: %s", r.Records, left(w))
		}
	})
}

// TestCreateTogether: without the lock, as on several machines, one of many creates and the others say that it exists.
func TestCreateTogether(t *testing.T) {
	w := sandbox(t)
	results := make([]*sdktest.Result, 8)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() { results[i] = w.run("create --email ada@example.com --if-not-exists") })
	}
	group.Wait()
	created := 0
	for _, r := range results {
		switch {
		case r.Err != nil || len(r.Records) != 1:
			t.Errorf("%v, %s", r.Err, r.Records)
		case field(t, r.Records[0], "result") == "created":
			created++
		}
	}
	if all := values(w, "users.user_id", w.send("GET", "/user/list?user_email=ada@example.com", "")); created != 1 || len(all) != 1 {
		t.Errorf("%d say that they created it, %v are there", created, all)
	}
}

// TestCreateMembership: 200 of the gateway's is no proof of a membership.
func TestCreateMembership(t *testing.T) {
	w := sandbox(t)
	w.send("POST", "/team/new", `{"team_id":"t-1","team_alias":"eng"}`)
	lost := 0
	w.before = func(out http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/team/member_add" || lost == 2 {
			return false
		}
		lost++
		_, _ = out.Write([]byte(`{}`))
		return true
	}
	if r := w.want(problem.OK, "create --email ada@example.com --team t-1"); field(t, r.Records[0], "teams") != `["t-1"]` {
		t.Errorf("%s", r.Records[0])
	}
	t.Run("refused", func(t *testing.T) {
		w.before = answer("POST /team/member_add", http.StatusForbidden, `{"detail":"no"}`)
		r := w.want(problem.Denied, "create --email bob@example.com --id bob --team t-1 --with-key")
		e := problem.As(r.Err)
		if e.State != "user bob was created, and is in 0 of 1 teams" || e.Hint != "litellm-proxy teams members add t-1 bob" || field(t, r.Records[0], "result") != "created" {
			t.Errorf("%+v %s", e, r.Records)
		}
	})
}

func TestCreateWithKey(t *testing.T) {
	for _, lost := range []string{"", "POST /key/generate"} {
		w := sandbox(t)
		w.lose = lost
		r := w.want(problem.OK, "create --email ada@example.com --id ada --with-key")
		if !strings.HasPrefix(field(t, r.Records[0], "key"), "secret-ref:") || field(t, r.Records[0], "key_count") != "1" {
			t.Errorf("%s", r.Records[0])
		}
	}
	w := sandbox(t)
	w.refuse = "POST /key/generate"
	r := w.want(problem.Unreachable, "create --email eve@example.com --id eve --with-key")
	if e := problem.As(r.Err); e.State != "user eve was created, without a key" || field(t, r.Records[0], "result") != "created" {
		t.Errorf("%+v %s", e, r.Records)
	}
}

func TestCreateUsage(t *testing.T) {
	w := sandbox(t)
	for _, line := range []string{
		"create", "create --email=", "create --email a@example.com --role owner", "create --email a@example.com --max-budget=-1", "create --email a@example.com --set auto_create_key=true",
		"create --email a@example.com --set user_id=x", "create --email a@example.com --set teams=x", "create --email a@example.com --set budget_duration=monthly", "create --email a@example.com --id=", "create --email a@example.com --set user_email=b@example.com",
	} {
		if r := w.run(line); r.Code() != problem.Usage || sent(r) != "" {
			t.Errorf("%s: %v, sent %s", line, r.Err, sent(r))
		}
	}
}

// TestCreateUntaken: a field that the gateway drops is not reported as set.
func TestCreateUntaken(t *testing.T) {
	w := sandbox(t)
	w.after = func(r *http.Request) {
		if r.URL.Path == "/user/new" {
			w.send("POST", "/user/update", `{"user_id":"ada","max_budget":7}`)
		}
	}
	r := w.want(problem.Failed, "create --email ada@example.com --id ada --max-budget 5")
	if e := problem.As(r.Err); e.Field != "max_budget" || !strings.Contains(e.State, "user ada (ada@example.com) was created, but for max_budget") {
		t.Errorf("%+v", e)
	}
}

func TestCreateDryRun(t *testing.T) {
	w := sandbox(t)
	w.send("POST", "/team/new", `{"team_id":"t-1"}`)
	h := w.host()
	h.DryRun = true
	r := w.with(h, "create --email ada@example.com --team t-1 --with-key")
	if r.Err != nil || len(r.Planned) != 3 || sent(r) != "" || len(r.Records) > 0 {
		t.Errorf("%v, planned %v", r.Err, r.Planned)
	}
}

// TestRole: a role's refusal is handed on as such.
func TestRole(t *testing.T) {
	w := sandbox(t)
	w.key = w.user("ada", "ada@example.com")
	for _, line := range []string{"list", "create --email bob@example.com", "update ada --alias x", "delete ada", "get bob", "delete --role internal_user"} {
		if r := w.run(line); r.Code() != problem.Denied || sent(r) != "" {
			t.Errorf("%s: %v", line, r.Err)
		}
	}
	if r := w.want(problem.OK, "get ada"); field(t, r.Records[0], "user_id") != "ada" {
		t.Errorf("%s", r.Records)
	}
}

// TestNotLiteLLM: an answer of another server's is not one that says "none".
func TestNotLiteLLM(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
	}{{200, `{}`}, {200, `[]`}, {200, `null`}, {200, `{"users":[null],"total":1}`}, {404, `{"detail":"Not Found"}`}} {
		for _, line := range []string{
			"list", "list --limit 1", "get ada", "get --id ada", "get --email ada@example.com", "create --email ada@example.com", "update ada --alias x",
			"delete ada --ignore-missing", "delete --email ada@example.com --ignore-missing", "delete --role internal_user --ignore-missing",
		} {
			w := sandbox(t)
			w.before = func(out http.ResponseWriter, _ *http.Request) bool {
				out.WriteHeader(c.status)
				_, _ = out.Write([]byte(c.body))
				return true
			}
			if r := w.run(line); r.Err == nil || c.status == 200 && r.Code() != problem.Unreachable || len(r.Records) > 0 || sent(r) != "" {
				t.Errorf("%s on %s: %d %v, %s", line, c.body, r.Code(), r.Err, r.Records)
			} else if strings.Contains(r.Err.Error(), "there is no user") {
				t.Errorf("%s on %s: %v", line, c.body, r.Err)
			}
		}
	}
}

// values are those of the member at path, "users.user_id", of a list in an answer.
func values(w *wire, path, answer string) []string {
	list, member, _ := strings.Cut(path, ".")
	var object map[string]json.RawMessage
	var rows []json.RawMessage
	if json.Unmarshal([]byte(answer), &object) != nil || json.Unmarshal(object[list], &rows) != nil {
		w.t.Fatalf("no list: %s", answer)
	}
	var out []string
	for _, row := range rows {
		out = append(out, field(w.t, row, member))
	}
	return out
}
