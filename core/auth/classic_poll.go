package auth

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// session is a sign-in that the gateway keeps until it is asked for the credential.
type session struct {
	flow   Flow
	id     string
	secret string // what proves that the asker began it; the older flow has none
	every  time.Duration
	until  time.Time
	late   func() *problem.Error // the error when the time is up
}

// polled is the answer to one poll.
type polled struct {
	Status  string   `json:"status"`
	Key     string   `json:"key"`
	UserID  string   `json:"user_id"`
	TeamID  string   `json:"team_id"` // null: no team
	IDs     []string `json:"teams"`
	Details []struct {
		ID    string `json:"team_id"`
		Alias string `json:"team_alias"`
	} `json:"team_details"`
	Several bool `json:"requires_team_selection"` // no key yet: a team has to be named

	wrongTeam string // the gateway's words about a team that is not the user's; the session stays
	busy      bool   // no answer that counts: a failing gateway, or one that takes no more requests
}

// teams are the user's teams, with aliases where the gateway gives them.
func (p *polled) teams() []Team {
	aliases := map[string]string{}
	for _, d := range p.Details {
		aliases[d.ID] = d.Alias
	}
	teams := make([]Team, 0, len(p.IDs))
	for _, id := range p.IDs {
		teams = append(teams, Team{id, aliases[id]})
	}
	return teams
}

// await polls until the browser's part is done, and has the team chosen.
func (l *Login) await(ctx context.Context, s *session) (*SignIn, error) {
	team, told := "", false
	for {
		p, err := l.poll(ctx, s, team)
		switch {
		case err != nil:
			return nil, err
		case p.Key != "":
			return l.accept(s, p)
		case p.wrongTeam != "" && l.Team != "":
			e := l.notIn(p.teams())
			e.Said, e.Hint = p.wrongTeam, ""
			return nil, e
		case p.wrongTeam != "":
			l.Person.Say("The gateway does not take that team: " + p.wrongTeam)
			team = ""
			if !l.now().Before(s.until) {
				return nil, s.late()
			}
			continue // for the teams as they are now
		case p.Several:
			t, err := l.choose(ctx, p.teams())
			if err != nil {
				return nil, err
			}
			team = t.ID
			continue
		case p.busy && !told:
			l.Person.Say("The gateway does not answer as it should; it is asked again until the time for this sign-in is up.")
			told = true
		}
		if !l.now().Before(s.until) {
			return nil, s.late()
		}
		if err := l.sleep(ctx, s.every); err != nil {
			return nil, err
		}
	}
}

func (l *Login) choose(ctx context.Context, teams []Team) (Team, error) {
	if l.Team != "" {
		return l.pick(teams)
	}
	return l.ask(ctx, teams)
}

// accept makes a sign-in of the answer, if it is for the team that was asked for: the only team is taken silently.
func (l *Login) accept(s *session, p *polled) (*SignIn, error) {
	l.Redact.Add(p.Key)
	in := &SignIn{URL: l.Client.BaseURL(), Flow: s.flow, Key: p.Key, UserID: p.UserID, TeamID: p.TeamID, Since: l.now()}
	if l.Team == "" || len(p.IDs) == 0 && p.TeamID == "" {
		return in, nil // without teams it is either no member or a first sign-in: finish knows which
	}
	got := Team{ID: p.TeamID}
	for _, t := range p.teams() {
		if t.ID == p.TeamID {
			got = t
		}
	}
	if got.isNamed(l.Team) {
		return in, nil
	}
	return nil, l.notIn(p.teams())
}

// poll asks once (observed on LiteLLM 1.106.2 and 1.83.14). The answer is read as a stream: a trace prints none of those,
// and this one holds the credential in a member that is called key, which nobody can have told the redactor of.
func (l *Login) poll(ctx context.Context, s *session, team string) (*polled, error) {
	r := transport.Request{
		Method: http.MethodGet, Path: "/sso/cli/poll/" + url.PathEscape(s.id), Header: http.Header{"Accept": {"application/json"}},
		AnyStatus: true, Stream: true, Attempt: l.attempt(),
	}
	if s.secret != "" {
		r.Header.Set("X-Litellm-Cli-Poll-Secret", s.secret)
	}
	if team != "" {
		r.Query = url.Values{"team_id": {team}}.Encode()
	}
	resp, err := l.Client.Do(ctx, r)
	if err == nil && resp.Stream != nil {
		resp.Body, err = io.ReadAll(io.LimitReader(resp.Stream, 1<<20))
		resp.Stream.Close()
	}
	if err != nil {
		if e := problem.As(err); ctx.Err() == nil && e.Retryable {
			return &polled{busy: true}, nil
		}
		return nil, err
	}
	return l.readPoll(r, resp, s)
}

func (l *Login) readPoll(r transport.Request, resp *transport.Response, s *session) (*polled, error) {
	var p polled
	switch {
	case resp.Status == http.StatusOK && decodeJSON(resp.Body, &p) == nil && (p.Status == "pending" || p.Status == "ready" && (p.Key != "" || p.Several && len(p.IDs) > 0)):
		return &p, nil
	case resp.Status/100 == 3 || resp.ExpectNoPage("") != nil && resp.Status < 500:
		return nil, refusal(l.attempt(), r, resp)
	}
	e := refusal(l.attempt(), r, resp)
	switch {
	case strings.Contains(e.Said, "does not belong to team"): // 403, and 500 on LiteLLM 1.83.14
		return &polled{wrongTeam: strings.TrimPrefix(e.Said, fmt.Sprintf("%d ", resp.Status))}, nil
	case resp.Status == http.StatusTooManyRequests || resp.Status >= 500:
		return &polled{busy: true}, nil
	case strings.Contains(e.Said, "not found or expired"):
		if !l.now().Before(s.until) {
			return nil, s.late()
		}
		e.Code, e.Message = problem.Denied, "cannot "+l.attempt()+": the gateway has lost this sign-in: it was restarted, it runs as several processes without a shared cache (Redis), or its answer was lost on the way"
		e.Said = fmt.Sprintf("%d CLI login session not found or expired", resp.Status) // the rest is about another program
		return nil, e.WithHint("sign in again; when it happens at once, with --pkce, or ask the gateway's operator")
	}
	return nil, e
}
