package auth

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

var (
	red  = Team{"team-red", "red team"}
	blue = Team{"team-blue", "blue team"}
)

func teams(all ...Team) func(*fake) { return func(g *fake) { g.teams = all } }
func noBrowser(l *Login)            { l.Browser = false }
func forced(l *Login)               { l.ForcePKCE = true }
func team(name string) func(*Login) { return func(l *Login) { l.Team = name } }
func taking(t Team) func(*person) {
	return func(p *person) { p.choose = func([]Team) (Team, error) { return t, nil } }
}
func at(path string, s int) func(*fake) { return func(g *fake) { g.status = map[string]int{path: s} } }
func page(paths string) func(*fake)     { return func(g *fake) { g.html = paths } }
func all[T any](knobs ...func(T)) func(T) {
	return func(v T) {
		for _, k := range knobs {
			k(v)
		}
	}
}

// TestLogin has a row for each gateway and person that a sign-in succeeds for: which flow, in which team, and what is said.
func TestLogin(t *testing.T) {
	old := func(g *fake) { g.old = true }
	for name, c := range map[string]struct {
		fake   func(*fake)
		login  func(*Login)
		person func(*person)
		flow   Flow
		team   string
		says   []string
		never  string // what is not said
	}{
		"PKCE":                             {flow: PKCE, says: []string{"Approve on the page only what is to come back to http://127.0.0.1:"}, never: "code"},
		"PKCE, into a team":                {fake: func(g *fake) { g.teams, g.grantTeam = []Team{red, blue}, "team-blue" }, login: team("team-blue"), flow: PKCE, team: "team-blue", says: []string{`Choose team "team-blue" on the page.`}},
		"PKCE, into a team by alias":       {fake: func(g *fake) { g.teams, g.grantTeam = []Team{red, blue}, "team-blue" }, login: team("blue team"), flow: PKCE, team: "team-blue"},
		"PKCE without single sign-on":      {fake: func(g *fake) { g.sso = false }, login: noBrowser, flow: PKCE, says: []string{"no single sign-on", "paste it here"}},
		"PKCE asked for, pages off":        {fake: func(g *fake) { g.uiDisabled = true }, login: forced, flow: PKCE, says: []string{"DISABLE_ADMIN_UI"}},
		"PKCE asked for, above the limit":  {fake: func(g *fake) { g.limited = true }, login: forced, flow: PKCE, says: []string{"at most 5 users"}},
		"classic without a browser":        {login: noBrowser, flow: Classic},
		"classic, pages off":               {fake: func(g *fake) { g.uiDisabled = true }, flow: Classic},
		"classic where PKCE is not":        {fake: func(g *fake) { g.noPKCE = true }, flow: Classic, never: "not possible"},
		"classic, PKCE of another version": {fake: func(g *fake) { g.version = 2 }, flow: Classic, says: []string{"contract version 2"}},
		"classic, PKCE without S256":       {fake: func(g *fake) { g.methods = []string{"plain"} }, flow: Classic, says: []string{"S256"}},
		"classic, a dummy registered":      {fake: func(g *fake) { g.dummy = true }, flow: Classic, says: []string{"did not register"}},
		"classic, registering fails":       {fake: at("/register", 500), flow: Classic, says: []string{"did not register"}},
		"classic, no port":                 {login: func(l *Login) { l.Listen = noPort }, flow: Classic, says: []string{"no port today"}},
		"classic, nothing known":           {fake: at("/.well-known/litellm-ui-config", 404), login: noBrowser, flow: Classic},
		"classic, strange settings":        {fake: func(g *fake) { g.sso = "perhaps" }, login: noBrowser, flow: Classic},
		"classic, pending for a while":     {fake: func(g *fake) { g.pending = 7 }, login: noBrowser, flow: Classic},
		"classic, the only team":           {fake: teams(red), login: noBrowser, flow: Classic, team: "team-red"},
		"classic, the only team by alias":  {fake: teams(red), login: all(noBrowser, team("red team")), flow: Classic, team: "team-red"},
		"classic, a team by id":            {fake: teams(red, blue), login: all(noBrowser, team("team-blue")), flow: Classic, team: "team-blue"},
		"classic, a team by alias":         {fake: teams(red, blue), login: all(noBrowser, team("blue team")), flow: Classic, team: "team-blue"},
		"classic, an id before an alias":   {fake: teams(red, Team{"x", "team-red"}), login: all(noBrowser, team("team-red")), flow: Classic, team: "team-red"},
		"classic, a team chosen":           {fake: teams(red, blue), login: noBrowser, person: taking(blue), flow: Classic, team: "team-blue"},
		"classic, a strange team chosen":   {fake: teams(red, Team{"a b&c=/é", ""}), login: noBrowser, person: taking(Team{ID: "a b&c=/é"}), flow: Classic, team: "a b&c=/é"},
		"classic, the first sign-in":       {fake: func(g *fake) { g.memberOf = []string{"team-red"} }, login: noBrowser, flow: Classic, says: []string{"sign in once more", "team-red"}},
		"classic, another name":            {fake: func(g *fake) { g.self = "https://llm.example.com" }, login: noBrowser, flow: Classic, says: []string{"calls itself https://llm.example.com"}},
		"legacy":                           {fake: old, flow: Legacy, says: []string{"has no code"}},
		"legacy without a browser":         {fake: old, login: noBrowser, flow: Legacy},
		"legacy, a team":                   {fake: all(old, teams(red, blue)), login: team("blue team"), flow: Legacy, team: "team-blue"},
		"legacy, a team chosen":            {fake: all(old, teams(red, blue)), person: taking(red), flow: Legacy, team: "team-red"},
		"legacy, pages off":                {fake: func(g *fake) { g.old, g.uiDisabled = true, true }, flow: Legacy, says: []string{"probably not"}},
		"somebody else than before": {
			login: func(l *Login) { l.Previous = &SignIn{UserID: "bob"} }, flow: PKCE, says: []string{"signed in here as bob", "carol (carol@example.com) now"},
		},
		"the same as before": {login: func(l *Login) { l.Previous = &SignIn{UserID: "carol"} }, flow: PKCE, never: "You were"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newFake(t)
			if c.fake != nil {
				c.fake(g)
			}
			p := (&person{}).signsIn(t, g)
			if c.person != nil {
				c.person(p)
			}
			l, clock, _ := login(t, g, p)
			if c.login != nil {
				c.login(l)
			}
			before := clock.now()
			s, err := l.Run(t.Context())
			if err != nil {
				t.Fatal(text(err))
			}
			if s.Flow != c.flow || s.TeamID != c.team || s.UserID != "carol" || s.Email != "carol@example.com" || s.Role != "internal_user" || s.URL != g.URL ||
				s.Since.Before(before) || !slices.Contains(g.secrets, s.Key) {
				t.Errorf("%+v", s)
			}
			if c.flow == PKCE {
				if !s.Renewable() || s.Expires == nil || !s.Expires.Equal(before.Add(24*time.Hour)) || s.TokenURL != g.URL+"/token" || s.RevokeURL != g.URL+"/revoke" || s.Resource != g.URL || s.ClientID == "" {
					t.Errorf("%+v", s)
				}
			} else if s.Renewable() || s.Expires != nil {
				t.Errorf("%+v", s)
			}
			for _, want := range c.says {
				if !strings.Contains(p.heard(), want) {
					t.Errorf("%q is not in %q", want, p.heard())
				}
			}
			if c.never != "" && strings.Contains(p.heard(), c.never) {
				t.Errorf("it says %q", p.heard())
			}
			if n, _ := g.revoked(); n > 0 {
				t.Error("it was revoked")
			}
			if len(p.visited) != 1 {
				t.Errorf("the browser was opened %d times", len(p.visited))
			}
		})
	}
}

