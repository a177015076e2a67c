package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Fields is embedded in commands that create or change something: --set reaches every field of the request's body.
type Fields struct {
	Set []sdk.Assignment `sensitive:"" placeholder:"PATH=VALUE" help:"Any other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value."`
}

// Apply sets the fields in request, below what is there already.
func (f *Fields) Apply(ctx context.Context, inv *sdk.Invocation, schema body.Schema, request map[string]any) error {
	for i, a := range f.Set {
		read := func() ([]byte, error) { return inv.Input(ctx, "set", i) }
		if err := body.Assign(request, schema, string(a), read); err != nil {
			return &problem.Error{
				Code: problem.Usage, Message: fmt.Sprintf("cannot use --set %v", err), Field: body.Name(string(a)),
				Hint: "the types are those of LiteLLM's schema; PATH:=JSON sends any JSON", State: problem.Unchanged,
			}
		}
	}
	return nil
}

// Names returns the first parts of the paths that --set names.
func (f *Fields) Names() []string {
	var out []string
	for _, a := range f.Set {
		first, _, _ := strings.Cut(body.Name(string(a)), ".")
		out = append(out, first)
	}
	return out
}

// Seed copies from there the objects that --set changes in part, so that Apply keeps the rest of them: the API replaces a
// nested object whole.
func (f *Fields) Seed(request, there map[string]any) {
	for _, a := range f.Set {
		first, _, nested := strings.Cut(body.Name(string(a)), ".")
		if !nested || request[first] != nil {
			continue
		}
		if object, ok := there[first].(map[string]any); ok {
			request[first] = Clone(object)
		}
	}
}

// Clone copies objects at every depth; the result is never nil.
func Clone(object map[string]any) map[string]any {
	out := make(map[string]any, len(object))
	for name, v := range object {
		if nested, ok := v.(map[string]any); ok {
			v = Clone(nested)
		}
		out[name] = v
	}
	return out
}

// DropNulls takes the nulls out of a request that creates something: nothing is there yet to be cleared, and some rows are
// stored with the null and cannot be read afterwards (observed on LiteLLM 1.106.2).
func DropNulls(request map[string]any) {
	for name, v := range request {
		if v == nil {
			delete(request, name)
		}
	}
}

// limits are fields whose value cannot be less than nothing. The gateway takes some of them all the same, and stores what
// stops a key from ever working (observed on LiteLLM 1.106.2).
var limits = []string{"max_budget", "soft_budget", "tpm_limit", "rpm_limit", "tpd_limit", "max_parallel_requests", "spend", "max_budget_in_team"}

// names are fields that are left out rather than empty: the API takes "" for a name of its own, or for no filter.
var names = []string{"key_alias", "user_id", "user_email", "team_id", "team_alias", "organization_id", "budget_id", "user_alias"}

// durations are fields whose value is a time.
var durations = []string{"duration", "budget_duration"}

// Check refuses what the gateway would take and store to nobody's use, or answer with a 500: negative limits, empty names, a
// zero byte, times that it cannot read.
func Check(attempt string, request map[string]any) error {
	bad := func(field, why string, args ...any) error {
		return &problem.Error{
			Code: problem.Usage, Message: "cannot " + attempt + ": " + field + " " + fmt.Sprintf(why, args...), Field: field, State: problem.Unchanged,
		}
	}
	for _, field := range slices.Sorted(maps.Keys(request)) {
		switch v := request[field].(type) {
		case json.Number:
			if _, err := v.Int64(); err != nil && strings.Trim(v.String(), "-0123456789") == "" {
				return bad(field, "is larger than 64 bits hold")
			}
			if slices.Contains(limits, field) && strings.HasPrefix(v.String(), "-") {
				return bad(field, "is negative")
			}
		case float64:
			if slices.Contains(limits, field) && v < 0 {
				return bad(field, "is negative")
			}
		case string:
			switch {
			case strings.ContainsRune(v, 0):
				return bad(field, "holds a zero byte")
			case v == "" && slices.Contains(names, field):
				return bad(field, "is empty")
			case slices.Contains(durations, field) && !isDuration(v):
				return bad(field, "is %q: a time is a whole number with s, m, h, d or w, such as 30d, or 1mo", v)
			}
		}
	}
	return nil
}

func isDuration(text string) bool {
	if text == "1mo" {
		return true
	}
	digits := strings.TrimRight(text, "smhdw")
	return len(text) == len(digits)+1 && digits != "" && strings.Trim(digits, "0123456789") == "" && strings.Trim(digits, "0") != ""
}

// Clear makes nulls what they must be to clear a field: null for what is one value, an empty list for a list, and an empty
// object for an object. A null in an object's place makes the row unreadable for everybody, and in a list's place is refused
// (observed on LiteLLM 1.106.2 and 1.83.14).
func Clear(schema body.Schema, request map[string]any) {
	for name, v := range request {
		if v != nil {
			continue
		}
		switch schema.Kind(name) {
		case "object":
			request[name] = map[string]any{}
		case "array":
			request[name] = []any{}
		}
	}
}
