//go:build linux

package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// rig is a real gateway with single sign-on, and a browser.
type rig struct {
	url, provider string
	browser       webDriver
	legacy        bool
}

// newRig finds the rig that LITELLM_PROXY_SSO_URL names: its provider signs in whoever /rig/user/NAME has named.
func newRig(t *testing.T) rig {
	t.Helper()
	r := rig{url: os.Getenv("LITELLM_PROXY_SSO_URL")}
	if r.url == "" {
		t.Skip("LITELLM_PROXY_SSO_URL names no gateway with single sign-on")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(r.url + "/sso/key/generate")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	r.provider, _, _ = strings.Cut(resp.Header.Get("Location"), "/auth?")
	resp, err = client.Get(r.url + "/.well-known/litellm-cli-auth")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	r.legacy = resp.StatusCode == http.StatusNotFound
	r.browser = newBrowser(t)
	return r
}

// as makes a user the one who sits at the browser, with no session at the gateway.
func (r rig) as(t *testing.T, user string) {
	t.Helper()
	for _, address := range []string{r.url + "/health/liveliness", r.provider + "/rig/user/" + user} {
		if err := r.browser.open(address); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(address, r.url) {
			if err := r.browser.do("DELETE", "/cookie", nil, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// home is one whose $BROWSER is the rig's.
func (r rig) home(t *testing.T, team, decision string) home {
	t.Helper()
	h := newHome(t, "")
	drive, err := exec.LookPath("drive")
	if err != nil {
		t.Fatal(err)
	}
	failure := filepath.Join(h.dir, "failure")
	h.env = append(h.env, "LITELLM_PROXY_API_KEY=", "BROWSER="+drive, "TEST_WEBDRIVER="+string(r.browser), "TEST_TEAM="+team, "TEST_DECISION="+decision, "TEST_FAILURE="+failure)
	t.Cleanup(func() {
		if why, err := os.ReadFile(failure); err == nil && t.Failed() {
			t.Logf("the browser: %s", why)
		}
	})
	return h
}

// TestContractSignIn signs in at a real gateway, in a real browser.
func TestContractSignIn(t *testing.T) {
	r := newRig(t)
	if r.legacy {
		t.Run("legacy", r.testLegacy)
		return
	}
	t.Run("in the browser", r.testBrowser)
	t.Run("by a printed address", r.testPrinted)
	t.Run("by a code", r.testCode)
	t.Run("denied", r.testDenied)
}

// testBrowser is the whole life of a sign-in that renews itself, with a team of the page's choice.
func (r rig) testBrowser(t *testing.T) {
	r.as(t, "carol")
	h := r.home(t, "team-blue", "approve")
	if e := h.do(t, "login", r.url, "--timeout", "1m"); e.code != 0 || !strings.Contains(e.stderr, "as carol@example.com (internal_user), team team-blue") || !strings.Contains(e.stderr, "Renews itself") {
		t.Fatalf("%+v", e)
	}
	if who := h.must(t, "whoami", "--jq", ".user_id, .user_role, .team_id, .renews"); who != "carol\ninternal_user\nteam-blue\ntrue" {
		t.Errorf("%q", who)
	}
	h.must(t, "models", "list")
	h.must(t, "keys", "list")
	before := h.must(t, "auth", "print-token")
	files, _ := filepath.Glob(filepath.Join(h.dir, "state", "litellm-proxy", "credentials", "*"))
	if len(files) != 1 {
		t.Fatalf("%v", files)
	}
	change(t, files[0], map[string]any{"expires": "2026-01-01T00:00:00Z", "key": "litellm_login_expired"})
	for i, e := range h.together(t, 10, "models", "list", "--jq", "length > 0") {
		if e.code != 0 || e.stdout != "true" {
			t.Errorf("process %d at the end of a sign-in: %+v", i, e)
		}
	}
	if after := h.must(t, "auth", "print-token"); after == before || !strings.HasPrefix(after, "litellm_login_") {
		t.Error("the sign-in was not renewed")
	}
	r.as(t, "bob") // somebody else, in the same place
	h.env = append(h.env, "TEST_TEAM=")
	if e := h.do(t, "login", r.url, "--timeout", "1m"); e.code != 0 || !strings.Contains(e.stderr, "You were signed in here as carol") {
		t.Errorf("%+v", e)
	}
	if e := h.do(t, "logout"); e.code != 0 || !strings.Contains(e.stderr, "cannot be renewed any more") {
		t.Errorf("%+v", e)
	}
	if e := h.do(t, "models", "list"); e.code != 4 {
		t.Errorf("after logout: %+v", e)
	}
}

// change sets members of a JSON file.
func change(t *testing.T, path string, members map[string]any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for name, value := range members {
		doc[name] = value
	}
	raw, _ = json.Marshal(doc)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

var address = regexp.MustCompile(`http://\S+[?&](?:state|key|source)=\S+`)

// testPrinted opens the address that is printed, as a person does who has no browser here that opens by itself.
func (r rig) testPrinted(t *testing.T) {
	r.as(t, "alice")
	h := r.home(t, "", "")
	s := h.screen(t, 200, "login", r.url, "--no-browser", "--pkce", "--timeout", "1m")
	s.await("Waiting for the browser")
	if err := r.browser.approve(address.FindString(s.all()), "", "", "approve"); err != nil {
		t.Fatal(err)
	}
	s.await("signed in to " + r.url + " as alice@example.com")
	s.ends(0)
}

// testCode signs in by an address and a code: without a team, and with one that is chosen at the terminal or on the line.
func (r rig) testCode(t *testing.T) {
	for user, c := range map[string]struct {
		args []string
		keys string // what is typed at the question for the team
		team string
	}{
		"alice": {nil, "", ""},
		"bob":   {nil, "", "team-red"},
		"carol": {nil, "blue team\r", "team-blue"},
		"dave":  {nil, "", ""},
		"Carol": {[]string{"--team", "red team"}, "", "team-red"},
	} {
		r.as(t, strings.ToLower(user))
		h := r.home(t, "", "")
		s := h.screen(t, 200, append([]string{"login", r.url, "--no-browser", "--timeout", "1m"}, c.args...)...)
		s.await("enter the code  ", "-")
		s.await("\n")
		code := regexp.MustCompile(`[A-Z2-9]{4}-[A-Z2-9]{4}`).FindString(s.all()[strings.Index(s.all(), "enter the code"):])
		if err := r.browser.approve(address.FindString(s.all()), code, "", ""); err != nil {
			t.Fatal(err)
		}
		if c.keys != "" {
			s.await("Team (number or name): ")
			s.press(c.keys)
		}
		s.await("signed in to " + r.url + " as " + strings.ToLower(user) + "@example.com")
		s.ends(0)
		if team := h.must(t, "whoami", "--jq", ".team_id"); team != c.team && (team != "null" || c.team != "") {
			t.Errorf("%s acts in team %s, not %s", user, team, c.team)
		}
	}
}

// testDenied refuses on the consent page: nothing is stored.
func (r rig) testDenied(t *testing.T) {
	r.as(t, "bob")
	h := r.home(t, "", "deny")
	if e := h.do(t, "login", r.url, "--timeout", "1m"); e.code != 4 || !strings.Contains(e.stderr, "nothing was stored") {
		t.Errorf("%+v", e)
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir, "state", "litellm-proxy", "credentials", "*")); len(left) > 0 {
		t.Errorf("stored: %v", left)
	}
	if _, err := os.Stat(filepath.Join(h.dir, ".config")); err == nil {
		t.Error("there is a configuration after a sign-in that failed")
	}
}

// testLegacy signs in at LiteLLM 1.83.14.
func (r rig) testLegacy(t *testing.T) {
	r.as(t, "carol")
	if err := r.browser.open(r.url + "/sso/key/generate"); err != nil { // it knows only who has been at its dashboard
		t.Fatal(err)
	}
	r.as(t, "carol")
	h := r.home(t, "", "")
	if e := h.do(t, "login", r.url, "--team", "team-blue", "--timeout", "1m"); e.code != 0 || !strings.Contains(e.stderr, "as carol@example.com") {
		t.Fatalf("%+v", e)
	}
	if who := h.must(t, "whoami", "--jq", ".user_id, .team_id, .renews"); who != "carol\nteam-blue\nfalse" {
		t.Errorf("%q", who)
	}
	h.must(t, "models", "list")
	h.must(t, "keys", "list")
	h.must(t, "logout")
	if e := h.do(t, "models", "list"); e.code != 4 {
		t.Errorf("after logout: %+v", e)
	}
}
