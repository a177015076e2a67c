package term

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// ErrInterrupted is Ctrl-C at a prompt.
var ErrInterrupted = errors.New("interrupted at the prompt")

// Prompter asks for lines. On a terminal the lines can be edited, and earlier ones come back with the arrow keys; elsewhere
// they are those of standard input. It is not safe for concurrent use.
type Prompter struct {
	streams *Streams
	in      *bufio.Reader  // off a terminal
	editor  *term.Terminal // on one
	keys    *keyboard
}

// NewPrompter returns a Prompter. Nothing is read before the first line is asked for.
func NewPrompter(s *Streams) *Prompter { return &Prompter{streams: s} }

type promptResult struct {
	line string
	err  error
}

// Line asks for one line; text stands before the cursor. The end of the input is io.EOF. When ctx ends it returns, and the
// terminal is as it was.
func (p *Prompter) Line(ctx context.Context, text string) (string, error) {
	read := p.plain
	if file, ok := p.streams.In.(*os.File); ok && p.streams.InTTY && p.streams.ErrTTY {
		restore, err := p.raw(int(file.Fd()))
		if err != nil {
			return "", err
		}
		defer restore()
		p.editor.SetPrompt(text)
		read = p.edited
	}
	done := make(chan promptResult, 1)
	go func() {
		line, err := read()
		done <- promptResult{line, err}
	}()
	select {
	case r := <-done:
		return r.line, r.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// raw gives the keys to the editor until restore is called.
func (p *Prompter) raw(fd int) (restore func(), err error) {
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, fmt.Errorf("prepare the terminal: %w", err)
	}
	if p.editor == nil {
		p.keys = &keyboard{r: p.streams.In}
		p.editor = term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{p.keys, p.streams.Err}, "")
	}
	p.editor.SetBracketedPasteMode(true)
	_ = p.editor.SetSize(p.streams.Width, 1)
	return func() {
		p.editor.SetBracketedPasteMode(false)
		_ = term.Restore(fd, before)
	}, nil
}

func (p *Prompter) edited() (string, error) {
	p.keys.interrupted = false
	line, err := p.editor.ReadLine()
	switch {
	case errors.Is(err, io.EOF):
		fmt.Fprint(p.streams.Err, "\r\n")
		if p.keys.interrupted {
			err = ErrInterrupted
		}
	case errors.Is(err, term.ErrPasteIndicator):
		err = nil
	}
	return line, err
}

func (p *Prompter) plain() (string, error) {
	if p.in == nil {
		p.in = bufio.NewReader(p.streams.In)
	}
	line, err := p.in.ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// keyboard notices Ctrl-C, which the editor takes for the end of the input.
type keyboard struct {
	r           io.Reader
	interrupted bool
}

func (k *keyboard) Read(b []byte) (int, error) {
	n, err := k.r.Read(b)
	k.interrupted = n > 0 && b[n-1] == 3
	return n, err
}
