package auth

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Team is a team that a credential can act in. An alias may be empty, and more than one team may have it.
type Team struct{ ID, Alias string }

// String names a team for people.
func (t Team) String() string {
	switch {
	case t.ID == "":
		return "no team"
	case t.Alias == "" || t.Alias == t.ID:
		return line(t.ID)
	}
	return line(t.Alias + " (" + t.ID + ")")
}

func list(teams []Team) string {
	if len(teams) == 0 {
		return "none"
	}
	names := make([]string, len(teams))
	for i, t := range teams {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

func quoted(s string) string { return strconv.Quote(line(s)) }

// isNamed says whether a name that a person gave means the team.
func (t Team) isNamed(name string) bool { return t.ID == name || t.Alias == name }

// pick returns the team that was asked for, by id or else by alias: by name, since a gateway's order changes between sign-ins
// (observed on LiteLLM 1.106.2).
func (l *Login) pick(teams []Team) (Team, error) {
	var found []Team
	for _, t := range teams {
		if t.ID == l.Team {
			return t, nil
		}
		if t.Alias == l.Team {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Team{}, l.notIn(teams)
	}
	e := problem.New(problem.Usage, "cannot %s: %d teams are called %s", l.attempt(), len(found), quoted(l.Team))
	e.Field = "--team"
	return Team{}, e.WithHint("name one by its id: %s", list(found))
}

// notIn is the error of a user who is not in the team that was asked for.
func (l *Login) notIn(teams []Team) *problem.Error {
	return problem.New(problem.Denied, "cannot %s: you are not in team %s", l.attempt(), quoted(l.Team)).WithHint("your teams: %s", list(teams))
}

// ask has the person choose.
func (l *Login) ask(ctx context.Context, teams []Team) (Team, error) {
	t, err := l.Person.Choose(ctx, teams)
	if err == nil || !isNobody(err) {
		return t, err
	}
	e := problem.New(problem.Usage, "cannot %s: you are in several teams, and there is nobody to ask which one is meant", l.attempt())
	e.Field = "--team"
	return Team{}, e.WithHint("give one with --team: %s", list(teams))
}

// otherTeam is the error of a credential that acts in another team than was asked for.
func (l *Login) otherTeam(got Team) *problem.Error {
	return problem.New(problem.Denied, "cannot %s: team %s was asked for, and the sign-in is for %s", l.attempt(), quoted(l.Team), got).
		WithHint("sign in again and choose %s on the page, or leave out --team", quoted(l.Team))
}

// withoutTeam says what to do with a credential outside every team. Its user may be in some nevertheless: the gateway
// writes the memberships that come from the provider after it has filled the first session (observed on LiteLLM 1.106.2).
func (l *Login) withoutTeam(id *Identity) error {
	switch {
	case len(id.Teams) == 0 && l.Team == "":
		return nil
	case len(id.Teams) == 0:
		return l.notIn(nil)
	case l.Team != "":
		return problem.New(problem.Denied, "cannot %s: at the first sign-in the gateway did not know your teams yet, so it is for no team", l.attempt()).
			WithHint("sign in once more: now it knows them (%s)", line(strings.Join(id.Teams, ", ")))
	}
	l.Person.Say("At the first sign-in the gateway did not know your teams yet: this sign-in is for no team. To act in a team (" +
		line(strings.Join(id.Teams, ", ")) + "), sign in once more.")
	return nil
}

// aliasOf asks for the alias of the team that a credential acts in: members may (observed on LiteLLM 1.106.2). Empty if the
// gateway does not say.
func (l *Login) aliasOf(ctx context.Context, s *SignIn) string {
	resp, err := l.Client.Do(ctx, transport.Request{
		Method: http.MethodGet, Path: "/team/info", Query: url.Values{"team_id": {s.TeamID}}.Encode(), Key: s.Key, Attempt: l.attempt(),
	})
	var doc struct {
		Info struct {
			Alias string `json:"team_alias"`
		} `json:"team_info"`
	}
	if err != nil || decodeJSON(resp.Body, &doc) != nil {
		return ""
	}
	return doc.Info.Alias
}
