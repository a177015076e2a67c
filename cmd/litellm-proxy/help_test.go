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
	"github.com/litellm-proxy/litellm-proxy/core/app"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// helpTopics are what `litellm-proxy help` knows besides commands; a test holds them to the program's own list.
var helpTopics = strings.Fields("environment exit-codes jq output profiles scripts")

// allManifests are the plugins', and the program's own.
func allManifests(t *testing.T) []*protocol.Manifest {
	t.Helper()
	all := app.OwnManifests()
	for _, p := range builtin.All() {
		m, err := plugin.Builtin{Name: p.Name, Manifest: builtin.Manifest}.ReadManifest()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// TestReferenceGolden compares the reference pages of the program's own commands with docs/reference. UPDATE_GOLDEN=1 writes
// them.
func TestReferenceGolden(t *testing.T) {
	for _, m := range app.OwnManifests() {
		path := filepath.Join("..", "..", "docs", "reference", m.GetName()+".md")
		page := builtin.ReferenceOf(m)
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(path, page, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, page) {
			t.Errorf("%s is not current (%v); UPDATE_GOLDEN=1 writes it", path, err)
		}
	}
	pages, err := filepath.Glob("../../docs/reference/*.md")
	if all := allManifests(t); err != nil || len(pages) != len(all) {
		t.Errorf("there are %d reference pages for %d first words (%v)", len(pages), len(all), err)
	}
}

// TestHelpGolden compares the help of every command, group and topic with testdata/help. UPDATE_GOLDEN=1 writes the
// files, and removes those of commands that are gone.
func TestHelpGolden(t *testing.T) {
	pages := map[string][]string{"litellm-proxy.txt": {"--help"}}
	for _, topic := range helpTopics {
		pages["help-"+topic+".txt"] = []string{"help", topic}
	}
	for _, m := range allManifests(t) {
		pages[m.GetName()+".txt"] = []string{m.GetName(), "--help"}
		for _, c := range m.GetCommands() {
			words := append([]string{m.GetName()}, c.GetPath()...)
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
	named := strings.Fields(text[strings.Index(text, "Commands:"):strings.Index(text, "Global flags")])
	for _, m := range allManifests(t) {
		if !slices.Contains(named, m.GetName()) {
			t.Errorf("--help does not name %s", m.GetName())
		}
	}
	if got := helpText(t, "help", "--help"); !strings.Contains(strings.Join(strings.Fields(got), " "), "a topic: "+strings.Join(helpTopics, ", ")+".") {
		t.Errorf("the topics are not %v:\n%s", helpTopics, got)
	}
}
