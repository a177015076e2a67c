package redact

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const hidden = "[hidden]"

// form is one spelling of a secret.
type form struct {
	text  string
	label string // what stands for it; empty: the mask
	// In base64 the characters at the ends may hold bits of the secret and of its neighbour: they are hidden too.
	before, after bool
}

// span returns where the form lies in b, whose text begins at from.
func (f *form) span(b []byte, from int) span {
	to := from + len(f.text)
	if f.before && from > 0 && isBase64(b[from-1]) {
		from--
	}
	if f.after && to < len(b) && isBase64(b[to]) {
		to++
	}
	return span{from, to, f.label}
}

func isBase64(c byte) bool {
	return isKey(c) || c == '+' || c == '/'
}

func isKey(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// Label returns what stands for a secret in messages, sk-… and its last four characters; empty when those would tell too
// much of it, or when it is no sk- key.
func Label(secret string) string { return labelOf(secret) }

// labelOf returns what stands for a secret: the last four characters of an sk- key that is long enough.
func labelOf(secret string) string {
	if len(secret) < 16 || !strings.HasPrefix(secret, "sk-") {
		return ""
	}
	tail := secret[len(secret)-4:]
	for i := range len(tail) {
		if !isKey(tail[i]) {
			return ""
		}
	}
	return "sk-…" + tail
}

// formsOf returns the spellings of a secret, each once. None is shorter than shortest.
func formsOf(secret string) []form {
	var all []form
	seen := map[string]bool{}
	put := func(f form) {
		if len(f.text) >= shortest && !seen[f.text] {
			seen[f.text] = true
			all = append(all, f)
		}
	}
	label := labelOf(secret)
	for _, s := range spellings(secret) {
		put(form{text: s, label: label})
	}
	for offset := range 3 {
		for _, f := range base64Forms(secret, offset) {
			put(f)
		}
	}
	return all
}

// spellings returns the secret and its URL- and JSON-escaped forms, as Go, Python and JavaScript write them.
func spellings(secret string) []string {
	out := []string{secret}
	if strings.IndexFunc(secret, needsEscape) < 0 {
		return out // it is the same wherever it stands, as keys are that are made here
	}
	for _, u := range []string{url.QueryEscape(secret), url.PathEscape(secret), component(secret), strings.ReplaceAll(component(secret), "%2F", "/")} {
		out = append(out, u, lowerHex(u))
	}
	for _, j := range []string{jsonEscape(secret, false, false), jsonEscape(secret, true, false), jsonEscape(secret, false, true), jsonEscape(secret, true, true)} {
		// Once more for JSON inside a JSON string, and for JSON in a query.
		out = append(out, j, strings.ReplaceAll(j, "/", `\/`), jsonEscape(j, false, false), url.QueryEscape(j), component(j))
	}
	// Python's repr.
	return append(out, strings.ReplaceAll(jsonEscape(secret, false, false), `\"`, `"`),
		strings.ReplaceAll(strings.ReplaceAll(jsonEscape(secret, false, false), `\"`, `"`), `'`, `\'`))
}

// needsEscape says whether a character is written in another way somewhere.
func needsEscape(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && r != '-' && r != '_' && r != '.' && r != '~'
}

// component escapes all but letters, digits and "-_.~", as Python's quote(safe="") and JavaScript (nearly) do.
func component(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// lowerHex writes the digits of percent escapes in lower case.
func lowerHex(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			b[i+1], b[i+2] = lower(b[i+1]), lower(b[i+2])
			i += 2
		}
	}
	return string(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// jsonEscape returns s as the inside of a JSON string; ascii escapes all else, as Python does; html also <, > and &, as Go does.
func jsonEscape(s string, html, ascii bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r == utf8.RuneError && n == 1:
			b.WriteByte(s[i])
		case r < ' ', html && (r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029'), ascii && r > '~' && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case ascii && r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// base64Forms returns the characters that depend on the secret alone when offset bytes stand before it in the encoded
// text (modulo 3), in both alphabets and escaped for a URL.
func base64Forms(secret string, offset int) []form {
	padded := string(make([]byte, offset)) + secret
	from := (offset*8 + 5) / 6 // the first character made of the secret alone
	to := len(padded) * 8 / 6  // the first that is not
	f := form{before: offset > 0, after: len(padded)%3 != 0}
	var out []form
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		f.text = enc.EncodeToString([]byte(padded))[from:to]
		out = append(out, f)
		if q := url.QueryEscape(f.text); q != f.text {
			f.text = q
			out = append(out, f)
			f.text = lowerHex(q)
			out = append(out, f)
		}
	}
	return out
}
