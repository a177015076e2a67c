package term

import (
	"unicode/utf16"
	"unicode/utf8"
)

// VisibleJSON does for JSON text what Visible does for any: the same characters become escapes of JSON, so the result
// is the same value. Bytes that are not UTF-8 become U+FFFD. If nothing is to be done it returns b itself.
func VisibleJSON(b []byte) []byte {
	i := harmlessJSON(b)
	if i == len(b) {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	for {
		out = append(out, b[:i]...)
		if b = b[i:]; len(b) == 0 {
			return out
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			out = utf8.AppendRune(out, r)
		case r == '\r': // JSON has it between values only
			out = append(out, ' ')
		case r <= 0xffff:
			out = appendU(out, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = appendU(appendU(out, high), low)
		}
		b = b[n:]
		i = harmlessJSON(b)
	}
}

func harmlessJSON(b []byte) int {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if n == 1 || hidden(r) {
			return i
		}
		i += n
	}
	return len(b)
}

func appendU(b []byte, r rune) []byte {
	return append(b, '\\', 'u', digits[r>>12&0xf], digits[r>>8&0xf], digits[r>>4&0xf], digits[r&0xf])
}
