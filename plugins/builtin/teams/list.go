package teams

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type listCmd struct {
	sdk.Lists[litellm.Team]
	Alias string `placeholder:"TEXT" complete:"teams" help:"Only teams whose alias contains this text, in any case."`
	Limit int    `placeholder:"N" help:"Show no more than this many."`
	Page  int    `placeholder:"N" help:"Fetch this one page, and no more."`
	Size  int    `placeholder:"N" default:"10" help:"Teams a page, with --page: 1 to 100."`
}

func (listCmd) Help() string {
	return "The list is complete, in the order of the ids. Who is no admin sees the own teams."
}

func (listCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "teams list"},
		{Command: "teams list --alias eng --jq '.[].team_id'", Note: "ids only"},
	}
}

func (c *listCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	ctx = sdk.Attempting(ctx, "list teams")
	if c.Page != 0 || inv.Given("size") {
		return c.page(ctx, inv)
	}
	shown, fitting := 0, 0
	total, own, err := litellm.WalkTeams(ctx, inv, sdk.Query{"team_alias": c.Alias}, func(t *litellm.Team) error {
		if !containsFold(litellm.Text(t.Alias), c.Alias) {
			return nil
		}
		if fitting++; c.Limit > 0 && shown == c.Limit {
			if c.Alias == "" {
				return litellm.ErrStop
			}
			return nil // goes on for the number
		}
		shown++
		return inv.Emit(t.Raw)
	})
	if err != nil {
		return err
	}
	if c.Alias != "" {
		total = fitting
	}
	return listed(ctx, inv, total, own)
}

// page shows one page as the gateway cuts it.
func (c *listCmd) page(ctx context.Context, inv *sdk.Invocation) error {
	number := max(c.Page, 1)
	if c.Page < 0 || c.Size < 1 || c.Size > 100 {
		return problem.New(problem.Usage, "cannot list teams: --page begins at 1, and --size is 1 to 100")
	}
	rows, total, own, err := litellm.TeamPage(ctx, inv, sdk.Query{"team_alias": c.Alias}, number, c.Size)
	if err != nil {
		return err
	}
	if err := inv.EmitAll(rows...); err != nil {
		return err
	}
	return listed(ctx, inv, total, own)
}

func listed(ctx context.Context, inv *sdk.Invocation, total int, own bool) error {
	caller, err := litellm.WhoAmI(ctx, inv)
	if err != nil {
		return err
	}
	out := sdk.Listing{Total: total}
	out.Scope, out.Partial = caller.Scope("teams")
	out.Partial = out.Partial || own
	return inv.Listed(out)
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

type availableCmd struct {
	sdk.Lists[litellm.Team]
}

func (availableCmd) Help() string {
	return "These are the teams that the gateway's settings offer to everybody, less those that one is in already."
}

func (availableCmd) Examples() []sdk.Example { return []sdk.Example{{Command: "teams available"}} }

func (c *availableCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	var rows []json.RawMessage
	if err := inv.Get(sdk.Attempting(ctx, "list available teams"), "/team/available", nil, &rows); err != nil {
		return err
	}
	if rows == nil {
		return problem.New(problem.Unreachable, "cannot list available teams: the answer is no list").WithHint("is this the LiteLLM gateway's own address?")
	}
	return inv.EmitAll(rows...)
}
