package redact

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// AddBody registers the secrets in a JSON body: every string whose member name is secret, at any depth, and the strings
// below credential_values (but for its addresses and versions). What is not JSON registers nothing from there on.
func (r *Redactor) AddBody(json []byte) {
	if len(json) == 0 {
		return
	}
	r.walk(json, "", false)
}

func (r *Redactor) walk(json []byte, outer string, all bool) {
	d := jsontext.NewDecoder(bytes.NewBuffer(json), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		t, err := d.ReadToken()
		if err != nil {
			return
		}
		if t.Kind() != '"' {
			continue
		}
		if kind, length := d.StackIndex(d.StackDepth()); kind == '{' && length%2 == 1 {
			continue // a name
		}
		name, under := place(d, outer)
		r.member(name, t.String(), all || under)
	}
}

// place returns the name of the member that the value just read belongs to, an array's own name for its elements, and
// whether it lies below credential_values.
func place(d *jsontext.Decoder, outer string) (name string, under bool) {
	name = outer
	depth := d.StackDepth()
	for token := range d.StackPointer().Tokens() {
		if depth > 0 && token == "credential_values" {
			under = true
		}
		if token != "" && !isIndex(token) {
			name = token
		}
	}
	return name, under
}

func isIndex(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (r *Redactor) member(name, value string, all bool) {
	if all && !open(name) && hides(value) || IsSecret(name, value) {
		r.value(value)
	}
}

// value registers a secret, the parts of one that is JSON itself (a service account) and the lines of a longer one (PEM).
func (r *Redactor) value(s string) {
	s = strings.TrimSpace(s)
	r.Add(s)
	if strings.HasPrefix(s, "{") {
		r.walk([]byte(s), "", false)
		return
	}
	if strings.ContainsAny(s, "\n") {
		for line := range strings.Lines(s) {
			if line = strings.TrimSpace(line); len(line) >= 24 && !strings.HasPrefix(line, "-----") {
				r.Add(line)
			}
		}
	}
	// "Bearer x" and "Basic x".
	if scheme, rest, ok := strings.Cut(s, " "); ok && len(scheme) <= 12 && !strings.Contains(rest, " ") {
		r.Add(rest)
	}
}

// AddForm registers the secrets of a URL-encoded query or form.
func (r *Redactor) AddForm(query string) {
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil && IsSecret(name, value) {
			r.value(value)
		}
	}
}

// AddArgs registers the secrets of a command line: values of flags with a secret name (--api-key X, --api-key=X),
// name=value and name:=JSON parts, headers, JSON arguments, and whatever is spelled like a virtual key.
func (r *Redactor) AddArgs(args []string) {
	flag := "" // the flag whose value the next argument may be
	for _, a := range args {
		before := flag
		flag = ""
		if a == "-" || a == "--" {
			continue
		}
		if strings.HasPrefix(a, "-") && !strings.ContainsAny(a, "= \n") {
			flag = strings.TrimLeft(a, "-")
			continue
		}
		r.arg(before, a)
	}
}

// arg registers the secrets of one argument, which may be the value of a flag.
func (r *Redactor) arg(flag, a string) {
	if isVirtualKey(a) {
		r.Add(a)
	}
	if strings.HasPrefix(a, "@") {
		return
	}
	if strings.HasPrefix(a, "{") || strings.HasPrefix(a, "[") {
		r.walk([]byte(a), flag, flag == "values")
		return
	}
	if flag != "" && SecretName(flag) && hides(a) {
		r.value(a)
	}
	if name, value, ok := strings.Cut(a, "="); ok {
		r.arg(strings.TrimSuffix(strings.TrimLeft(name, "-"), ":"), value)
	}
	if name, value, ok := strings.Cut(a, ": "); ok && !strings.Contains(name, " ") {
		r.arg(name, value)
	}
}
