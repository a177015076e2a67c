package redact

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// AddHeader registers the value of an HTTP header, and of "Bearer x" and "Basic x" what follows the scheme, unless the
// header is one of those that never carry a secret.
func (r *Redactor) AddHeader(name, value string) {
	name = strings.ToLower(strings.TrimSpace(name))
	value = strings.TrimSpace(value)
	if harmless(name) || !hides(value) {
		return
	}
	if name == "cookie" || name == "set-cookie" {
		for pair := range strings.SplitSeq(value, ";") {
			if _, v, ok := strings.Cut(pair, "="); ok && hides(strings.TrimSpace(v)) {
				r.value(v)
			}
		}
	}
	r.value(value)
	if scheme, rest, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "basic") {
		if plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			if _, password, ok := strings.Cut(string(plain), ":"); ok {
				r.value(password)
			}
		}
	}
}

// harmless says whether a header, its name in lower case, carries no secret.
func harmless(name string) bool {
	switch name {
	case "content-type", "content-length", "content-encoding", "content-language", "content-disposition", "user-agent", "cache-control",
		"pragma", "range", "date", "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect",
		"origin", "x-request-id", "x-correlation-id", "traceparent", "tracestate", "litellm-changed-by", "x-litellm-tags",
		"x-litellm-call-id", "x-litellm-timeout", "x-litellm-stream-timeout", "x-litellm-num-retries", "anthropic-version",
		"anthropic-beta", "openai-beta", "openai-version", "openai-organization", "openai-project", "idempotency-key",
		"x-idempotency-key", "http-referer", "x-title":
		return true
	}
	return strings.HasPrefix(name, "accept") || strings.HasPrefix(name, "if-") || strings.HasPrefix(name, "x-stainless-")
}

// AddForm registers the secrets of a URL-encoded query or form.
func (r *Redactor) AddForm(query string) {
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			continue
		}
		plain, err := url.QueryUnescape(value)
		if err != nil {
			plain = value
		}
		if IsSecret(name, plain) {
			r.value(plain)
		}
	}
}

// AddText registers the secrets of whatever somebody may give as a body: JSON as AddBody does, a=1&b=2 as AddForm does,
// and in any other text the values that follow a secret's name as they do in YAML, Python and configuration files:
// NAME: VALUE, NAME=VALUE, 'NAME': 'VALUE'.
func (r *Redactor) AddText(text string) {
	s := strings.TrimSpace(text)
	if s == "" {
		return
	}
	if strings.IndexByte(`{["`, s[0]) >= 0 && r.walk([]byte(s), "", false) {
		return
	}
	if !strings.ContainsAny(s, " \t\r\n{") && strings.Contains(s, "=") {
		r.AddForm(s)
	}
	r.scan(s)
}

// scan registers the values that follow secret names in a text of no known format.
func (r *Redactor) scan(s string) {
	for at := 0; ; {
		i := strings.IndexAny(s[at:], ":=")
		if i < 0 {
			return
		}
		at += i
		name := nameBefore(s[:at])
		for at++; at < len(s) && strings.IndexByte("=> \t", s[at]) >= 0; at++ {
		}
		if name == "" {
			continue
		}
		for _, value := range valuesAt(s[at:]) {
			if IsSecret(name, strings.TrimSpace(value)) {
				r.value(value)
			}
		}
	}
}

// nameBefore returns the name that a text ends with, bare or in quotes.
func nameBefore(s string) string {
	s = strings.TrimRight(s, " \t")
	s = strings.TrimRight(s, `\'"`)
	from := len(s)
	for from > 0 && (isKey(s[from-1]) || s[from-1] == '.') {
		from--
	}
	return s[from:]
}

// valuesAt returns what the value that a text begins with may be: what is in its quotes; or else its first word, its
// first line, or the indented lines that follow | or >.
func valuesAt(s string) []string {
	for _, quote := range []string{`"""`, "'''", `\"`, `"`, `'`} {
		if rest, ok := strings.CutPrefix(s, quote); ok {
			return quoted(rest, quote)
		}
	}
	line, rest, _ := strings.Cut(s, "\n")
	line = strings.TrimSpace(line)
	if line != "" && strings.Trim(line, "|>+-0123456789") == "" && strings.IndexByte("|>", line[0]) >= 0 {
		var block []string
		for l := range strings.Lines(rest) {
			if t := strings.TrimSpace(l); t != "" {
				if l[0] != ' ' && l[0] != '\t' {
					break
				}
				block = append(block, t)
			}
		}
		return []string{strings.Join(block, "\n")}
	}
	word := line
	if end := strings.IndexAny(line, " \t,;&)]}'\""); end >= 0 {
		word = line[:end]
	}
	out := []string{word}
	if plain, err := url.QueryUnescape(word); err == nil && plain != word {
		out = append(out, plain)
	}
	if word != line {
		out = append(out, line)
	}
	return out
}

// quoted returns the text before the closing quote, as it stands and without its backslashes.
func quoted(s, quote string) []string {
	end := 0
	for end < len(s) && !strings.HasPrefix(s[end:], quote) {
		if s[end] == '\\' && quote[0] != '\\' {
			end++
		}
		end++
	}
	s = s[:min(end, len(s))]
	if !strings.Contains(s, `\`) {
		return []string{s}
	}
	plain, _ := unescape([]byte(s), nil, nil)
	return []string{s, string(plain)}
}
