package auth

import (
	"context"
	"errors"
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

// TestLoginFails has a row for each way to fail; none opens a browser a second time or leaves a refresh token alive.
func TestLoginFails(t *testing.T) {
	old := func(g *fake) { g.old = true }
	never := func(g *fake) { g.never = true }
	for name, c := range map[string]struct {
		fake    func(*fake)
		login   func(*Login)
		person  func(*person)
		code    problem.Code
		says    []string
		visited int
	}{
		"above the limit":                   {fake: func(g *fake) { g.limited = true }, code: problem.Denied, says: []string{"at most 5 users", "has more", "licence"}},
		"above the limit, no browser":       {fake: func(g *fake) { g.limited = true }, login: noBrowser, code: problem.Denied, says: []string{"at most 5 users"}},
		"above the limit, old":              {fake: func(g *fake) { g.old, g.limited = true, true }, code: problem.Denied, says: []string{"at most 5 users"}},
		"a page in front":                   {fake: page("/.well-known/litellm-ui-config"), code: problem.Unreachable, says: []string{"web page", "own address"}},
		"a page at discovery":               {fake: page("/.well-known/litellm-cli-auth"), code: problem.Unreachable, says: []string{"web page"}},
		"a page at start":                   {fake: page("/sso/cli/start"), login: noBrowser, code: problem.Unreachable, says: []string{"web page"}},
		"a page at the poll":                {fake: page("/sso/cli/poll"), login: noBrowser, code: problem.Unreachable, says: []string{"web page"}, visited: 1},
		"a page for the token":              {fake: page("/token"), code: problem.Unreachable, says: []string{"web page"}, visited: 1},
		"a gate in front":                   {fake: at("/.well-known/litellm-ui-config", 401), code: problem.Denied, says: []string{"refused it: made to fail"}},
		"PKCE asked for, not there":         {fake: func(g *fake) { g.noPKCE = true }, login: forced, code: problem.Refused, says: []string{"offers no PKCE"}},
		"PKCE asked for, other version":     {fake: func(g *fake) { g.version = 3 }, login: forced, code: problem.Refused, says: []string{"contract version 3"}},
		"PKCE asked for, a dummy":           {fake: func(g *fake) { g.dummy = true }, login: forced, code: problem.Refused, says: []string{"did not register"}},
		"PKCE asked for, registering fails": {fake: at("/register", 500), login: forced, code: problem.Unreachable, says: []string{"did not register", "500 made to fail"}},
		"no single sign-on, no PKCE":        {fake: func(g *fake) { g.old, g.sso = true, false }, code: problem.Denied, says: []string{"none is configured", "--with-token"}},
		"another issuer":                    {fake: func(g *fake) { g.issuer = "https://llm.example.com" }, code: problem.Usage, says: []string{"calls itself https://llm.example.com", "--base-url https://llm.example.com"}},
		"a token endpoint elsewhere":        {fake: func(g *fake) { g.tokenAt = "https://evil.example/token" }, code: problem.Failed, says: []string{"https://evil.example/token", "PROXY_BASE_URL"}},
		"denied in the browser":             {person: saying("error=access_denied"), code: problem.Denied, says: []string{"denied in the browser"}, visited: 1},
		"another error in the browser":      {person: saying("error=server_error&error_description=the+moon"), code: problem.Refused, says: []string{"server_error the moon"}, visited: 1},
		"a code of somebody else":           {person: saying("code=llm_gcode_guessed"), code: problem.Denied, says: []string{"the authorization code is invalid", "sign in again"}, visited: 1},
		"a code that was used":              {fake: func(g *fake) { g.codeUsed = true }, code: problem.Denied, says: []string{"already used"}, visited: 1},
		"the database is down":              {fake: func(g *fake) { g.failures = 1 }, code: problem.Unreachable, says: []string{"503", "could not be read"}, visited: 1},
		"nobody approves":                   {person: func(p *person) { p.visit = nil }, login: late, code: problem.TimedOut, says: []string{"within 5 minutes", "more than 5 users", "--no-browser", "DISABLE_ADMIN_UI"}, visited: 1},
		"the team of the page is another":   {fake: func(g *fake) { g.teams, g.grantTeam = []Team{red, blue}, "team-red" }, login: team("team-blue"), code: problem.Denied, says: []string{`"team-blue" was asked for`, "for red team (team-red)"}, visited: 1},
		"the page has no team":              {login: team("team-blue"), code: problem.Denied, says: []string{`"team-blue" was asked for`, "for no team"}, visited: 1},
		"the credential is refused":         {fake: func(g *fake) { g.invalid = true }, code: problem.Denied, says: []string{"then refused it", "EXPERIMENTAL_UI_LOGIN=false", "401 LiteLLM Virtual Key expected"}, visited: 1},
		"the credential is refused, old":    {fake: func(g *fake) { g.old, g.invalid = true, true }, code: problem.Denied, says: []string{"EXPERIMENTAL_UI_LOGIN=True"}, visited: 1},
		"it cannot be verified":             {fake: at("/v2/user/info", 503), code: problem.Unreachable, says: []string{"503 made to fail"}, visited: 1},
		"too many sign-ins":                 {fake: at("/sso/cli/start", 429), login: noBrowser, code: problem.Unreachable, says: []string{"too many sign-ins", "wait a minute"}},
		"start fails":                       {fake: at("/sso/cli/start", 500), login: noBrowser, code: problem.Unreachable, says: []string{"500 made to fail"}},
		"nobody types the code":             {fake: never, login: noBrowser, code: problem.TimedOut, says: []string{"within 10m0s", "ABCD-2345", "more than 5 users", "State cookie"}, visited: 1},
		"the session is lost":               {fake: func(g *fake) { g.lost = true }, login: noBrowser, code: problem.Denied, says: []string{"lost this sign-in", "Redis"}, visited: 1},
		"a wrong poll secret":               {fake: func(g *fake) { g.badSecret = true }, login: noBrowser, code: problem.Denied, says: []string{"Invalid CLI polling secret"}, visited: 1},
		"the gateway fails on":              {fake: at("/sso/cli/poll", 502), login: noBrowser, code: problem.TimedOut, says: []string{"within 10m0s"}, visited: 1},
		"the poll is refused":               {fake: at("/sso/cli/poll", 422), login: noBrowser, code: problem.Refused, says: []string{"422 made to fail"}, visited: 1},
		"several teams, nobody to ask":      {fake: teams(red, blue), login: noBrowser, code: problem.Usage, says: []string{"nobody to ask", "--team: red team (team-red), blue team (team-blue)"}, visited: 1},
		"not in the team":                   {fake: teams(red, blue), login: all(noBrowser, team("green")), code: problem.Denied, says: []string{`not in team "green"`, "blue team (team-blue)"}, visited: 1},
		"not in the team, one":              {fake: teams(red), login: all(noBrowser, team("green")), code: problem.Denied, says: []string{`not in team "green"`, "red team (team-red)"}, visited: 1},
		"not in the team, none":             {login: all(noBrowser, team("green")), code: problem.Denied, says: []string{`not in team "green"`, "your teams: none"}, visited: 1},
		"two teams of one alias":            {fake: teams(red, Team{"r2", "red team"}), login: all(noBrowser, team("red team")), code: problem.Usage, says: []string{"2 teams", "red team (r2)"}, visited: 1},
		"a team at the first sign-in":       {fake: func(g *fake) { g.memberOf = []string{"team-red"} }, login: all(noBrowser, team("team-red")), code: problem.Denied, says: []string{"first sign-in", "once more"}, visited: 1},
		"legacy, never finished":            {fake: all(old, never), code: problem.TimedOut, says: []string{"Failed to retrieve user information", "/sso/key/generate"}, visited: 1},
		"no sign-in at all":                 {fake: all(old, at("/sso/cli/poll", 404)), code: problem.Unreachable, says: []string{"knows none of", "--with-token"}},
		"the person gives up":               {person: func(p *person) { p.visit = func(string, string) error { return errors.New("no terminal") } }, code: problem.Failed, says: []string{"no terminal"}, visited: 1},
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
			l, _, trace := login(t, g, p)
			if c.login != nil {
				c.login(l)
			}
			s, err := l.Run(t.Context())
			if s != nil {
				t.Fatalf("%+v", s)
			}
			fails(t, err, c.code, append(c.says, "cannot ")...)
			if len(p.visited) != c.visited {
				t.Errorf("the browser was opened %d times", len(p.visited))
			}
			if n, of := g.revoked(); n != of {
				t.Errorf("%d of %d refresh tokens were revoked", n, of)
			}
			for _, secret := range g.secrets {
				if strings.Contains(text(err)+p.heard()+trace.String(), secret) {
					t.Errorf("%s can be seen in\n%s\n%s\n%s", secret, text(err), p.heard(), trace)
				}
			}
		})
	}
}

// late lets PKCE's time pass at once.
func late(l *Login) {
	c := &clock{late: true}
	l.Sleep = c.sleep
}

// saying is a person whose browser comes back with the right state and this.
func saying(query string) func(*person) {
	return func(p *person) {
		p.visit = func(address, _ string) error {
			to, state := callbackOf(address)
			_, _, err := get(to + "?" + query + "&state=" + state)
			return err
		}
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
