package redact

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// AddBody registers the secrets in a JSON body: every string whose member name is secret, at any depth, the strings below
// credential_values (but for its addresses and versions), and headers below headers, extra_headers and default_headers.
// What is not JSON registers nothing from there on.
func (r *Redactor) AddBody(json []byte) {
	if len(json) > 0 {
		r.walk(json, "", false)
	}
}

// walk registers the secrets of JSON values that belong to a member called outer; all says that every string is one. It
// returns whether the text was JSON to its end.
func (r *Redactor) walk(json []byte, outer string, all bool) bool {
	d := decoder(json)
	for {
		t, err := d.ReadToken()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if t.Kind() != '"' {
			continue
		}
		if kind, length := d.StackIndex(d.StackDepth()); kind == '{' && length%2 == 1 {
			continue // a name
		}
		switch name, in := place(d, outer); in {
		case "headers":
			r.AddHeader(name, t.String())
		default:
			r.member(name, t.String(), all || in == "credential_values")
		}
	}
}

func decoder(json []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(json), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// place returns the name of the member that the value just read belongs to, an array's own name for its elements, and
// what it lies below: "credential_values", "headers" or neither.
func place(d *jsontext.Decoder, outer string) (name, in string) {
	name = outer
	if isHeaders(outer) && d.StackDepth() > 0 {
		in = "headers"
	}
	for token := range d.StackPointer().Tokens() {
		if isHeaders(name) && token != "" && !isIndex(token) && in == "" {
			in = "headers"
		}
		if token == "credential_values" {
			in = token
		}
		if token != "" && !isIndex(token) {
			name = token
		}
	}
	return name, in
}

// isHeaders says whether a member of this name holds HTTP headers.
func isHeaders(name string) bool {
	return name == "headers" || name == "extra_headers" || name == "default_headers"
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
	r.Add(s)
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
