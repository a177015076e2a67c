package redact

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape appends the characters that the inside of a JSON string means to buf. Unless at is nil, it returns
// positions in s besides: for byte i of n, at[i] is where its character begins, and at[n+i+1] is where it ends.
func unescape(s, buf []byte, at []int) ([]byte, []int) {
	if at == nil {
		for {
			i := bytes.IndexByte(s, '\\')
			if i < 0 {
				return append(buf, s...), nil
			}
			buf = append(buf, s[:i]...)
			r, n := escaped(s[i:])
			buf = utf8.AppendRune(buf, r)
			s = s[i+n:]
		}
	}
	var ends []int
	for i := 0; i < len(s); {
		n, before := 1, len(buf)
		if s[i] == '\\' {
			var r rune
			r, n = escaped(s[i:])
			buf = utf8.AppendRune(buf, r)
		} else {
			buf = append(buf, s[i])
		}
		for range len(buf) - before {
			at, ends = append(at, i), append(ends, i+n)
		}
		i += n
	}
	// ends[k-1] is at len(buf)+k, so that a span's end finds it.
	return buf, append(append(at, 0), ends...)
}

// escaped returns the character that the escape at the start of s means, and the escape's length. What is no escape means
// itself.
func escaped(s []byte) (rune, int) {
	if len(s) < 2 {
		return '\\', 1
	}
	switch s[1] {
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'u':
		r, ok := unit(s)
		if !ok {
			return 'u', 2
		}
		if utf16.IsSurrogate(r) {
			if low, ok := unit(s[6:]); ok {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					return pair, 12
				}
			}
			return utf8.RuneError, 6
		}
		return r, 6
	}
	if s[1] < utf8.RuneSelf {
		return rune(s[1]), 2
	}
	return '\\', 1
}

// unit reads \uXXXX.
func unit(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}
