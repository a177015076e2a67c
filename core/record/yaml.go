package record

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// deepest is how far YAML is indented; what lies deeper is written on one line.
const deepest = 64

// longestKey is what a key may have in bytes and still stand on the line of its value; YAML allows 1024 characters.
const longestKey = 1000

// yamlDocuments prints each record as a document, with --- between them.
type yamlDocuments struct {
	text
	n int
}

func (y *yamlDocuments) put(record []byte) error {
	if y.n++; y.n > 1 {
		y.str("---\n")
	}
	if leaf(record) {
		err := y.yamlFlow(record)
		y.str("\n")
		return err
	}
	return y.yamlBlock(record, 0, true)
}

func (y *yamlDocuments) end() error { return nil }

// yamlList prints records as the items of one sequence.
type yamlList struct {
	text
	n int
}

func (y *yamlList) put(record []byte) error {
	y.n++
	y.str("-")
	return y.yamlEntry(record, 0, true)
}

func (y *yamlList) end() error {
	if y.n == 0 {
		y.str("[]\n")
	}
	return nil
}

// leaf says that a value has nothing below it.
func leaf(value []byte) bool {
	switch value[0] {
	case '{', '[':
		d := decoder(value)
		_, _ = d.ReadToken()
		kind := d.PeekKind()
		return kind == '}' || kind == ']'
	}
	return true
}

// yamlBlock writes the lines of an object or array at a depth. With begun, the first line has its indentation already.
//
// goccy/go-yaml reads what this writes (the tests do), but does not write what it can read: of 24 hard strings, 7 came
// back changed or not at all, so the writing is done here, with double quotes wherever a string is not plainly a word.
func (t text) yamlBlock(value []byte, depth int, begun bool) error {
	indent := strings.Repeat("  ", depth)
	line := func(s string) {
		if !begun {
			t.str(indent)
		}
		begun = false
		t.str(s)
	}
	if value[0] == '[' {
		return each(value, func(item []byte) error {
			line("-")
			return t.yamlEntry(item, depth, true)
		})
	}
	list, err := members(value)
	if err != nil {
		return err
	}
	for _, m := range list {
		if key := t.yamlString(m.name); len(key) <= longestKey {
			line(key)
		} else {
			line("? ")
			t.str(key)
			t.str("\n")
			line("")
		}
		t.str(":")
		if err := t.yamlEntry(m.value, depth, false); err != nil {
			return err
		}
	}
	return nil
}

// yamlEntry writes a value behind the dash of an item or the colon of a key.
func (t text) yamlEntry(value []byte, depth int, dash bool) error {
	if leaf(value) || depth >= deepest {
		t.str(" ")
		err := t.yamlFlow(value)
		t.str("\n")
		return err
	}
	if dash {
		t.str(" ")
	} else {
		t.str("\n")
	}
	return t.yamlBlock(value, depth+1, dash)
}

// yamlFlow writes a value on one line.
func (t text) yamlFlow(value []byte) error {
	d := decoder(value)
	for after := jsontext.Kind(0); ; {
		kind := d.PeekKind()
		if after != 0 && after != '{' && after != '[' && kind != '}' && kind != ']' && d.StackDepth() > 0 {
			if in, n := d.StackIndex(d.StackDepth()); in == '{' && n%2 == 1 {
				t.str(": ")
			} else {
				t.str(", ")
			}
		}
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		switch after = kind; kind {
		case '"':
			if d.StackDepth() == 0 {
				t.str(t.yamlString(token.String()))
			} else {
				t.str(t.yamlQuoted(token.String()))
			}
		default:
			t.str(token.String())
		}
		if d.StackDepth() == 0 {
			return nil
		}
	}
}

// yamlString writes a string so that no reader takes it for anything else.
func (t text) yamlString(s string) string {
	if word(s) && (!t.terminal || t.visible(s) == s) {
		return s
	}
	return t.yamlQuoted(s)
}
