package teams

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Assigned is the result of assigning a key.
type Assigned struct {
	Token  string   `json:"token" column:"KEY,name=key,format=hash" help:"The key's hash."`
	Name   string   `json:"key_name" column:"NAME,name=name,wide"`
	TeamID string   `json:"team_id" column:"TEAM,name=team"`
	Alias  *string  `json:"team_alias" column:"ALIAS,name=alias"`
	Models []string `json:"models" column:"MODELS" help:"Those of the team; empty for all."`
	Result string   `json:"result" column:"RESULT" help:"updated or unchanged."`
}

type assignCmd struct {
	sdk.Emits[Assigned]
	TeamID string `name:"team-id" placeholder:"TEAM" complete:"teams" help:"The team; on a terminal it is asked for when not given."`
}

func (assignCmd) Help() string {
	return "The key is the one that this command itself uses. Only an admin, or an admin of the team, may assign it."
}

// ownKey is the row of the key that is used.
type ownKey struct {
	Hash string `json:"key"`
	Info struct {
		Name   string  `json:"key_name"`
		TeamID *string `json:"team_id"`
	} `json:"info"`
}

func (c *assignCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	const attempt = "assign this key to a team"
	ctx = sdk.Attempting(ctx, attempt)
	somebody := inv.Terminal().Stdin && inv.Terminal().Stderr // to choose
	if c.TeamID == "" && (!somebody || inv.Given("team-id")) {
		return problem.New(problem.Usage, "cannot %s: --team-id is missing", attempt).WithHint("litellm-proxy teams list shows teams").WithState(problem.Unchanged)
	}
	key, err := current(ctx, inv, attempt)
	if err != nil {
		return err
	}
	t, err := c.team(ctx, inv)
	if err != nil {
		return litellm.Before(attempt, err)
	}
	out := Assigned{Token: key.Hash, Name: key.Info.Name, TeamID: t.TeamID, Alias: t.Alias, Models: t.Models, Result: "unchanged"}
	if litellm.Text(key.Info.TeamID) == t.TeamID {
		return inv.Emit(out)
	}
	if err := inv.Intend(ctx, "update "+key.Hash, key.Hash); err != nil {
		return err
	}
	failure := inv.Post(ctx, "/key/update", map[string]any{"key": key.Hash, "team_id": t.TeamID}, nil)
	if failure != nil && (errors.Is(failure, sdk.ErrPlanned) || !litellm.Lost(failure)) {
		return noMember(failure, t)
	}
	now, err := current(sdk.Attempting(ctx, "read this key again"), inv, attempt)
	switch {
	case err != nil && failure != nil:
		return failure
	case err != nil:
		inv.Notice("the key was assigned; the check afterwards failed: %v", err)
	case litellm.Text(now.Info.TeamID) != t.TeamID && failure != nil:
		e := problem.As(failure)
		e.State = problem.Unchanged + " (checked)"
		return e
	case litellm.Text(now.Info.TeamID) != t.TeamID:
		return problem.New(problem.Failed, "the gateway said that it was done, and the key is not in team %s", t).WithState(problem.Unchanged + " (checked)")
	case failure != nil:
		inv.Notice("the gateway's answer was lost or an error; checked: the key was assigned")
	}
	out.Result = "updated"
	return inv.Emit(out)
}

// current reads the row of the key that is used. The master key has none: 404 (observed on LiteLLM 1.106.2 and 1.83.14).
func current(ctx context.Context, inv *sdk.Invocation, attempt string) (*ownKey, error) {
	var key ownKey
	err := inv.Get(ctx, "/key/info", nil, &key)
	if e := problem.As(err); e != nil && e.Status == 404 && !litellm.NoRoute(err) {
		return nil, (&problem.Error{
			Code: problem.Refused, Message: "cannot " + attempt + ": the gateway has no row of it, as of its master key", Said: e.Said, State: problem.Unchanged,
		}).WithHint("use a key of your own; an admin assigns another's with litellm-proxy keys update KEY --team-id TEAM")
	}
	if err != nil {
		return nil, litellm.Before(attempt, err)
	}
	if !litellm.IsHash(key.Hash) {
		return nil, problem.New(problem.Unreachable, "cannot %s: the answer has no hash of the key", attempt).WithState(problem.Unchanged)
	}
	return &key, nil
}

// team is the one that was given, or that the person chooses.
func (c *assignCmd) team(ctx context.Context, inv *sdk.Invocation) (*litellm.Team, error) {
	if c.TeamID != "" {
		return litellm.FindTeam(ctx, inv, c.TeamID)
	}
	var teams []*litellm.Team
	_, _, err := litellm.WalkTeams(ctx, inv, nil, func(t *litellm.Team) error {
		teams = append(teams, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(teams) == 0 {
		return nil, problem.New(problem.NotFound, "you see no team to assign the key to").WithState(problem.Unchanged)
	}
	for i, t := range teams {
		models := "all models"
		if len(t.Models) > 0 {
			models = strings.Join(t.Models, ", ")
		}
		inv.Notice("%3d  %s  (%s)", i+1, t, models)
	}
	answer, err := inv.Prompt(ctx, fmt.Sprintf("Team [1-%d, nothing to leave it]: ", len(teams)))
	if errors.Is(err, sdk.ErrInterrupted) || errors.Is(err, io.EOF) || err == nil && strings.TrimSpace(answer) == "" {
		return nil, problem.New(problem.Guarded, "no team was chosen").WithState(problem.Unchanged)
	}
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(answer))
	if err != nil || n < 1 || n > len(teams) {
		return nil, problem.New(problem.Usage, "there is no team number %q", answer).WithState(problem.Unchanged)
	}
	return teams[n-1], nil
}

// noMember says of a refusal that it is the team's: the gateway wants the key's owner to be a member, whatever the role
// (observed on LiteLLM 1.106.2).
func noMember(failure error, t *litellm.Team) error {
	e := problem.As(failure)
	if !errors.Is(failure, sdk.ErrPlanned) && e.Status == 403 && strings.Contains(e.Said, "not a member of the team") {
		e.Message = "cannot assign this key to a team: its owner is no member of team " + t.String()
		e.Hint = "litellm-proxy teams members add " + t.TeamID + " USER"
		return e
	}
	return failure
}
