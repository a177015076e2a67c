package litellm

import (
	"context"
	"encoding/json"
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
