//go:build linux

package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// signInGateway is a gateway that signs people in by PKCE, as LiteLLM 1.106.2 does, with the consent given beforehand. What
// it gives out is at its end at once, so that every command renews it, unless life says something else.
type signInGateway struct {
	*httptest.Server
	mu      sync.Mutex
	life    int             // of what the next exchange gives, in seconds
	valid   map[string]bool // access tokens
	refresh map[string]bool // refresh tokens that have not been used
	renewed int             // exchanges of a refresh token
	refused int             // of one that had been used
	held    chan chan bool  // not nil: a renewal waits until its own channel, which comes here, is closed
}

func newSignInGateway(t *testing.T) *signInGateway {
	t.Helper()
	g := &signInGateway{life: 1, valid: map[string]bool{}, refresh: map[string]bool{}}
	g.Server = httptest.NewUnstartedServer(g)
	g.Start()
	t.Cleanup(func() {
		g.CloseClientConnections()
		g.Close()
	})
	return g
}

func (g *signInGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	answer := func(status int, doc any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(doc)
	}
	type object = map[string]any
	g.mu.Lock()
	defer g.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "GET /.well-known/litellm-ui-config":
		answer(200, object{"sso_configured": true, "admin_ui_disabled": false})
	case "GET /.well-known/litellm-cli-auth":
		answer(200, object{
			"contract_version": 1, "issuer": g.URL, "authorization_endpoint": g.URL + "/authorize", "token_endpoint": g.URL + "/token", "registration_endpoint": g.URL + "/register",
			"revocation_endpoint": g.URL + "/revoke", "resource": g.URL, "response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"S256"},
		})
	case "GET /sso/key/generate":
		http.Redirect(w, r, g.URL+"/provider", http.StatusSeeOther)
	case "POST /register":
		answer(201, object{"client_id": "llm_dcrc_" + rand.Text()})
	case "GET /authorize":
		q := r.URL.Query()
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {"llm_gcode_" + rand.Text()}, "state": {q.Get("state")}}.Encode(), http.StatusSeeOther)
	case "POST /token":
		form, _ := url.ParseQuery(string(body))
		if old := form.Get("refresh_token"); old != "" {
			if !g.refresh[old] {
				g.refused++
				answer(400, object{"error": "invalid_grant", "error_description": "the refresh token was already used"})
				return
			}
			delete(g.refresh, old)
			g.renewed++
			held := g.held
			g.mu.Unlock()
			if held != nil {
				mine := make(chan bool)
				held <- mine
				<-mine
			}
			time.Sleep(25 * time.Millisecond) // the way back: what was spent is not replaced yet
			g.mu.Lock()
		}
		access, refresh := "litellm_login_"+rand.Text()+rand.Text(), "llm_srefresh_"+rand.Text()+rand.Text()
		g.valid[access], g.refresh[refresh] = true, true
		answer(200, object{"access_token": access, "token_type": "Bearer", "expires_in": g.life, "refresh_token": refresh, "user_id": "ada", "team_id": nil})
	case "POST /revoke":
		answer(200, object{})
	default:
		if !g.valid[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")] {
			answer(401, object{"error": object{"message": "Authentication Error, Invalid proxy server token passed", "type": "token_not_found_in_db", "code": "401"}})
			return
		}
		if r.URL.Path == "/v2/user/info" {
			answer(200, object{"user_id": "ada", "user_email": "ada@example.com", "user_role": "internal_user", "teams": []string{}})
			return
		}
		answer(200, object{"data": []object{{"id": "one", "object": "model"}}, "object": "list"})
	}
}

// counts are how often a sign-in was renewed, and how often a refresh token that had been used was refused.
func (g *signInGateway) counts() (renewed, refused int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.renewed, g.refused
}

func (g *signInGateway) set(life int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.life = life
}

// signedIn is a home with a sign-in to a gateway, by a browser that needs nobody.
func signedIn(t *testing.T, g *signInGateway) home {
	t.Helper()
	h := newHome(t, "")
	browser, err := exec.LookPath("browse")
	if err != nil {
		t.Fatal(err)
	}
	h.env = append(h.env, "LITELLM_PROXY_API_KEY=", "BROWSER="+browser)
	if e := h.do(t, "login", g.URL); e.code != 0 || !strings.Contains(e.stderr, "signed in to "+g.URL+" as ada@example.com (internal_user)") {
		t.Fatalf("%+v", e)
	}
	return h
}

// TestRenewedOnce has forty processes find a sign-in at its end: one of them has it renewed, and all have the new one.
func TestRenewedOnce(t *testing.T) {
	t.Parallel()
	g := newSignInGateway(t)
	h := signedIn(t, g)
	g.set(86400)
	for i, e := range h.together(t, 40, "models", "list", "--jq", "length") {
		if e.code != 0 || e.stdout != "1" {
			t.Errorf("process %d: %+v", i, e)
		}
	}
	if renewed, refused := g.counts(); renewed != 1 || refused != 0 {
		t.Errorf("renewed %d times, refused %d times", renewed, refused)
	}
	if left, _ := os.ReadDir(filepath.Join(h.dir, "state", "litellm-proxy", "locks")); len(left) > 0 {
		t.Errorf("locks are left: %v", left)
	}
}

