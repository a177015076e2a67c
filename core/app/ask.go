package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

const (
	// defaultMax is how many things a selection may hold without --max.
	defaultMax = 25
	// linesShown of a selection.
	linesShown = 10
)

// Confirm asks on a terminal. Off it what was named is done as told; what was selected needs --yes, which answers
// beforehand everywhere. More than --max are refused.
func (h *host) Confirm(r *protocol.ConfirmRequest) error {
	if r.GetSelected() > 0 {
		h.selected.Store(true)
	}
	g := h.line.Globals
	selected := int(r.GetSelected())
	limit := defaultMax
	if g.Max != nil {
		limit = *g.Max
	}
	terminal := h.Streams.InTTY && h.Streams.ErrTTY
	locked := h.target.config.Guard != "" && h.policy.Effect == transport.Destroy && !g.DryRun
	switch {
	case selected > limit && h.resumed == nil:
		return (&problem.Error{
			Code: problem.Guarded, Message: fmt.Sprintf("cannot %s %d %s: no more than %d at once", r.GetVerb(), selected, r.GetNoun(), limit),
			State: problem.Unchanged,
		}).WithHint("if all of them are meant: --max %d", selected)
	case g.DryRun:
		return nil
	case locked && selected > 0 && g.Yes:
		h.Notice(h.question(r)+h.shown(r), false)
		return h.guard.unlock(func() error { return h.unlock("", cmp.Or(r.GetVerb(), "delete")) })
	case locked:
		return h.guard.unlock(func() error { return h.unlock(h.question(r)+h.shown(r), cmp.Or(r.GetVerb(), "delete")) })
	case h.script != nil, h.resumed != nil: // who wrote the script has said what is meant; so has who began the job
		return nil
	case selected > 0 && (g.Yes || !terminal):
		h.Notice(h.question(r)+h.shown(r), false)
		if !g.Yes {
			return (&problem.Error{
				Code: problem.Guarded, Message: fmt.Sprintf("cannot %s what is selected and not named: nobody is there to confirm it", r.GetVerb()),
				State: problem.Unchanged,
			}).WithHint("add --yes")
		}
		return nil
	case g.Yes || !terminal:
		return nil
	}
	answer, err := h.typed(h.question(r) + h.shown(r) + "\nGo on? [y/N] ")
	if err != nil {
		return err
	}
	if answer == "y" || answer == "yes" {
		return nil
	}
	return problem.New(problem.Guarded, "not confirmed").WithState(problem.Unchanged)
}

// typed asks a question on the terminal, and returns what was typed, in lower case.
func (h *host) typed(question string) (string, error) {
	h.progress.Stop()
	fmt.Fprint(h.stderr, question)
	ctx, stop := h.timed(h.run)
	defer stop()
	answer, err := readLine(ctx, h.Streams.In)
	if err != nil {
		fmt.Fprintln(h.stderr) // the question's line is still open
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "", problem.New(problem.TimedOut, "not confirmed: %s", h.timeUp()).WithState(h.state())
	}
	return answer, err
}

// question is the first line: where, and how many.
func (h *host) question(r *protocol.ConfirmRequest) string {
	text := ""
	if len(h.policy.Grants) > 0 {
		h.named.Do(func() {})
		text = "On " + h.gatewayName() + ":"
	}
	if n := r.GetSelected(); n > 0 {
		noun := r.GetNoun()
		if n == 1 {
			noun = strings.TrimSuffix(noun, "s")
		}
		text += fmt.Sprintf(" %s %d %s", r.GetVerb(), n, noun)
	}
	return text
}

// shown are the lines of a request: all of what was named, the first of what was selected.
func (h *host) shown(r *protocol.ConfirmRequest) string {
	text := ""
	for i, l := range r.GetLines() {
		if r.GetSelected() > 0 && i == linesShown {
			return text + fmt.Sprintf("\n  and %d more", len(r.GetLines())-i)
		}
		text += "\n  " + term.VisibleLine(l)
	}
	return text
}

// restored waits until no question has the terminal any more, after the end of the run that asked it.
func (h *host) restored() {
	h.asking.Lock()
	defer h.asking.Unlock()
}

// Prompt reads a line from the person, or the next one of standard input.
func (h *host) Prompt(ctx context.Context, text string) (*protocol.PromptAnswer, error) {
	h.output.settle()
	h.progress.Stop()
	h.asking.Lock()
	defer h.asking.Unlock()
	if h.prompter == nil {
		h.prompter = term.NewPrompter(h.Streams)
	}
	h.prompted.Store(time.Now().UnixNano())
	h.prompting.Store(h.Streams.InTTY && h.Streams.ErrTTY)
	defer h.prompting.Store(false)
	ctx, stop := h.timed(ctx)
	defer stop()
	line, err := h.prompter.Line(ctx, term.VisibleLine(text))
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, problem.New(problem.TimedOut, "cannot go on: %s", h.timeUp())
	}
	line = strings.ToValidUTF8(line, "\uFFFD")
	switch {
	case errors.Is(err, term.ErrInterrupted):
		return &protocol.PromptAnswer{Interrupted: true}, nil
	case errors.Is(err, io.EOF):
		return &protocol.PromptAnswer{End: true}, nil
	case err != nil:
		return nil, err
	}
	h.secrets.AddText(line)
	return &protocol.PromptAnswer{Text: line}, nil
}
