package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Wanted completes the fields of an update that flags have set in request: with --set, on top of what is there, and without
// what is so already. Null is what clears the field, and within objects takes a member away.
func (f *Fields) Wanted(ctx context.Context, inv *sdk.Invocation, attempt string, schema body.Schema, request, there map[string]any) error {
	f.Seed(request, there)
	if err := f.Apply(ctx, inv, schema, request); err != nil {
		return err
	}
	Clear(schema, request)
	for name, v := range request {
		if object, ok := v.(map[string]any); ok {
			prune(object)
		}
		if have, ok := there[name]; ok && Same(have, v) {
			delete(request, name)
		}
	}
	return Check(attempt, request)
}

// prune takes away the members that are null, at every depth.
func prune(object map[string]any) {
	for name, v := range object {
		switch v := v.(type) {
		case nil:
			delete(object, name)
		case map[string]any:
			prune(v)
		}
	}
}

// MergePatch is what turns there into wanted where objects are merged: null for what is to go, and what is new or other.
func MergePatch(there, wanted map[string]any) map[string]any {
	out := map[string]any{}
	for name := range there {
		if _, ok := wanted[name]; !ok {
			out[name] = nil
		}
	}
	for name, v := range wanted {
		have, known := there[name]
		switch object, isObject := v.(map[string]any); {
		case known && Same(have, v):
		case isObject:
			if before, ok := have.(map[string]any); ok {
				out[name] = MergePatch(before, object)
				continue
			}
			out[name] = v
		default:
			out[name] = v
		}
	}
	return out
}

// Settled says what became of a write whose fields were wanted and that may have failed with an error: nil if all that can
// be seen of them is there now. what is "user u-17", done is "created" or "updated".
func Settled(inv *sdk.Invocation, what, done string, wanted, there map[string]any, failure error) error {
	untaken := Differing(wanted, there)
	switch e := problem.As(failure); {
	case e != nil && len(untaken) == 0:
		inv.Notice("the gateway's answer was lost or an error; checked: %s was %s", what, done)
	case e != nil && len(untaken) == len(wanted):
		e.State = problem.Unchanged + " (checked)"
		return e
	case len(untaken) > 0:
		out := &problem.Error{
			Code: problem.Failed, Message: fmt.Sprintf("%s was %s without %s: the gateway has not taken it", what, done, strings.Join(untaken, ", ")),
			Field: untaken[0], State: fmt.Sprintf("%s was %s, but for %s", what, done, strings.Join(untaken, ", ")),
			Hint: "another process may have written at the same time; look at what is there and try again",
		}
		if e != nil {
			out.Said = e.Said
		}
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if _, shown := there[name]; !shown {
			inv.Notice("whether %s was taken cannot be seen: the gateway does not show it", name)
		}
	}
	return nil
}

// Members reads an object with the digits of its numbers; what is no object has none.
func Members(raw json.RawMessage) map[string]any {
	members, err := body.Decode(raw)
	if err != nil {
		return map[string]any{}
	}
	return members
}

// Claim is a row that has a name which is to be its alone.
type Claim struct{ ID, CreatedAt string }

// First is the claim that stands where several have the name, as after a race: the oldest, of those the one with the smallest
// id. Whoever asks gets the same answer.
func First(claims []Claim) Claim {
	return slices.MinFunc(claims, func(a, b Claim) int {
		if older := instant(a.CreatedAt).Compare(instant(b.CreatedAt)); older != 0 {
			return older
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// Alone reads rows that have one name until no more than one of them has it, for about two seconds: the losers of a race
// remove theirs.
func Alone[T any](ctx context.Context, read func() ([]T, error)) (rows []T, err error) {
	for range 8 {
		if rows, err = read(); err != nil || len(rows) < 2 {
			return rows, err
		}
		if err := pause(ctx, 250*time.Millisecond); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func instant(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Within is there, with its objects cut to the members that wanted has in them: the gateway keeps some fields in metadata.
func Within(wanted, there map[string]any) map[string]any {
	out := maps.Clone(there)
	for name, v := range wanted {
		inner, isObject := v.(map[string]any)
		have, ok := there[name].(map[string]any)
		if !isObject || !ok {
			continue
		}
		cut := map[string]any{}
		for member := range inner {
			if v, ok := have[member]; ok {
				cut[member] = v
			}
		}
		out[name] = cut
	}
	return out
}