// TestRenewalKilled kills commands, with their whole process group, at random moments while they renew a sign-in, and while
// they sign in anew: the sign-in that was good before is never lost.
func TestRenewalKilled(t *testing.T) {
	t.Parallel()
	g := newSignInGateway(t)
	h := signedIn(t, g)
	for i := range 20 {
		args := []string{"models", "list"}
		if i%4 == 3 {
			args = []string{"login", g.URL}
		}
		cmd := h.command(t.Context(), args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(mathrand.IntN(60_000))*time.Microsecond, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		_ = cmd.Wait()
		timer.Stop()
		if e := h.do(t, "models", "list", "--jq", "length"); e.code != 0 || e.stdout != "1" {
			t.Fatalf("after kill %d of %q: %+v", i, args, e)
		}
	}
	if renewed, refused := g.counts(); renewed < 20 || refused > 0 {
		t.Errorf("renewed %d times; a refresh token was used twice: %d times", renewed, refused)
	}
}

// TestSignedOutMeanwhile signs out, and signs in anew, while a renewal is under way: neither is undone by what it brings.
func TestSignedOutMeanwhile(t *testing.T) {
	t.Parallel()
	g := newSignInGateway(t)
	h := signedIn(t, g)
	g.mu.Lock()
	g.held = make(chan chan bool)
	g.mu.Unlock()
	for _, args := range [][]string{{"logout"}, {"login", g.URL}} {
		reading := h.command(t.Context(), "models", "list")
		if err := reading.Start(); err != nil {
			t.Fatal(err)
		}
		renewing := <-g.held // the refresh token is spent, and nothing has come back
		changing := h.command(t.Context(), args...)
		if err := changing.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(300*time.Millisecond, func() { close(renewing) }) // long enough for one that does not wait
		_ = reading.Wait()
		if err := changing.Wait(); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		g.mu.Lock()
		g.held = nil
		g.mu.Unlock()
		e := h.do(t, "models", "list", "--jq", "length")
		if want := map[string]int{"logout": 4, "login": 0}[args[0]]; e.code != want {
			t.Errorf("after %q in the middle of a renewal: %+v", args, e)
		}
		if args[0] == "logout" {
			h.must(t, "login", g.URL)
			g.mu.Lock()
			g.held = make(chan chan bool)
			g.mu.Unlock()
		}
	}
	if _, refused := g.counts(); refused > 0 {
		t.Errorf("a refresh token was used twice: %d times", refused)
	}
}

// TestSignedOut shows a sign-in's whole life, that a command can have its key, and that no secret of it is in any file but
// the store, and that one is for its owner alone.
func TestSignedOut(t *testing.T) {
	t.Parallel()
	g := newSignInGateway(t)
	h := signedIn(t, g)
	token := h.must(t, "auth", "print-token")
	g.mu.Lock()
	valid := g.valid[token]
	g.mu.Unlock()
	if !strings.HasPrefix(token, "litellm_login_") || !valid {
		t.Errorf("%q is not the credential", token)
	}
	if who := h.must(t, "whoami", "--jq", ".user_email, .renews, .key_from"); who != "ada@example.com\ntrue\nprofile "+profileOf(g) {
		t.Errorf("%q", who)
	}
	h.do(t, "--debug", "keys", "generate", "--key-alias", "x")
	g.mu.Lock()
	var secrets []string
	for s := range g.valid {
		secrets = append(secrets, s)
	}
	for s := range g.refresh {
		secrets = append(secrets, s)
	}
	g.mu.Unlock()
	for _, path := range holding(t, h.dir, secrets...) {
		if info, err := os.Stat(path); err != nil || filepath.Base(filepath.Dir(path)) != "credentials" || info.Mode().Perm() != 0o600 {
			t.Errorf("%s holds a secret: %v %v", path, info, err)
		}
	}
	if e := h.do(t, "logout"); e.code != 0 || !strings.Contains(e.stderr, "signed out of "+g.URL) {
		t.Errorf("%+v", e)
	}
	for _, args := range [][]string{{"models", "list"}, {"auth", "print-token"}, {"logout"}, {"whoami"}} {
		if e := h.do(t, args...); e.code != 4 || e.stdout != "" {
			t.Errorf("%v after logout: %+v", args, e)
		}
	}
}

// holding are the files below a directory that hold one of some texts.
func holding(t *testing.T, dir string, texts ...string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // a plugin that is ending has removed it
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(string(raw), text) }) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return out
}

func profileOf(g *signInGateway) string {
	u, _ := url.Parse(g.URL)
	return fmt.Sprintf("%s-%s", u.Hostname(), u.Port())
}
