package sdk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Failure is embedded in the record of a command that uses Each: the members that Each gives to a target which failed.
type Failure struct {
	Error string `json:"error,omitempty" column:"ERROR,wide" help:"With several targets: why this one failed."`
	Said  string `json:"said,omitempty" help:"The gateway's own reason for it."`
}

// Each runs do for one target after the other. With a single target its failure is the command's. With several, every
// target gets a record: do emits those of its successes, Each those of the others, as {name: target, "result":
// "not_found" or "failed", "error": …, "said": …}. Then the exit code is 3 when some went wrong, 5 when all were missing,
// and that of the failures when all failed alike; the error's facts name the reasons and the targets of each. It says
// that nothing was changed only if every failure says so. Under --dry-run all targets are planned; some that are missing
// make it 3 all the same.
//
// The host may make a job of it, which can be resumed: then do is not called for targets that an earlier run has finished.
// So targets are unlike each other, and say what they are in every run.
func (inv *Invocation) Each(ctx context.Context, name string, targets []string, do func(ctx context.Context, target string) error) error {
	if len(targets) == 1 {
		return do(ctx, targets[0])
	}
	batch, err := inv.Batch(ctx, name, targets)
	if err != nil {
		return err
	}
	planned := false
	var failed failures
	for i, target := range targets {
		inv.Progress(i, len(targets), "%s", target)
		over, err := batch.Do(ctx, target, func() error {
			err := do(ctx, target)
			if err == nil || errors.Is(err, ErrPlanned) || ctx.Err() != nil {
				return err
			}
			return inv.emitFailure(name, target, err)
		})
		switch {
		case over:
			return err
		case err == nil:
			continue
		case errors.Is(err, ErrPlanned):
			planned = true
			continue
		}
		failed = append(failed, failure{target, problem.As(err)})
	}
	if len(failed) == 0 {
		if planned {
			return ErrPlanned
		}
		return nil
	}
	out := failed.summary(len(targets))
	if inv.DryRun() || planned {
		out.State = problem.Unchanged
	}
	return out
}

// emitFailure gives the record of a target that failed, and the failure.
func (inv *Invocation) emitFailure(name, target string, err error) error {
	e := problem.As(err)
	record := map[string]string{name: target, "result": "failed", "error": e.Message}
	if e.Code == problem.NotFound {
		record["result"] = "not_found"
	}
	if e.Said != "" {
		record["said"] = e.Said
	}
	if err := inv.Emit(record); err != nil {
		return &fatal{problem.As(err)}
	}
	return e
}

type failure struct {
	target string
	*Error
}

type failures []failure

const (
	reasonsShown = 3  // groups of one reason
	targetsShown = 10 // targets of a group
)

// summary is the one error for all of them, out of so many targets.
func (f failures) summary(targets int) *Error {
	out := &Error{
		Code: f[0].Code, Message: fmt.Sprintf("%d of %d went wrong", len(f), targets),
		Said: f[0].Said, Hint: f[0].Hint, State: f.state(targets),
	}
	if len(f) < targets {
		out.Code = problem.Partial
	}
	for _, e := range f[1:] {
		if e.Code != out.Code {
			out.Code = problem.Partial
		}
		if e.Said != out.Said {
			out.Said = ""
		}
		if e.Hint != out.Hint {
			out.Hint = ""
		}
	}
	out.Facts = f.reasons()
	return out
}

// state says what is true now: how many were done, and what the failures say for themselves.
func (f failures) state(targets int) string {
	done, unchanged := targets-len(f), 0
	var states []string
	seen := map[string]bool{}
	for _, e := range f {
		switch {
		case strings.HasPrefix(e.State, problem.Unchanged) || e.State == "" && (e.Code == problem.NotFound || e.Code == problem.Usage):
			unchanged++
		case e.State != "" && !seen[e.State]:
			seen[e.State] = true
			states = append(states, e.State)
		}
	}
	switch {
	case unchanged == targets:
		return problem.Unchanged
	case done == 0 && unchanged == 0 && len(states) == 1 && states[0] == problem.Unknown:
		return problem.Unknown
	}
	return strings.Join(append([]string{fmt.Sprintf("%d of %d was done", done, targets)}, states...), "; ")
}

// reasons groups the failures by what they say of their target.
func (f failures) reasons() []problem.Fact {
	var order []string
	groups := map[string][]string{}
	for _, e := range f {
		reason := reasonOf(e.Message, e.target)
		if groups[reason] == nil {
			order = append(order, reason)
		}
		groups[reason] = append(groups[reason], e.target)
	}
	var facts []problem.Fact
	for i, reason := range order {
		if i == reasonsShown {
			facts = append(facts, problem.Fact{Label: "why", Text: fmt.Sprintf("%d more reasons: see the records", len(order)-i)})
			break
		}
		names := groups[reason]
		text := fmt.Sprintf("%d × %s: %s", len(names), reason, strings.Join(names[:min(len(names), targetsShown)], ", "))
		if more := len(names) - targetsShown; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		facts = append(facts, problem.Fact{Label: "why", Text: text})
	}
	return facts
}

// reasonOf is a message without the target it is about: what follows "cannot do it to TARGET: ", or else the message with
// … in the target's place.
func reasonOf(message, target string) string {
	if target == "" {
		return message
	}
	if strings.HasPrefix(message, "cannot ") {
		if before, reason, ok := strings.Cut(message, target+": "); ok && !strings.Contains(before, ": ") && reason != "" {
			return reason
		}
	}
	if before, after, ok := strings.Cut(message, `"`+target+`"`); ok {
		return before + "…" + after
	}
	for from := 0; ; {
		i := strings.Index(message[from:], target)
		if i < 0 {
			return message
		}
		start, end := from+i, from+i+len(target)
		before, _ := utf8.DecodeLastRuneInString(message[:start])
		after, _ := utf8.DecodeRuneInString(message[end:])
		if !isWord(before) && !isWord(after) {
			return message[:start] + "…" + message[end:]
		}
		from = end
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-')
}
