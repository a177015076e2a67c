package config

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// header begins a file that is made.
const header = `# The configuration of litellm-proxy. "litellm-proxy config set KEY VALUE" changes it, and keeps what you write here.
# litellm-proxy help profiles explains profiles. Keys of gateways are not kept here, but where secrets are: litellm-proxy login.

`

// SetText is the document with the value of a key changed to what people write for it: 30s, true, 8. All else in it stays.
func (f *File) SetText(path []string, text string) ([]byte, error) {
	k, ok := keyOfPath(path)
	if !ok {
		return nil, problem.New(problem.Usage, "there is no setting %q", strings.Join(path, "."))
	}
	if len(path) == 3 {
		if err := CheckName(path[1]); err != nil {
			return nil, problem.Wrap(problem.Usage, err, "cannot set %s", strings.Join(path, "."))
		}
	}
	switch text = strings.TrimSpace(text); k.kind {
	case unstable.Bool:
		truth, ok := map[string]string{"true": "true", "on": "true", "yes": "true", "1": "true", "false": "false", "off": "false", "no": "false", "0": "false"}[strings.ToLower(text)]
		if !ok {
			return nil, problem.New(problem.Usage, "cannot set %s to %q: it is on or off", strings.Join(path, "."), short(text))
		}
		text = truth
	case unstable.Integer:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, problem.New(problem.Usage, "cannot set %s to %q: it is a whole number", strings.Join(path, "."), short(text))
		}
		text = strconv.Itoa(n)
	}
	if k.check != nil {
		if err := k.check(f, text); err != nil {
			return nil, problem.Wrap(problem.Usage, err, "cannot set %s", strings.Join(path, "."))
		}
	}
	literal := text
	if k.kind == unstable.String {
		if k.name == "url" || k.name == "base_url" {
			text = clean(text)
		}
		literal = quote(text)
	}
	doc, err := f.put(path, literal)
	if err != nil {
		return nil, err
	}
	return doc, f.changed("set", doc, path, func(all map[string]string) { all[strings.Join(path, "\x00")] = text })
}

func keyOfPath(path []string) (key, bool) {
	if len(path) == 3 && path[0] == "profiles" {
		return keyNamed(path[2], inProfile)
	}
	if len(path) == 1 {
		return keyNamed(path[0], top)
	}
	return key{}, false
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

// Unset is the document without a key, and whether it had one. The line goes, with a comment at its end; comments above it
// stay.
func (f *File) Unset(path []string) (doc []byte, there bool, err error) {
	e := f.find(path...)
	if e == nil {
		return f.doc, false, nil
	}
	if !e.standalone {
		return nil, false, f.byHand("unset", path, e.line)
	}
	start := bytes.LastIndexByte(f.doc[:e.from], '\n') + 1
	doc = splice(f.doc, max(start, len(bomOf(f.doc))), f.lineEnd(e.to), "")
	return doc, true, f.changed("unset", doc, path, func(all map[string]string) { delete(all, strings.Join(path, "\x00")) })
}

// RemoveProfile is the document without a profile: its table with the comments in it and right above it. If the profile was in
// use, none is afterwards.
func (f *File) RemoveProfile(name string) ([]byte, error) {
	path := []string{"profiles", name}
	doc := f.doc
	for i := len(f.tables) - 1; i >= 0; i-- {
		if t := f.tables[i]; equal(t.key, path) {
			doc = slices.Concat(doc[:f.startOf(t)], doc[f.endOf(t):])
		}
	}
	n := *f
	n.doc, n.entries, n.tables = doc, nil, nil
	n.parse(bytes.TrimPrefix(doc, []byte(bom)), len(bomOf(doc)))
	mine := func(key []string) bool {
		return len(key) >= 2 && equal(key[:2], path) || f.InUse == name && equal(key, []string{"profile"})
	}
	for i := len(n.entries) - 1; i >= 0; i-- {
		e := n.entries[i]
		if !mine(e.key) {
			continue
		}
		if !e.standalone {
			return nil, f.byHand("remove", path, e.line)
		}
		start := bytes.LastIndexByte(doc[:e.from], '\n') + 1
		doc = splice(doc, max(start, len(bomOf(doc))), n.lineEnd(e.to), "")
	}
	return doc, f.changed("remove", doc, path, func(all map[string]string) {
		maps.DeleteFunc(all, func(key, _ string) bool { return mine(strings.Split(key, "\x00")) })
	})
}

// startOf is where a table begins with the comments right above it, but for those that begin the file.
func (f *File) startOf(t table) int {
	at := t.from
	for at > len(bomOf(f.doc)) {
		start := bytes.LastIndexByte(f.doc[:at-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimSpace(f.doc[start:at]), []byte("#")) {
			return at
		}
		at = start
	}
	return t.from
}

// endOf is where the next table begins with its comments, or the end.
func (f *File) endOf(t table) int {
	end := len(f.doc)
	for _, next := range f.tables {
		if next.from > t.from {
			end = min(end, f.startOf(next))
		}
	}
	return end
}

// changed proves that a document differs from this one in what change does to its values, and in nothing else.
func (f *File) changed(verb string, doc []byte, path []string, change func(map[string]string)) error {
	what := strings.Join(path, ".")
	n, faults := f.read(doc)
	if len(faults) > 0 {
		return problem.New(problem.Usage, "cannot %s %s: then %s", verb, what, faults[0].what).WithState(problem.Unchanged)
	}
	want := f.all()
	change(want)
	if !maps.Equal(want, n.all()) {
		return problem.New(problem.Failed, "cannot %s %s in %s without changing something else", verb, what, f.shown()).
			WithHint("edit the file by hand").WithState(problem.Unchanged)
	}
	return nil
}

// all are the values by their keys.
func (f *File) all() map[string]string {
	out := map[string]string{}
	for _, e := range f.entries {
		out[strings.Join(e.key, "\x00")] = e.text
	}
	return out
}
