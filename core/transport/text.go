package transport

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters of a server's text an error keeps.
const longest = 500

// oneLine returns s on one line, without characters that steer a terminal or turn text around, cut to n characters.
func oneLine(s string, n int) string {
	var b strings.Builder
	count, space := 0, true // no space in front
	for i, r := range s {
		if i > 16*n {
			break
		}
		if r == utf8.RuneError {
			r = '�'
		}
		if isControlOrSpace(r) || isHiddenFormat(r) {
			if space {
				continue
			}
			r = ' '
		}
		if count == n-1 {
			b.WriteString("…")
			break
		}
		space = r == ' '
		b.WriteRune(r)
		count++
	}
	return strings.TrimSpace(b.String())
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

// isHiddenFormat says whether a character is not seen itself but changes how others are: direction, joining, tags.
func isHiddenFormat(r rune) bool { return unicode.Is(unicode.Cf, r) }
