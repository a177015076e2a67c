package config

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// seedDocs are documents that are changed, or not understood.
var seedDocs = []string{
	"", "# c\n", bom + "audit = true\r\n", "[profiles.a]\nurl='http://a' # x\n# y\n[profiles.b]\nurl='http://b'", "profiles.a.url='http://a'\nprofiles.a.protected=true\n",
	"profile='a'\n[profiles]\na = {url='http://a', timeout='3s'}\n", "[profiles]\n[profiles.\"a.b\"]\nurl = \"http://a\"\n\n# z\n", "timeout = '''5s'''\n[profiles . a]\n  url = 'http://a'\n",
	"profiles = {a = {url = 'http://a'}}\n", "x = [1,\n{a=2}]\n[[profiles]]\n", "\"a=\\u0022\" = 1979-05-27T07:32:00Z\n", example,
}

// FuzzRead reads anything. What is wrong is said with its line, and with no key of a gateway.
func FuzzRead(f *testing.F) {
	for _, doc := range append(seedDocs, "sk-1234567890 = 1", "base_url = 'sk-1234567890'", "[sk-1234567890]\n", "profile = sk-1234567890") {
		f.Add(doc)
	}
	where := regexp.MustCompile(`^cannot use the configuration ~/\.config/litellm-proxy/config\.toml:([1-9][0-9]*): .`)
	secret := regexp.MustCompile(`sk-[A-Za-z0-9_-]{4}`)
	f.Fuzz(func(t *testing.T, doc string) {
		file, err := load(doc)
		if err == nil {
			if file.Kept(); len(file.Values()) < len(TopKeys()) {
				t.Fatalf("%q: %+v", doc, file.Values())
			}
			return
		}
		e := problem.As(err)
		if e.Code != problem.Usage || !where.MatchString(e.Message) {
			t.Fatalf("%q: %v", doc, err)
		}
		if secret.MatchString(fmt.Sprint(e.Message, e.Facts, e.Hint)) {
			t.Fatalf("%q: %v %v", doc, err, e.Facts)
		}
	})
}

// FuzzEdit reads any document and changes one thing in it.
func FuzzEdit(f *testing.F) {
	for _, doc := range seedDocs {
		for op := range uint8(operations) {
			f.Add(doc, op, "a")
		}
	}
	f.Fuzz(func(t *testing.T, doc string, op uint8, name string) { edited(t, doc, op, name) })
}

const operations = 7

// edited changes one thing in a document, if it can be read. A library of TOML sees that thing changed and nothing else, and
// the comments that did not go with it are still there. It returns false for a document that cannot be read, or not be
// changed so.
func edited(t *testing.T, doc string, op uint8, name string) bool {
	t.Helper()
	file, err := load(doc)
	if err != nil {
		return false
	}
	want := decode(t, []byte(doc))
	all, _ := want["profiles"].(map[string]any)
	if all == nil {
		all = map[string]any{}
		want["profiles"] = all
	}
	mine, _ := all[name].(map[string]any)
	if mine == nil {
		mine = map[string]any{}
		all[name] = mine
	}
	var out []byte
	gone := []string{}
	key := []string{"profiles", name, "protected"}
	switch op %= operations; op {
	case 0:
		out, err = file.SetText([]string{"timeout"}, "7s")
		want["timeout"] = "7s"
	case 1:
		out, err = file.SetText([]string{"profiles", name, "url"}, "http://new")
		mine["url"] = "http://new"
	case 2:
		out, err = file.SetText(key, "on")
		mine["protected"] = true
	case 3:
		out, err = file.SetText([]string{"concurrency"}, "5")
		want["concurrency"] = int64(5)
	case 4:
		gone = append(gone, lineWith(file, "timeout"))
		out, _, err = file.Unset([]string{"timeout"})
		delete(want, "timeout")
	case 5:
		gone = append(gone, lineWith(file, key...))
		out, _, err = file.Unset(key)
		delete(mine, "protected")
	case 6:
		gone = append(gone, linesOf(file, name)...)
		out, err = file.RemoveProfile(name)
		delete(all, name)
		if file.InUse == name && name != "" {
			gone = append(gone, lineWith(file, "profile"))
			delete(want, "profile")
		}
	}
	if string(file.Doc()) != doc {
		t.Fatalf("%q op %d %q: the old document has changed: %q", doc, op, name, file.Doc())
	}
	if err != nil {
		if code := problem.CodeOf(err); code != problem.Usage && code != problem.Failed {
			t.Fatalf("%q op %d %q: code %d %v", doc, op, name, code, err)
		}
		return false
	}
	if _, err := file.With(out); err != nil {
		t.Fatalf("%q op %d %q: %q cannot be read: %v", doc, op, name, out, err)
	}
	if got := decode(t, out); !reflect.DeepEqual(prune(got), prune(want)) {
		t.Fatalf("%q op %d %q\n%q\n%v\n%v", doc, op, name, out, got, want)
	}
	if strings.HasPrefix(doc, bom) != strings.HasPrefix(string(out), bom) || strings.Contains(doc, "\r\n") && regexp.MustCompile(`[^\r]\n`).Match(out) && !regexp.MustCompile(`[^\r]\n`).MatchString(doc) {
		t.Fatalf("%q op %d %q\n%q: another mark or other ends of lines", doc, op, name, out)
	}
	left := comments(string(out))
	for _, text := range gone {
		maps.Copy(left, comments(text))
	}
	for c := range comments(doc) {
		if !left[c] {
			t.Fatalf("%q op %d %q: the comment %q is gone\n%q", doc, op, name, c, out)
		}
	}
	return true
}

// lineWith is the text of the lines that a value stands in; empty if there is none.
func lineWith(f *File, key ...string) string {
	e := f.find(key...)
	if e == nil {
		return ""
	}
	lines := strings.SplitAfter(string(f.doc), "\n")
	return strings.Join(lines[e.line-1:e.line+strings.Count(string(f.doc[e.from:e.to]), "\n")], "")
}

// linesOf is the text of all that belongs to a profile: its values, or its table from the comments right above it up to those
// right above the next.
func linesOf(f *File, name string) []string {
	var out []string
	for _, e := range f.entries {
		if len(e.key) == 3 && e.key[1] == name {
			out = append(out, lineWith(f, e.key...))
		}
	}
	lines := strings.SplitAfter(string(f.doc), "\n")
	above := func(line int) int { // the first of the comments right above a line
		for line > 1 && strings.HasPrefix(strings.TrimSpace(lines[line-2]), "#") {
			line--
		}
		return line
	}
	for i, t := range f.tables {
		if !slices.Equal(t.key, []string{"profiles", name}) {
			continue
		}
		end := len(lines) + 1
		if i+1 < len(f.tables) {
			end = above(f.tables[i+1].line)
		}
		out = append(out, strings.Join(lines[above(t.line)-1:end-1], ""))
	}
	return out
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

// comments are those of a document: what is composed numbers them, and of others only whole lines are looked at.
func comments(doc string) map[string]bool {
	out := map[string]bool{}
	for _, c := range regexp.MustCompile(`# c[0-9]+`).FindAllString(doc, -1) {
		out[c] = true
	}
	if strings.Contains(doc, "'''") || strings.Contains(doc, `"""`) {
		return out // texts of several lines may look like comments
	}
	for line := range strings.Lines(doc) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out
}
