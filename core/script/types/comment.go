package types

import (
	"encoding/json"
	"strings"
	"unicode"
)

// comment writes texts as a doc comment: what a plugin's author wrote cannot end it.
func (w *writer) comment(texts ...string) {
	var lines []string
	for _, text := range texts {
		for line := range strings.Lines(text) {
			if line = visible(strings.TrimSpace(line)); line != "" {
				lines = append(lines, wrap(line, 116-2*w.indent)...)
			}
		}
	}
	switch len(lines) {
	case 0:
	case 1:
		w.line("/** %s */", lines[0])
	default:
		w.line("/**")
		for _, line := range lines {
			w.line(" * %s", line)
		}
		w.line(" */")
	}
}

// visible is text that stays within its comment and its line: no end of a comment, no control characters, and no characters
// that turn the direction of what follows.
func visible(text string) string {
	text = strings.ReplaceAll(text, "*/", `*\/`)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return '\uFFFD'
		}
		return r
	}, text)
}

// wrap breaks a line between words.
func wrap(line string, width int) []string {
	var out []string
	var at strings.Builder
	length := 0
	for word := range strings.FieldsSeq(line) {
		size := len([]rune(word))
		if length > 0 && length+1+size > width {
			out = append(out, at.String())
			at.Reset()
			length = 0
		}
		if length > 0 {
			at.WriteByte(' ')
			length++
		}
		at.WriteString(word)
		length += size
	}
	return append(out, at.String())
}

// quote is text as a literal of TypeScript.
func quote(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		return `""` // a string has no error
	}
	return string(raw)
}

// property is a name in front of a colon.
func property(name string) string {
	if identifier(name) {
		return name
	}
	return quote(name)
}
