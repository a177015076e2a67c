package auth

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestTrace greps the trace of whole sign-ins for every secret in them: those that this program makes, those that it
// sends, and those that only answers hold.
func TestTrace(t *testing.T) {
	for name, c := range map[string]struct {
		fake  func(*fake)
		login func(*Login)
		least int // how many secrets there are
	}{
		"PKCE":    {func(g *fake) { g.teams, g.grantTeam = []Team{red, blue}, "team-red" }, team("red team"), 5},
		"classic": {teams(red, blue), all(noBrowser, team("red team")), 2},
		"legacy":  {all(func(g *fake) { g.old = true }, teams(red, blue)), team("red team"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			g := newFake(t, c.fake)
			p := (&person{}).signsIn(t, g)
			l, _, trace := login(t, g, p, c.login)
			s, err := l.Run(t.Context())
			if err != nil {
				t.Fatal(text(err))
			}
			if s.Renewable() {
				fresh, err := Refresh(t.Context(), l.Client, s)
				if err != nil {
					t.Fatal(err)
				}
				if err := Revoke(t.Context(), l.Client, fresh); err != nil {
					t.Fatal(err)
				}
			}
			secrets := g.secrets
			if form, _ := url.ParseQuery(g.forms["/token"]); c.least == 5 && form.Get("grant_type") != "refresh_token" {
				t.Error(g.forms)
			}
			if len(secrets) < c.least {
				t.Fatalf("%d secrets", len(secrets))
			}
			out := trace.String() + p.heard()
			for _, secret := range secrets {
				for _, form := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
					if strings.Contains(out, form) {
						t.Errorf("%s is in\n%s", form, out)
					}
				}
			}
			for _, want := range []string{"> GET /v2/user/info", "< 200 OK", "Authorization: [hidden]"} {
				if !strings.Contains(out, want) {
					t.Errorf("the trace lacks %q:\n%s", want, out)
				}
			}
		})
	}
}

// The verifier is sent once, and is in no trace either; the challenge is its own.
func TestVerifier(t *testing.T) {
	g := newFake(t)
	p := (&person{}).signsIn(t, g)
	l, _, trace := login(t, g, p)
	var form url.Values
	g.Config.Handler = before(g.Config.Handler, nil, func(r *http.Request, body string) {
		if r.URL.Path == "/token" {
			form, _ = url.ParseQuery(body)
		}
	})
	if _, err := l.Run(t.Context()); err != nil {
		t.Fatal(text(err))
	}
	verifier := form.Get("code_verifier")
	if len(verifier) != 86 { // 64 bytes
		t.Errorf("the verifier is %q", verifier)
	}
	for _, secret := range []string{verifier, form.Get("code")} {
		if strings.Contains(trace.String()+p.heard(), secret) {
			t.Errorf("%s is in\n%s", secret, trace)
		}
	}
	if l.Redact.String(verifier+" "+form.Get("code")) != "[hidden] [hidden]" {
		t.Error("the redactor does not know them")
	}
}

// A gateway that sends the token request elsewhere gets an error, and elsewhere gets nothing.
func TestRedirectedElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		path  string
		login func(*Login)
	}{
		"token": {"/token", forced}, "settings": {"/.well-known/litellm-ui-config", forced}, "discovery": {"/.well-known/litellm-cli-auth", forced}, "register": {"/register", forced},
		"start": {"/sso/cli/start", noBrowser}, "poll": {"/sso/cli/poll", noBrowser}, "verify": {"/v2/user/info", noBrowser},
	} {
		t.Run(name, func(t *testing.T) {
			g := newFake(t)
			other := elsewhere(g)
			g.redirect = map[string]string{c.path: other.URL + c.path + "?secret=in-the-query"}
			l, _, _ := login(t, g, (&person{}).signsIn(t, g), c.login)
			_, err := l.Run(t.Context())
			if err == nil || strings.Contains(text(err), "in-the-query") || !g.asked(method(c.path)+" "+c.path) {
				t.Fatalf("%v %v", err, g.seen())
			}
			if name != "register" {
				fails(t, err, 7, "redirect to "+other.URL+c.path)
			}
		})
	}
}

func method(path string) string {
	switch path {
	case "/token", "/register", "/sso/cli/start":
		return http.MethodPost
	}
	return http.MethodGet
}
