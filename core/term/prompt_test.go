package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/term"
)

// typing is a Prompter whose keys are given, in the pieces in which they come.
func typing(pieces ...string) (*Prompter, *bytes.Buffer) {
	var screen bytes.Buffer
	var readers []io.Reader
	for _, piece := range pieces {
		readers = append(readers, strings.NewReader(piece))
	}
	p := NewPrompter(&Streams{Err: &screen})
	p.keys = &keyboard{r: io.MultiReader(readers...)}
	p.editor = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{p.keys, &screen}, "> ")
	p.editor.SetBracketedPasteMode(true)
	return p, &screen
}

func TestEdited(t *testing.T) {
	const pasteStart, pasteEnd = "\x1b[200~", "\x1b[201~"
	for name, c := range map[string]struct {
		pieces []string
		want   string // lines; ^C for an interrupt
	}{
		"lines":                   {[]string{"a\rb\r"}, "a|b"},
		"in pieces":               {[]string{"a", "b\r", "c\r"}, "ab|c"},
		"interrupted":             {[]string{"\x03", "a\r"}, "^C|a"},
		"with something typed":    {[]string{"abc", "\x03", "d\r"}, "^C|d"},
		"within one piece":        {[]string{"abc\x03d\r"}, "^C|d"},
		"in the middle of a line": {[]string{"abc\x1b[D\x1b[D\x03d\r"}, "^C|d"},
		"twice":                   {[]string{"\x03\x03a\r"}, "^C|^C|a"},
		"behind a line":           {[]string{"a\r\x03b\r"}, "a|^C|b"},
		"a paste":                 {[]string{pasteStart + "a\rb\rc" + pasteEnd, "\r"}, "a\nb\nc"},
		"a paste with its end":    {[]string{pasteStart + "a\rb\r" + pasteEnd, "\r", "c\r"}, "a\nb\n|c"},
		"a paste of one line":     {[]string{pasteStart + "a" + pasteEnd + "\r"}, "a"},
		"a paste that is dropped": {[]string{pasteStart + "a\rb" + pasteEnd, "\x03", "c\r"}, "^C|c"},
		"nothing":                 {nil, ""},
	} {
		p, screen := typing(c.pieces...)
		var got []string
		for {
			line, err := p.edited()
			if errors.Is(err, io.EOF) {
				break
			}
			if errors.Is(err, ErrInterrupted) {
				line = "^C" + line
			} else if err != nil {
				t.Fatal(err)
			}
			got = append(got, line)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, "|"), c.want)
		}
		if n := strings.Count(screen.String(), "> "); n < len(got)+1 {
			t.Errorf("%s: the prompt stood there %d times:\n%q", name, n, screen)
		}
	}
}

// Ctrl-D ends the input on an empty line, and only there.
func TestEnd(t *testing.T) {
	p, _ := typing("ab\x1b[D\x04\r\x04")
	if line, err := p.edited(); line != "a" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
	if _, err := p.edited(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// Off a terminal the lines are those of the input, and nothing is shown.
func TestPlain(t *testing.T) {
	var shown bytes.Buffer
	long := strings.Repeat("x", 200_000)
	p := NewPrompter(&Streams{In: strings.NewReader("one\r\n\n" + long + "\nlast"), Err: &shown})
	for _, want := range []string{"one", "", long, "last"} {
		if line, err := p.Line(t.Context(), "ask> "); line != want || err != nil {
			t.Errorf("%.20q, %v, want %.20q", line, err, want)
		}
	}
	for range 2 {
		if line, err := p.Line(t.Context(), "ask> "); line != "" || !errors.Is(err, io.EOF) {
			t.Errorf("at the end: %q, %v", line, err)
		}
	}
	if shown.Len() > 0 {
		t.Errorf("shown: %q", &shown)
	}
}

// The end of the run ends the wait for a line.
func TestPlainEnded(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	over := errors.New("the run is over")
	cancel(over)
	p := NewPrompter(&Streams{In: in, Err: io.Discard})
	if line, err := p.Line(ctx, ""); line != "" || !errors.Is(err, over) {
		t.Errorf("%q, %v", line, err)
	}
}
