//go:build linux

package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// screen is a pseudo-terminal, from the side of the person.
type screen struct {
	keys     *os.File
	terminal *os.File
	mu       sync.Mutex
	shown    strings.Builder
	changed  chan struct{}
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	keys, terminal, err := pty.Open()
	if err != nil {
		t.Skipf("there is no pseudo-terminal here: %v", err)
	}
	s := &screen{keys: keys, terminal: terminal, changed: make(chan struct{}, 1)}
	t.Cleanup(func() { _, _ = keys.Close(), terminal.Close() })
	go func() {
		buffer := make([]byte, 1000)
		for {
			n, err := keys.Read(buffer)
			if err != nil {
				return
			}
			s.mu.Lock()
			s.shown.Write(buffer[:n])
			s.mu.Unlock()
			select {
			case s.changed <- struct{}{}:
			default:
			}
		}
	}()
	return s
}

// shows waits until a text is shown.
func (s *screen) shows(t *testing.T, text string) {
	t.Helper()
	for late := time.After(20 * time.Second); ; {
		s.mu.Lock()
		shown := s.shown.String()
		s.mu.Unlock()
		if strings.Contains(shown, text) {
			return
		}
		select {
		case <-s.changed:
		case <-late:
			t.Fatalf("%q is not shown: %q", text, shown)
		}
	}
}

func (s *screen) types(t *testing.T, keys string) {
	t.Helper()
	if _, err := s.keys.WriteString(keys); err != nil {
		t.Error(err)
	}
}

// TestTerminal asks for lines on a terminal. After each the terminal is as it was.
func TestTerminal(t *testing.T) {
	s := newScreen(t)
	before, err := term.GetState(int(s.terminal.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	restored := func(after string) {
		t.Helper()
		if now, err := term.GetState(int(s.terminal.Fd())); err != nil || !reflect.DeepEqual(now, before) {
			t.Errorf("after %s the terminal is another: %v", after, err)
		}
	}
	streams := &Streams{In: s.terminal, Err: s.terminal, InTTY: true, ErrTTY: true, Width: 80}
	p := NewPrompter(streams)
	for i, c := range []struct {
		keys, want string
		err        error
	}{
		{"hello\r", "hello", nil},
		{"one\x1b[D\x1b[De\x7fO\r", "oOne", nil}, // an arrow, and what was typed taken back
		{"abc\x03", "", ErrInterrupted},
		{"again\r", "again", nil},
		{"\x1b[A\r", "again", nil}, // the line before
		{"\x04", "", io.EOF},
	} {
		got, prompt := make(chan promptResult, 1), fmt.Sprintf("ask %d> ", i)
		go func() {
			line, err := p.Line(t.Context(), prompt)
			got <- promptResult{line, err}
		}()
		s.shows(t, prompt)
		s.types(t, c.keys)
		if r := <-got; r.line != c.want || !errors.Is(r.err, c.err) {
			t.Errorf("%q: %q, %v, want %q, %v", c.keys, r.line, r.err, c.want, c.err)
		}
		restored(c.keys)
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	over := errors.New("the run is over")
	got := make(chan error, 1)
	go func() {
		_, err := NewPrompter(streams).Line(ctx, "last> ") // the input of the other one has ended
		got <- err
	}()
	s.shows(t, "last> ")
	cancel(over)
	if err := <-got; !errors.Is(err, over) {
		t.Errorf("%v, want %v", err, over)
	}
	restored("the end of the run")
}
