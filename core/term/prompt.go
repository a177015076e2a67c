package term

import (
	"bufio"
	"bytes"
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
	prompt  string
	hidden  bool // what is typed
}

// NewPrompter returns a Prompter. Nothing is read before the first line is asked for.
func NewPrompter(s *Streams) *Prompter { return &Prompter{streams: s} }

type promptResult struct {
	line string
	err  error
}

// Line asks for one line; text stands before the cursor. Lines that are pasted in one piece are one, with line ends in it:
// they are there once the person presses Enter behind them. Ctrl-C clears the line and is ErrInterrupted. The end of the
// input is io.EOF. When ctx ends it returns, and the terminal is as it was.
func (p *Prompter) Line(ctx context.Context, text string) (string, error) {
	read, end := p.plain, ""
	if file, ok := p.streams.In.(*os.File); ok && p.streams.InTTY && p.streams.ErrTTY {
		restore, err := p.raw(int(file.Fd()))
		if err != nil {
			return "", err
		}
		defer restore()
		p.prompt = text
		p.editor.SetPrompt(text)
		read, end = p.edited, "\r\n"
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
		fmt.Fprint(p.streams.Err, end)
		return "", context.Cause(ctx)
	}
}

// Secret asks for one line that is not shown. It ends as Line does.
func (p *Prompter) Secret(ctx context.Context, text string) (string, error) {
	p.hidden = true
	defer func() { p.hidden = false }()
	return p.Line(ctx, text)
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
	width := p.streams.Width
	if now, _, err := term.GetSize(fd); err == nil && now > 0 { // the window may have changed
		width = now
	}
	_ = p.editor.SetSize(width, 1)
	return func() {
		p.editor.SetBracketedPasteMode(false)
		_ = term.Restore(fd, before)
	}, nil
}

func (p *Prompter) edited() (string, error) {
	p.keys.interrupted = false
	var pasted []string
	for {
		line, err := p.read()
		switch {
		case p.keys.interrupted:
			return "", ErrInterrupted
		case errors.Is(err, term.ErrPasteIndicator):
			pasted = append(pasted, line)
			continue
		case errors.Is(err, io.EOF):
			fmt.Fprint(p.streams.Err, "\r\n")
		}
		return strings.Join(append(pasted, line), "\n"), err
	}
}

func (p *Prompter) read() (string, error) {
	if p.hidden {
		return p.editor.ReadPassword(p.prompt)
	}
	return p.editor.ReadLine()
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

const (
	ctrlC = 3
	// clearLine is what Ctrl-C becomes: to the end of the line, all of it erased, Enter. The editor would take it for the end
	// of the input, and then find it again at the next line.
	clearLine = "\x05\x15\r"
)

// keyboard notices Ctrl-C. What was typed before it, and what comes after, are reads of their own.
type keyboard struct {
	r           io.Reader
	typed       []byte
	interrupted bool
}

func (k *keyboard) Read(b []byte) (int, error) {
	if len(k.typed) == 0 {
		buffer := make([]byte, len(b))
		n, err := k.r.Read(buffer)
		if n == 0 {
			return 0, err
		}
		k.typed = buffer[:n]
	}
	if k.typed[0] == ctrlC && len(b) >= len(clearLine) {
		k.typed, k.interrupted = k.typed[1:], true
		return copy(b, clearLine), nil
	}
	n := len(k.typed)
	if i := bytes.IndexByte(k.typed, ctrlC); i > 0 {
		n = i
	}
	n = copy(b, k.typed[:n])
	k.typed = k.typed[n:]
	return n, nil
}
