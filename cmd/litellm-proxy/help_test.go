package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// helpTopics are what `litellm-proxy help` knows besides commands; a test holds them to the program's own list.
var helpTopics = strings.Fields("environment exit-codes jq output profiles")

// coreCommands are the program's own.
var coreCommands = strings.Fields("completion help version")

// TestHelpGolden compares the help of every command, group and topic with testdata/help. UPDATE_GOLDEN=1 writes the
// files, and removes those of commands that are gone.
func TestHelpGolden(t *testing.T) {
	pages := map[string][]string{"litellm-proxy.txt": {"--help"}}
	for _, topic := range helpTopics {
		pages["help-"+topic+".txt"] = []string{"help", topic}
	}
	for _, name := range coreCommands {
		pages[name+".txt"] = []string{name, "--help"}
	}
	for _, p := range builtin.All() {
		raw, err := builtin.Manifest(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		m := &protocol.Manifest{}
		if err := proto.Unmarshal(raw, m); err != nil {
			t.Fatal(err)
		}
		pages[p.Name+".txt"] = []string{p.Name, "--help"}
		for _, c := range m.GetCommands() {
			words := append([]string{p.Name}, c.GetPath()...)
			pages[strings.Join(words, "-")+".txt"] = append(words, "--help")
		}
	}
	dir := filepath.Join("testdata", "help")
	update := os.Getenv("UPDATE_GOLDEN") != ""
	if update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, args := range pages {
		text := helpText(t, args...)
		tooLong(t, strings.Join(args, " "), text)
		path := filepath.Join(dir, name)
		if update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v; UPDATE_GOLDEN=1 writes it", err)
			continue
		}
		if diff := cmp.Diff(string(want), text); diff != "" {
			t.Errorf("%s (-golden +now); UPDATE_GOLDEN=1 accepts it:\n%s", strings.Join(args, " "), diff)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := pages[filepath.Base(file)]; !ok {
			t.Errorf("%s is the help of nothing; UPDATE_GOLDEN=1 removes it", file)
		}
	}
}

// helpText runs the program off a terminal, where it takes the screen to have 80 columns.
func helpText(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("litellm-proxy")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = []string{"HOME=" + t.TempDir(), "GORACE=" + noSleep}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%q: %v\n%s", args, err, stderr.Bytes())
	}
	return string(out)
}

// tooLong wants no line of more than 80 columns but examples, which are for copying.
func tooLong(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "  ") && strings.Contains(line, "litellm-proxy ") {
			continue
		}
		if len([]rune(line)) > 80 {
			t.Errorf("%s: a line of %d columns:\n%s", what, len([]rune(line)), line)
		}
		if strings.TrimRight(line, " ") != line {
			t.Errorf("%s: spaces at the end of %q", what, line)
		}
	}
}

// The lists above are the program's.
func TestHelpNamesEverything(t *testing.T) {
	text := helpText(t, "--help")
	for _, name := range coreCommands {
		if !strings.Contains(text, "\n  "+name+" ") {
			t.Errorf("--help does not name %s", name)
		}
	}
	named := strings.Fields(text[strings.Index(text, "Commands:"):strings.Index(text, "Global flags")])
	for _, p := range builtin.All() {
		if !slices.Contains(named, p.Name) {
			t.Errorf("--help does not name %s", p.Name)
		}
	}
	if got := helpText(t, "help", "--help"); !strings.Contains(strings.Join(strings.Fields(got), " "), "a topic: "+strings.Join(helpTopics, ", ")+".") {
		t.Errorf("the topics are not %v:\n%s", helpTopics, got)
	}
}
