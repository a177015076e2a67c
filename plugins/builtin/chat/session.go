package chat

import (
	"context"
	"errors"
	"io"
	"maps"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// session is a conversation while it is held.
type session struct {
	conversation
	inv      *sdk.Invocation
	settings map[string]any // that every request has
	name     string         // that it was saved or loaded under; "" for none
}

const howToLeave = "Ctrl-D or /exit ends the conversation; /help lists what can be typed"

// run holds the conversation until the input ends or /exit. What goes wrong with a message does not end it.
func (s *session) run(ctx context.Context) error {
	if s.Model == "" {
		model, err := s.choose(ctx)
		if err != nil || model == "" {
			return err
		}
		s.Model = model
	}
	s.inv.Notice("you talk with %s on %s; /help lists what can be typed, Ctrl-D ends", s.Model, s.gateway())
	for {
		line, err := s.inv.Prompt(ctx, s.Model+"> ")
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, sdk.ErrInterrupted):
			s.inv.Notice(howToLeave)
			continue
		case err != nil:
			return err
		}
		if err := s.line(ctx, line); errors.Is(err, errLeave) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// gateway names it for a person.
func (s *session) gateway() string {
	if s.inv.Gateway() == "" {
		return "the " + s.inv.Profile()
	}
	return s.inv.Gateway()
}

// errLeave ends the conversation; it is no failure.
var errLeave = errors.New("the conversation has ended")

// line does what a line says: a command, or a message for the model. An error ends the conversation.
func (s *session) line(ctx context.Context, line string) error {
	text := strings.TrimSpace(line)
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(text, "//"):
		return s.say(ctx, text[1:])
	case strings.HasPrefix(text, "/"):
		return s.command(ctx, text)
	}
	if strings.Contains(text, "\n") { // pasted: the first line's indentation is part of it
		text = strings.TrimRight(line, " \t\r\n")
	}
	return s.say(ctx, text)
}

// say sends a message and shows the answer as it comes. An answer that is interrupted is kept as far as it came; a message
// that failed is not kept.
func (s *session) say(ctx context.Context, text string) error {
	select {
	case <-s.inv.Interrupts(): // of what has ended before
	default:
	}
	p := &printer{inv: s.inv}
	c := &call{model: s.Model, request: maps.Clone(s.settings), show: p.print}
	c.request["model"], c.request["messages"], c.request["stream"] = s.Model, s.with(text), true
	s.inv.Progress(0, 0, "waiting for %s", s.Model)
	asking, stop := interruptible(ctx, s.inv)
	r, err := c.ask(asking, s.inv)
	interrupted := asking.Err() != nil && ctx.Err() == nil
	stop()
	switch {
	case ctx.Err() != nil:
		return problem.New(problem.Interrupted, "the conversation was interrupted")
	case errors.Is(err, sdk.ErrPlanned):
		return err
	case err == nil:
		return s.answered(p, r, text)
	}
	if ended := p.end(); ended != nil {
		return ended
	}
	switch {
	case !interrupted:
		s.failed(err, r)
	case r.text() == "":
		s.inv.Notice("interrupted before anything came: the message is not kept")
	default:
		s.keep(text, r.text(), true)
		s.inv.Notice("interrupted: what came is kept, marked as cut")
	}
	return nil
}

// answered shows the end of an answer and keeps it.
func (s *session) answered(p *printer, r *reply, text string) error {
	if err := p.rest(r); err != nil {
		return err
	}
	p.usage(r)
	if r.text() == "" {
		s.inv.Notice("there is nothing to keep of it: the message is not kept")
		return nil
	}
	s.keep(text, r.text(), false)
	return nil
}

// failed shows one error, in the words of the program's own.
func (s *session) failed(err error, r *reply) {
	e := problem.As(err)
	state := "the message is not kept; the conversation goes on"
	if r.text() != "" {
		state = "the answer is incomplete; " + state
	}
	s.inv.Notice("litellm-proxy: %s", e.Message)
	for _, f := range append(e.Facts, problem.Fact{Label: "said", Text: e.Said}) {
		if f.Text != "" {
			s.inv.Notice("  %-4s %s", f.Label, f.Text)
		}
	}
	if e.Hint != "" {
		s.inv.Notice("  try  %s     (%s)", e.Hint, state)
		return
	}
	s.inv.Notice("  now  (%s)", state)
}
