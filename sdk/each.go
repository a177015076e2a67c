package sdk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Each runs do for one target after the other. With a single target its failure is the command's. With several, every
// target gets a record: do emits those of its successes, Each those of the others, as {name: target, "result":
// "not_found" or "failed", "error": …}; then the exit code is 3 when some went wrong, 5 when all were missing, and
// that of the failures when all failed alike. Under --dry-run all targets are planned; some that are missing make it 3 all
// the same.
func (inv *Invocation) Each(ctx context.Context, name string, targets []string, do func(ctx context.Context, target string) error) error {
	if len(targets) == 1 {
		return do(ctx, targets[0])
	}
	failures := map[problem.Code]int{}
	planned, unsure, bad := false, false, []string{}
	var first *Error
	for i, target := range targets {
		inv.Progress(i, len(targets), "%s", target)
		err := do(ctx, target)
		switch {
		case err == nil:
			continue
		case errors.Is(err, ErrPlanned):
			planned = true
			continue
		case ctx.Err() != nil:
			return err
		}
		e := problem.As(err)
		failures[e.Code]++
		unsure = unsure || e.State == problem.Unknown
		bad = append(bad, target)
		if first == nil {
			first = e
		}
		result := "failed"
		if e.Code == problem.NotFound {
			result = "not_found"
		}
		if err := inv.Emit(map[string]string{name: target, "result": result, "error": e.Message}); err != nil {
			return err
		}
	}
	if len(bad) == 0 {
		if planned {
			return ErrPlanned
		}
		return nil
	}
	code := problem.Partial
	if len(bad) == len(targets) && len(failures) == 1 {
		code = slices.Collect(maps.Keys(failures))[0]
	}
	state := fmt.Sprintf("%d of %d was done", len(targets)-len(bad), len(targets))
	switch {
	case unsure && len(bad) == len(targets):
		state = problem.Unknown
	case unsure:
		state += "; " + problem.Unknown
	case planned || len(bad) == len(targets):
		state = problem.Unchanged
	}
	return &Error{
		Code: code, Message: fmt.Sprintf("%d of %d went wrong: %s", len(bad), len(targets), strings.Join(bad, ", ")),
		Said: first.Said, Hint: first.Hint, State: state,
	}
}
