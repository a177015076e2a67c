package credentials

import (
	"context"
	"errors"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type updateCmd struct {
	sdk.Emits[Written]
	Name string `arg:"" complete:"credentials" help:"Name of the credential."`
	fields
	ClearDisplayName bool `name:"clear-display-name" xor:"display" help:"Take the display name away."`
}

func (updateCmd) Help() string {
	return "Everything that is not given stays as it is. Secrets cannot be compared, so a value that is given always counts " +
		"as a change. The name cannot be changed."
}

func (updateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: `credentials create openai-prod --info '{"custom_llm_provider": "openai"}' --set credential_values.api_key=@key.txt`},
		{Command: "credentials update openai-prod --set credential_values.api_key=@key.txt", Note: "another key"},
		{Command: "credentials update openai-prod --set credential_info.owner=data --display-name 'OpenAI, production'"},
	}
}

func (c *updateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "update credential " + c.Name
	if err := usable(c.Name, attempt); err != nil {
		return err
	}
	if c.Info == "" && c.Values == "" && len(c.Set) == 0 && !inv.Given("display-name") && !c.ClearDisplayName {
		return problem.New(problem.Usage, "cannot %s: no change is given", attempt).
			WithHint("give --info, --values, --display-name, --clear-display-name or --set PATH=VALUE").WithState(problem.Unchanged)
	}
	ctx = sdk.Attempting(ctx, "%s", attempt)
	// Info is read and written as a whole: two of these at once would undo each other.
	unlock, err := inv.Lock(ctx, "credential", c.Name)
	if err != nil {
		return err
	}
	defer unlock()
	before, err := byName(ctx, inv, c.Name) // LiteLLM 1.83.14 answers 200 for a missing one
	if err != nil {
		return err
	}
	if err := editable(before, attempt); err != nil {
		return err
	}
	w, err := c.wanted(ctx, inv, before, attempt)
	if err != nil {
		return err
	}
	if !w.changes(before) {
		return emit(inv, before, "unchanged")
	}
	return c.send(ctx, inv, w, before)
}

// wanted is the credential as it is to be: info as a whole, and of values those that are given.
func (c *updateCmd) wanted(ctx context.Context, inv *sdk.Invocation, before *row, attempt string) (*wanted, error) {
	w := &wanted{info: litellm.Clone(before.info()), values: map[string]any{}, more: map[string]any{}}
	if err := c.seed(w, before, attempt); err != nil {
		return nil, err
	}
	if c.ClearDisplayName {
		w.more["display_name"] = nil
	}
	if err := c.read(ctx, inv, c.Name, attempt, w); err != nil {
		return nil, err
	}
	refuse := func(field, why string) error {
		return &problem.Error{Code: problem.Refused, Message: "cannot " + attempt + ": " + why, Field: field, State: problem.Unchanged}
	}
	switch {
	case w.more["display_name"] != nil && !before.hasDisplayName():
		return nil, refuse("display-name", "this gateway's version has no display names")
	case w.more["credential_values_to_delete"] != nil && !before.hasDisplayName():
		return nil, refuse("credential_values_to_delete", "this gateway's version cannot delete single values")
	case len(w.info) == 0 && len(before.info()) > 0:
		return nil, refuse("info", "the gateway takes an empty credential_info for no change")
	}
	return w, nil
}

// seed puts the objects into values that --set reaches into: the gateway replaces them whole.
func (c *updateCmd) seed(w *wanted, before *row, attempt string) error {
	for _, a := range c.Set {
		rest, _ := strings.CutPrefix(body.Name(string(a)), "credential_values.")
		first, _, nested := strings.Cut(rest, ".")
		object, ok := before.value(first).(map[string]any)
		if !nested || !ok || rest == body.Name(string(a)) {
			continue
		}
		if holdsMask(object) {
			return (&problem.Error{
				Code: problem.Refused, Message: "cannot " + attempt + ": the gateway masks what else is in credential_values." + first,
				Field: "credential_values." + first, State: problem.Unchanged,
			}).WithHint("give all of it: --set credential_values.%s:=JSON", first)
		}
		w.values[first] = litellm.Clone(object)
	}
	return nil
}

