package credentials

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// settle finds out what a create did that was refused because the name is there, failed, or had no answer. A moment ago
// the name was free. LiteLLM 1.106.2 answers 409 for a name in use, 1.83.14 answers 500 (both observed): then another
// process was quicker. After a lost answer, what is there and like ours is ours.
func (c *createCmd) settle(ctx context.Context, inv *sdk.Invocation, w *wanted, failure *problem.Error) error {
	now, err := byName(sdk.Attempting(ctx, "read credential %s again", c.Name), inv, c.Name)
	lost := failure.Status == 0 || failure.Status > 500
	switch {
	case failure.Status == 409 && err != nil:
		return c.inUse(failure.Said)
	case isMissing(err):
		failure.State = problem.Unchanged + " (checked)"
		return failure
	case err != nil:
		failure.Hint = "see whether it is there: litellm-proxy credentials get " + c.Name
		return failure
	case !lost || len(w.differing(now)) > 0 || !w.fits(now):
		return c.found(inv, w, now, failure.Said)
	}
	inv.Notice("the gateway's answer was lost or an error; checked: the credential was created")
	return c.created(ctx, inv, w)
}

// found is the end of a create whose name is in use: with --if-not-exists it prints what is there.
func (c *createCmd) found(inv *sdk.Invocation, w *wanted, there *row, said string) error {
	if !c.IfNotExists {
		return c.inUse(said, problem.Fact{Label: "by", Text: describe(there)})
	}
	out, err := written(there, "exists")
	if err != nil {
		return err
	}
	out.Differs = w.differing(there)
	return inv.Emit(out)
}

func (c *createCmd) inUse(said string, facts ...problem.Fact) error {
	return &problem.Error{
		Code: problem.Refused, Message: "cannot create credential " + c.Name + ": the name is in use", Facts: facts, Said: said,
		Hint:  "change it: litellm-proxy credentials update " + c.Name + ", or --if-not-exists to keep it",
		Field: "name", State: problem.Unchanged,
	}
}

// describe says in a few words which credential it is.
func describe(c *row) string {
	text := c.Name
	if c.DisplayName != nil {
		text += " \"" + *c.DisplayName + "\""
	}
	if c.Info.Provider != "" {
		text += " (" + c.Info.Provider + ")"
	}
	return text
}

// differing names the wanted fields that are otherwise there. Secrets cannot be compared, and are only named when there
// is none of that name.
func (w *wanted) differing(c *row) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(w.info)) {
		if have, ok := c.info()[name]; !ok || !litellm.Same(have, w.info[name]) {
			out = append(out, "credential_info."+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.values)) {
		have, ok := c.Values[name]
		text := fmt.Sprint(have)
		if _, secret := hidden(name, text, true); !ok || !secret && !strings.Contains(text, "***") && !litellm.Same(c.value(name), w.values[name]) {
			out = append(out, "credential_values."+name)
		}
	}
	if text, ok := w.more["display_name"]; ok && (c.DisplayName == nil || *c.DisplayName != text) {
		out = append(out, "display_name")
	}
	return out
}

// fits reports whether the secrets of a credential may be the wanted ones, as far as masks show: sk****89.
func (w *wanted) fits(c *row) bool {
	for name, v := range w.values {
		have, _ := c.Values[name].(string)
		want, isText := v.(string)
		before, rest, isMask := strings.Cut(have, "*")
		if !isText || !isMask {
			continue
		}
		if after := strings.TrimLeft(rest, "*"); !strings.HasPrefix(want, before) || !strings.HasSuffix(want, after) {
			return false
		}
	}
	return true
}

// value is one of credential_values, a number with its digits.
func (r *row) value(name string) any {
	values, _ := r.there["credential_values"].(map[string]any)
	return values[name]
}
