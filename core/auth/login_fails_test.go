package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

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
		"nobody types the code":             {fake: never, login: noBrowser, code: problem.TimedOut, says: []string{"within 10 minutes", "ABCD-2345", "more than 5 users", "State cookie"}, visited: 1},
		"the session is lost":               {fake: func(g *fake) { g.lost = true }, login: noBrowser, code: problem.Denied, says: []string{"lost this sign-in", "Redis"}, visited: 1},
		"the session is lost at its end":    {fake: func(g *fake) { g.lost = true }, login: all(noBrowser, slow), code: problem.TimedOut, says: []string{"within 10 minutes"}, visited: 1},
		"a wrong poll secret":               {fake: func(g *fake) { g.badSecret = true }, login: noBrowser, code: problem.Denied, says: []string{"Invalid CLI polling secret"}, visited: 1},
		"the gateway fails on":              {fake: at("/sso/cli/poll", 502), login: noBrowser, code: problem.TimedOut, says: []string{"within 10 minutes"}, visited: 1},
		"the poll is refused":               {fake: at("/sso/cli/poll", 422), login: noBrowser, code: problem.Refused, says: []string{"422 made to fail"}, visited: 1},
		"several teams, nobody to ask":      {fake: teams(red, blue), login: noBrowser, code: problem.Usage, says: []string{"nobody to ask", "--team: red team (team-red), blue team (team-blue)"}, visited: 1},
		"not in the team":                   {fake: teams(red, blue), login: all(noBrowser, team("green")), code: problem.Denied, says: []string{`not in team "green"`, "blue team (team-blue)"}, visited: 1},
		"not in the team, one":              {fake: teams(red), login: all(noBrowser, team("green")), code: problem.Denied, says: []string{`not in team "green"`, "red team (team-red)"}, visited: 1},
		"not in the team, none":             {login: all(noBrowser, team("green")), code: problem.Denied, says: []string{`not in team "green"`, "your teams: none"}, visited: 1},
		"left the team meanwhile":           {fake: func(g *fake) { g.teams, g.leaves = []Team{red, blue}, true }, login: all(noBrowser, team("team-blue")), code: problem.Denied, says: []string{`not in team "team-blue"`, "User does not belong"}, visited: 1},
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

// slow is a clock that is ten minutes further each time somebody looks.
func slow(l *Login) {
	now := l.Now()
	l.Now = func() time.Time {
		now = now.Add(sessionLife)
		return now
	}
}
