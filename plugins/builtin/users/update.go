package users

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type updateCmd struct {
	sdk.Emits[Written]
	named
	Role *string `enum:"proxy_admin,proxy_admin_viewer,internal_user,internal_user_viewer" placeholder:"ROLE" help:"proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer."`
	fields
}

func (updateCmd) Help() string {
	return "Everything that is not given stays as it is, within metadata too. Another e-mail is --set user_email=E-MAIL. " +
		"The gateway cannot empty a user's models, metadata or other fields; only limits can be taken away, as with " +
		"--set max_budget=null. Memberships are changed by teams members."
}

func (updateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "users create --email ada@example.com --id ada"},
		{Command: "users update ada --max-budget 100 --set metadata.owner=data"},
		{Command: "users update --email ada@example.com --set max_budget=null", Note: "no limit"},
	}
}

func (c *updateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "update user " + c.text()
	ctx = sdk.Attempting(ctx, "%s", attempt)
	request := c.request(inv)
	if c.Role != nil {
		request["user_role"] = *c.Role
	}
	if len(request) == 0 && len(c.Set) == 0 {
		return problem.New(problem.Usage, "cannot %s: no change is given", attempt).
			WithHint("give --role, --alias, --max-budget, --budget-duration, --models or --set PATH=VALUE").WithState(problem.Unchanged)
	}
	if err := c.refuse(attempt); err != nil {
		return err
	}
	before, unlock, err := c.before(ctx, inv)
	defer unlock()
	if err != nil {
		return litellm.Before(attempt, err)
	}
	if err := c.Wanted(ctx, inv, attempt, body.Operation("POST", "/user/update"), request, litellm.Members(before.Raw)); err != nil {
		return err
	}
	if len(request) == 0 {
		return litellm.EmitWith(inv, before.Raw, "result", "unchanged")
	}
	if err := possible(attempt, request); err != nil {
		return err
	}
	return c.change(ctx, inv, attempt, before, request)
}

// before reads the user as a whole, with nobody else at it until unlock: what is changed in part is sent as a whole. It is never
// left to the gateway to find a user: it makes one of an id or an e-mail that it does not know (observed on LiteLLM 1.106.2 and
// 1.83.14).
func (c *updateCmd) before(ctx context.Context, inv *sdk.Invocation) (u *litellm.User, unlock func(), err error) {
	if u, err = c.find(ctx, inv, "update"); err != nil {
		return nil, func() {}, err
	}
	if unlock, err = inv.Lock(ctx, "user-row", u.UserID); err == nil {
		u, err = litellm.UserRow(ctx, inv, u.UserID)
	}
	return u, unlock, err
}

// nullable are the fields that null clears. LiteLLM 1.83.14 ignores it for the rates, which the look afterwards finds out.
var nullable = []string{"max_budget", "tpm_limit", "rpm_limit"}

// possible refuses what the gateway ignores without a word: to empty a field (observed on LiteLLM 1.106.2 and 1.83.14).
func possible(attempt string, request map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(request)) {
		empty := false
		switch v := request[name].(type) {
		case nil:
			empty = !slices.Contains(nullable, name)
		case []any:
			empty = len(v) == 0
		case map[string]any:
			empty = len(v) == 0
		}
		if empty {
			return &problem.Error{
				Code: problem.Refused, Message: fmt.Sprintf("cannot %s: the gateway cannot empty a user's %s", attempt, name), Field: name,
				Hint: "give it another value; or delete the user and create one anew", State: problem.Unchanged,
			}
		}
	}
	return nil
}

// change sends the fields. An e-mail is looked for first, with nobody else at it: the gateway does not (observed on LiteLLM
// 1.106.2 and 1.83.14).
func (c *updateCmd) change(ctx context.Context, inv *sdk.Invocation, attempt string, before *litellm.User, request map[string]any) error {
	if email, ok := request["user_email"].(string); ok {
		unlock, err := inv.Lock(ctx, "user", litellm.FoldEmail(email))
		defer unlock()
		if err != nil {
			return err
		}
		there, err := litellm.UsersByEmail(ctx, inv, email)
		if err != nil {
			return litellm.Before(attempt, err)
		}
		for _, u := range there {
			if u.UserID != before.UserID {
				return &problem.Error{
					Code: problem.Refused, Message: fmt.Sprintf("cannot %s: another user has the e-mail %s", attempt, email),
					Facts: []problem.Fact{{Label: "by", Text: u.String()}}, Field: "user_email", State: problem.Unchanged,
				}
			}
		}
	}
	sent := maps.Clone(request)
	sent["user_id"] = before.UserID
	if err := inv.Intend(ctx, "update "+before.UserID, before.UserID); err != nil {
		return err
	}
	failure := inv.Post(ctx, "/user/update", sent, nil)
	if failure != nil && (errors.Is(failure, sdk.ErrPlanned) || !litellm.Lost(failure)) {
		return failure
	}
	after, err := litellm.UserRow(sdk.Attempting(ctx, "read user %s again", before.UserID), inv, before.UserID)
	switch {
	case err != nil && failure != nil:
		return failure
	case litellm.IsNotFound(err):
		return problem.New(problem.NotFound, "user %s is not there any more: it was deleted at the same time", before.UserID)
	case err != nil:
		// The gateway has said that it was done; that it cannot be seen now does not undo it.
		inv.Notice("user %s was updated; the check afterwards failed: %v", before.UserID, err)
		return inv.Emit(map[string]any{"user_id": before.UserID, "user_email": before.Email, "result": "updated"})
	}
	if err := litellm.Settled(inv, "user "+before.UserID, "updated", request, litellm.Members(after.Raw), failure); err != nil {
		return err
	}
	return litellm.EmitWith(inv, after.Raw, "result", "updated")
}
