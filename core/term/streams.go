// Package term is the terminal: the streams of the process and what they can do, text that cannot harm them, and progress.
package term

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// defaultWidth is the width where there is no terminal to ask.
const defaultWidth = 80

// Streams are the standard streams of the process. Data goes to Out, everything else to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer

	InTTY, OutTTY, ErrTTY bool // the stream is a terminal

	Width int  // of the terminal in columns; 80 without one
	Color bool // Out may be coloured

	dumb bool // the terminal cannot move its cursor
}

// System returns the streams of this process. NO_COLOR, TERM and, on a terminal, COLUMNS of the environment count.
func System(env func(string) string) *Streams {
	s := &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
		dumb:   env("TERM") == "dumb",
	}
	s.Color = s.OutTTY && !s.dumb && env("NO_COLOR") == ""
	s.Width = width(s, env("COLUMNS"))
	return s
}

// width asks the terminal of stdout, else that of stderr; columns outranks both.
func width(s *Streams, columns string) int {
	if !s.OutTTY && !s.ErrTTY {
		return defaultWidth
	}
	if n, err := strconv.Atoi(columns); err == nil && n > 0 {
		return n
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return defaultWidth
}
