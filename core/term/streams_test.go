package term_test

import (
	"os"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/term"
)

// Tests run without a terminal, or with one whose width is not known here.
func TestSystem(t *testing.T) {
	s := term.System(func(name string) string {
		return map[string]string{"NO_COLOR": "1", "COLUMNS": "33"}[name]
	})
	if s.In != os.Stdin || s.Out != os.Stdout || s.Err != os.Stderr {
		t.Errorf("not the streams of the process: %+v", s)
	}
	if s.Color {
		t.Errorf("coloured in spite of NO_COLOR")
	}
	want := 80
	if s.OutTTY || s.ErrTTY {
		want = 33
	}
	if s.Width != want {
		t.Errorf("width %d, want %d", s.Width, want)
	}
}
