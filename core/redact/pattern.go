package redact

import "strings"

// patterns hides what looks like a virtual key (sk- and at least six characters) or follows "Bearer". Hashes stay.
func patterns(s string) string {
	return bearer(keys(s))
}

func keys(s string) string {
	var b strings.Builder
	at := 0
	for i := 0; ; {
		j := strings.Index(s[i:], "sk-")
		if j < 0 {
			break
		}
		from := i + j
		to := from + 3
		for to < len(s) && isKey(s[to]) {
			to++
		}
		i = to
		if to-from < 9 || !begins(s, from) {
			continue
		}
		b.WriteString(s[at:from])
		if l := labelOf(s[from:to]); l != "" {
			b.WriteString(l)
		} else {
			b.WriteString(hidden)
		}
		at = to
	}
	if at == 0 {
		return s
	}
	return b.String() + s[at:]
}

// begins says whether a word begins at i: "task-management" holds no key, `\nsk-…` and "%20sk-…" do.
func begins(s string, i int) bool {
	if i == 0 || !isKey(s[i-1]) || s[i-1] == '_' || s[i-1] == '-' {
		return true
	}
	if i >= 2 && s[i-2] == '\\' {
		return true
	}
	return i >= 3 && s[i-3] == '%' && isHex(s[i-2]) && isHex(s[i-1]) ||
		i >= 6 && s[i-6] == '\\' && s[i-5] == 'u'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func bearer(s string) string {
	var b strings.Builder
	at := 0
	for i := 0; i+7 <= len(s); i++ {
		if s[i]|0x20 != 'b' || !strings.EqualFold(s[i:i+6], "bearer") || s[i+6] != ' ' && s[i+6] != '+' && s[i+6] != '%' {
			continue
		}
		from := i + 6
		if strings.HasPrefix(s[from:], "%20") {
			from += 2
		}
		for from++; from < len(s) && s[from] == ' '; from++ {
		}
		to := from
		for to < len(s) && (isBase64(s[to]) || strings.IndexByte(".~=:", s[to]) >= 0) {
			to++
		}
		if to-from >= 6 && !prose(s[from:to]) {
			b.WriteString(s[at:from])
			b.WriteString(hidden)
			at = to
			i = to - 1
		}
	}
	if at == 0 {
		return s
	}
	return b.String() + s[at:]
}

// prose says whether a word after "Bearer" is English.
func prose(w string) bool {
	switch strings.ToLower(strings.TrimRight(w, ".:")) {
	case "tokens", "scheme", "header", "headers", "prefix", "format", "authentication", "authorization", "authenticate", "realm=":
		return true
	}
	return false
}
