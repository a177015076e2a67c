package transport

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unwrap replaces a Python or JSON dictionary inside a text by the reason that it holds: LiteLLM puts the repr of its
// exceptions' details into messages, as {'error': 'No keys found'}, some with another error's JSON inside.
func unwrap(s string) string {
	for range 4 {
		u := unwrapOnce(s)
		if u == s {
			break
		}
		s = u
	}
	return s
}

func unwrapOnce(s string) string {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '{')
		if i < 0 {
			return s
		}
		at += i
		l := literal{s: s, at: at}
		if v, ok := l.value(0); ok {
			if text := textOf(v, 0); text != "" {
				return s[:at] + text + s[l.at:]
			}
		}
		at++
		if at > 4096 {
			return s
		}
	}
}

// literal reads one Python literal, of which JSON is a part but for a few words.
type literal struct {
	s  string
	at int
}

func (l *literal) space() {
	for l.at < len(l.s) && strings.IndexByte(" \t\r\n", l.s[l.at]) >= 0 {
		l.at++
	}
}

// next takes c if it comes next.
func (l *literal) next(c byte) bool {
	l.space()
	if l.at < len(l.s) && l.s[l.at] == c {
		l.at++
		return true
	}
	return false
}

func (l *literal) value(depth int) (any, bool) {
	l.space()
	if l.at >= len(l.s) || depth > 20 {
		return nil, false
	}
	switch c := l.s[l.at]; c {
	case '{':
		l.at++
		return l.dict(depth)
	case '[':
		l.at++
		return l.list(']', depth)
	case '(':
		l.at++
		return l.list(')', depth)
	case '\'', '"':
		return l.text(c)
	}
	return l.word()
}

func (l *literal) dict(depth int) (any, bool) {
	o := map[string]any{}
	for !l.next('}') {
		name, ok := l.value(depth + 1)
		if !ok || !l.next(':') {
			return nil, false
		}
		v, ok := l.value(depth + 1)
		if !ok {
			return nil, false
		}
		o[scalar(name)] = v
		if !l.next(',') {
			return o, l.next('}')
		}
	}
	return o, true
}

func (l *literal) list(end byte, depth int) (any, bool) {
	list := []any{}
	for !l.next(end) {
		v, ok := l.value(depth + 1)
		if !ok {
			return nil, false
		}
		list = append(list, v)
		if !l.next(',') {
			return list, l.next(end)
		}
	}
	return list, true
}

// text reads a string in the given quotes.
func (l *literal) text(quote byte) (any, bool) {
	var b strings.Builder
	for l.at++; l.at < len(l.s); l.at++ {
		c := l.s[l.at]
		if c == quote {
			l.at++
			return b.String(), true
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		l.at++
		if l.at >= len(l.s) {
			break
		}
		switch c := l.s[l.at]; c {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'x':
			l.escaped(&b, 2)
		case 'u':
			l.escaped(&b, 4)
		case 'U':
			l.escaped(&b, 8)
		default:
			b.WriteByte(c)
		}
	}
	return nil, false
}

// escaped reads a character given by n hexadecimal digits.
func (l *literal) escaped(b *strings.Builder, n int) {
	if l.at+n >= len(l.s) {
		return
	}
	r, err := strconv.ParseUint(l.s[l.at+1:l.at+1+n], 16, 32)
	if err != nil {
		return
	}
	l.at += n
	if r > utf8.MaxRune {
		r = utf8.RuneError
	}
	b.WriteRune(rune(r))
}

// word reads a number or one of the words.
func (l *literal) word() (any, bool) {
	from := l.at
	for l.at < len(l.s) && (isWord(l.s[l.at])) {
		l.at++
	}
	switch w := l.s[from:l.at]; w {
	case "None", "null":
		return nil, true
	case "True", "true":
		return true, true
	case "False", "false":
		return false, true
	default:
		f, err := strconv.ParseFloat(w, 64)
		return f, err == nil
	}
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'
}
