package term

import (
	"strings"
	"unicode/utf8"
)

// Visible returns s with escapes such as \x1b, \u202e or \U000e0041 for all that could move the cursor, colour the
// screen, reorder or hide text: control characters except \n and \t, bidirectional controls, line and paragraph
// separators, invisible format characters and tags. The joiners U+200C and U+200D, which emoji and some scripts need,
// stay. Bytes that are not UTF-8 become \xNN. Applying it twice changes nothing more.
func Visible(s string) string { return escape(s, false) }

// VisibleLine is Visible for text that must stay on one line: \n and \t become escapes too.
func VisibleLine(s string) string { return escape(s, true) }

func escape(s string, line bool) string {
	i := harmless(s, line)
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for {
		b.WriteString(s[:i])
		if s = s[i:]; s == "" {
			return b.String()
		}
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			writeHex(&b, 'x', rune(s[0]), 2)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < utf8.RuneSelf:
			writeHex(&b, 'x', r, 2)
		case r <= 0xffff:
			writeHex(&b, 'u', r, 4)
		default:
			writeHex(&b, 'U', r, 8)
		}
		s = s[n:]
		i = harmless(s, line)
	}
}

// harmless returns how many bytes of s come before the first that needs an escape.
func harmless(s string, line bool) int {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' && (line || c != '\n' && c != '\t') || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if n == 1 || hidden(r) {
			return i
		}
		i += n
	}
	return len(s)
}

// hidden says that r, not ASCII, acts on a terminal or hides text there.
func hidden(r rune) bool {
	switch {
	case r < 0xa0: // C1
		return true
	case r < 0x2000:
		return r == 0xad || r == 0x61c || r == 0x180e // soft hyphen, Arabic letter mark, Mongolian vowel separator
	case r <= 0x206f:
		return r == 0x200b || r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2060
	case r < 0xfe00:
		return false
	}
	return r == 0xfeff || r >= 0xfff9 && r <= 0xfffb || r >= 0xe0000 && r <= 0xe007f
}

const digits = "0123456789abcdef"

func writeHex(b *strings.Builder, letter byte, r rune, n int) {
	b.WriteByte('\\')
	b.WriteByte(letter)
	for n--; n >= 0; n-- {
		b.WriteByte(digits[r>>(4*n)&0xf])
	}
}
