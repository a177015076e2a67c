package app

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// An interactive command is told of an interrupt, and ended by a second one soon after it, unless the person has been asked
// for a line between them. While somebody is asked at a terminal, an interrupt means nothing and a request to end does.
func TestWatchInterrupts(t *testing.T) {
	for name, c := range map[string]struct {
		interactive bool
		do          string // i: interrupt, t: request to end, p: ask for a line, a: the line is there
		told, ended bool
	}{
		"any other command":                 {false, "i", false, true},
		"one":                               {true, "i", true, false},
		"two":                               {true, "ii", true, true},
		"a question between them":           {true, "ipai", true, false},
		"a question, and two":               {true, "ipaii", true, true},
		"at a question":                     {true, "piii", false, false},
		"before and at a question":          {true, "ipi", true, false},
		"to end, at a question":             {true, "pt", false, true},
		"to end, in the middle of its work": {true, "t", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			signals := make(chan os.Signal) // a signal that is sent has been taken
			s := &session{Process: &Process{Interrupts: signals}}
			h := &host{session: s, line: &command.Line{Name: "chat"}}
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			told := s.watchInterrupts(ctx, c.interactive, h, cancel)
			times := 0
			hear := func() {
				if h.prompting.Load() {
					return
				}
				select {
				case <-told:
					times++
				case <-ctx.Done():
				}
			}
			for _, what := range c.do {
				switch what {
				case 'i':
					signals <- os.Interrupt
					hear()
				case 't':
					signals <- syscall.SIGTERM
					hear()
				case 'p':
					h.prompted.Store(time.Now().UnixNano())
					h.prompting.Store(true)
				case 'a':
					h.prompting.Store(false)
				}
			}
			if got := times > 0; got != c.told {
				t.Errorf("told: %v", got)
			}
			if c.ended {
				<-ctx.Done()
				if problem.CodeOf(context.Cause(ctx)) != problem.Interrupted {
					t.Error(context.Cause(ctx))
				}
				return
			}
			select {
			case signals <- os.Interrupt: // it is still listening
			case <-ctx.Done():
				t.Errorf("it was ended: %v", context.Cause(ctx))
			}
		})
	}
}