// A team that is refused is asked for again, of the teams as they are then.
func TestTeamChosenAgain(t *testing.T) {
	for _, old := range []bool{false, true} {
		g := newFake(t, teams(red, blue), func(g *fake) { g.old = old })
		p := (&person{}).signsIn(t, g)
		asked := 0
		p.choose = func(offered []Team) (Team, error) {
			if asked++; asked == 1 {
				return Team{ID: "gone"}, nil
			}
			return offered[0], nil
		}
		l, _, _ := login(t, g, p, noBrowser)
		s, err := l.Run(t.Context())
		if err != nil || s.TeamID != "team-red" || asked != 2 || !strings.Contains(p.heard(), "does not belong to team: gone") {
			t.Errorf("old %t: %v %+v, asked %d times: %s", old, err, s, asked, p.heard())
		}
	}
}

// An interrupted sign-in says so, and revokes what it has got.
func TestInterrupted(t *testing.T) {
	for name, c := range map[string]struct {
		login   func(*Login)
		stop    func(cancel func(), g *fake, p *person)
		tokens  int
		visited int
	}{
		"before":           {stop: func(cancel func(), _ *fake, _ *person) { cancel() }},
		"waiting for PKCE": {visited: 1, stop: func(cancel func(), _ *fake, p *person) { p.visit = func(string, string) error { cancel(); return nil } }},
		"waiting for classic": {login: noBrowser, visited: 1, stop: func(cancel func(), g *fake, p *person) {
			g.never, p.visit = true, func(string, string) error { cancel(); return nil }
		}},
		"choosing a team": {login: noBrowser, visited: 1, stop: func(cancel func(), g *fake, p *person) {
			g.teams = []Team{red, blue}
			p.choose = func([]Team) (Team, error) { cancel(); return Team{}, context.Canceled }
		}},
		"with a credential": {login: func(l *Login) { l.Previous = &SignIn{UserID: "bob"} }, visited: 1, tokens: 1, stop: func(cancel func(), g *fake, p *person) {
			now := false
			g.Config.Handler = before(g.Config.Handler, func(path string) {
				if path == "/v2/user/info" && !now {
					now = true
					cancel()
				}
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			g := newFake(t)
			p := (&person{}).signsIn(t, g)
			l, _, _ := login(t, g, p)
			if c.login != nil {
				c.login(l)
			}
			c.stop(cancel, g, p)
			_, err := l.Run(ctx)
			fails(t, err, problem.Interrupted, "interrupted")
			if n, of := g.revoked(); n != of || of != c.tokens || len(p.visited) != c.visited {
				t.Errorf("%d of %d revoked, %d visits", n, of, len(p.visited))
			}
		})
	}
}

// The code stands in the address only where the gateway puts it there, and the address is the gateway's own.
func TestCompleteAddress(t *testing.T) {
	for origin, taken := range map[string]bool{"BASE": true, "https://evil.example": false, "BASE@evil.example": false} {
		g := newFake(t, func(g *fake) { g.complete = origin })
		p := (&person{}).signsIn(t, g)
		l, _, _ := login(t, g, p, noBrowser)
		if _, err := l.Run(t.Context()); err != nil {
			t.Fatal(text(err))
		}
		if strings.Contains(p.visited[0], "user_code") != taken || !strings.HasPrefix(p.visited[0], g.URL+"/sso/key/generate?") {
			t.Errorf("%s: %s", origin, p.visited[0])
		}
	}
}
