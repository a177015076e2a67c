package teams

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type updateCmd struct {
	sdk.Emits[Written]
	named
	Alias string `placeholder:"ALIAS" help:"Give the team this alias."`
	fields
}

func (updateCmd) Help() string {
	return "Everything that is not given stays as it is, within metadata too. --set FIELD=null takes a limit away; --models '' " +
		"allows all models."
}

func (updateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams create --alias eng"},
		{Command: "teams update eng --max-budget 1000 --set metadata.owner=ada"},
		{Command: "teams update eng --set max_budget=null", Note: "no limit"},
	}
}

func (c *updateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "update team " + c.Team + c.ID
	ctx = sdk.Attempting(ctx, "%s", attempt)
	request := c.request(inv)
	if inv.Given("alias") {
		request["team_alias"] = c.Alias
	}
	if len(request) == 0 && len(c.Set) == 0 {
		return problem.New(problem.Usage, "cannot %s: no change is given", attempt).
			WithHint("give --alias, --models, --max-budget, --budget-duration, --tpm-limit, --rpm-limit or --set PATH=VALUE").WithState(problem.Unchanged)
	}
	if err := c.refuse(attempt); err != nil {
		return err
	}
	before, err := c.find(ctx, inv, "update", "")
	if err != nil {
		return litellm.Before(attempt, err)
	}
	// What is changed in part is read with nobody else at it.
	unlock, err := inv.Lock(ctx, "team-row", before.TeamID)
	if err != nil {
		return litellm.Before(attempt, err)
	}
	defer unlock()
	if before, err = litellm.TeamByID(ctx, inv, before.TeamID); err != nil {
		return litellm.Before(attempt, err)
	}
	there := litellm.Members(before.Raw)
	if err := c.Wanted(ctx, inv, attempt, body.Operation("POST", "/team/update"), request, there); err != nil {
		return err
	}
	if v, ok := request["blocked"]; ok && v == nil { // a 500 of the gateway's (observed on LiteLLM 1.106.2)
		return problem.New(problem.Usage, "cannot %s: blocked is true or false", attempt).WithState(problem.Unchanged)
	}
	if len(request) == 0 {
		return litellm.EmitWith(inv, before.Raw, "result", "unchanged")
	}
	return c.change(ctx, inv, attempt, before, request)
}

// change sends the fields. An alias is looked for first, with nobody else at it: the gateway does not.
func (c *updateCmd) change(ctx context.Context, inv *sdk.Invocation, attempt string, before *litellm.Team, request map[string]any) error {
	if alias, ok := request["team_alias"].(string); ok {
		unlock, err := inv.Lock(ctx, "team", alias)
		defer unlock()
		if err != nil {
			return err
		}
		there, err := litellm.TeamsByAlias(ctx, inv, alias)
		if err != nil {
			return litellm.Before(attempt, err)
		}
		for _, t := range there {
			if t.TeamID != before.TeamID {
				return &problem.Error{
					Code: problem.Refused, Message: fmt.Sprintf("cannot %s: another team has the alias %s", attempt, alias),
					Facts: []problem.Fact{{Label: "by", Text: t.String()}}, Field: "alias", State: problem.Unchanged,
				}
			}
		}
	}
	failure := send(ctx, inv, before, request)
	if failure != nil && (errors.Is(failure, sdk.ErrPlanned) || !litellm.Lost(failure)) {
		return failure
	}
	id := before.TeamID
	after, err := litellm.TeamByID(sdk.Attempting(ctx, "read team %s again", id), inv, id)
	switch {
	case err != nil && failure != nil:
		return failure
	case litellm.IsNotFound(err):
		return problem.New(problem.NotFound, "team %s is not there any more: it was deleted at the same time", id)
	case err != nil:
		// The gateway has said that it was done; that it cannot be seen now does not undo it.
		inv.Notice("team %s was updated; the check afterwards failed: %v", id, err)
		return inv.Emit(map[string]any{"team_id": id, "team_alias": before.Alias, "result": "updated"})
	}
	if err := litellm.Settled(inv, "team "+id, "updated", request, litellm.Members(after.Raw), failure); err != nil {
		return err
	}
	return litellm.EmitWith(inv, after.Raw, "result", "updated")
}

// send changes the team by PATCH, which merges metadata, so that what others write there at the same time stays. LiteLLM
// 1.83.14 has no PATCH, and no version has it for an id that cannot stand in a path; there metadata is replaced by what it is to
// be (all observed).
func send(ctx context.Context, inv *sdk.Invocation, t *litellm.Team, request map[string]any) error {
	if err := inv.Intend(ctx, "update "+t.TeamID, t.TeamID); err != nil {
		return err
	}
	if !strings.ContainsAny(t.TeamID, `/\%?#`) && strings.Trim(t.TeamID, ".") != "" {
		patch := maps.Clone(request)
		if wanted, ok := patch["metadata"].(map[string]any); ok {
			have, _ := litellm.Members(t.Raw)["metadata"].(map[string]any)
			patch["metadata"] = litellm.MergePatch(have, wanted)
		}
		if err := inv.Patch(ctx, sdk.Path("/team/{id}", t.TeamID), patch, nil); !litellm.NoRoute(err) {
			return err
		}
	}
	whole := maps.Clone(request)
	whole["team_id"] = t.TeamID
	return inv.Post(ctx, "/team/update", whole, nil)
}
