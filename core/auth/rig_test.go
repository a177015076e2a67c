package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// rig is a real gateway with single sign-on, and its four users: alice in no team, bob in team-red, carol in team-red and
// team-blue, dave an admin.
type rig struct {
	url, master string
	old         bool // it knows the legacy flow alone
}

// realRig returns the gateway of LITELLM_PROXY_SSO_URL, with every user signed in once, as only that creates them.
func realRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{url: strings.TrimRight(os.Getenv("LITELLM_PROXY_SSO_URL"), "/"), master: os.Getenv("LITELLM_PROXY_SSO_MASTER_KEY")}
	if r.url == "" {
		t.Skip("LITELLM_PROXY_SSO_URL names no gateway with single sign-on and the rig's four users")
	}
	for _, user := range []string{"alice", "bob", "carol", "dave"} {
		b, err := newRigBrowser(user)
		if err != nil {
			t.Fatal(err)
		}
		if status, _, err := b.open(t.Context(), http.MethodGet, r.url+"/sso/key/generate", nil); err != nil || status != 200 {
			t.Fatalf("%s cannot sign in to the pages: %d %v", user, status, err)
		}
	}
	status, _, err := get(r.url + "/.well-known/litellm-cli-auth")
	if err != nil {
		t.Fatal(err)
	}
	r.old = status == 404
	return r
}

// login is a sign-in at the rig that really waits, but not long.
func (r *rig) login(t *testing.T, p *person, knobs ...func(*Login)) (*Login, *bytes.Buffer) {
	t.Helper()
	secrets, trace := &redact.Redactor{}, &bytes.Buffer{}
	c, err := transport.New(transport.Options{BaseURL: r.url, Redact: secrets, Debug: trace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	l := &Login{Client: c, Redact: secrets, Person: p, Browser: true}
	for _, k := range knobs {
		k(l)
	}
	return l, trace
}

// admin makes a request with the master key.
func (r *rig) admin(t *testing.T, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.master)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 200 {
		t.Fatalf("%s: %d %s", path, resp.StatusCode, answer)
	}
	return string(answer)
}

func TestRigSignIn(t *testing.T) {
	r := realRig(t)
	for _, c := range []struct {
		name, user, grant string // grant: the team chosen on the consent page
		login             func(*Login)
		person            func(*person)
		only              Flow // a flow that only the newer gateway has
		team              string
	}{
		{name: "PKCE, no team", user: "alice", only: PKCE},
		{name: "PKCE, one team", user: "bob", only: PKCE, team: "team-red"},
		{name: "PKCE, a team", user: "carol", grant: "team-blue", login: team("team-blue"), only: PKCE, team: "team-blue"},
		{name: "PKCE, a team by alias", user: "carol", grant: "team-red", login: team("red team"), only: PKCE, team: "team-red"},
		{name: "PKCE, an admin", user: "dave", login: forced, only: PKCE},
		{name: "no team", user: "alice", login: noBrowser},
		{name: "the only team", user: "bob", login: noBrowser, team: "team-red"},
		{name: "a team chosen", user: "carol", login: noBrowser, person: taking(Team{ID: "team-red"}), team: "team-red"},
		{name: "a team by id", user: "carol", login: all(noBrowser, team("team-blue")), team: "team-blue"},
		{name: "a team by alias", user: "carol", login: all(noBrowser, team("blue team")), team: "team-blue"},
		{name: "an admin", user: "dave", login: noBrowser},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := Classic
			switch {
			case r.old && c.only != "":
				t.Skip("this gateway has the legacy flow alone")
			case r.old:
				want = Legacy
			case c.only != "":
				want = c.only
			}
			p := (&person{}).approves(t, c.user, c.grant, false)
			if c.person != nil {
				c.person(p)
			}
			l, trace := r.login(t, p)
			if c.login != nil {
				c.login(l)
			}
			s, err := l.Run(t.Context())
			if err != nil {
				t.Fatalf("%s\n%s", text(err), trace)
			}
			role := map[string]string{"dave": "proxy_admin"}[c.user]
			if role == "" {
				role = "internal_user"
			}
			if s.Flow != want || s.UserID != c.user || s.TeamID != c.team || s.Email != c.user+"@example.com" || s.Role != role || s.Renewable() != (want == PKCE) {
				t.Errorf("%s of %s in %q, %s, %s", s.Flow, s.UserID, s.TeamID, s.Email, s.Role)
			}
			for _, secret := range []string{s.Key, s.RefreshToken} {
				if secret != "" && strings.Contains(trace.String()+p.heard(), secret) {
					t.Errorf("the trace holds the credential:\n%s", trace)
				}
			}
			if err := Revoke(t.Context(), l.Client, s); err != nil {
				t.Error(err)
			}
		})
	}
}

