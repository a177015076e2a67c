package users

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// named is embedded in commands that act on one user.
type named struct {
	User  string `arg:"" field:"user_id" optional:"" complete:"users" help:"Id of the user, or the e-mail if only one user has it."`
	ID    string `name:"id" xor:"id" placeholder:"ID" complete:"users" help:"The user with this id."`
	Email string `xor:"id" placeholder:"E-MAIL" complete:"users" help:"The user with this e-mail."`
}

// text is what was given, for messages.
func (n *named) text() string { return n.User + n.ID + n.Email }

// find reads the user that the command line names.
func (n *named) find(ctx context.Context, inv *sdk.Invocation, attempt string) (*litellm.User, error) {
	given := 0
	for _, name := range []string{"user", "id", "email"} {
		if inv.Given(name) {
			given++
		}
	}
	switch {
	case given == 0 || n.text() == "":
		return nil, problem.New(problem.Usage, "cannot %s a user: none is named", attempt).
			WithHint("give an id, or --email E-MAIL").WithState(problem.Unchanged)
	case given > 1:
		return nil, problem.New(problem.Usage, "cannot %s a user: it is named twice", attempt).
			WithHint("give the argument, --id or --email").WithState(problem.Unchanged)
	case n.Email != "":
		return litellm.UserByEmail(ctx, inv, n.Email)
	case n.ID != "":
		return litellm.UserByID(ctx, inv, n.ID)
	}
	return litellm.FindUser(ctx, inv, n.User)
}

type getCmd struct {
	sdk.Emits[litellm.User]
	named
}

func (getCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "users create --email ada@example.com --id ada"},
		{Command: "users get ada"},
		{Command: "users get --email ada@example.com --jq .user_id"},
	}
}

func (c *getCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "get user " + c.text()
	u, err := c.find(sdk.Attempting(ctx, "%s", attempt), inv, "get")
	if err != nil {
		return litellm.Attempted(attempt, err)
	}
	return inv.Emit(u.Raw)
}
