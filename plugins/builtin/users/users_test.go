package users_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestList(t *testing.T) {
	w := sandbox(t)
	w.send("POST", "/team/new", `{"team_id":"t-1","team_alias":"eng"}`)
	for i := range 120 {
		w.send("POST", "/user/new", fmt.Sprintf(`{"user_id":"u-%03d","user_email":"u%d@example.com","auto_create_key":false,"user_role":"internal_user_viewer"}`, i, i))
	}
	w.send("POST", "/team/member_add", `{"team_id":"t-1","member":{"user_id":"u-007","role":"user"}}`)
	all := len(values(w, "users.user_id", w.send("GET", "/user/list?page_size=100", ""))) + len(values(w, "users.user_id", w.send("GET", "/user/list?page_size=100&page=2", "")))
	r := w.want(problem.OK, "list")
	if len(r.Records) != all || all < 120 || r.Listing.GetTotal() != int64(all) || r.Listing.GetScope() != "you see all users (role proxy_admin)" {
		t.Errorf("%d of %d, %v", len(r.Records), all, r.Listing)
	}
	for line, want := range map[string]int{ // the admin who made the team is in it
		"list --limit 3": 3, "list --role internal_user_viewer": 120, "list --role proxy_admin_viewer": 0, "list --email U11@EXAMPLE": 1, "list --email u_1@": 0,
		"list --team eng": 2, "list --team t-1 --role internal_user_viewer": 1, "list --page 2 --size 50": 50, "list --page 9": 0,
	} {
		if r := w.want(problem.OK, line); len(r.Records) != want {
			t.Errorf("%s: %d rows, want %d", line, len(r.Records), want)
		}
	}
	if r := w.want(problem.OK, "list --limit 3"); r.Listing.GetTotal() != int64(all) {
		t.Errorf("%v", r.Listing)
	}
	w.want(problem.NotFound, "list --team none")
	w.want(problem.Usage, "list --page 1 --size 101")
}

func TestGet(t *testing.T) {
	w := sandbox(t)
	w.user("bob", "bob@example.com")
	w.user("bobob", "bobob@example.com")
	w.user("eve@example.com", "mail@example.com")
	w.user("eve", "eve@example.com")
	for line, want := range map[string]string{
		"get bob": "bob", "get --id bob": "bob", "get --email bob@example.com": "bob", "get BOB@example.com": "bob", "get --id eve@example.com": "eve@example.com", "get --email eve@example.com": "eve",
	} {
		if r := w.want(problem.OK, line); field(t, r.Records[0], "user_id") != want {
			t.Errorf("%s: %s", line, r.Records)
		}
	}
	for _, line := range []string{"get bo", "get BOB", "get ob@example.com", "get --email bob@example", "get --id bob@example.com", "get --email b_b@example.com"} {
		w.want(problem.NotFound, line)
	}
	if e := problem.As(w.want(problem.Failed, "get eve@example.com").Err); len(e.Facts) != 2 {
		t.Errorf("%+v", e)
	}
	w.want(problem.Usage, "get")
	w.want(problem.Usage, "get bob --email bob@example.com")
}

// TestOddIDs: an id is any text, and reaches the gateway as it is.
func TestOddIDs(t *testing.T) {
	w := sandbox(t)
	for i, id := range []string{"·b", "b·1", "b,1", "b/1", "b+1&x=%41#ü", "b'1"} {
		if r := w.want(problem.OK, fmt.Sprintf("create --email odd%d@example.com --id %s", i, id)); strings.Contains(id, "·") {
			for _, q := range r.Requests {
				if q.Path == "/v2/user/info" && strings.Contains(q.Query, "+") {
					t.Errorf("the gateway takes + for itself: %s", q.Query)
				}
			}
		}
		w.want(problem.OK, "update --id "+id+" --alias x")
		w.want(problem.OK, "delete "+id)
	}
}

// TestLoose: what another version of the gateway might match loosely is compared here.
func TestLoose(t *testing.T) {
	w := sandbox(t)
	w.user("bob2", "bob2@example.com")
	row := w.send("GET", "/v2/user/info?user_id=bob2", "")
	w.before = func(out http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/v2/user/info":
			_, _ = out.Write([]byte(row))
		case "/user/list":
			_, _ = fmt.Fprintf(out, `{"users":[%s],"total":1}`, row)
		default:
			return false
		}
		return true
	}
	for _, line := range []string{"get bob", "get --email bob@example.com", "update bob --alias x", "delete bob", "delete --email bob@example.com"} {
		if r := w.want(problem.NotFound, line); sent(r) != "" {
			t.Errorf("%s: sent %s", line, sent(r))
		}
	}
	if r := w.want(problem.Failed, "create --email bob@example.com --id bob"); sent(r) != "POST /user/new" {
		t.Errorf("%v, sent %s", r.Err, sent(r))
	}
}

