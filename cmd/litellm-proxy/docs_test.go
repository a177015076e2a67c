package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestDocumentedCommands runs every command that the README, the documents and the help texts show, on a sandbox of its
// own for each document.
func TestDocumentedCommands(t *testing.T) {
	dir := t.TempDir()
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, file := range append(files, "../../README.md") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := shellLines(string(raw))
		ran += len(lines)
		writeScript(t, dir, strings.TrimSuffix(filepath.Base(file), ".md"), lines)
	}
	for _, m := range allManifests(t) {
		for _, c := range m.GetCommands() {
			var lines []string
			for _, e := range c.GetExamples() {
				lines = append(lines, "litellm-proxy "+e.GetCommand())
			}
			ran += len(lines)
			if len(lines) > 0 { // the reader's own gateway has a profile
				lines = append([]string{"litellm-proxy --profile prod login https://llm.example.com --with-token < gateway-key.txt"}, lines...)
			}
			writeScript(t, dir, "help-"+m.GetName()+"-"+strings.Join(c.GetPath(), "-"), lines)
		}
	}
	if ran < 60 {
		t.Fatalf("found only %d commands", ran)
	}
	testscript.Run(t, testscript.Params{
		Dir: dir, RequireExplicitExec: true, Cmds: scriptCommands(),
		Setup: func(env *testscript.Env) error {
			if err := surroundings(env); err != nil {
				return err
			}
			return serveTo(env)
		},
	})
}

// shellLines returns the commands of a document's shell blocks.
func shellLines(markdown string) []string {
	var out []string
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(markdown, -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				out = append(out, line)
			}
		}
	}
	return out
}

// writeScript makes a script that runs the lines one after the other, as a shell would.
func writeScript(t *testing.T, dir, name string, lines []string) {
	if len(lines) == 0 {
		return
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell to run them")
	}
	var script, files strings.Builder
	for i, line := range lines {
		line = strings.ReplaceAll(line, "https://llm.example.com", "$LITELLM_PROXY_URL")
		switch {
		case strings.HasPrefix(line, "litellm-proxy login ") && !strings.Contains(line, "--with-token"):
			continue // TestContractSignIn has a browser
		case strings.HasPrefix(line, "go ") || strings.HasPrefix(line, "export "):
			continue // .ci/run runs the former; the latter is where a reader's own gateway stands
		case strings.HasPrefix(line, "litellm-proxy sandbox serve"):
			if !strings.Contains(line, ":0") {
				line += " --addr 127.0.0.1:0"
			}
			out := "out" + strconv.Itoa(i)
			line = "(" + line + ") >" + out + " & pid=$!; n=0; until grep -q API_KEY " + out + "; do n=$((n+1)); test $n -lt 200; sleep 0.1; done; kill $pid"
		}
		// A shell, because the lines are written for one: quotes, pipes.
		script.WriteString("exec sh -eu line" + strconv.Itoa(i) + ".sh\n")
		files.WriteString("-- line" + strconv.Itoa(i) + ".sh --\n" + line + "\n")
	}
	text := "exec sh -c 'printenv LITELLM_PROXY_API_KEY > gateway-key.txt'\n" + script.String() + "-- key.txt --\nsk-from-a-file\n-- question.txt --\nHello, how are you?\n" + files.String()
	if err := os.WriteFile(filepath.Join(dir, name+".txtar"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
