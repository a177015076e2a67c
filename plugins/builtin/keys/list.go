package keys

import (
	"context"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type listCmd struct {
	sdk.Lists[Columns]
	Filter
	KeyHash     string `name:"key-hash" placeholder:"HASH" help:"Only the key with this hash, or with one that begins so."`
	KeyAlias    string `name:"key-alias" placeholder:"ALIAS" complete:"keys" help:"Only keys with exactly this alias."`
	IncludeTeam bool   `name:"include-team-keys" help:"For a user who is no admin: the keys of the user's teams too."`
	FullObject  bool   `name:"return-full-object" help:"Records have all members anyway; the older tool had this flag."`
	Limit       int    `placeholder:"N" help:"Show no more than this many."`
	Page        int    `placeholder:"N" help:"Show this page of the list only, as the older tool did."`
	Size        int    `placeholder:"N" help:"Rows of a page, 1 to 100; 10 if not given."`
}

// Filter selects keys by whose they are; verbs that change keys take it in place of names.
type Filter struct {
	UserID       string  `selects:"" name:"user-id" placeholder:"ID" complete:"users" help:"Only keys of this user."`
	TeamID       string  `selects:"" name:"team-id" placeholder:"ID" complete:"teams" help:"Only keys of this team."`
	Organization string  `selects:"" name:"organization-id" placeholder:"ID" help:"Only keys of this organization."`
	Status       *string `selects:"" enum:"active,expired,blocked" placeholder:"STATUS" help:"Only keys that are active, expired or blocked."`
}

func (f Filter) query() sdk.Query {
	return sdk.Query{"user_id": f.UserID, "team_id": f.TeamID, "organization_id": f.Organization}
}

// wants compares exactly: the filters of LiteLLM 1.83.14 match parts of an id, in any case (observed).
func (f Filter) wants(k *litellm.Key) bool {
	return (f.UserID == "" || litellm.Text(k.UserID) == f.UserID) && (f.TeamID == "" || litellm.Text(k.TeamID) == f.TeamID) &&
		(f.Status == nil || *f.Status == k.Status)
}

func (listCmd) Help() string {
	return "The list is whole, or an error: rows that are added or removed while it is read are neither lost nor shown twice. " +
		"A key that is no admin's sees its owner's keys only; the end of the list says so."
}

func (listCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys list"},
		{Command: "keys list --jq '.[] | select(.max_budget == null) | .token'", Note: "keys without a limit"},
		{Command: "keys list --status expired -o csv --columns key_alias,user_id,expires"},
	}
}

func (c *listCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	ctx = sdk.Attempting(ctx, "list keys")
	if inv.Given("page") || inv.Given("size") {
		return c.page(ctx, inv)
	}
	who := make(chan whoami, 1)
	go func() {
		caller, err := litellm.WhoAmI(ctx, inv)
		who <- whoami{caller, err}
	}()
	shown := 0
	total, err := litellm.WalkKeys(ctx, inv, c.filter(), func(k *litellm.Key) error {
		if !c.wants(k) {
			return nil
		}
		if c.Limit > 0 && shown == c.Limit {
			return litellm.ErrStop
		}
		shown++
		return inv.Emit(k.Raw)
	})
	if err != nil {
		return err
	}
	w := <-who
	if w.err != nil {
		return w.err
	}
	l := sdk.Listing{Total: total, Around: map[string]any{"total_count": total, "current_page": 1, "total_pages": min(total, 1)}}
	l.Scope, l.Partial = w.caller.Scope("keys")
	switch {
	case c.Limit <= 0 || shown < c.Limit:
		l.Total = shown // what is left out by an exact filter is none of this list
		l.Around["total_count"], l.Around["total_pages"] = shown, min(shown, 1)
	case c.Status != nil || c.KeyHash != "":
		l.Total = -1 // how many more would fit is not known
	}
	return inv.Listed(l)
}

type whoami struct {
	caller *litellm.Caller
	err    error
}

func (c *listCmd) filter() sdk.Query {
	q := c.query()
	q["key_alias"] = c.KeyAlias
	if litellm.IsHash(c.KeyHash) {
		q["key_hash"] = c.KeyHash
	}
	if c.IncludeTeam {
		q["include_team_keys"] = "true"
	}
	return q
}

func (c *listCmd) wants(k *litellm.Key) bool {
	return c.Filter.wants(k) && strings.HasPrefix(k.Token, c.KeyHash) &&
		(c.KeyAlias == "" || litellm.Text(k.Alias) == c.KeyAlias)
}

// page is one page as the older tool had it, in the same order as the whole list.
func (c *listCmd) page(ctx context.Context, inv *sdk.Invocation) error {
	number, size := c.Page, c.Size
	if !inv.Given("page") {
		number = 1
	}
	if !inv.Given("size") {
		size = 10
	}
	if number < 1 || size < 1 || size > 100 || c.Limit > 0 {
		return problem.New(problem.Usage, "cannot list keys: a page is 1 or more, its size 1 to 100, and --limit is for the whole list")
	}
	rows, total, err := litellm.KeyPages(c.filter()).One(ctx, inv, number, size)
	if err != nil {
		return err
	}
	for _, row := range rows {
		k, err := litellm.ParseKey(row)
		if err != nil {
			return err
		}
		if c.wants(k) {
			if err := inv.Emit(k.Raw); err != nil {
				return err
			}
		}
	}
	caller, err := litellm.WhoAmI(ctx, inv)
	if err != nil {
		return err
	}
	l := sdk.Listing{Total: total, Around: map[string]any{
		"total_count": total, "current_page": number, "total_pages": (total + size - 1) / size,
	}}
	l.Scope, l.Partial = caller.Scope("keys")
	return inv.Listed(l)
}