func TestUpdate(t *testing.T) {
	w := sandbox(t)
	w.user("bob", "bob@example.com")
	r := w.want(problem.OK, "update --email Bob@example.com --max-budget 50 --set metadata.a.b=1 --models mock-gpt")
	if field(t, r.Records[0], "result") != "updated" || field(t, r.Records[0], "max_budget") != "50.0" {
		t.Errorf("%s", r.Records)
	}
	if body := bodyOf(r, "POST /user/update"); !strings.Contains(body, `"user_id":"bob"`) || strings.Contains(body, "user_email") {
		t.Errorf("by e-mail the gateway would make a user: %s", body)
	}
	r = w.want(problem.OK, "update bob --set metadata.a.c=2 --max-budget 50.0")
	if field(t, r.Records[0], "metadata") != `{"a":{"b":1,"c":2}}` || strings.Contains(bodyOf(r, "POST /user/update"), "max_budget") {
		t.Errorf("%s", r.Records)
	}
	r = w.want(problem.OK, "update bob --set metadata.a.c=2 --max-budget 50 --models mock-gpt")
	if field(t, r.Records[0], "result") != "unchanged" || sent(r) != "" {
		t.Errorf("%s", r.Records)
	}
	if r = w.want(problem.OK, "update bob --set max_budget=null --set metadata.a.b=null"); field(t, r.Records[0], "max_budget") != "null" || field(t, r.Records[0], "metadata") != `{"a":{"c":2}}` {
		t.Errorf("%s", r.Records)
	}
}

// TestUpdateRefused: what the gateway would ignore, or do to somebody else, is refused before anything is sent.
func TestUpdateRefused(t *testing.T) {
	w := sandbox(t)
	w.user("bob", "bob@example.com")
	w.user("eve", "eve@example.com")
	w.want(problem.OK, "update bob --models mock-gpt --alias Bob --set metadata.a=1")
	for line, code := range map[string]problem.Code{
		"update bob --models=": problem.Refused, "update bob --set models:=[]": problem.Refused, "update bob --set metadata:={}": problem.Refused, "update bob --set metadata=null": problem.Refused,
		"update bob --set metadata.a=null": problem.Refused, "update bob --set user_alias:=null": problem.Refused, "update bob --set user_email=EVE@example.com": problem.Refused,
		"update none --alias x": problem.NotFound, "update --email none@example.com --alias x": problem.NotFound, "update BOB --alias x": problem.NotFound,
		"update bob": problem.Usage, "update bob --set user_id=x": problem.Usage, "update bob --max-budget=-1": problem.Usage, "update bob --role owner": problem.Usage, "update --alias x": problem.Usage,
	} {
		r := w.want(code, line)
		if e := problem.As(r.Err); sent(r) != "" || e.State != problem.Unchanged && code != problem.Usage {
			t.Errorf("%s: sent %s, %+v", line, sent(r), e)
		}
	}
	w.send("POST", "/user/update", `{"user_id":"eve","user_email":"bob@example.com"}`)
	if e := problem.As(w.want(problem.Failed, "update --email bob@example.com --alias x").Err); len(e.Facts) != 2 {
		t.Errorf("%+v", e)
	}
	if all := w.send("GET", "/user/list", ""); strings.Contains(all, "none") {
		t.Errorf("a user was made: %s", all)
	}
}

// TestUpdateSettled: what a lost answer did is asked; what the gateway says it did is looked at.
func TestUpdateSettled(t *testing.T) {
	w := sandbox(t)
	w.user("bob", "bob@example.com")
	w.lose = "POST /user/update"
	if r := w.want(problem.OK, "update bob --alias Bob"); field(t, r.Records[0], "result") != "updated" || len(r.Notices) != 1 {
		t.Errorf("%s %q", r.Records, r.Notices)
	}
	w.lose, w.refuse = "", "POST /user/update"
	if e := problem.As(w.want(problem.Unreachable, "update bob --alias Ada").Err); e.State != problem.Unchanged+" (checked)" {
		t.Errorf("%+v", e)
	}
	w.refuse = ""
	w.before = answer("POST /user/update", http.StatusOK, `{}`)
	if e := problem.As(w.want(problem.Failed, "update bob --alias Ada --set tpm_limit=5").Err); !strings.Contains(e.Message, "without tpm_limit, user_alias") {
		t.Errorf("%+v", e)
	}
	w.before = nil
	if r := w.want(problem.OK, "update bob --set no_such_field=1"); len(r.Notices) != 1 || !strings.Contains(r.Notices[0], "no_such_field was taken cannot be seen") {
		t.Errorf("%q", r.Notices)
	}
}

func TestDelete(t *testing.T) {
	w := sandbox(t)
	for _, id := range []string{"bob", "bobob", "ada"} {
		w.user(id, id+"@example.com")
	}
	r := w.want(problem.OK, "delete --email bob@example.com")
	if want := `{"user_id":"bob","user_email":"bob@example.com","result":"deleted","keys_deleted":1}`; string(r.Records[0]) != want || len(r.Records) != 1 {
		t.Errorf("%s", r.Records)
	}
	if got := bodyOf(r, "POST /user/delete"); got != `{"user_ids":["bob"]}` || len(r.Asked) != 0 {
		t.Errorf("%s, asked %v", got, r.Asked)
	}
	w.want(problem.OK, "get bobob")
	w.want(problem.NotFound, "delete bob")
	w.want(problem.OK, "delete bob --ignore-missing")
	r = w.want(problem.Partial, "delete none ada ada@example.com")
	if len(r.Records) != 2 || sent(r) != "POST /user/delete" {
		t.Errorf("%s, sent %s", r.Records, sent(r))
	}
}