// changes reports whether anything is wanted that is not so. A given value always is, for it may be a secret.
func (w *wanted) changes(before *row) bool {
	if len(w.values) > 0 || w.more["model_id"] != nil || !litellm.Same(w.info, litellm.Clone(before.info())) || len(w.undeleted(before)) > 0 {
		return true
	}
	text, ok := w.more["display_name"]
	return ok && !w.isNamed(before, text)
}

func (w *wanted) isNamed(c *row, text any) bool {
	if c.DisplayName == nil {
		return text == nil
	}
	return text == *c.DisplayName
}

// undeleted are the values that were to be deleted, and are there.
func (w *wanted) undeleted(c *row) []string {
	var out []string
	list, _ := w.more["credential_values_to_delete"].([]any)
	for _, v := range list {
		if name, _ := v.(string); c.value(name) != nil {
			out = append(out, name)
		}
	}
	return out
}

// send changes the credential. Info is sent as a whole or not at all: in the gateway's database what is sent takes the
// place of what was there, although for the next half minute it shows both merged (observed on LiteLLM 1.106.2 and
// 1.83.14).
func (c *updateCmd) send(ctx context.Context, inv *sdk.Invocation, w *wanted, before *row) error {
	request := w.body(c.Name)
	if litellm.Same(w.info, litellm.Clone(before.info())) {
		request["credential_info"] = map[string]any{}
	}
	if err := inv.Intend(ctx, "update "+c.Name, c.Name); err != nil {
		return err
	}
	err := inv.Patch(ctx, sdk.Path("/credentials/{name…}", c.Name), request, nil)
	e := problem.As(err)
	lost := e != nil && !errors.Is(err, sdk.ErrPlanned) && (e.State == problem.Unknown || e.Status >= 500)
	if err != nil && !lost {
		return err
	}
	after, readErr := byName(sdk.Attempting(ctx, "read credential %s again", c.Name), inv, c.Name)
	switch {
	case lost:
		return c.settle(inv, w, after, e)
	case isMissing(readErr):
		return problem.New(problem.NotFound, "credential %s is not there any more: it was deleted at the same time", c.Name)
	case readErr != nil:
		// The gateway has said that it was done; that it cannot be seen now does not undo it.
		inv.Notice("credential %s was updated; the check afterwards failed: %v", c.Name, readErr)
		return inv.Emit(Written{Name: c.Name, DisplayName: before.DisplayName, Result: "updated"})
	}
	if why := w.untaken(after); why != "" {
		return &problem.Error{Code: problem.Failed, Message: "credential " + c.Name + ": " + why, State: "what else was given is changed"}
	}
	return emit(inv, after, "updated")
}

// untaken says what a gateway has left out of an update that it called a success; empty if nothing.
func (w *wanted) untaken(after *row) string {
	if text, ok := w.more["display_name"]; ok && !w.isNamed(after, text) {
		return "this gateway's version has not taken the display name"
	}
	if left := w.undeleted(after); len(left) > 0 {
		return "this gateway's version has not deleted " + strings.Join(left, ", ")
	}
	return ""
}

// settle says what became of an update whose answer was lost: after is what is there, nil if that is unknown too. Whether
// secrets were changed cannot be seen.
func (c *updateCmd) settle(inv *sdk.Invocation, w *wanted, after *row, failure *problem.Error) error {
	if after == nil {
		return failure
	}
	for name := range w.info {
		if !litellm.Same(after.info()[name], w.info[name]) {
			failure.State = problem.Unchanged + " (checked)"
			return failure
		}
	}
	if w.untaken(after) != "" {
		failure.State = problem.Unchanged + " (checked)"
		return failure
	}
	if len(w.values) > 0 || w.more["model_id"] != nil {
		failure.State, failure.Hint = problem.Unknown, "run it again: the same values twice do no harm"
		return failure
	}
	inv.Notice("the gateway's answer was lost or an error; checked: the credential was updated")
	return emit(inv, after, "updated")
}

func emit(inv *sdk.Invocation, c *row, result string) error {
	out, err := written(c, result)
	if err != nil {
		return err
	}
	return inv.Emit(out)
}
