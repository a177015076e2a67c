package models

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// each adds one entry after the other, with a record for each. A key that may not do it, and a gateway that does not
// answer, end the import: the rest would fail alike.
func (c *importCmd) each(ctx context.Context, inv *sdk.Invocation, entries []*entry) error {
	t := &tally{of: len(entries)}
	planned := false
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i], _ = e.info["id"].(string)
	}
	batch, err := inv.Batch(ctx, "model_id", ids)
	if err != nil {
		return err
	}
	for i, e := range entries {
		inv.Progress(i, len(entries), "%s", e.name)
		over, err := batch.Do(ctx, ids[i], func() error { return c.one(ctx, inv, e) })
		switch {
		case over:
			return err
		case errors.Is(err, sdk.ErrPlanned):
			planned = true
			t.done++
			continue
		case err != nil:
			t.fail(e, problem.As(err))
		default:
			t.done++
		}
		if err != nil && hopeless(problem.As(err)) {
			for _, e := range entries[i+1:] {
				if err := inv.Emit(e.record("failed", problem.New(problem.Failed, "not tried: it would fail as the one before did"))); err != nil {
					return err
				}
			}
			break
		}
	}
	if err := t.err(inv.DryRun()); err != nil {
		return err
	}
	if planned {
		return sdk.ErrPlanned
	}
	return nil
}

// one adds an entry, and emits its record.
func (c *importCmd) one(ctx context.Context, inv *sdk.Invocation, e *entry) error {
	result, err := c.add(ctx, inv, e)
	switch {
	case errors.Is(err, sdk.ErrPlanned), err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		result = "failed"
	}
	if failed := inv.Emit(e.record(result, problem.As(err))); failed != nil {
		return failed
	}
	return err
}

// record is what became of an entry; failure may be nil.
func (e *entry) record(result string, failure *problem.Error) Imported {
	id, _ := e.info["id"].(string)
	out := Imported{ModelID: id, ModelName: e.name, Upstream: e.model(), Groups: e.groups, Result: result}
	if failure != nil {
		out.Failure = sdk.Failure{Error: failure.Message, Said: failure.Said}
	}
	return out
}

// hopeless reports whether what failed for one entry will fail for all.
func hopeless(e *problem.Error) bool {
	return e.Code == problem.Denied || e.Code == problem.Unreachable && e.Status == 0
}

// tally counts what became of the entries.
type tally struct {
	of, done int
	failures []*problem.Error
	lines    []string // "line 12 (gpt-4): …", one a failure
	states   map[string]bool
}

func (t *tally) fail(e *entry, err *problem.Error) {
	t.failures = append(t.failures, err)
	t.lines = append(t.lines, fmt.Sprintf("line %d (%s): %s", e.line, e.name, strings.TrimPrefix(err.Message, "cannot import model "+e.name+": ")))
	if err.State != "" && !strings.HasPrefix(err.State, problem.Unchanged) {
		if t.states == nil {
			t.states = map[string]bool{}
		}
		t.states[err.State] = true
	}
}

const failuresShown = 10

// err is the one error for all failures; nil if there are none.
func (t *tally) err(dryRun bool) error {
	if len(t.failures) == 0 {
		return nil
	}
	first := t.failures[0]
	out := &problem.Error{
		Code: first.Code, Message: fmt.Sprintf("%d of %d models could not be imported", len(t.failures), t.of), Hint: first.Hint, Said: first.Said,
	}
	left := t.of - t.done - len(t.failures)
	if left > 0 {
		out.Message = "the import was ended: the other models would fail in the same way"
	}
	for _, e := range t.failures {
		if e.Code != first.Code || t.done > 0 {
			out.Code = problem.Partial
		}
		if e.Hint != first.Hint {
			out.Hint = ""
		}
		if e.Said != first.Said {
			out.Said = ""
		}
	}
	for _, line := range t.lines[:min(len(t.lines), failuresShown)] {
		out.Facts = append(out.Facts, problem.Fact{Label: "why", Text: line})
	}
	if more := len(t.lines) - failuresShown; more > 0 {
		out.Facts = append(out.Facts, problem.Fact{Label: "why", Text: fmt.Sprintf("and %d more: see the records", more)})
	}
	states := append([]string{fmt.Sprintf("%d of %d was done", t.done, t.of)}, slices.Sorted(maps.Keys(t.states))...)
	out.State = strings.Join(states, "; ")
	if dryRun || t.done == 0 && len(t.states) == 0 {
		out.State = problem.Unchanged
	}
	return out
}

// lacking are the fields of wanted, secrets left aside, that there has none of. What is false or null says nothing: the
// gateway shows such fields by itself.
func lacking(wanted, there map[string]any) []string {
	var out []string
	for name, v := range wanted {
		if _, ok := there[name]; !ok && !litellm.MaybeSecret(name) && v != nil && v != false {
			out = append(out, name)
		}
	}
	return out
}
