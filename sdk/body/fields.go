package body

import (
	"iter"
	"strings"
)

// Field is one field of an object that a schema describes.
type Field struct {
	Name string
	// Types are what it can be besides null, which every field can be: of "string", "integer", "number", "boolean", "array"
	// and "object". None are known of a field that can be anything.
	Types []string
}

// types spells the letters of schema.txt.
var types = map[rune]string{'s': "string", 'i': "integer", 'n': "number", 'b': "boolean", 'a': "array", 'o': "object"}

// Fields returns the fields that the schema has, in alphabetical order.
func (s Schema) Fields() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		words := strings.Fields(s.line)
		for i := 1; i+1 < len(words); i += 2 {
			if !yield(Field{Name: words[i], Types: spell(words[i+1])}) {
				return
			}
		}
	}
}

func spell(kind string) []string {
	if strings.HasPrefix(kind, ":") {
		return []string{"object"}
	}
	var out []string
	for _, letter := range kind {
		if name := types[letter]; name != "" {
			out = append(out, name)
		}
	}
	return out
}
