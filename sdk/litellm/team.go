package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Team is a team of the gateway, as far as a client reads it.
type Team struct {
	TeamID         string          `json:"team_id" column:"ID,name=id"`
	Alias          *string         `json:"team_alias" column:"ALIAS,name=alias"`
	Models         []string        `json:"models" column:"MODELS" help:"Empty for all."`
	Spend          json.Number     `json:"spend" column:"SPEND,format=dollars"`
	MaxBudget      *json.Number    `json:"max_budget" column:"LIMIT,name=limit,format=dollars"`
	BudgetDuration *string         `json:"budget_duration" column:"PER,name=budget_duration,wide"`
	MembersCount   int             `json:"members_count" column:"MEMBERS,name=members" help:"Only lists tell it."`
	Blocked        bool            `json:"blocked" column:"BLOCKED,wide"`
	CreatedAt      string          `json:"created_at" column:"CREATED,name=created,format=ago"`
	Members        []Member        `json:"members_with_roles"`
	Metadata       json.RawMessage `json:"metadata"`

	// Keys are those of the team; nil in a list, which does not tell.
	Keys []TeamKey `json:"-"`
	// Memberships are what the gateway keeps of a member besides the role, by user.
	Memberships map[string]Membership `json:"-"`
	Raw         json.RawMessage       `json:"-"` // all that the gateway told of the team itself, unchanged
}

// Member is one entry of a team's list of members.
type Member struct {
	UserID string  `json:"user_id" column:"ID,name=id"`
	Email  *string `json:"user_email" column:"EMAIL,name=email"`
	Role   string  `json:"role" column:"ROLE" help:"user or admin, within the team."`
}

// Membership is a member's budget in the team. LiteLLM 1.83.14 has none for members without one.
type Membership struct {
	UserID string      `json:"user_id"`
	Spend  json.Number `json:"spend"`
	Budget struct {
		MaxBudget     json.Number `json:"max_budget"`
		TPMLimit      json.Number `json:"tpm_limit"`
		RPMLimit      json.Number `json:"rpm_limit"`
		AllowedModels []string    `json:"allowed_models"`
	} `json:"litellm_budget_table"`
}

// TeamKey is a key of a team.
type TeamKey struct {
	Token  string `json:"token"`
	Alias  string `json:"key_alias"`
	UserID string `json:"user_id"`
}

// ReadTeam reads one team: a row of /v2/team/list or team_info of /team/info.
func ReadTeam(raw json.RawMessage) (*Team, error) {
	t := &Team{}
	if err := json.Unmarshal(raw, t); err != nil || t.TeamID == "" && !hasMember(raw, "team_id") {
		return nil, problem.New(problem.Unreachable, "the answer holds something that is no team").WithHint(addressHint)
	}
	t.Raw = raw
	return t, nil
}

// String is the team in a few words: t-1 "eng".
func (t *Team) String() string { return strings.TrimSpace(t.TeamID + " " + quoted(Text(t.Alias))) }

// Member returns the entry of a user; nil for one who is no member.
func (t *Team) Member(userID string) *Member {
	for i := range t.Members {
		if t.Members[i].UserID == userID {
			return &t.Members[i]
		}
	}
	return nil
}

// TeamByID reads one team with its keys and memberships; a missing one is an error with the code NotFound. Of a team that
// the caller does not belong to, the gateway says 403 (observed on LiteLLM 1.106.2 and 1.83.14).
func TeamByID(ctx context.Context, inv *sdk.Invocation, id string) (*Team, error) {
	if id == "" {
		return nil, problem.New(problem.Usage, "a team's id is empty").WithState(problem.Unchanged)
	}
	var answer struct {
		Info        json.RawMessage `json:"team_info"`
		Keys        []TeamKey       `json:"keys"`
		Memberships []Membership    `json:"team_memberships"`
	}
	err := inv.Get(ctx, "/team/info", sdk.Query{"team_id": id}, &answer)
	if isMissing(err) {
		return nil, missingTeam(id, problem.As(err).Said)
	}
	if err != nil {
		return nil, err
	}
	t, err := ReadTeam(answer.Info)
	if err != nil {
		return nil, err
	}
	if t.TeamID != id {
		return nil, missingTeam(id, "")
	}
	t.Keys, t.Memberships = answer.Keys, map[string]Membership{}
	for _, m := range answer.Memberships {
		t.Memberships[m.UserID] = m
	}
	return t, nil
}

