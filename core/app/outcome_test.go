package app

import (
	"errors"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TestOutcome says what is true of a command that could not say so itself.
func TestOutcome(t *testing.T) {
	refused := problem.New(problem.Refused, "no").WithState(problem.Unchanged)
	lost := problem.New(problem.Unreachable, "gone").WithState(problem.Unknown)
	for _, test := range []struct {
		name   string
		writes []error
		open   int
		want   string
	}{
		{"no write", nil, 0, problem.Unchanged},
		{"a refused one", []error{refused}, 0, problem.Unchanged},
		{"one that is under way", nil, 1, problem.Unknown},
		{"one done", []error{nil}, 0, "one write was done before"},
		{"two done", []error{nil, nil}, 0, "2 writes were done before"},
		{"one done, one lost", []error{nil, lost}, 0, problem.Unknown},
		{"one lost, one refused", []error{lost, refused}, 0, problem.Unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			var o outcome
			for _, err := range test.writes {
				o.begin()(err)
			}
			for range test.open {
				o.begin()
			}
			if got := o.state(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	var o outcome
	o.begin()(lost)
	o.begin()(problem.New(problem.TimedOut, "later").WithState(problem.Unknown))
	if !errors.Is(o.unknown(), lost) {
		t.Errorf("the first lost write is kept, not %v", o.unknown())
	}
}
