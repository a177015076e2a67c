package chat

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

func TestSaveAndLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "chat")
	g := &gateway{t: t}
	echo(g)
	h := sdktest.Host{DataDir: dir}
	r := g.talk(h, []string{"mock-gpt", "-s", "Brief"}, "Hello", "/save first", "more", "/save", "/clear", "/model mock-claude", "/system", "new",
		"/save first", "n", "/save first", sdktest.CtrlC, "/save second", "/load first", "again", "/list", "/load none", "/load ../x")
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if g.said(3) != "system:Brief|user:Hello|assistant:a1|user:more|assistant:a2|user:again" || g.asked[3]["model"] != "mock-gpt" {
		t.Errorf("%s", g.said(3))
	}
	for _, want := range []string{
		"saved as first, for you alone: " + dir, "it is not saved", "loaded first: 4 messages with mock-gpt", "first  4 messages with mock-gpt, ",
		"second  2 messages with mock-claude, ", "there is no conversation none", "does not begin with a dot",
	} {
		if !noticed(r, want) {
			t.Errorf("no %q in %q", want, r.Notices)
		}
	}
	// Replaced when the person says so; the end of the input is no yes.
	if r := g.talk(h, []string{"mock-gpt"}, "x", "/save second"); r.Err != nil || noticed(r, "saved as") {
		t.Errorf("%v %q", r.Err, r.Notices)
	}
	if r := g.talk(h, []string{"mock-gpt"}, "x", "/save second", "y"); r.Err != nil || !noticed(r, "saved as second") {
		t.Errorf("%v %q", r.Err, r.Notices)
	}
	if c, err := (shelf{filepath.Join(dir, "conversations")}).load("second"); err != nil || c.Model != "mock-gpt" || len(c.Turns) != 2 {
		t.Errorf("%v %v", c, err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "conversations"))
	if err != nil || len(entries) != 2 {
		t.Errorf("%v %v", entries, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, mode := range map[string]os.FileMode{"conversations": 0o700, "conversations/first.json": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"a", "Ada-1_2.x", "né", "日本", strings.Repeat("é", 64)} {
		if err := checkName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", ".", "..", ".a", "a/b", `a\b`, "a b", "a:b", "a\x00", "a\n", "\xff", "../a", strings.Repeat("a", 65), "\u202e", "a*"} {
		if err := checkName(name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

// A file that holds no conversation changes nothing.
func TestBadFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "conversations")
	if err := os.MkdirAll(filepath.Join(dir, "directory.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"cut": `{"model":"m","messages":[`, "list": `[]`, "null": `null`, "nameless": `{"messages":[]}`, "role": `{"model":"m","messages":[{"role":"system","content":"x"}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g := &gateway{t: t}
	echo(g)
	r := g.talk(sdktest.Host{DataDir: filepath.Dir(dir)}, []string{"mock-gpt"}, "one",
		"/load cut", "/load list", "/load null", "/load nameless", "/load role", "/load directory", "/list", "two")
	if r.Err != nil || g.said(1) != "user:one|assistant:a1|user:two" || noticed(r, "loaded") || !noticed(r, "no conversation is kept") {
		t.Errorf("%v %s %q", r.Err, g.said(1), r.Notices)
	}
	if r := g.talk(sdktest.Host{DataDir: filepath.Join(dir, "cut.json")}, []string{"mock-gpt"}, "x", "/save a", "y"); r.Err != nil || !noticed(r, "cannot save the conversation") {
		t.Errorf("%v %q", r.Err, r.Notices)
	}
}
