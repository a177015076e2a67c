package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Deleted is the result of deleting a user.
type Deleted struct {
	UserID      string  `json:"user_id" column:"ID,name=id"`
	Email       *string `json:"user_email" column:"EMAIL,name=email"`
	Result      string  `json:"result" column:"RESULT" help:"deleted, or not_found with --ignore-missing."`
	KeysDeleted int     `json:"keys_deleted" column:"KEYS DELETED"`
	sdk.Failure
}

type deleteCmd struct {
	sdk.Emits[Deleted]
	User          []string `arg:"" field:"user_id" optional:"" stdin:"" complete:"users" help:"Ids of users, or e-mails that only one user has; - reads them from standard input."`
	ID            []string `selects:"" name:"id" split:"" placeholder:"ID,…" complete:"users" help:"The users with these ids."`
	Email         []string `selects:"" split:"" placeholder:"E-MAIL" complete:"users" help:"The user with exactly this e-mail."`
	Role          *string  `selects:"" enum:"proxy_admin,proxy_admin_viewer,internal_user,internal_user_viewer" placeholder:"ROLE" help:"All users with this role."`
	Team          string   `selects:"" placeholder:"TEAM" complete:"teams" help:"All members of this team."`
	IgnoreMissing bool     `name:"ignore-missing" help:"Do not fail for users that are not there."`

	users map[string]*litellm.User // those that are there, by what named them
}

func (deleteCmd) Help() string {
	return "A user's keys and memberships go, too; the gateway keeps no record of these keys. On a terminal the command says so " +
		"and asks. Everything is looked up before the first user is deleted: a name that may mean two users deletes none."
}

func (deleteCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "users create --email bob@example.com --id bob"},
		{Command: "users delete --email bob@example.com"},
		{Command: "users delete bob --ignore-missing"},
		{Command: "users delete --role internal_user_viewer --ignore-missing --yes", Note: "all of them, 25 at most: see --max"},
	}
}

func (c *deleteCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	names, selected, err := c.targets(ctx, inv)
	if err != nil {
		return litellm.Before("delete users", err)
	}
	if len(names) == 0 && c.Role == nil && c.Team == "" { // an empty standard input
		return nil
	}
	if len(names) == 0 { // a filter that fits nobody
		if c.IgnoreMissing {
			return nil
		}
		return problem.New(problem.NotFound, "there is no user to delete: none fits").WithHint("litellm-proxy users list takes the same filters").WithState(problem.Unchanged)
	}
	if err := c.confirm(ctx, inv, names, selected); err != nil {
		return err
	}
	return inv.Each(ctx, "user_id", names, func(ctx context.Context, name string) error {
		err := c.delete(sdk.Attempting(ctx, "delete user %s", name), inv, name)
		if c.IgnoreMissing && litellm.IsNotFound(err) {
			return inv.Emit(Deleted{UserID: name, Result: "not_found"})
		}
		return err
	})
}

// delete removes one user: the gateway would leave all of several if one of them were missing, and its answer is a number.
func (c *deleteCmd) delete(ctx context.Context, inv *sdk.Invocation, name string) error {
	u := c.users[name]
	if u == nil {
		if id, ok := inv.Intended("delete " + name); ok {
			return inv.Emit(Deleted{UserID: id, Result: "deleted"})
		}
		return missing(name)
	}
	if err := inv.Intend(ctx, "delete "+name, u.UserID); err != nil {
		return err
	}
	failure := inv.Post(ctx, "/user/delete", map[string]any{"user_ids": []string{u.UserID}}, nil)
	e := problem.As(failure)
	if failure != nil && (errors.Is(failure, sdk.ErrPlanned) || !litellm.Lost(failure) && e.Status != 404) {
		return failure
	}
	_, left := litellm.UserByID(sdk.Attempting(ctx, "make sure that user %s is gone", u.UserID), inv, u.UserID)
	switch gone := litellm.IsNotFound(left); {
	case gone && e != nil && e.Status == 404: // somebody else was quicker
		return missing(name)
	case gone && failure != nil:
		inv.Notice("the gateway's answer was lost or an error; checked: the user was deleted")
	case gone:
	case left != nil && failure == nil:
		inv.Notice("user %s was deleted; the check afterwards failed: %v", u.UserID, left)
	case failure != nil && left == nil:
		e.State = problem.Unchanged + " (checked)"
		return e
	case failure != nil:
		return failure
	default:
		return problem.New(problem.Failed, "user %s is still there, though the gateway said that it was deleted", u.UserID).
			WithHint("look again: litellm-proxy users get %s", u.UserID)
	}
	return inv.Emit(Deleted{UserID: u.UserID, Email: u.Email, Result: "deleted", KeysDeleted: u.KeyCount})
}

func missing(name string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: fmt.Sprintf("there is no user %q", name), Field: "user", State: problem.Unchanged,
		Hint: "litellm-proxy users list shows them",
	}
}
