package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/app"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
)

// completions are command lines and how the shells go on with them. "*" stands for more than is written.
var completions = []struct{ line, want string }{
	{"litellm-proxy ", firstWords()},
	{"litellm-proxy mod", "model-groups models"},
	{"litellm-proxy models ", "add delete get import info list test update"},
	{"litellm-proxy models l", "list"},
	{"litellm-proxy --profile sandbox -o json models l", "list"},
	{`litellm-proxy models "li`, "list"},
	{"litellm-proxy models info --so", "--source"},
	{"litellm-proxy models info --", "--limit --source --output --jq *"},
	{"litellm-proxy models info --source ", "config db"},
	{"litellm-proxy models info --source=d", "db"},
	{"litellm-proxy models list -o ", "csv json jsonl table tsv wide yaml"},
	{"litellm-proxy models list --output=j", "json jsonl"},
	{"litellm-proxy --profile ", "sandbox"},
	{"litellm-proxy http request POST /x --input bo", "body.json body.txt"},
	{"litellm-proxy http request POST /x --input=bo", "body.json body.txt"},
	{"litellm-proxy completion ", "bash fish zsh"},
	{"litellm-proxy models lst ", ""},
	{"litellm-proxy bogus ", ""},
	{"litellm-proxy --profile sandbox models delete sandbox-mock-", "sandbox-mock-claude sandbox-mock-gpt"},
	{"litellm-proxy --profile sandbox models info --name mock-g", "mock-gpt"},
}

// firstWords are the program's commands, in order.
func firstWords() string {
	var words []string
	for _, m := range app.OwnManifests() {
		words = append(words, m.GetName())
	}
	for _, p := range builtin.All() {
		words = append(words, p.Name)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// TestCompletion asks the real shells, each with the script that the program prints for it.
func TestCompletion(t *testing.T) {
	for _, shell := range []struct {
		name string
		args []string
	}{{"bash", []string{"--norc"}}, {"zsh", []string{"-f"}}, {"fish", []string{"--no-config"}}} {
		t.Run(shell.name, func(t *testing.T) {
			t.Parallel()
			path, err := exec.LookPath(shell.name)
			if err != nil || runtime.GOOS == "windows" {
				t.Skipf("%s is not installed here; where it is, its completion is tested", shell.name)
			}
			script, err := filepath.Abs(filepath.Join("testdata", "completion", shell.name+".sh"))
			if err != nil {
				t.Fatal(err)
			}
			args := append(slices.Clone(shell.args), script)
			for _, c := range completions {
				args = append(args, c.line)
			}
			home := completionHome(t)
			cmd := exec.CommandContext(t.Context(), path, args...)
			cmd.Dir, cmd.Env = home, []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm", "LC_ALL=C.UTF-8", "GORACE=" + noSleep}
			var stderr strings.Builder
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr.String())
			}
			compareCompletions(t, string(out))
		})
	}
}

// completionHome is a directory with files to complete.
func completionHome(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"body.json", "body.txt", "other"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func compareCompletions(t *testing.T, out string) {
	got := map[string][]string{}
	line := ""
	for text := range strings.Lines(out) {
		text = strings.TrimRight(text, "\r\n")
		if rest, ok := strings.CutPrefix(text, "> "); ok {
			line = rest
			got[line] = []string{}
			continue
		}
		if _, value, ok := strings.Cut(text, "="); ok { // some shells replace the value, some the whole word
			text = value
		}
		got[line] = append(got[line], strings.TrimSpace(text))
	}
	for _, c := range completions {
		have, ok := got[c.line]
		if !ok {
			t.Errorf("%q was not answered", c.line)
			continue
		}
		want := strings.Fields(c.want)
		if more := slices.Index(want, "*"); more >= 0 {
			want = slices.Delete(want, more, more+1)
			have = slices.DeleteFunc(have, func(s string) bool { return !slices.Contains(want, s) })
		}
		slices.Sort(have)
		slices.Sort(want)
		if have = slices.Compact(have); !slices.Equal(have, want) {
			t.Errorf("%q: %q, want %q", c.line, have, want)
		}
	}
}

// TestCompletionStartsNothing holds completion to what it promises: one process, which asks nobody.
func TestCompletionStartsNothing(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed here; where it is, completion is watched")
	}
	program, err := exec.LookPath("litellm-proxy")
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-e", "trace=execve,execveat,fork,vfork,socket,connect", "-o", log,
		program, "__complete", "models", "info", "--source", "")
	out, err := cmd.CombinedOutput()
	if err != nil {
		if strings.Contains(string(out), "ptrace") {
			t.Skipf("strace may not watch processes here: %s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	trace, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(trace), "exec"); n != 1 || strings.Contains(string(trace), "fork") || strings.Contains(string(trace), "AF_INET") {
		t.Errorf("completing started or asked something:\n%s", trace)
	}
	if !strings.Contains(string(out), "config") {
		t.Errorf("it answered %q", out)
	}
}
