// Package body makes request bodies from path=value assignments, typed as LiteLLM's own schema has each field.
package body

import (
	_ "embed"
	"strings"
)

// schemaText is the table of bodies and fields. It comes from the OpenAPI document of LiteLLM 1.106.2.
//
//go:embed schema.txt
var schemaText string

// Schema knows the types of an object's fields. The zero Schema knows none.
type Schema struct{ line string }

// Operation returns the schema of the body of METHOD path, where path may be a concrete one. The zero Schema is
// returned for operations without a described body.
func Operation(method, path string) Schema {
	prefix := strings.ToUpper(method) + " /"
	for line := range strings.Lines(schemaText) {
		if !strings.HasPrefix(line, prefix) {
			continue
		}
		pattern, name, _ := strings.Cut(strings.TrimSpace(line[len(prefix)-1:]), " :")
		if matches(pattern, path) {
			return named(name)
		}
	}
	return Schema{}
}

// matches reports whether path fits pattern, whose {name} segments stand for anything.
func matches(pattern, path string) bool {
	if pattern == path {
		return true
	}
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != have[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

func named(name string) Schema {
	at := strings.Index(schemaText, "\n:"+name+" ")
	if at < 0 {
		return Schema{}
	}
	line, _, _ := strings.Cut(schemaText[at+1:], "\n")
	return Schema{line}
}

// Field returns the schema of an object field; the zero Schema if it is none or has none.
func (s Schema) Field(name string) Schema {
	if kind := s.kind(name); strings.HasPrefix(kind, ":") {
		return named(kind[1:])
	}
	return Schema{}
}

// Kind names what a field of the body can be besides null: "object" or "array" if it is one and nothing else, "" otherwise.
func (s Schema) Kind(name string) string {
	switch kind := s.kind(name); {
	case kind == "o", strings.HasPrefix(kind, ":"):
		return "object"
	case kind == "a":
		return "array"
	}
	return ""
}

// kind returns the letters of a field's type: of "sinbao" each that may be, or ":Name", or "" when unknown.
func (s Schema) kind(name string) string {
	words := strings.Fields(s.line)
	for i := 1; i+1 < len(words); i += 2 {
		if words[i] == name {
			if words[i+1] == "x" {
				return ""
			}
			return words[i+1]
		}
	}
	return ""
}
