package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// maxFile is the most that a configuration may have, in bytes: some hundred profiles.
const maxFile = 64 << 10

// tooLarge is what is wrong with one that has more.
const tooLarge = "has more than 64 KiB"

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
		return nil, errors.New(path + " " + tooLarge)
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
	if len(doc) > maxFile { // what is written must be readable
		return n, []fault{{1, "it " + tooLarge}}
	}
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

func equal(a, b []string) bool { return slices.Equal(a, b) }

// Origin is "path:line" of a value or, where it has none, of its table; empty if neither is there.
func (f *File) Origin(key ...string) string {
	if line := f.line(key...); line > 0 {
		return fmt.Sprintf("%s:%d", f.shown(), line)
	}
	return ""
}

// line is that of a value or, where it has none, of its table or of the first value in it; 0 if none is there.
func (f *File) line(key ...string) int {
	if e := f.find(key...); e != nil {
		return e.line
	}
	for _, t := range f.tables {
		if equal(t.key, key) {
			return t.line
		}
	}
	for _, e := range f.entries {
		if len(e.key) > len(key) && equal(e.key[:len(key)], key) {
			return e.line
		}
	}
	return 0
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
