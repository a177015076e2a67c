package teams_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// team makes a team with an id and an alias.
func (w *wire) team(id, alias string) {
	w.t.Helper()
	w.send("POST", "/team/new", `{"team_id":"`+id+`","team_alias":"`+alias+`"}`)
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

func TestCreate(t *testing.T) {
	w := sandbox(t)
	r := w.want(problem.OK, "create --alias eng --models mock-gpt --max-budget 5 --budget-duration 30d --tpm-limit 1000 --set metadata.a=1")
	for path, want := range map[string]string{
		"team_alias": "eng", "models": `["mock-gpt"]`, "max_budget": "5.0", "budget_duration": "30d", "tpm_limit": "1000", "metadata": `{"a":1}`, "result": "created",
	} {
		if got := field(t, r.Records[0], path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if len(field(t, r.Records[0], "team_id")) != 36 || strings.Join(r.Locks, ", ") != "team eng" {
		t.Errorf("%s, locks %v", r.Records, r.Locks)
	}
	r = w.want(problem.Refused, "create --alias eng")
	if e := problem.As(r.Err); e.State != problem.Unchanged || len(e.Facts) != 1 || sent(r) != "" {
		t.Errorf("%+v", e)
	}
	r = w.want(problem.OK, "create --alias eng --max-budget 6 --if-not-exists")
	if field(t, r.Records[0], "result") != "exists" || field(t, r.Records[0], "differs") != `["max_budget"]` || sent(r) != "" {
		t.Errorf("%s", r.Records)
	}
	for _, alias := range []string{"ENG", "en", "e_g"} { // the gateway's filter takes each for a part of eng
		w.want(problem.OK, "create --alias "+alias)
	}
	w.team("t-1", "other")
	if e := problem.As(w.want(problem.Refused, "create --alias new --id t-1").Err); !strings.Contains(e.Message, "the id is in use") {
		t.Errorf("%+v", e)
	}
	w.team("t-2", "eng")
	if e := problem.As(w.want(problem.Failed, "create --alias eng --if-not-exists").Err); len(e.Facts) != 2 {
		t.Errorf("%+v", e)
	}
	for _, line := range []string{"create", "create --alias=", "create --alias x --max-budget=-1", "create --alias x --set team_id=y", "create --alias x --id="} {
		if r := w.run(line); r.Code() != problem.Usage || sent(r) != "" {
			t.Errorf("%s: %v", line, r.Err)
		}
	}
}

func TestCreateLost(t *testing.T) {
	for _, line := range []string{"create --alias eng", "create --alias eng --id t-1"} {
		w := sandbox(t)
		w.lose = "POST /team/new"
		if r := w.want(problem.OK, line); field(t, r.Records[0], "result") != "created" || len(r.Notices) != 1 {
			t.Errorf("%s %q", r.Records, r.Notices)
		}
	}
	w := sandbox(t)
	w.refuse = "POST /team/new"
	if e := problem.As(w.want(problem.Unreachable, "create --alias eng").Err); e.State != problem.Unchanged+" (checked)" {
		t.Errorf("%+v", e)
	}
	w.refuse, w.before = "", answer("POST /team/new", http.StatusOK, `{}`)
	w.want(problem.Failed, "create --alias eng")
	t.Run("to another with the id", func(t *testing.T) {
		w := sandbox(t)
		w.before = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/team/new" {
				w.team("t-1", "other")
			}
			return false
		}
		r := w.want(problem.Refused, "create --alias eng --id t-1")
		if e := problem.As(r.Err); !strings.Contains(e.Message, "another process took it") || strings.Contains(sent(r), "delete") {
			t.Errorf("%+v", e)
		}
	})
}

// TestCreateRace: of two teams with one alias the older stays; the loser removes its own.
func TestCreateRace(t *testing.T) {
	for name, c := range map[string]struct {
		older, keep bool
		code        problem.Code
		result      string
	}{"lost": {true, false, problem.Refused, ""}, "lost, and fine": {true, true, problem.OK, "exists"}, "won": {false, false, problem.OK, "created"}} {
		t.Run(name, func(t *testing.T) {
			w := sandbox(t)
			rival := "z-rival" // in one millisecond the smaller id is first
			if c.older {
				rival = "a-rival"
			}
			hook := func(r *http.Request) bool {
				if r.URL.Path == "/team/new" {
					w.before, w.after = nil, nil
					w.team(rival, "eng")
				}
				return false
			}
			if c.older {
				w.before = func(_ http.ResponseWriter, r *http.Request) bool { return hook(r) }
			} else {
				w.after = func(r *http.Request) { hook(r) }
			}
			line := "create --alias eng --id mine"
			if c.keep {
				line += " --if-not-exists"
			}
			r := w.want(c.code, line)
			if c.result != "" && field(t, r.Records[0], "result") != c.result {
				t.Errorf("%s", r.Records)
			}
			if mine := strings.Contains(w.send("GET", "/v2/team/list", ""), `"mine"`); mine == c.older || !strings.Contains(w.send("GET", "/v2/team/list", ""), `"`+rival+`"`) {
				t.Errorf("ours is there: %v", mine)
			}
		})
	}
}

func TestList(t *testing.T) {
	w := sandbox(t)
	w.team("t-1", "eng")
	w.team("t-2", "data")
	key := w.user("ada", "ada@example.com")
	w.send("POST", "/team/member_add", `{"team_id":"t-2","member":{"user_id":"ada","role":"user"}}`)
	r := w.want(problem.OK, "list")
	if len(r.Records) != 2 || r.Listing.GetTotal() != 2 || r.Listing.GetScope() != "you see all teams (role proxy_admin)" {
		t.Errorf("%s %v", r.Records, r.Listing)
	}
	if r := w.want(problem.OK, "list --alias EN --limit 1"); len(r.Records) != 1 || field(t, r.Records[0], "team_id") != "t-1" {
		t.Errorf("%s", r.Records)
	}
	if r := w.want(problem.OK, "list --page 2 --size 1"); len(r.Records) != 1 || r.Listing.GetTotal() != 2 {
		t.Errorf("%s", r.Records)
	}
	w.key = key
	r = w.want(problem.OK, "list")
	if len(r.Records) != 1 || field(t, r.Records[0], "team_id") != "t-2" || r.Listing.GetScope() != "you see your own teams only (role internal_user)" || !r.Listing.GetPartial() {
		t.Errorf("%s %v", r.Records, r.Listing)
	}
	w.want(problem.OK, "get data")
	w.want(problem.OK, "list --page 1")
	w.want(problem.Denied, "get t-1")
	w.want(problem.OK, "available")
	for _, line := range []string{"create --alias x", "update data --max-budget 1", "delete data", "block data"} {
		w.want(problem.Denied, line)
	}
}

func TestGet(t *testing.T) {
	w := sandbox(t)
	for id, alias := range map[string]string{"t-1": "eng", "t-2": "Eng", "t-3": "dup", "t-4": "dup", "t-5": "t-1"} {
		w.team(id, alias)
	}
	for line, want := range map[string]string{"get eng": "t-1", "get --id t-1": "t-1", "get --alias t-1": "t-5", "get Eng": "t-2", "get t-5": "t-5"} {
		if r := w.want(problem.OK, line); field(t, r.Records[0], "team_id") != want {
			t.Errorf("%s: %s", line, r.Records)
		}
	}
	for _, line := range []string{"get dup", "get --alias dup", "get t-1"} {
		if e := problem.As(w.want(problem.Failed, line).Err); len(e.Facts) != 2 {
			t.Errorf("%s: %+v", line, e)
		}
	}
	for _, line := range []string{"get en", "get ENG", "get e_g", "get --id eng", "get T-2"} {
		w.want(problem.NotFound, line)
	}
	w.want(problem.Usage, "get")
	w.want(problem.Usage, "get t-1 --alias eng")
}

func TestUpdate(t *testing.T) {
	for name, older := range map[string]bool{"new": false, "old": true} {
		t.Run(name, func(t *testing.T) {
			w := sandbox(t)
			w.team("t-1", "eng")
			if older {
				w.before = answer("PATCH /team/t-1", http.StatusNotFound, `{"detail":"Not Found"}`)
			}
			w.want(problem.OK, "update eng --max-budget 7 --models mock-gpt --set metadata.a=1 --set metadata.b.c=1")
			r := w.want(problem.OK, "update eng --set metadata.b.d=2 --set metadata.a=null --set max_budget=null --models=")
			for path, want := range map[string]string{"metadata": `{"b":{"c":1,"d":2}}`, "max_budget": "null", "models": "[]", "result": "updated"} {
				if got := field(t, r.Records[0], path); got != want {
					t.Errorf("%s: %s, want %s", path, got, want)
				}
			}
			if older != strings.Contains(sent(r), "POST /team/update") {
				t.Errorf("sent %s", sent(r))
			}
			r = w.want(problem.OK, "update t-1 --set metadata.b.d=2 --set models=null")
			if field(t, r.Records[0], "result") != "unchanged" || sent(r) != "" {
				t.Errorf("%s, sent %s", r.Records, sent(r))
			}
		})
	}
	t.Run("with an id that is no part of a path", func(t *testing.T) {
		w := sandbox(t)
		for _, id := range []string{"t/1", "t%41", ".."} {
			w.team(id, "eng"+id)
			if r := w.want(problem.OK, "update --id "+id+" --max-budget 7"); sent(r) != "POST /team/update" {
				t.Errorf("sent %s", sent(r))
			}
		}
	})
}

// TestUpdateRefused: what the gateway answers with a 500, ignores, or should not do is refused before anything is sent.
func TestUpdateRefused(t *testing.T) {
	w := sandbox(t)
	w.team("t-1", "eng")
	w.team("t-2", "data")
	for line, code := range map[string]problem.Code{
		"update eng --set blocked=null": problem.Usage, "update eng": problem.Usage, "update eng --set members_with_roles:=[]": problem.Usage, "update eng --set team_id=x": problem.Usage,
		"update eng --alias data": problem.Refused, "update eng --alias=": problem.Usage, "update none --max-budget 1": problem.NotFound, "update --max-budget 1": problem.Usage,
	} {
		if r := w.want(code, line); sent(r) != "" {
			t.Errorf("%s: sent %s", line, sent(r))
		}
	}
}

func TestUpdateSettled(t *testing.T) {
	w := sandbox(t)
	w.team("t-1", "eng")
	w.lose = "PATCH /team/t-1"
	if r := w.want(problem.OK, "update eng --max-budget 7 --alias data"); field(t, r.Records[0], "result") != "updated" || len(r.Notices) != 1 {
		t.Errorf("%s %q", r.Records, r.Notices)
	}
	w.lose, w.refuse = "", "PATCH /team/t-1"
	if e := problem.As(w.want(problem.Unreachable, "update data --max-budget 8").Err); e.State != problem.Unchanged+" (checked)" {
		t.Errorf("%+v", e)
	}
	w.refuse, w.before = "", answer("PATCH /team/t-1", http.StatusOK, `{}`)
	if e := problem.As(w.want(problem.Failed, "update data --max-budget 8").Err); !strings.Contains(e.Message, "without max_budget") {
		t.Errorf("%+v", e)
	}
}

func TestDelete(t *testing.T) {
	w := sandbox(t)
	for _, id := range []string{"a", "b", "c", "d"} {
		w.team(id, "team-"+id)
	}
	w.team("e", "team-d")
	w.send("POST", "/key/generate", `{"team_id":"a"}`)
	r := w.want(problem.OK, "delete team-a")
	if want := `{"team_id":"a","team_alias":"team-a","result":"deleted","keys_deleted":1,"members_removed":1}`; string(r.Records[0]) != want {
		t.Errorf("%s", r.Records)
	}
	if r = w.want(problem.Failed, "delete b team-d"); sent(r) != "" || len(problem.As(r.Err).Facts) != 2 {
		t.Errorf("%v, sent %s", r.Err, sent(r))
	}
	if r = w.want(problem.Partial, "delete b team-b none"); len(r.Records) != 2 || bodyOf(r, "POST /team/delete") != `{"team_ids":["b"]}` {
		t.Errorf("%s", r.Records)
	}
	w.want(problem.NotFound, "delete b")
	w.want(problem.OK, "delete b --ignore-missing")
	h := w.host()
	h.Terminal = sdk.Terminal{Stdin: true, Stderr: true}
	h.Refuse, h.Inputs = true, map[string][]byte{"team": []byte("c\nd\n")}
	for line, want := range map[string]string{"delete c": `delete team  c "team-c", and with it 0 keys and 1 membership`, "delete -": `delete team  c "team-c", and with it 0 keys and 1 membership`} {
		if r := w.with(h, line); r.Code() != problem.Guarded || sent(r) != "" || len(r.Asked) != 1 || r.Asked[0][0] != want {
			t.Errorf("%s: %v %v", line, r.Err, r.Asked)
		}
	}
	w.lose = "POST /team/delete"
	w.want(problem.OK, "delete c")
	w.lose, w.before = "", answer("POST /team/delete", http.StatusOK, `{"deleted_teams":["d"]}`)
	w.want(problem.Failed, "delete d")
}

func TestBlock(t *testing.T) {
	w := sandbox(t)
	w.team("a", "eng")
	for _, c := range []struct{ line, result, sent string }{
		{"block eng", "updated", "POST /team/block"}, {"block a", "unchanged", ""}, {"unblock a", "updated", "POST /team/unblock"}, {"unblock eng", "unchanged", ""},
	} {
		if r := w.want(problem.OK, c.line); field(t, r.Records[0], "result") != c.result || sent(r) != c.sent {
			t.Errorf("%s: %s, sent %s", c.line, r.Records, sent(r))
		}
	}
	w.want(problem.NotFound, "block none")
	w.before = answer("POST /team/block", http.StatusOK, `{}`)
	w.want(problem.Failed, "block a")
}

func TestAssignKey(t *testing.T) {
	w := sandbox(t)
	w.team("a", "eng")
	w.want(problem.Usage, "assign-key")
	if e := problem.As(w.want(problem.Refused, "assign-key --team-id a").Err); e.State != problem.Unchanged || !strings.Contains(e.Message, "master key") {
		t.Errorf("%+v", e)
	}
	w.user("boss", "boss@example.com")
	w.send("POST", "/user/update", `{"user_id":"boss","user_role":"proxy_admin"}`)
	w.key = field(t, []byte(w.send("POST", "/key/generate", `{"user_id":"boss"}`)), "key")
	w.want(problem.NotFound, "assign-key --team-id none")
	w.send("POST", "/team/member_add", `{"team_id":"a","member":{"user_id":"boss","role":"user"}}`)
	h := w.host()
	h.Terminal = sdk.Terminal{Stdin: true, Stderr: true}
	for answer, code := range map[string]problem.Code{"": problem.Guarded, "7": problem.Usage, "x": problem.Usage} {
		h.Lines = []string{answer}
		if r := w.with(h, "assign-key"); r.Code() != code || sent(r) != "" {
			t.Errorf("%q: %v", answer, r.Err)
		}
	}
	h.Lines = []string{"1"}
	if r := w.with(h, "assign-key"); r.Err != nil || field(t, r.Records[0], "result") != "updated" || field(t, r.Records[0], "team_id") != "a" {
		t.Errorf("%v %s", r.Err, r.Records)
	}
	if r := w.want(problem.OK, "assign-key --team-id eng"); field(t, r.Records[0], "result") != "unchanged" || sent(r) != "" {
		t.Errorf("%s", r.Records)
	}
}

// TestNotLiteLLM: an answer of another server's is not one that says "none".
func TestNotLiteLLM(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
	}{{200, `{}`}, {200, `[]`}, {200, `null`}, {200, `{"teams":[null],"total":1}`}, {404, `{"detail":"Not Found"}`}} {
		for _, line := range []string{
			"list", "list --limit 1", "get a", "get --id a", "get --alias a", "create --alias a", "update a --max-budget 1", "delete a --ignore-missing", "block a",
			"members list a", "members add a b", "members remove a b --ignore-missing", "assign-key --team-id a",
		} {
			w := sandbox(t)
			w.before = func(out http.ResponseWriter, _ *http.Request) bool {
				out.WriteHeader(c.status)
				_, _ = out.Write([]byte(c.body))
				return true
			}
			if r := w.run(line); r.Err == nil || c.status == 200 && r.Code() != problem.Unreachable || len(r.Records) > 0 || sent(r) != "" {
				t.Errorf("%s on %s: %d %v, %s", line, c.body, r.Code(), r.Err, r.Records)
			} else if strings.Contains(r.Err.Error(), "there is no team") {
				t.Errorf("%s on %s: %v", line, c.body, r.Err)
			}
		}
	}
}
