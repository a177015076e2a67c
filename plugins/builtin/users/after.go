package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// complete gives a user who has been made what else was asked for, teams and a key, and prints the result. When that fails
// the user stays, and the record is printed all the same.
func (n *creation) complete(ctx context.Context, inv *sdk.Invocation, u *litellm.User, planned bool) error {
	failure := n.join(ctx, inv, u)
	var key *sdk.Secret
	if n.WithKey && (failure == nil || planned) {
		key, failure = n.key(ctx, inv, u)
	}
	if planned {
		return failure
	}
	if len(n.teams) > 0 || key != nil {
		if now, err := litellm.UserRow(sdk.Attempting(ctx, "read user %s again", u.UserID), inv, u.UserID); err == nil {
			u = now
		}
	}
	more := []any{"result", "created"}
	if key != nil {
		more = append(more, "key", *key)
	}
	if err := litellm.EmitWith(inv, u.Raw, more...); err != nil {
		return err
	}
	return failure
}

// join makes the user a member of the teams, one at a time, and each under the team's lock: /user/new would do it without,
// and LiteLLM 1.83.14 loses members that are added at the same time (observed).
func (n *creation) join(ctx context.Context, inv *sdk.Invocation, u *litellm.User) error {
	planned := false
	for i, t := range n.teams {
		err := n.joinOne(ctx, inv, u, t)
		switch {
		case errors.Is(err, sdk.ErrPlanned):
			planned = true
		case err != nil:
			e := problem.As(err)
			e.State = fmt.Sprintf("user %s was created, and is in %d of %d teams", u.UserID, i, len(n.teams))
			e.Hint = fmt.Sprintf("litellm-proxy teams members add %s %s", t.TeamID, u.UserID)
			return e
		}
	}
	if planned {
		return sdk.ErrPlanned
	}
	return nil
}

func (n *creation) joinOne(ctx context.Context, inv *sdk.Invocation, u *litellm.User, t *litellm.Team) error {
	ctx = sdk.Attempting(ctx, "make user %s a member of team %s", u.UserID, t)
	unlock, err := litellm.LockMembers(ctx, inv, t.TeamID)
	defer unlock()
	if err != nil {
		return err
	}
	now, err := litellm.TeamByID(ctx, inv, t.TeamID)
	if err != nil {
		return err
	}
	_, err = litellm.AddMember(ctx, inv, now, u.UserID, "user", nil)
	return err
}

// key makes a key for the user, whose secret the host has made.
func (n *creation) key(ctx context.Context, inv *sdk.Invocation, u *litellm.User) (*sdk.Secret, error) {
	ctx = sdk.Attempting(ctx, "make a key for user %s", u.UserID)
	made, err := litellm.CreateKey(ctx, inv, map[string]any{"user_id": u.UserID}, nil)
	if errors.Is(err, sdk.ErrPlanned) {
		return nil, err
	}
	if err != nil {
		return nil, keyless(u, err)
	}
	return &made.Secret, nil
}

// keyless says of a failure that the user is there, and the key is not.
func keyless(u *litellm.User, err error) error {
	e := problem.As(err)
	if e.State == problem.Unknown {
		e.State = "user " + u.UserID + " was created; whether a key was made is not known, and its secret is lost"
	} else {
		e.State = "user " + u.UserID + " was created, without a key"
	}
	e.Hint = "litellm-proxy keys generate --user-id " + u.UserID
	return e
}
