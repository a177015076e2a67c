package config

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// entry is one value of the file.
type entry struct {
	key        []string
	line       int
	kind       unstable.Kind
	text       string // of a string, a number or a truth value
	from, to   int    // of its expression in the document
	value      int    // where the value begins, up to to
	standalone bool   // it is an expression by itself, not a part of an inline table
}

// table is a header.
type table struct {
	key  []string
	line int
	from int  // of its line in the document
	many bool // [[…]]
}

// firstInvalid is where a text stops being UTF-8.
func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// parse finds all values and headers of a document that is known to be right.
func (f *File) parse(text []byte, offset int) {
	var p unstable.Parser
	p.Reset(text)
	var prefix []string
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.KeyValue {
			key, from, _ := keyOf(e.Key())
			prefix = key
			from += offset
			start := max(bytes.LastIndexByte(f.doc[:from], '\n')+1, offset)
			f.tables = append(f.tables, table{key, f.lineOf(from), start, e.Kind == unstable.ArrayTable})
			continue
		}
		key, from, end := keyOf(e.Key())
		to := int(e.Raw.Offset+e.Raw.Length) + offset
		value := end + offset
		for f.doc[value] != '=' {
			value++
		}
		for value++; f.doc[value] == ' ' || f.doc[value] == '\t'; {
			value++
		}
		f.add(e.Value(), join(prefix, key), entry{line: f.lineOf(from + offset), from: from + offset, to: to, value: value, standalone: true})
	}
}

// add adds a value, or those of an inline table.
func (f *File) add(v *unstable.Node, key []string, e entry) {
	if children := v.Children(); v.Kind != unstable.InlineTable || len(key) == 1 && key[0] != "profiles" || !children.Next() {
		e.key, e.kind, e.text = key, v.Kind, string(v.Data)
		if v.Kind == unstable.Integer {
			if n, err := strconv.ParseInt(e.text, 0, 64); err == nil { // 1_000, 0x10
				e.text = strconv.FormatInt(n, 10)
			}
		}
		f.entries = append(f.entries, e)
		return
	}
	e.standalone = false
	for children := v.Children(); children.Next(); {
		n := children.Node()
		if n.Kind == unstable.KeyValue {
			inner, _, _ := keyOf(n.Key())
			f.add(n.Value(), join(key, inner), e)
		}
	}
}

// keyOf reads a key, and where it begins and ends.
func keyOf(parts unstable.Iterator) (key []string, from, to int) {
	from = -1
	for parts.Next() {
		part := parts.Node()
		if part.Kind != unstable.Key {
			continue
		}
		key = append(key, string(part.Data))
		if from < 0 {
			from = int(part.Raw.Offset)
		}
		to = int(part.Raw.Offset + part.Raw.Length)
	}
	return key, from, to
}

func join(a, b []string) []string { return append(append([]string{}, a...), b...) }

// lineOf is the number of the line that holds a byte of the document.
func (f *File) lineOf(at int) int { return bytes.Count(f.doc[:at], []byte{'\n'}) + 1 }
