package users

import (
	"context"
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// settle finds out what came of a user that was sent. failure is nil, or leaves it open. The gateway looks for the e-mail
// before it writes and has no constraint on it, so that some of several writers at one time get a user each (observed on
// LiteLLM 1.106.2 and 1.83.14: 13 and 11 of 20). All of them agree on the one that stays; the others remove their own.
func (n *creation) settle(ctx context.Context, inv *sdk.Invocation, failure error) (u *litellm.User, exists bool, err error) {
	reading := sdk.Attempting(ctx, "read user %s again", n.id)
	mine, err := litellm.UserRow(reading, inv, n.id)
	switch {
	case litellm.IsNotFound(err):
		return n.notMade(ctx, inv, failure)
	case err != nil && failure != nil:
		e := problem.As(failure)
		e.State, e.Hint = problem.Unknown, "see whether it is there: litellm-proxy users get --id "+n.id
		return nil, false, e
	case err != nil:
		e := problem.As(err)
		e.State = "user " + n.id + " was created; it could not be read back"
		return nil, false, e
	}
	wanted := n.wanted()
	there := litellm.Within(wanted, litellm.Members(mine.Raw))
	if untaken := litellm.Differing(wanted, there); n.ID != "" && failure != nil && len(untaken) > 0 {
		return nil, false, n.inUse("the id is in use: another process took it at the same time", problem.As(failure).Said, "another --id, or none", mine)
	}
	rivals, err := litellm.UsersByEmail(reading, inv, n.Email)
	if err != nil {
		e := problem.As(err)
		e.State = "user " + n.id + " was created; whether another has the same e-mail is not known"
		return nil, false, e
	}
	if first := litellm.First(append(claims(rivals), claims([]*litellm.User{mine})...)); first.ID != n.id {
		return n.yield(ctx, inv, rivals, first.ID)
	}
	what := fmt.Sprintf("user %s (%s)", n.id, n.Email)
	// 409 for an id that was free a moment ago may be another's, and like ours: whose it is nobody can tell.
	exists = n.ID != "" && failure != nil && problem.As(failure).Status == 409
	return mine, exists, litellm.Settled(inv, what, "created", wanted, there, failure)
}

// notMade is the end when there is no user of ours: because another has the e-mail, or for the reason that failure has.
func (n *creation) notMade(ctx context.Context, inv *sdk.Invocation, failure error) (*litellm.User, bool, error) {
	if failure == nil {
		return nil, false, problem.New(problem.Failed, "cannot %s: the gateway said that it was done, and there is no such user", n.attempt).
			WithState(problem.Unchanged + " (checked)")
	}
	e := problem.As(failure)
	there, err := litellm.Alone(ctx, func() ([]*litellm.User, error) { return litellm.UsersByEmail(ctx, inv, n.Email) })
	if err == nil && len(there) > 0 {
		u, err := n.found(there, e.Said)
		return u, true, err
	}
	e.State = problem.Unchanged + " (checked)"
	return nil, false, e
}

// yield removes our user for the one that was first.
func (n *creation) yield(ctx context.Context, inv *sdk.Invocation, rivals []*litellm.User, first string) (*litellm.User, bool, error) {
	err := inv.Post(sdk.Attempting(ctx, "remove user %s, which came second", n.id), "/user/delete", map[string]any{"user_ids": []string{n.id}}, nil)
	if _, left := litellm.UserByID(ctx, inv, n.id); !litellm.IsNotFound(left) {
		e := problem.As(err)
		if e == nil {
			e = problem.New(problem.Failed, "cannot remove user %s", n.id)
		}
		e.Message = fmt.Sprintf("another process created user %s with the e-mail %s at the same time; ours could not be removed: %s", first, n.Email, e.Message)
		e.State = fmt.Sprintf("the users %s and %s have the same e-mail", first, n.id)
		e.Hint = "litellm-proxy users delete " + n.id
		return nil, false, e
	}
	for _, u := range rivals {
		if u.UserID == first {
			u, err := n.found([]*litellm.User{u}, "")
			return u, true, err
		}
	}
	return nil, false, problem.New(problem.Failed, "cannot %s: another process created it at the same time", n.attempt)
}

// found is the end when users have the e-mail: with --if-not-exists the only one is the result.
func (n *creation) found(there []*litellm.User, said string) (*litellm.User, error) {
	if n.IfNotExists && len(there) == 1 {
		return there[0], nil
	}
	e := n.inUse("the e-mail is in use", said, "change it: litellm-proxy users update "+there[0].UserID+", or --if-not-exists to keep it", there...)
	if len(there) > 1 {
		e.Code, e.Hint = problem.Failed, "several users have it already; see which is meant: litellm-proxy users list --email "+n.Email
	}
	return nil, e
}

func (n *creation) inUse(why, said, hint string, by ...*litellm.User) *problem.Error {
	e := &problem.Error{
		Code: problem.Refused, Message: "cannot " + n.attempt + ": " + why, Said: said, Hint: hint, Field: "email", State: problem.Unchanged,
	}
	if strings.HasPrefix(why, "the id") {
		e.Field = "id"
	}
	for _, u := range by {
		e.Facts = append(e.Facts, problem.Fact{Label: "by", Text: u.String()})
	}
	return e
}
