package transport

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/core/term"
)

// longestEcho is how many characters of the caller's own words an error repeats.
const longestEcho = 200

// longest is how many characters of a server's text an error keeps.
const longest = 500

// oneLine returns s on one line, cut to n characters, with escapes for what would steer a terminal or hide text there.
func oneLine(s string, n int) string {
	if len(s) > 16*n {
		s = strings.ToValidUTF8(s[:16*n], "�")
	}
	s = term.VisibleLine(strings.Join(strings.Fields(s), " "))
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

// sentence returns the first sentence of a text, without its full stop, if it is short enough to stand in a message;
// otherwise the text cut to n characters.
func sentence(s string, n int) string {
	for i := 0; i+1 < len(s); i++ {
		// "e.g. x" and "v1. x" end no sentence, nor does anything before the third word.
		if s[i] == '.' && s[i+1] == ' ' && i > 12 && i+2 < len(s) && 'A' <= s[i+2] && s[i+2] <= 'Z' {
			s = s[:i]
			break
		}
	}
	return oneLine(strings.TrimRight(s, ". "), n)
}

// untraced reduces a stack trace to its last line that says something, or to what stands before it.
func untraced(s string) string {
	before, trace, ok := strings.Cut(s, "Traceback (most recent call last)")
	if !ok {
		if before, _, ok = strings.Cut(s, "\n    at "); ok {
			return before
		}
		return s
	}
	trace = strings.ReplaceAll(strings.ReplaceAll(trace, `\n`, "\n"), `\r`, "")
	lines := strings.Split(strings.TrimSpace(trace), "\n")
	for i := len(lines) - 1; i > 0; i-- {
		l := lines[i]
		if strings.TrimSpace(l) != "" && l[0] != ' ' && l[0] != '\t' && strings.ContainsFunc(l, unicode.IsLetter) {
			return strings.TrimSpace(l)
		}
	}
	return strings.TrimRight(strings.TrimSpace(before), ":-'\"{ ")
}
