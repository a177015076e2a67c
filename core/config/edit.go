package config

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// SetText is the document with the value of a key changed to what people write for it: 30s, true, 8. All else in it stays.
func (f *File) SetText(path []string, text string) ([]byte, error) {
	k, ok := keyOfPath(path)
	if !ok {
		where := top
		if len(path) == 3 && path[0] == "profiles" {
			where = inProfile
		}
		return nil, noSetting(strings.Join(path, "."), path[len(path)-1], where)
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
