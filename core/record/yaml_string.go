package record

import (
	"fmt"
	"strings"
	"unicode"
)

// word says that s, without quotes, is a string to every reader of YAML 1.1 and 1.2.
func word(s string) bool {
	var before rune
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), r == '_':
		case i == 0:
			return false
		case r >= '0' && r <= '9', strings.ContainsRune("-./@+,()=*", r):
		case r == ' ' && before != ' ' && before != ':':
		case r == ':' && before != ':':
		default:
			return false
		}
		before = r
	}
	if before == 0 || before == ' ' || before == ':' {
		return false
	}
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return false
	}
	return true
}

// yamlQuoted writes a string in double quotes. What YAML does not allow, and on a terminal what would not be visible,
// becomes an escape.
func (t text) yamlQuoted(s string) string {
	shown := !t.terminal || t.visible(s) == s
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case forbidden(r), !shown && t.visible(string(r)) != string(r):
			if r > 0xffff {
				fmt.Fprintf(&b, `\U%08x`, r)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// forbidden says that r must not stand in YAML, or would end a line there.
func forbidden(r rune) bool {
	return r < ' ' || r >= 0x7f && r <= 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff
}
