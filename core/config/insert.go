package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// header begins a file that is made.
const header = `# The configuration of litellm-proxy. "litellm-proxy config set KEY VALUE" changes it, and keeps what you write here.
# litellm-proxy help profiles explains profiles. Keys of gateways are not kept here, but where secrets are: litellm-proxy login.

`

// put replaces the value of a key, or adds the key.
func (f *File) put(path []string, literal string) ([]byte, error) {
	if e := f.find(path...); e != nil {
		if !e.standalone {
			return nil, f.byHand("set", path, e.line)
		}
		return splice(f.doc, e.value, e.to, literal), nil
	}
	name := path[len(path)-1]
	if len(f.doc) == 0 {
		return f.append(nil, path, literal), nil
	}
	if len(path) == 1 {
		return f.insertTop(name, literal), nil
	}
	for _, t := range f.tables {
		if equal(t.key, path[:2]) {
			return f.insertBelow(t, name, literal), nil
		}
	}
	for _, e := range f.entries {
		if len(e.key) > 2 && equal(e.key[:2], path[:2]) { // profiles.prod.url = …, or a part of an inline table
			if !e.standalone {
				return nil, f.byHand("set", path, e.line)
			}
			return f.insertLine(f.lineEnd(e.to), strings.Join(dotted(f.doc[e.from:e.value], name), "")+literal), nil
		}
	}
	for _, e := range f.entries {
		if e.key[0] == "profiles" && !e.standalone && !slices.ContainsFunc(f.tables, func(t table) bool { return t.key[0] == "profiles" }) {
			return nil, f.byHand("set", path, e.line) // profiles = {…}, to which nothing can be added from outside
		}
	}
	return f.append(f.doc, path, literal), nil
}

// dotted is the left side of an expression, up to its value, with another last part of the key.
func dotted(left []byte, name string) []string {
	text := strings.TrimRight(string(left), " \t=")
	if i := strings.LastIndexByte(text, '.'); i >= 0 {
		return []string{text[:i+1], name, " = "}
	}
	return []string{name, " = "}
}

func (f *File) byHand(verb string, path []string, line int) error {
	return problem.New(problem.Usage, "cannot %s %s: %s:%d is written in a form that is not changed by programs", verb, strings.Join(path, "."), f.shown(), line).
		WithHint("edit the file by hand; a table [profiles.NAME] could be changed").WithState(problem.Unchanged)
}

// insertTop adds a key behind the last one of the top, before the first table.
func (f *File) insertTop(name, literal string) []byte {
	first := len(f.doc)
	if len(f.tables) > 0 {
		first = f.tables[0].from
	}
	at := -1
	for _, e := range f.entries {
		if e.standalone && e.from < first {
			at = max(at, f.lineEnd(e.to))
		}
	}
	if at >= 0 {
		return f.insertLine(at, name+" = "+literal)
	}
	// Before the comments of the first table, and behind those of the file.
	at = first
	for at > 0 {
		start := bytes.LastIndexByte(f.doc[:at-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimSpace(f.doc[start:at]), []byte("#")) {
			break
		}
		at = start
	}
	if first == len(f.doc) {
		return f.insertLine(len(f.doc), name+" = "+literal)
	}
	if at == 0 {
		at = len(bomOf(f.doc))
	}
	return f.insertLine(at, name+" = "+literal+f.newline())
}

func bomOf(doc []byte) []byte {
	if bytes.HasPrefix(doc, []byte(bom)) {
		return doc[:len(bom)]
	}
	return nil
}

// insertBelow adds a key to a table, behind the last one that is there.
func (f *File) insertBelow(t table, name, literal string) []byte {
	at := f.lineEnd(t.from)
	for _, e := range f.entries {
		if e.standalone && len(e.key) == len(t.key)+1 && equal(e.key[:len(t.key)], t.key) && e.from > t.from {
			at = max(at, f.lineEnd(e.to))
		}
	}
	return f.insertLine(at, name+" = "+literal)
}

// append adds a key at the end, with a table of its own where it needs one.
func (f *File) append(doc []byte, path []string, literal string) []byte {
	nl := f.newline()
	out := slices.Clone(doc)
	if len(out) == 0 {
		out = []byte(header)
	}
	if !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, nl...)
	}
	if len(path) == 3 {
		if !bytes.HasSuffix(out, []byte(nl+nl)) {
			out = append(out, nl...)
		}
		name := path[1]
		if strings.Contains(name, ".") {
			name = quote(name)
		}
		out = append(out, "[profiles."+name+"]"+nl...)
	}
	return append(out, path[len(path)-1]+" = "+literal+nl...)
}

// newline is the end of the document's lines.
func (f *File) newline() string {
	if bytes.Contains(f.doc, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// lineEnd is where the line that holds a byte ends, its end included.
func (f *File) lineEnd(at int) int {
	if i := bytes.IndexByte(f.doc[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(f.doc)
}

// insertLine puts a line where another begins, or at the end.
func (f *File) insertLine(at int, line string) []byte {
	nl := f.newline()
	if at > 0 && f.doc[at-1] != '\n' && at != len(bomOf(f.doc)) {
		return splice(f.doc, at, at, nl+line+nl)
	}
	return splice(f.doc, at, at, line+nl)
}

func splice(doc []byte, from, to int, text string) []byte {
	return slices.Concat(doc[:from], []byte(text), doc[to:])
}

// quote writes a text as TOML does.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
