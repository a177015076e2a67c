package litellm

import (
	"context"
	"errors"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// DeleteKey deletes one key by its hash, and looks whether it is gone: the gateway lists as deleted whatever it was asked to
// delete (observed on LiteLLM 1.106.2 and 1.83.14).
func DeleteKey(ctx context.Context, inv *sdk.Invocation, hash string) error {
	failure := inv.Post(ctx, "/key/delete", map[string]any{"keys": []string{hash}}, nil)
	if errors.Is(failure, sdk.ErrPlanned) || problem.CodeOf(failure) == problem.Denied {
		return failure
	}
	_, err := KeyByHash(sdk.Attempting(ctx, "check that key %s is gone", Short(hash)), inv, hash)
	e := problem.As(failure)
	switch {
	case IsNotFound(err) && isMissing(failure):
		return noKey(Short(hash), e.Said) // somebody else was quicker
	case IsNotFound(err):
		if e != nil {
			inv.Notice("the gateway's answer was lost or an error; checked: the key was deleted")
		}
		return nil
	case err == nil && e != nil:
		e.State = problem.Unchanged + " (checked)"
		return e
	case e != nil:
		return e
	case err == nil:
		return problem.New(problem.Failed, "the gateway said that key %s was deleted, and it is still there", Short(hash)).WithState(problem.Unchanged + " (checked)")
	}
	e = problem.As(err)
	e.State = "the gateway said that it was deleted; it could not be checked"
	return e
}

// AliasTaken is the refusal of an alias that another key has.
func AliasTaken(attempt string, by *Key, said string) *problem.Error {
	return &problem.Error{
		Code: problem.Refused, Message: "cannot " + attempt + ": the alias is in use", Field: "key_alias", State: problem.Unchanged,
		Facts: []problem.Fact{{Label: "by", Text: by.Owned()}}, Said: said,
		Hint: "another alias, or --if-not-exists to keep that key",
	}
}

// Owned is a key with whose it is and since when.
func (k *Key) Owned() string {
	var parts []string
	if k.TeamID != nil {
		parts = append(parts, "team "+*k.TeamID)
	}
	if k.UserID != nil {
		parts = append(parts, "user "+*k.UserID)
	}
	if day, _, ok := strings.Cut(k.CreatedAt, "T"); ok {
		parts = append(parts, "made "+day)
	}
	if len(parts) == 0 {
		return Short(k.Token)
	}
	return Short(k.Token) + " (" + strings.Join(parts, ", ") + ")"
}
