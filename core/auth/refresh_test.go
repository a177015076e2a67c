package auth

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// signedIn is a PKCE sign-in at a fake.
func signedIn(t *testing.T, g *fake) (*SignIn, *transport.Client) {
	t.Helper()
	l, _, _ := login(t, g, (&person{}).signsIn(t, g), forced)
	s, err := l.Run(t.Context())
	if err != nil {
		t.Fatal(text(err))
	}
	return s, l.Client
}

func TestRefresh(t *testing.T) {
	g := newFake(t, func(g *fake) { g.teams, g.grantTeam = []Team{red}, "team-red" })
	s, c := signedIn(t, g)
	old := *s
	before := time.Now()
	fresh, err := Refresh(t.Context(), c, s)
	if err != nil {
		t.Fatal(err)
	}
	if *s != old {
		t.Error("the old sign-in was changed")
	}
	if fresh.Key == old.Key || fresh.RefreshToken == old.RefreshToken || fresh.Since.Before(before) || fresh.Expires.Before(before.Add(24*time.Hour)) || fresh.Expires.After(time.Now().Add(24*time.Hour)) {
		t.Errorf("%+v", fresh)
	}
	same := *fresh
	same.Key, same.RefreshToken, same.Since, same.Expires = old.Key, old.RefreshToken, old.Since, old.Expires
	if same != old {
		t.Errorf("%+v became %+v", old, same)
	}
	if again, err := Refresh(t.Context(), c, fresh); err != nil || again.Key == fresh.Key {
		t.Errorf("%v", err)
	}
}

// TestRefreshFails has a row for each refusal: the caller must know whether another process was faster, whether a person
// must sign in again, or whether it can be tried later.
func TestRefreshFails(t *testing.T) {
	gone := func(text string) func(*fake, *SignIn) { return func(g *fake, _ *SignIn) { g.gone = text } }
	for name, c := range map[string]struct {
		spoil func(g *fake, s *SignIn)
		is    error // nil: temporary
		code  problem.Code
		says  string
		retry bool
	}{
		"spent":               {func(g *fake, s *SignIn) { g.refresh[s.RefreshToken] = "used" }, ErrSpent, problem.Denied, "the refresh token was already used", false},
		"revoked":             {func(g *fake, s *SignIn) { g.refresh[s.RefreshToken] = "revoked" }, ErrEnded, problem.Denied, "was revoked", false},
		"unknown":             {func(_ *fake, s *SignIn) { s.RefreshToken = "llm_srefresh_junk" }, ErrEnded, problem.Denied, "invalid for this client", false},
		"of another client":   {func(_ *fake, s *SignIn) { s.ClientID = "foo" }, ErrEnded, problem.Denied, "invalid for this client", false},
		"left the team":       {gone("the user is no longer a member of the team this grant was issued for"), ErrEnded, problem.Denied, "no longer a member", false},
		"deleted":             {gone("the user for this grant is no longer active"), ErrEnded, problem.Denied, "no longer active", false},
		"another name":        {func(_ *fake, s *SignIn) { s.Resource = "https://other.example" }, ErrEnded, problem.Denied, "resource does not match", false},
		"none":                {func(_ *fake, s *SignIn) { s.RefreshToken = "" }, ErrEnded, problem.Denied, "it has ended", false},
		"the database":        {func(g *fake, _ *SignIn) { g.failures = 1 }, nil, problem.Unreachable, "503", true},
		"failing":             {func(g *fake, _ *SignIn) { g.status = map[string]int{"/token": 500} }, nil, problem.Unreachable, "500", true},
		"a limit":             {func(g *fake, _ *SignIn) { g.status = map[string]int{"/token": 429} }, nil, problem.Unreachable, "429", true},
		"malformed":           {func(g *fake, _ *SignIn) { g.status = map[string]int{"/token": 422} }, nil, problem.Refused, "422", false},
		"a page":              {func(g *fake, _ *SignIn) { g.html = "/token" }, nil, problem.Unreachable, "web page", false},
		"a redirect":          {func(g *fake, _ *SignIn) { g.redirect = map[string]string{"/token": elsewhere(g).URL} }, nil, problem.Unreachable, "redirect", false},
		"not reached":         {func(g *fake, _ *SignIn) { g.Close() }, nil, problem.Unreachable, "cannot renew the sign-in: ", true},
		"kept for another":    {func(_ *fake, s *SignIn) { s.TokenURL = "https://other.example/token" }, nil, problem.Denied, "it is not sent there", false},
		"kept for some other": {func(_ *fake, s *SignIn) { s.TokenURL = "" }, nil, problem.Denied, "it is not sent there", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := newFake(t)
			s, client := signedIn(t, g)
			c.spoil(g, s)
			asked := len(g.seen())
			_, err := Refresh(t.Context(), client, s)
			if errors.Is(err, ErrSpent) != (c.is == ErrSpent) || errors.Is(err, ErrEnded) != (c.is == ErrEnded) {
				t.Errorf("%v", err)
			}
			e := problem.As(err)
			if problem.CodeOf(err) != c.code || !strings.Contains(text(err), c.says) || e.Retryable != c.retry || strings.Contains(text(err), "llm_srefresh_") {
				t.Errorf("%d retryable %t\n%s", e.Code, e.Retryable, text(err))
			}
			if n := len(g.seen()) - asked; n > 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestRevoke(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(g *fake, s *SignIn)
		code  problem.Code // 0: none
		says  string
		sent  bool
	}{
		"a sign-in":        {nil, 0, "", true},
		"without a token":  {func(_ *fake, s *SignIn) { s.RefreshToken = "" }, 0, "", false},
		"of nobody":        {func(_ *fake, s *SignIn) { s.ClientID = "foo" }, problem.Denied, "unknown or malformed client_id", true},
		"not recorded":     {func(g *fake, _ *SignIn) { g.status = map[string]int{"/revoke": 503} }, problem.Unreachable, "503", true},
		"malformed":        {func(g *fake, _ *SignIn) { g.status = map[string]int{"/revoke": 422} }, problem.Refused, "422", true},
		"a page":           {func(g *fake, _ *SignIn) { g.html = "/revoke" }, problem.Unreachable, "web page", true},
		"a redirect":       {func(g *fake, _ *SignIn) { g.redirect = map[string]string{"/revoke": elsewhere(g).URL} }, problem.Unreachable, "redirect", true},
		"not reached":      {func(g *fake, _ *SignIn) { g.Close() }, problem.Unreachable, "refused", false},
		"kept for another": {func(_ *fake, s *SignIn) { s.RevokeURL = "https://other.example/revoke" }, problem.Denied, "it is not sent there", false},
	} {
		t.Run(name, func(t *testing.T) {
			g := newFake(t)
			s, client := signedIn(t, g)
			if c.spoil != nil {
				c.spoil(g, s)
			}
			err := Revoke(t.Context(), client, s)
			if problem.CodeOf(err) != c.code || err != nil && !strings.Contains(text(err), c.says) || g.asked(http.MethodPost+" /revoke") != c.sent {
				t.Fatalf("%d %v, %v", problem.CodeOf(err), err, g.seen())
			}
			if err != nil && (strings.Contains(text(err), "llm_srefresh_") || !strings.HasPrefix(err.Error(), "cannot end the sign-in at "+g.URL)) {
				t.Error(text(err))
			}
			n, _ := g.revoked()
			if (c.code == 0 && c.sent) != (n == 1) {
				t.Errorf("%d tokens are revoked", n)
			}
		})
	}
}
