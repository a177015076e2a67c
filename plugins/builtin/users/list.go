package users

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type listCmd struct {
	sdk.Lists[litellm.User]
	Role  *string `enum:"proxy_admin,proxy_admin_viewer,internal_user,internal_user_viewer" placeholder:"ROLE" help:"Only users with this role: proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer."`
	Email string  `placeholder:"TEXT" complete:"users" help:"Only users whose e-mail contains this text, in any case."`
	Team  string  `placeholder:"TEAM" complete:"teams" help:"Only members of this team: its id, or its alias."`
	Limit int     `placeholder:"N" help:"Show no more than this many."`
	Page  int     `placeholder:"N" help:"Fetch this one page, and no more."`
	Size  int     `placeholder:"N" default:"25" help:"Users a page, with --page: 1 to 100."`
}

func (listCmd) Help() string {
	return "The list is complete, in the order of the ids. Only admins may list users."
}

func (listCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "users list"},
		{Command: "users list --role internal_user --jq '.[].user_email'", Note: "e-mails only"},
		{Command: "users list --email example.com --limit 10"},
	}
}

func (c *listCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	ctx = sdk.Attempting(ctx, "list users")
	f := filter{role: litellm.Text(c.Role), text: c.Email}
	if err := f.resolve(ctx, inv, c.Team); err != nil {
		return err
	}
	if c.Page != 0 || inv.Given("size") {
		return c.page(ctx, inv, &f)
	}
	shown, fitting := 0, 0
	total, err := litellm.UserPages(f.query()).Walk(ctx, inv, func(row json.RawMessage) error {
		u, err := litellm.ReadUser(row)
		if err != nil || !f.fits(u) {
			return err
		}
		if fitting++; c.Limit > 0 && shown == c.Limit {
			if f.empty() {
				return litellm.ErrStop
			}
			return nil // goes on for the number
		}
		shown++
		return inv.Emit(row)
	})
	if err != nil {
		return err
	}
	if !f.empty() {
		total = fitting
	}
	return listed(ctx, inv, total)
}

// page shows one page as the gateway cuts it.
func (c *listCmd) page(ctx context.Context, inv *sdk.Invocation, f *filter) error {
	number := max(c.Page, 1)
	if c.Page < 0 || c.Size < 1 || c.Size > 100 {
		return problem.New(problem.Usage, "cannot list users: --page begins at 1, and --size is 1 to 100")
	}
	rows, total, err := litellm.UserPages(f.query()).One(ctx, inv, number, c.Size)
	if err != nil {
		return err
	}
	for _, row := range rows {
		u, err := litellm.ReadUser(row)
		if err == nil && f.fits(u) {
			err = inv.Emit(row)
		}
		if err != nil {
			return err
		}
	}
	return listed(ctx, inv, total)
}

func listed(ctx context.Context, inv *sdk.Invocation, total int) error {
	caller, err := litellm.WhoAmI(ctx, inv)
	if err != nil {
		return err
	}
	out := sdk.Listing{Total: total}
	out.Scope, out.Partial = caller.Scope("users")
	return inv.Listed(out)
}

// filter selects users. The gateway's own filters only narrow the list; what fits is decided here.
type filter struct {
	role string
	text string        // a part of the e-mail
	team *litellm.Team // nil for any
}

// resolve finds the team that a name means.
func (f *filter) resolve(ctx context.Context, inv *sdk.Invocation, team string) (err error) {
	if team != "" {
		f.team, err = litellm.FindTeam(ctx, inv, team)
	}
	return err
}

func (f *filter) empty() bool { return f.role == "" && f.text == "" && f.team == nil }

func (f *filter) query() sdk.Query {
	q := sdk.Query{"role": f.role, "user_email": f.text}
	if f.team != nil {
		q["team"] = f.team.TeamID
	}
	return q
}

func (f *filter) fits(u *litellm.User) bool {
	return (f.role == "" || litellm.Text(u.Role) == f.role) &&
		strings.Contains(litellm.FoldEmail(litellm.Text(u.Email)), litellm.FoldEmail(f.text)) &&
		(f.team == nil || slices.Contains(u.Teams, f.team.TeamID) || f.team.Member(u.UserID) != nil)
}
