package term_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/term"
)

// screen is the last line of a terminal that knows \r and \x1b[K; finished lines go to above.
type screen struct {
	mu    sync.Mutex
	above []string
	line  string
	raw   bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.raw.Write(b)
	for _, part := range strings.SplitAfter(string(b), "\n") {
		if i := strings.LastIndexByte(part, '\r'); i >= 0 {
			s.line, part = "", part[i+1:]
		}
		s.line += strings.ReplaceAll(part, "\x1b[K", "")
		if text, ok := strings.CutSuffix(s.line, "\n"); ok {
			s.above, s.line = append(s.above, text), ""
		}
	}
	return len(b), nil
}

func (s *screen) show() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(append(s.above, s.line), "\n")
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s screen
		p := term.NewProgress(&term.Streams{Err: &s, ErrTTY: true, Width: 30}, 500*time.Millisecond)
		see := func(want string) {
			t.Helper()
			synctest.Wait()
			if got := s.show(); got != want {
				t.Errorf("see %q, want %q", got, want)
			}
		}
		p.Update("listing keys", 0, 0)
		time.Sleep(499 * time.Millisecond)
		see("")
		time.Sleep(2 * time.Millisecond)
		see("⠋ listing keys 0 s")
		p.Update("listing keys", 50, 200)
		time.Sleep(100 * time.Millisecond)
		see("⠙ listing keys 50/200 0 s")
		time.Sleep(time.Second)
		see("⠙ listing keys 50/200 1 s")

		w := p.Writer()
		fmt.Fprintln(w, "a warning")
		see("a warning\n⠹ listing keys 50/200 1 s")
		fmt.Fprint(w, "half a ")
		time.Sleep(300 * time.Millisecond)
		see("a warning\nhalf a ")
		fmt.Fprintln(w, "line")
		time.Sleep(100 * time.Millisecond)
		see("a warning\nhalf a line\n⠸ listing keys 50/200 2 s")

		p.Update("a very long text \x1b[1m that does not fit", -1, -1)
		time.Sleep(100 * time.Millisecond)
		see("a warning\nhalf a line\n⠼ a very long text \\x1b[… 2 s")
		p.Stop()
		see("a warning\nhalf a line\n")
		p.Stop()
		time.Sleep(time.Second)
		see("a warning\nhalf a line\n")
		p.Update("again", 0, 0)
		time.Sleep(600 * time.Millisecond)
		see("a warning\nhalf a line\n⠦ again 0 s")
		p.Stop()
	})
}

func TestProgressOfWhatIsQuickShowsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s screen
		p := term.NewProgress(&term.Streams{Err: &s, ErrTTY: true, Width: 80}, 500*time.Millisecond)
		p.Update("x", 0, 0)
		time.Sleep(100 * time.Millisecond)
		p.Stop()
		time.Sleep(time.Second)
		if s.raw.Len() > 0 {
			t.Errorf("wrote %q", s.raw.String())
		}
	})
}

func TestProgressWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	p := term.NewProgress(&term.Streams{Err: &out, Width: 80}, 0)
	p.Update("x", 0, 0)
	if w := p.Writer(); w != io.Writer(&out) {
		t.Errorf("the writer is not stderr's own")
	}
	p.Stop()
	if out.Len() > 0 {
		t.Errorf("wrote %q", out.String())
	}
}

func TestProgressFromManyGoroutines(t *testing.T) {
	var s screen
	p := term.NewProgress(&term.Streams{Err: &s, ErrTTY: true, Width: 80}, 0)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				p.Update("x", int64(n), 200)
				if n%50 == 0 {
					fmt.Fprintln(p.Writer(), i, n)
				}
			}
		})
	}
	all.Wait()
	p.Stop()
	if s.line != "" || len(s.above) != 32 {
		t.Errorf("%d lines and %q are left", len(s.above), s.line)
	}
}