// A renewed credential works, the spent one is told apart from one that is over, and the key outlives both.
func TestRigRefresh(t *testing.T) {
	r := realRig(t)
	if r.old {
		t.Skip("this gateway renews nothing")
	}
	l, _ := r.login(t, (&person{}).approves(t, "carol", "team-blue", false))
	s, err := l.Run(t.Context())
	if err != nil {
		t.Fatal(text(err))
	}
	fresh, err := Refresh(t.Context(), l.Client, s)
	if err != nil || fresh.TeamID != "team-blue" || fresh.Key == s.Key || fresh.Expires == nil || time.Until(*fresh.Expires) < time.Hour {
		t.Fatalf("%v %+v", err, fresh)
	}
	if _, err := Refresh(t.Context(), l.Client, s); !errors.Is(err, ErrSpent) || errors.Is(err, ErrEnded) {
		t.Errorf("a spent token: %v", err)
	}
	garbled := *fresh
	garbled.RefreshToken = "llm_srefresh_junk"
	if _, err := Refresh(t.Context(), l.Client, &garbled); !errors.Is(err, ErrEnded) {
		t.Errorf("junk: %v", err)
	}
	if err := Revoke(t.Context(), l.Client, fresh); err != nil {
		t.Fatal(err)
	}
	if _, err := Refresh(t.Context(), l.Client, fresh); !errors.Is(err, ErrEnded) {
		t.Errorf("a revoked token: %v", err)
	}
	if id, err := Verify(t.Context(), l.Client, fresh.Key); err != nil || id.UserID != "carol" {
		t.Errorf("the key after its revocation: %+v %v", id, err)
	}
}

func TestRigRefusals(t *testing.T) {
	r := realRig(t)
	for name, c := range map[string]struct {
		user, grant string
		deny        bool // in the browser, which the older gateway does not tell
		login       func(*Login)
		code        problem.Code
		says        string
	}{
		"denied":                       {"bob", "", true, forced, problem.Denied, "denied in the browser"},
		"another team than asked for":  {"carol", "team-red", false, team("team-blue"), problem.Denied, `team "team-blue" was asked for, and the sign-in is for red team (team-red)`},
		"not in the team":              {"carol", "", false, all(noBrowser, team("green")), problem.Denied, "blue team (team-blue)"},
		"several teams, nobody to ask": {"carol", "", false, noBrowser, problem.Usage, "red team (team-red)"},
	} {
		t.Run(name, func(t *testing.T) {
			if r.old && (c.deny || c.grant != "") {
				t.Skip("this gateway has no page to approve on")
			}
			l, _ := r.login(t, (&person{}).approves(t, c.user, c.grant, c.deny), c.login)
			_, err := l.Run(t.Context())
			fails(t, err, c.code, c.says)
		})
	}
}

// Above five users nobody gets as far as the browser; needs LITELLM_PROXY_SSO_MASTER_KEY, for a fifth user for a moment.
func TestRigLimit(t *testing.T) {
	r := realRig(t)
	if r.master == "" {
		t.Skip("LITELLM_PROXY_SSO_MASTER_KEY is not set: no fifth user can be made")
	}
	const fifth = "fifth-for-a-moment"
	r.admin(t, "/user/new", `{"user_id":"`+fifth+`","auto_create_key":false}`)
	defer r.admin(t, "/user/delete", `{"user_ids":["`+fifth+`"]}`)
	p := &person{}
	for _, flow := range []func(*Login){func(*Login) {}, noBrowser} {
		l, _ := r.login(t, p, flow)
		_, err := l.Run(t.Context())
		fails(t, err, problem.Denied, "at most 5 users", "licence")
	}
	if len(p.visited) > 0 {
		t.Error("a browser was opened")
	}
}

// Every kind of key is known for what it is.
func TestRigVerify(t *testing.T) {
	r := realRig(t)
	if r.master == "" {
		t.Skip("LITELLM_PROXY_SSO_MASTER_KEY is not set: no keys can be made")
	}
	l, _ := r.login(t, &person{})
	if id, err := Verify(t.Context(), l.Client, r.master); err != nil || !id.Master || id.Role != "proxy_admin" {
		t.Errorf("the master key: %+v %v", id, err)
	}
	key := func(body string) string {
		_, rest, _ := strings.Cut(r.admin(t, "/key/generate", body), `"key":"`)
		k, _, _ := strings.Cut(rest, `"`)
		t.Cleanup(func() { r.admin(t, "/key/delete", fmt.Sprintf(`{"keys":[%q]}`, k)) })
		return k
	}
	for body, is := range map[string]func(*Identity) bool{
		`{}`:                     func(id *Identity) bool { return id.Nobody && id.UserID == "" },
		`{"user_id":"bob"}`:      func(id *Identity) bool { return id.UserID == "bob" && id.Email == "bob@example.com" },
		`{"user_id":"ghost"}`:    func(id *Identity) bool { return id.UserID == "ghost" && !id.Nobody },
		`{"key_type":"llm_api"}`: func(id *Identity) bool { return id.Limited },
		`{"team_id":"team-red"}`: func(id *Identity) bool { return id.Nobody },
	} {
		if id, err := Verify(t.Context(), l.Client, key(body)); err != nil || !is(id) {
			t.Errorf("%s: %+v %v", body, id, err)
		}
	}
	if _, err := Verify(t.Context(), l.Client, "sk-0123456789abcdef0000"); problem.CodeOf(err) != problem.Denied {
		t.Errorf("an unknown key: %v", err)
	}
}
