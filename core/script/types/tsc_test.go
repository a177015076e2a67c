package types

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
)

// tsc checks the files with the generated types and returns what it says, as "file:line" and the whole message.
func tsc(t *testing.T, files ...string) map[string]string {
	t.Helper()
	program := os.Getenv("LITELLM_PROXY_TSC")
	if program == "" {
		t.Skip("LITELLM_PROXY_TSC does not name TypeScript's tsc (npm install typescript@7.0.2): the types are not compiled")
	}
	dir := t.TempDir()
	contents := map[string]string{"litellm.d.ts": Declare(manifesttest.All(t)), "tsconfig.json": Config()}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(file)] = string(raw)
	}
	for name, text := range contents {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), program, "--pretty", "false", "--project", dir)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	said := map[string]string{}
	at := ""
	place := regexp.MustCompile(`^([^\s(]+)\((\d+),\d+\): (.*)`)
	for line := range strings.Lines(string(out)) {
		if found := place.FindStringSubmatch(line); found != nil {
			at, line = found[1]+":"+found[2], found[3]+"\n"
		}
		said[at] += line
	}
	if err != nil && len(said) == 0 {
		t.Fatalf("%s: %v", program, err)
	}
	return said
}

// TestScriptsCompile compiles the scripts of testdata/right, among them the two that the types were drawn for, and those that
// ship with the program.
func TestScriptsCompile(t *testing.T) {
	for _, dir := range []string{"testdata/right", "../../../scripts"} {
		files, err := filepath.Glob(dir + "/*.ts")
		if err != nil || len(files) < 3 {
			t.Fatal(err, files)
		}
		for place, message := range tsc(t, files...) {
			t.Errorf("%s/%s: %s", dir, place, message)
		}
	}
}

// TestDocumentedScriptsCompile compiles the scripts that docs/scripts.md shows.
func TestDocumentedScriptsCompile(t *testing.T) {
	text, err := os.ReadFile("../../../docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```ts\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Fatal("there is none")
	}
	var files []string
	for i, block := range blocks {
		files = append(files, filepath.Join(t.TempDir(), fmt.Sprintf("shown%d.ts", i)))
		if err := os.WriteFile(files[i], []byte(block[1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for place, message := range tsc(t, files...) {
		t.Errorf("%s: %s", place, message)
	}
}

// TestMistakesAreFound compiles mistakes: names that are misspelt, values of another type, what is missing.
func TestMistakesAreFound(t *testing.T) {
	const file = "testdata/wrong/wrong.ts"
	said := tsc(t, file)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n, wanted := 0, 0
	for line := range strings.Lines(string(raw)) {
		n++
		place := fmt.Sprintf("wrong.ts:%d", n)
		_, want, ok := strings.Cut(strings.TrimSpace(line), "// error: ")
		switch {
		case ok && !strings.Contains(said[place], want):
			t.Errorf("%s\n\tsaid %q\n\twant %q", place, said[place], want)
		case !ok && said[place] != "":
			t.Errorf("%s has no mistake, and tsc says %q", place, said[place])
		}
		if ok {
			wanted++
		}
		delete(said, place)
	}
	if wanted < 20 {
		t.Errorf("there are only %d mistakes in %s", wanted, file)
	}
	for place, message := range said {
		t.Errorf("%s: %s", place, message)
	}
}