// TestDeleteAmbiguous: a name that may mean two users deletes none, nor any other.
func TestDeleteAmbiguous(t *testing.T) {
	w := sandbox(t)
	w.user("ada", "ada@example.com")
	w.user("b1", "bob@example.com")
	w.user("b2", "x@example.com")
	w.send("POST", "/user/update", `{"user_id":"b2","user_email":"BOB@example.com"}`)
	for _, line := range []string{"delete --email bob@example.com", "delete ada bob@example.com", "delete ada --email bob@example.com"} {
		r := w.want(problem.Failed, line)
		e := problem.As(r.Err)
		if len(e.Facts) != 2 || !strings.HasPrefix(e.Facts[0].Text, "b1 ") || !strings.HasPrefix(e.Facts[1].Text, "b2 ") || e.State != problem.Unchanged || sent(r) != "" {
			t.Errorf("%s: %+v, sent %s", line, e, sent(r))
		}
	}
}

func TestDeleteSelected(t *testing.T) {
	w := sandbox(t)
	w.send("POST", "/team/new", `{"team_id":"t-1","team_alias":"eng"}`)
	for _, id := range []string{"a", "b", "c"} {
		w.user(id, id+"@example.com")
	}
	w.send("POST", "/user/update", `{"user_id":"a","user_role":"internal_user_viewer"}`)
	w.send("POST", "/team/member_add", `{"team_id":"t-1","member":{"user_id":"b","role":"user"}}`)
	h := w.host()
	h.Refuse = true
	if r := w.with(h, "delete --role internal_user_viewer"); r.Code() != problem.Guarded || sent(r) != "" || r.Asked[0][0] != "a  a@example.com  internal_user_viewer  1 key" {
		t.Errorf("%v %v", r.Err, r.Asked)
	}
	h.Refuse, h.Inputs = false, map[string][]byte{"user": []byte("c\r\nnone\n\nc\n")}
	if r := w.with(h, "delete -"); r.Code() != problem.Partial || sent(r) != "POST /user/delete" || len(r.Asked[0]) != 2 {
		t.Errorf("%v %v", r.Err, r.Asked)
	}
	r := w.want(problem.OK, "delete --team eng --role internal_user")
	if len(r.Records) == 0 || !strings.Contains(bodyOf(r, "POST /user/delete"), "b") && len(r.Asked) != 1 {
		t.Errorf("%s", r.Records)
	}
	w.want(problem.NotFound, "delete --role proxy_admin_viewer")
	w.want(problem.OK, "delete --role proxy_admin_viewer --ignore-missing")
	w.want(problem.Usage, "delete")
	w.want(problem.Usage, "delete a --role internal_user")
	w.want(problem.OK, "get a")
}

func TestDeleteSettled(t *testing.T) {
	w := sandbox(t)
	for _, id := range []string{"a", "b", "c", "d"} {
		w.user(id, id+"@example.com")
	}
	w.lose = "POST /user/delete"
	if r := w.want(problem.OK, "delete a"); len(r.Notices) != 1 || field(t, r.Records[0], "result") != "deleted" {
		t.Errorf("%s %q", r.Records, r.Notices)
	}
	w.lose, w.refuse = "", "POST /user/delete"
	if e := problem.As(w.want(problem.Unreachable, "delete b").Err); e.State != problem.Unchanged+" (checked)" {
		t.Errorf("%+v", e)
	}
	w.refuse = ""
	w.before = answer("POST /user/delete", http.StatusOK, `1`)
	w.want(problem.Failed, "delete b")
	w.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/user/delete" {
			w.send("POST", "/user/delete", `{"user_ids":["c"]}`)
		}
		return false
	}
	w.want(problem.NotFound, "delete c") // somebody else was quicker
}

// TestDeleteAsks: on a terminal the person learns what goes and what stays.
func TestDeleteAsks(t *testing.T) {
	w := sandbox(t)
	w.send("POST", "/team/new", `{"team_id":"t-1","team_alias":"eng"}`)
	w.user("bob", "bob@example.com")
	w.user("bobob", "bobob@example.com")
	w.send("POST", "/team/member_add", `{"team_id":"t-1","member":{"user_id":"bob","role":"user"}}`)
	w.send("POST", "/key/generate", `{"user_id":"bob","key_alias":"prod"}`)
	h := w.host()
	h.Terminal = sdk.Terminal{Stdin: true, Stderr: true}
	h.Refuse = true
	r := w.with(h, "delete bob")
	if r.Code() != problem.Guarded || sent(r) != "" || len(r.Asked) != 1 {
		t.Fatalf("%v", r.Err)
	}
	text := strings.Join(r.Asked[0], "\n")
	for _, want := range []string{"delete user  bob  bob@example.com  internal_user", "2 keys", "1 membership (eng)", "no record of keys"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
