package litellm

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// verify compares the key with what was asked for.
func (n *NewKey) verify(ctx context.Context, inv *sdk.Invocation, request map[string]any) error {
	row := Members(n.Made.Raw)
	differ, ignored := compareKey(request, row)
	n.Ignored = ignored
	if len(differ) == 0 {
		return nil
	}
	e := &problem.Error{
		Code: problem.Refused, Field: differ[0], State: problem.Unchanged + ": the key was deleted again",
		Message: fmt.Sprintf("the gateway made the key with another %s than was asked for", strings.Join(differ, ", ")),
		Hint:    "leave that out, or see what this version of the gateway takes: litellm-proxy keys generate --help",
	}
	if err := DeleteKey(ctx, inv, n.Made.Token); err != nil {
		e.State = "key " + n.Made.Token + " is there, with another " + strings.Join(differ, ", ")
	}
	return e
}

// unseen are fields of a request that have no counterpart of their name in the row.
var unseen = []string{"key", "duration", "key_type", "send_invite_email", "soft_budget", "object_permission", "auto_rotate", "rotation_interval"}

// compareKey names the fields that a key has with other values, and those that it has not at all. Some fields are kept in
// metadata.
func compareKey(request, row map[string]any) (differ, ignored []string) {
	metadata, _ := row["metadata"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(request)) {
		wanted := Normal(request[name])
		have, shown := row[name]
		if kept, ok := metadata[name]; ok && (!shown || have == nil) {
			have, shown = kept, true
		}
		switch {
		case slices.Contains(unseen, name) || wanted == nil:
		case !shown:
			ignored = append(ignored, name)
		case name == "metadata" && contains(have, wanted):
		case name != "metadata" && Same(have, wanted):
		default:
			differ = append(differ, name)
		}
	}
	return differ, ignored
}

// contains reports whether an object has all members of another with the same values.
func contains(object, part any) bool {
	have, ok := object.(map[string]any)
	want, isObject := part.(map[string]any)
	if !ok || !isObject {
		return Same(object, part)
	}
	for name, v := range want {
		if there, ok := have[name]; !ok && v != nil || !Same(there, v) {
			return false
		}
	}
	return true
}
