package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// maxFile is the most that a configuration may have, in bytes: some hundred profiles.
const maxFile = 64 << 10

// bom is the mark that some editors put before a text.
const bom = "\ufeff"

// File is a configuration file that has been understood. The zero value is that of a file that is not there.
type File struct {
	// Settings are what holds everywhere.
	Settings
	// Profiles are in the order of the file.
	Profiles []Profile

	path    string
	home    string
	formats []string
	doc     []byte
	entries []entry
	tables  []table
	refused map[string]bool // names that no profile can have
}

// Settings are those of the file's top.
type Settings struct {
	BaseURL  string // in place of Default; empty: not set
	InUse    string // the profile that is used when nothing else names a gateway; empty: none
	NoAudit  bool   // writes are not noted in the log
	Defaults        // for gateways whose profile says nothing else
}

// Profile is a gateway with a name.
type Profile struct {
	Name, URL string
	Protected bool
	Defaults
}

// Defaults are what commands do at a gateway, where the line does not say something else. All may be empty.
type Defaults struct {
	Output          string `json:"output,omitempty"`
	Timeout         string `json:"timeout,omitempty"`     // of a command: 30s
	Concurrency     int    `json:"concurrency,omitempty"` // requests under way at once; 0: any number
	CACert          string `json:"ca_cert,omitempty"`     // paths, absolute
	ClientCert      string `json:"client_cert,omitempty"`
	ClientKey       string `json:"client_key,omitempty"`
	CredentialStore string `json:"credential_store,omitempty"`
}

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

// Read reads a configuration; one that is not there is empty. formats are the values that output may have, home is what ~ in
// paths stands for. Its error names the file, the line, and all that is wrong.
func Read(path, home string, formats []string) (*File, error) {
	f := &File{path: path, home: home, formats: formats}
	doc, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f, nil
	case err != nil:
		return nil, problem.Wrap(problem.Usage, err, "cannot read the configuration")
	}
	return f.With(doc)
}

// readFile reads a small file.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", path)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s has more than %d KiB", path, maxFile>>10)
	}
	return os.ReadFile(path)
}

// With is the file as it would be with another document in it.
func (f *File) With(doc []byte) (*File, error) {
	n, faults := f.read(doc)
	if len(faults) > 0 {
		return nil, n.fault(faults)
	}
	return n, nil
}

// read understands a document, or says what is wrong with it.
func (f *File) read(doc []byte) (*File, []fault) {
	n := &File{path: f.path, home: f.home, formats: f.formats, doc: doc}
	text := bytes.TrimPrefix(doc, []byte(bom))
	offset := len(doc) - len(text)
	if !utf8.Valid(text) {
		return n, []fault{{n.lineOf(firstInvalid(doc)), "it is not UTF-8 text"}}
	}
	// The decoder knows what may stand only once; the parser knows where everything is.
	var all map[string]any
	if err := toml.Unmarshal(text, &all); err != nil {
		line, what := 1, err.Error()
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ = at.Position()
		}
		what, _, _ = strings.Cut(strings.TrimPrefix(what, "toml: "), ": strconv.") // it would repeat the value
		return n, []fault{{line, what}}
	}
	n.parse(text, offset)
	return n, n.check()
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
			f.tables = append(f.tables, table{key, f.lineOf(from), bytes.LastIndexByte(f.doc[:from], '\n') + 1, e.Kind == unstable.ArrayTable})
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

// Doc is the document, which is not to be changed.
func (f *File) Doc() []byte { return f.doc }

// Path is where the file is.
func (f *File) Path() string { return f.path }

// find is the value of a key; nil if there is none.
func (f *File) find(key ...string) *entry {
	for i := range f.entries {
		if equal(f.entries[i].key, key) {
			return &f.entries[i]
		}
	}
	return nil
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Origin is "path:line" of a value or, where it has none, of its table; empty if neither is there.
func (f *File) Origin(key ...string) string {
	if e := f.find(key...); e != nil {
		return fmt.Sprintf("%s:%d", f.shown(), e.line)
	}
	for _, t := range f.tables {
		if equal(t.key, key) {
			return fmt.Sprintf("%s:%d", f.shown(), t.line)
		}
	}
	for _, e := range f.entries {
		if len(e.key) > len(key) && equal(e.key[:len(key)], key) {
			return fmt.Sprintf("%s:%d", f.shown(), e.line)
		}
	}
	return ""
}

// shown is the path for people.
func (f *File) shown() string {
	if f.home != "" {
		if rest, ok := strings.CutPrefix(f.path, f.home+string(filepath.Separator)); ok {
			return filepath.Join("~", rest)
		}
	}
	return f.path
}

// fault is something that is wrong with a line.
type fault struct {
	line int
	what string
}

// fault is the error for all that is wrong.
func (f *File) fault(faults []fault) *problem.Error {
	const most = 10
	first := faults[0]
	e := problem.New(problem.Usage, "cannot use the configuration %s:%d: %s", f.shown(), first.line, first.what)
	for i, next := range faults[1:] {
		if i == most-1 {
			e.Facts = append(e.Facts, problem.Fact{Label: "and", Text: fmt.Sprintf("%d more", len(faults)-most)})
			break
		}
		e.Facts = append(e.Facts, problem.Fact{Label: "and", Text: fmt.Sprintf("%s:%d: %s", f.shown(), next.line, next.what)})
	}
	return e.WithHint("edit the file, or see what is meant: litellm-proxy doctor")
}
