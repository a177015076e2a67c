package body

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Assign sets one field of target as an assignment says:
//
//	path=value    the value typed as s has the field; where s knows none, a JSON literal is sent as such, and
//	              everything else as a string
//	path:=JSON    JSON, whatever s says
//	path=@FILE    the value read from a file (path=@- from standard input) through read, less one final line end
//
// The path's dots lead into nested objects, which are kept: only what is named changes. "\." is a dot in a name.
// Numbers keep their digits. Errors name the path and never the value, which may be a secret.
func Assign(target map[string]any, s Schema, assignment string, read func() ([]byte, error)) error {
	path, value, ok := strings.Cut(assignment, "=")
	forced := strings.HasSuffix(path, ":")
	path = strings.TrimSuffix(path, ":")
	if !ok || path == "" {
		return errors.New("an assignment must be PATH=VALUE, PATH:=JSON or PATH=@FILE")
	}
	if strings.HasPrefix(value, "@") {
		content, err := read()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		value = strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	}
	if !utf8.ValidString(value) {
		return fmt.Errorf("%s: the value is not UTF-8 text", path)
	}
	names := split(path)
	for _, name := range names[:len(names)-1] {
		if name == "" {
			return fmt.Errorf("%s: a part of the path is empty", path)
		}
		next, ok := target[name].(map[string]any)
		if !ok {
			if existing := target[name]; existing != nil {
				return fmt.Errorf("%s: %s is no object", path, name)
			}
			next = map[string]any{}
			target[name] = next
		}
		target, s = next, s.Field(name)
	}
	last := names[len(names)-1]
	if last == "" {
		return fmt.Errorf("%s: a part of the path is empty", path)
	}
	v, err := typed(value, s.kind(last), forced)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	target[last] = v
	return nil
}

// Name returns the path of an assignment.
func Name(assignment string) string {
	path, _, _ := strings.Cut(assignment, "=")
	return strings.TrimSuffix(path, ":")
}

// split cuts a path at its dots, but not at "\.".
func split(path string) []string {
	const escaped = "\x00"
	parts := strings.Split(strings.ReplaceAll(path, `\.`, escaped), ".")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], escaped, ".")
	}
	return parts
}

// typed reads text as one of the types in kind.
func typed(text, kind string, forced bool) (any, error) {
	if forced {
		v, ok := literal(text)
		if !ok {
			return nil, errors.New("the value after := is not valid JSON")
		}
		return v, nil
	}
	if strings.HasPrefix(kind, ":") {
		kind = "o"
	}
	v, isJSON := literal(text)
	if kind == "" {
		if isJSON && !quoted(text) {
			return v, nil
		}
		return text, nil
	}
	for _, letter := range kind {
		if v, ok := read(text, kind, v, isJSON, letter); ok {
			return v, nil
		}
	}
	if text == "null" {
		return nil, nil // the schema's other types have no such spelling, and every field of it can be null
	}
	return nil, fmt.Errorf("it must be %s", describe(kind))
}

// read takes text as the type of one letter, if it can be one. Letters are sorted, so a string, which any text can be,
// comes after all others.
func read(text, kind string, v any, isJSON bool, letter rune) (any, bool) {
	switch letter {
	case 's':
		return text, true
	case 'b':
		b, ok := v.(bool)
		return b, ok && isJSON
	case 'i':
		n, ok := v.(json.Number)
		if !ok || strings.ContainsAny(n.String(), ".eE") {
			return nil, false
		}
		return n, true
	case 'n':
		n, ok := v.(json.Number)
		return n, ok
	case 'o':
		o, ok := v.(map[string]any)
		return o, ok
	case 'a':
		if a, ok := v.([]any); ok {
			return a, true
		}
		if isJSON || text == "" || strings.Contains(kind, "s") {
			return nil, false
		}
		var list []any
		for part := range strings.SplitSeq(text, ",") {
			list = append(list, part)
		}
		return list, true
	}
	return nil, false
}

// literal reads JSON with its numbers as they are written.
func literal(text string) (any, bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil || decoder.More() || !json.Valid([]byte(text)) {
		return nil, false
	}
	return v, true
}

// quoted reports whether text is a JSON string: those are sent as they are typed, quotes included.
func quoted(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), `"`) }

func describe(kind string) string {
	names := map[rune]string{'i': "a whole number", 'n': "a number", 'b': "true or false", 'a': "a list: a,b or JSON", 'o': "a JSON object"}
	var parts []string
	for _, letter := range kind {
		parts = append(parts, names[letter])
	}
	return strings.Join(parts, " or ")
}

// Decode reads one JSON object with its numbers as they are written.
func Decode(raw []byte) (map[string]any, error) {
	v, ok := literal(string(raw))
	if !ok {
		return nil, errors.New("it is not valid JSON")
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("it is JSON, but no object")
	}
	return object, nil
}
