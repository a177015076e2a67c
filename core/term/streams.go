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
func System(env func(string) string) *Streams { return Of(os.Stdin, os.Stdout, os.Stderr, env) }

// Of is System with other files in the places of the process's own.
func Of(in, out, err *os.File, env func(string) string) *Streams {
	s := &Streams{
		In: in, Out: out, Err: err,
		InTTY:  term.IsTerminal(int(in.Fd())),
		OutTTY: term.IsTerminal(int(out.Fd())),
		ErrTTY: term.IsTerminal(int(err.Fd())),
		dumb:   env("TERM") == "dumb",
	}
	s.Color = s.OutTTY && !s.dumb && env("NO_COLOR") == ""
	s.Width = width(s, env("COLUMNS"), out, err)
	return s
}

// width asks the terminal of stdout, else that of stderr; columns outranks both.
func width(s *Streams, columns string, files ...*os.File) int {
	if !s.OutTTY && !s.ErrTTY {
		return defaultWidth
	}
	if n, err := strconv.Atoi(columns); err == nil && n > 0 {
		return n
	}
	for _, f := range files {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return defaultWidth
}
