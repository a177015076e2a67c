package script

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Failure is what is wrong with a script, with the place in its author's file where that shows.
type Failure struct {
	// Problem is the error as the program tells it; its exit code is Usage where the script cannot be built, Script where it threw,
	// TimedOut where it did not end, and the gateway's own for an ApiError that nobody caught. The fact "at" is the place.
	Problem *problem.Error
	// File is as the person named it; empty where the language does not know the place. Line and Column count from 1, in characters.
	File         string
	Line, Column int
	// Frame is the place with the lines around it, for a terminal.
	Frame string
	// Stack are the author's calls that led there, the innermost first: "work (onboard.ts:12:5)".
	Stack []string
}

// Error returns the message.
func (f *Failure) Error() string { return f.Problem.Message }

// Unwrap returns the problem.
func (f *Failure) Unwrap() error { return f.Problem }

// placed fills in what follows from the place.
func (p *Program) placed(f *Failure) *Failure {
	if f.File == "" {
		return f
	}
	f.Frame = p.Frame(f.File, f.Line, f.Column)
	f.Problem.Facts = append([]problem.Fact{{Label: "at", Text: place(f.File, f.Line, f.Column)}}, f.Problem.Facts...)
	return f
}

// place is how a place in a file is written.
func place(file string, line, column int) string { return fmt.Sprintf("%s:%d:%d", file, line, column) }

// widest is how many characters of a line Frame shows.
const widest = 160

// Frame shows a place of an author's file: up to two lines before it, the line, and a mark below the column. It is empty where
// there is no such line. Control characters of the file are left out.
func (p *Program) Frame(file string, line, column int) string {
	if _, ok := p.texts[file]; !ok || line < 1 {
		return ""
	}
	gutter := len(fmt.Sprint(line))
	var b strings.Builder
	for n := max(1, line-2); n <= line; n++ {
		mark := " "
		if n == line {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s %*d | %s\n", mark, gutter, n, clean(p.line(file, n)))
	}
	before := []rune(p.line(file, line))
	before = before[:max(0, min(column-1, len(before), widest))]
	fmt.Fprintf(&b, "  %*s | %s^\n", gutter, "", strings.Repeat(" ", utf8.RuneCountInString(clean(string(before)))))
	return b.String()
}

// clean is a line of a file as it can be shown: tabs are one blank wide, so that a mark below stands right.
func clean(line string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return '·'
		}
		return r
	}, line))
	if len(runes) > widest {
		runes = append(runes[:widest], '…')
	}
	return string(runes)
}
