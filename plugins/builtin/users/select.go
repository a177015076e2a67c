package users

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// targets are what is to be deleted, under the names it was given, each once; c.users has those that are there. selected says
// that a filter or standard input named them, and not the command line.
func (c *deleteCmd) targets(ctx context.Context, inv *sdk.Invocation) (names []string, selected bool, err error) {
	filtered, named := c.Role != nil || c.Team != "", len(c.User)+len(c.ID)+len(c.Email) > 0
	switch {
	case filtered && named:
		return nil, false, problem.New(problem.Usage, "cannot delete users: they are both named and selected by --role or --team").WithHint("give one of them")
	case !filtered && !named:
		return nil, false, problem.New(problem.Usage, "cannot delete users: none is named").WithHint("give ids, --email E-MAIL, or - to read them from standard input")
	}
	c.users = map[string]*litellm.User{}
	if filtered {
		names, err = c.selection(ctx, inv)
		return names, true, err
	}
	seen := map[string]bool{}
	add := func(name string, find func(context.Context, *sdk.Invocation, string) (*litellm.User, error)) error {
		u, err := find(sdk.Attempting(ctx, "delete user %s", name), inv, name)
		if err != nil && !litellm.IsNotFound(err) {
			return litellm.Before("delete user "+name, err)
		}
		if u != nil {
			if seen[u.UserID] {
				return nil
			}
			seen[u.UserID] = true
			if u, err = withKeys(ctx, inv, u.UserID); err != nil && !litellm.IsNotFound(err) {
				return litellm.Before("delete user "+name, err)
			}
		}
		if _, again := c.users[name]; !again {
			c.users[name] = u
			names = append(names, name)
		}
		return nil
	}
	given, selected, err := litellm.Names(ctx, inv, "user", c.User)
	if err != nil {
		return nil, selected, err
	}
	for _, name := range given {
		if err := add(name, litellm.FindUser); err != nil {
			return nil, selected, err
		}
	}
	for _, id := range c.ID {
		if err := add(id, litellm.UserByID); err != nil {
			return nil, selected, err
		}
	}
	for _, email := range c.Email {
		if err := add(email, litellm.UserByEmail); err != nil {
			return nil, selected, err
		}
	}
	return names, selected, nil
}

// selection are the ids of the users that the filters fit, all read before the first is deleted.
func (c *deleteCmd) selection(ctx context.Context, inv *sdk.Invocation) ([]string, error) {
	f := filter{role: litellm.Text(c.Role)}
	if err := f.resolve(ctx, inv, c.Team); err != nil {
		return nil, err
	}
	var names []string
	_, err := litellm.UserPages(f.query()).Walk(ctx, inv, func(row json.RawMessage) error {
		u, err := litellm.ReadUser(row)
		if err == nil && f.fits(u) {
			c.users[u.UserID] = u
			names = append(names, u.UserID)
		}
		return err
	})
	return names, err
}

// withKeys reads a user with the number of keys, which is not told of one whose id the list cannot be asked for.
func withKeys(ctx context.Context, inv *sdk.Invocation, id string) (*litellm.User, error) {
	u, err := litellm.UserRow(ctx, inv, id)
	if err != nil {
		return nil, err
	}
	if _, told := litellm.Members(u.Raw)["key_count"]; !told {
		own, _, err := keysOf(ctx, inv, u)
		if err != nil {
			return nil, err
		}
		u.KeyCount = len(own)
	}
	return u, nil
}
