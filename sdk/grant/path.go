package grant

import (
	"net/url"
	"strings"
	"unicode"
)

// path is a request's path, split and then decoded once.
type path struct {
	raw, decoded []string
	unclean      string // why only a pattern with a rest may match it; empty: any may
}

// splitPath returns the segments of a path from the gateway's root, or why it is none that may ever be sent.
func splitPath(s string) (p *path, why string) {
	switch {
	case !strings.HasPrefix(s, "/"):
		return nil, "a path begins with a slash"
	case strings.HasPrefix(s, "//"):
		return nil, "a path that begins with two slashes names another host"
	case strings.ContainsAny(s, "?#"):
		return nil, "a query or fragment stands in the path"
	case strings.Contains(s, `\`):
		return nil, "a backslash stands in the path"
	case strings.ContainsFunc(s, isControlOrSpace):
		return nil, "a space or control character stands in the path"
	}
	p = &path{raw: strings.Split(s[1:], "/")}
	p.decoded = make([]string, len(p.raw))
	for i, raw := range p.raw {
		d, err := url.PathUnescape(raw)
		if err != nil {
			return nil, "a percent sign in the path begins no escape"
		}
		if strings.ContainsFunc(d, unicode.IsControl) {
			return nil, "a control character stands in the path"
		}
		if climbs(raw) {
			return nil, "a dot segment stands in the path"
		}
		p.decoded[i] = d
		if p.unclean == "" {
			p.unclean = unclean(raw, d)
		}
	}
	return p, ""
}

// unclean says what in a segment could be routed otherwise than it reads.
func unclean(raw, decoded string) string {
	switch {
	case raw == "":
		return "an empty segment stands in the path"
	case strings.Contains(decoded, "/"):
		return "an encoded slash stands in the path"
	case strings.Contains(decoded, `\`):
		return "an encoded backslash stands in the path"
	case strings.Contains(decoded, "%"):
		return "an encoded percent sign stands in the path"
	}
	return ""
}

// climbs says whether a segment holds a dot segment, however often it has been encoded.
func climbs(s string) bool {
	for range 4 {
		for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == '\\' }) {
			// Some servers cut a segment's parameters off first.
			if part, _, _ = strings.Cut(part, ";"); part == "." || part == ".." {
				return true
			}
		}
		d, err := url.PathUnescape(s)
		if err != nil || d == s {
			return false
		}
		s = d
	}
	return strings.Contains(s, "%") // encoded more often than anybody has a reason to
}

func isControlOrSpace(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }

// badMethod says why a method may not be sent.
func badMethod(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return "a method is a word in capitals"
	}
	if s == "CONNECT" || s == "TRACE" {
		return "the method is not one of an API"
	}
	return ""
}
