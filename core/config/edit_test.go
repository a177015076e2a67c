package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestEdit(t *testing.T) {
	set := func(key, value string) func(*File) ([]byte, error) {
		return func(f *File) ([]byte, error) { return f.SetText(strings.Fields(key), value) }
	}
	unset := func(key string) func(*File) ([]byte, error) {
		return func(f *File) ([]byte, error) { doc, _, err := f.Unset(strings.Fields(key)); return doc, err }
	}
	remove := func(name string) func(*File) ([]byte, error) {
		return func(f *File) ([]byte, error) { return f.RemoveProfile(name) }
	}
	for name, c := range map[string]struct {
		before string
		edit   func(*File) ([]byte, error)
		after  string
	}{
		"a value":                  {"# c\ntimeout = '3s' # why\naudit = true\n", set("timeout", "5s"), "# c\ntimeout = \"5s\" # why\naudit = true\n"},
		"words for truth":          {"audit = true\n", set("audit", "off"), "audit = false\n"},
		"a number":                 {"", set("concurrency", "08"), header + "concurrency = 8\n"},
		"a new file":               {"", set("profiles prod url", "https://a.example/"), header + "[profiles.prod]\nurl = \"https://a.example\"\n"},
		"a new top key":            {"timeout = '3s'\n\n# about a\n[profiles.a]\nurl = 'http://a'\n", set("output", "json"), "timeout = '3s'\noutput = \"json\"\n\n# about a\n[profiles.a]\nurl = 'http://a'\n"},
		"the first top key":        {"# mine\n\n# about a\n[profiles.a]\nurl = 'http://a'\n", set("output", "json"), "# mine\n\noutput = \"json\"\n\n# about a\n[profiles.a]\nurl = 'http://a'\n"},
		"only comments":            {"# mine\n", set("output", "json"), "# mine\noutput = \"json\"\n"},
		"no end of the last line":  {"timeout = '3s'", set("output", "json"), "timeout = '3s'\noutput = \"json\"\n"},
		"a key of a profile":       {"[profiles.a]\nurl = 'http://a' # x\n# end of a\n[profiles.b]\nurl = 'http://b'\n", set("profiles a timeout", "3s"), "[profiles.a]\nurl = 'http://a' # x\ntimeout = \"3s\"\n# end of a\n[profiles.b]\nurl = 'http://b'\n"},
		"a new profile":            {"[profiles.a]\nurl = 'http://a'\n", set("profiles a.b url", "http://b"), "[profiles.a]\nurl = 'http://a'\n\n[profiles.\"a.b\"]\nurl = \"http://b\"\n"},
		"Windows":                  {"audit = true\r\n[profiles.a]\r\nurl = 'http://a'\r\n", set("profiles b url", "http://b"), "audit = true\r\n[profiles.a]\r\nurl = 'http://a'\r\n\r\n[profiles.b]\r\nurl = \"http://b\"\r\n"},
		"a byte order mark":        {bom + "[profiles.a]\nurl = 'http://a'\n", set("audit", "on"), bom + "audit = true\n\n[profiles.a]\nurl = 'http://a'\n"},
		"dotted":                   {"profiles.a.url = 'http://a'\n", set("profiles a timeout", "3s"), "profiles.a.url = 'http://a'\nprofiles.a.timeout = \"3s\"\n"},
		"quotes":                   {"", set("ca_cert", `/a "b" \c`), header + `ca_cert = "/a \"b\" \\c"` + "\n"},
		"unset":                    {"# above\ntimeout = '3s' # beside\naudit = true\n", unset("timeout"), "# above\naudit = true\n"},
		"unset what is not there":  {"audit = true\n", unset("timeout"), "audit = true\n"},
		"unset of many lines":      {"timeout = '''3s'''\naudit = true\n", unset("timeout"), "audit = true\n"},
		"a profile":                {"# mine\n\n# about a\n[profiles.a]\n# in a\nurl = 'http://a'\n# end of a\n\n# about b\n[profiles.b]\nurl = 'http://b'\n", remove("a"), "# mine\n\n# about b\n[profiles.b]\nurl = 'http://b'\n"},
		"the last profile":         {"audit = true\n\n# about a\n[profiles.a]\nurl = 'http://a'\n# end\n", remove("a"), "audit = true\n\n"},
		"the profile in use":       {"profile = 'a' # mine\naudit = true\n[profiles.a]\nurl = 'http://a'\n", remove("a"), "audit = true\n"},
		"a dotted profile":         {"profiles.a.url = 'http://a'\nprofiles.a.timeout = '3s'\naudit = true\n", remove("a"), "audit = true\n"},
		"the profile of that name": {"[profiles.ab]\nurl = 'http://a'\n[profiles.a]\nurl = 'http://b'\n", remove("a"), "[profiles.ab]\nurl = 'http://a'\n"},
	} {
		f, err := load(c.before)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.before == "" {
			f.doc = nil
		}
		got, err := c.edit(f)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %v\n%q\nwant\n%q", name, err, got, c.after)
		}
	}
}