// WalkTeams calls each for every team that fits the filter and that the caller may see, and returns how many there are. A
// caller who may not list all teams gets the own ones; then own is true.
func WalkTeams(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, each func(*Team) error) (total int, own bool, err error) {
	row := func(raw json.RawMessage) error {
		t, err := ReadTeam(raw)
		if err != nil {
			return err
		}
		return each(t)
	}
	own, err = visible(ctx, inv, filter, func(filter sdk.Query) error {
		total, err = TeamPages(filter).Walk(ctx, inv, row)
		return err
	})
	return total, own, err
}

// TeamPage is one page of what WalkTeams goes through, as the gateway cuts it.
func TeamPage(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, page, size int) (rows []json.RawMessage, total int, own bool, err error) {
	own, err = visible(ctx, inv, filter, func(filter sdk.Query) error {
		rows, total, err = TeamPages(filter).One(ctx, inv, page, size)
		return err
	})
	return rows, total, own, err
}

// visible reads with the filter and, if that is refused, once more with the caller's own teams alone.
func visible(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, read func(sdk.Query) error) (own bool, err error) {
	err = read(filter)
	if problem.CodeOf(err) != problem.Denied || filter["user_id"] != "" {
		return false, err
	}
	caller, whoErr := WhoAmI(ctx, inv)
	if whoErr != nil || caller.UserID == "" || caller.SeesAll() {
		return false, err // the refusal says more
	}
	mine := sdk.Query{"user_id": caller.UserID}
	maps.Copy(mine, filter)
	return true, read(mine)
}

// TeamsByAlias reads the teams with an alias, compared byte for byte: the gateway's filter is a part of one in any case,
// and it lets several teams have one alias.
func TeamsByAlias(ctx context.Context, inv *sdk.Invocation, alias string) ([]*Team, error) {
	if alias == "" {
		return nil, problem.New(problem.Usage, "a team's alias is empty").WithState(problem.Unchanged)
	}
	var out []*Team
	_, _, err := WalkTeams(ctx, inv, sdk.Query{"team_alias": alias}, func(t *Team) error {
		if t.Alias != nil && *t.Alias == alias {
			out = append(out, t)
		}
		return nil
	})
	return out, err
}

// TeamByAlias reads the one team with an alias, as TeamByID does. None is an error with the code NotFound, several one with
// the code Failed that names their ids.
func TeamByAlias(ctx context.Context, inv *sdk.Invocation, alias string) (*Team, error) {
	teams, err := TeamsByAlias(ctx, inv, alias)
	switch {
	case err != nil:
		return nil, err
	case len(teams) == 0:
		return nil, missingTeam(alias, "")
	case len(teams) > 1:
		return nil, ambiguousTeam(fmt.Sprintf("%d teams have the alias %q", len(teams), alias), teams)
	}
	return TeamByID(ctx, inv, teams[0].TeamID)
}

// FindTeam reads the team that a name on the command line means: an id, or else an alias that exactly one team has. Both
// meanings at once is an error that lists both.
func FindTeam(ctx context.Context, inv *sdk.Invocation, name string) (*Team, error) {
	byID, err := TeamByID(ctx, inv, name)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	byAlias, err := TeamsByAlias(ctx, inv, name)
	if err != nil {
		return nil, err
	}
	var others []*Team
	for _, t := range byAlias {
		if byID == nil || t.TeamID != byID.TeamID {
			others = append(others, t)
		}
	}
	switch {
	case byID != nil && len(others) == 0:
		return byID, nil
	case byID != nil:
		return nil, ambiguousTeam(fmt.Sprintf("%q is the id of one team and the alias of another", name), append([]*Team{byID}, others...))
	case len(others) == 0:
		return nil, missingTeam(name, "")
	case len(others) > 1:
		return nil, ambiguousTeam(fmt.Sprintf("%d teams have the alias %q", len(others), name), others)
	}
	return TeamByID(ctx, inv, others[0].TeamID)
}

func missingTeam(name, said string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: fmt.Sprintf("there is no team %q", name), Said: said, Field: "team",
		Hint: "litellm-proxy teams list shows them",
	}
}

func ambiguousTeam(why string, teams []*Team) error {
	e := &problem.Error{Code: problem.Failed, Message: why, Hint: "name the one that is meant by its id", Field: "team"}
	for _, t := range teams {
		e.Facts = append(e.Facts, problem.Fact{Label: "is", Text: t.String()})
	}
	return e
}