func TestEditRefuses(t *testing.T) {
	for name, c := range map[string]struct{ before, key, value, want string }{
		"an inline table":     {"[profiles]\na = {url = 'http://a'}\n", "profiles a url", "http://b", "config.toml:2 is written in a form"},
		"one beside it":       {"profiles = {a = {url = 'http://a'}}\n", "profiles b url", "http://b", "config.toml:1 is written in a form"},
		"a profile in use":    {"", "profile", "nope", `then there is no profile "nope"`},
		"a key before its":    {"", "profiles b timeout", "3s", "then profile b has no url"},
		"a bad name":          {"", "profiles ../x url", "http://b", "is no name for a profile"},
		"an unknown key":      {"", "nope", "3", "there is no setting"},
		"no truth":            {"", "audit", "maybe", "it is on or off"},
		"no number":           {"", "concurrency", "many", "it is a whole number"},
		"a number too large":  {"", "concurrency", "5000", "from 1 to 1000"},
		"a URL with a secret": {"", "base_url", "https://ada:hunter22@a", "a user name or password"},
		"an unknown format":   {"", "output", "hunter22", "it is one of"},
	} {
		f, err := load(c.before)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.SetText(strings.Fields(c.key), c.value)
		if problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sub", "config.toml")
	if err := Write(path, nil, []byte("a")); err != nil {
		t.Fatal(err)
	}
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	unix := os.PathSeparator == '/'
	if unix && (mode(path) != 0o600 || mode(filepath.Dir(path)) != 0o700) {
		t.Error(mode(path), mode(filepath.Dir(path)))
	}
	for _, old := range [][]byte{nil, []byte("b")} {
		if err := Write(path, old, []byte("c")); err == nil || !strings.Contains(err.Error(), "has been changed meanwhile") {
			t.Error(err)
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("a"), []byte("b")); err != nil || unix && mode(path) != 0o644 {
		t.Error(err, mode(path))
	}
	for name, target := range map[string]string{"there": path, "dangling": filepath.Join(dir, "new", "config.toml")} {
		link := filepath.Join(dir, name)
		if err := os.Symlink(target, link); err != nil {
			t.Skip(err)
		}
		old := []byte("b")
		if name == "dangling" {
			old = nil
		}
		if err := Write(link, old, []byte("linked")); err != nil {
			t.Error(name, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s: the link is gone", name)
		}
		if raw, err := os.ReadFile(target); string(raw) != "linked" {
			t.Errorf("%s: %q %v", name, raw, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", ".config-*")); len(left) > 0 {
		t.Error("left:", left)
	}
}

func decode(t *testing.T, doc []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := toml.Unmarshal([]byte(strings.TrimPrefix(string(doc), bom)), &m); err != nil {
		t.Fatalf("%q: %v", doc, err)
	}
	return m
}

// prune removes tables that are empty: a header without values means nothing.
func prune(m map[string]any) map[string]any {
	for k, v := range m {
		if c, ok := v.(map[string]any); ok && len(prune(c)) == 0 {
			delete(m, k)
		}
	}
	return m
}

// comments are those of a document, and how often each stands there.
func comments(doc string) map[string]int {
	out := map[string]int{}
	for line := range strings.Lines(doc) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			out[line]++
		}
	}
	return out
}

// FuzzEdit reads any document and changes one thing in it. A library of TOML sees that thing changed and nothing else, and the
// comments are still there.
func FuzzEdit(f *testing.F) {
	for _, doc := range []string{
		"", "# c\n", bom + "audit = true\r\n", "[profiles.a]\nurl='http://a' # x\n# y\n[profiles.b]\nurl='http://b'", "profiles.a.url='http://a'\nprofiles.a.protected=true\n",
		"profile='a'\n[profiles]\na = {url='http://a', timeout='3s'}\n", "[profiles]\n[profiles.\"a.b\"]\nurl = \"http://a\"\n\n# z\n", "timeout = '''5s'''\n[profiles . a]\n  url = 'http://a'\n", example,
	} {
		for op := range uint8(6) {
			f.Add(doc, op, "a")
		}
	}
	f.Fuzz(func(t *testing.T, doc string, op uint8, name string) {
		file, err := load(doc)
		if err != nil {
			if e := problem.As(err); e.Code != problem.Usage || !strings.Contains(e.Message, "config.toml:") {
				t.Fatalf("%q: %v", doc, err)
			}
			return
		}
		want := decode(t, []byte(doc))
		profile := func() map[string]any {
			all, ok := want["profiles"].(map[string]any)
			if !ok {
				all = map[string]any{}
				want["profiles"] = all
			}
			p, ok := all[name].(map[string]any)
			if !ok {
				p = map[string]any{}
				all[name] = p
			}
			return p
		}
		var out []byte
		switch op % 6 {
		case 0:
			out, err = file.SetText([]string{"timeout"}, "7s")
			want["timeout"] = "7s"
		case 1:
			out, err = file.SetText([]string{"profiles", name, "url"}, "http://new")
			profile()["url"] = "http://new"
		case 2:
			out, err = file.SetText([]string{"profiles", name, "protected"}, "on")
			profile()["protected"] = true
		case 3:
			out, _, err = file.Unset([]string{"timeout"})
			delete(want, "timeout")
		case 4:
			out, _, err = file.Unset([]string{"profiles", name, "protected"})
			delete(profile(), "protected")
		case 5:
			out, err = file.RemoveProfile(name)
			delete(want, "profiles/"+name)
			if all, ok := want["profiles"].(map[string]any); ok {
				delete(all, name)
			}
			if file.InUse == name {
				delete(want, "profile")
			}
		}
		if err != nil {
			if code := problem.CodeOf(err); code != problem.Usage {
				t.Fatalf("%q op %d %q: code %d %v", doc, op%6, name, code, err)
			}
			return
		}
		if got := decode(t, out); !reflect.DeepEqual(prune(got), prune(want)) {
			t.Fatalf("%q op %d %q\n%q\n%v\n%v", doc, op%6, name, out, got, want)
		}
		if op%6 == 5 || strings.Contains(doc, "'''") || strings.Contains(doc, `"""`) {
			return // a removed profile takes its comments with it; texts of several lines may look like some
		}
		now := comments(string(out))
		for c, n := range comments(doc) {
			if now[c] < n {
				t.Fatalf("%q op %d %q: the comment %q is gone\n%q", doc, op%6, name, c, out)
			}
		}
	})
}
