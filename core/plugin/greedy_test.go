//go:build unix

package plugin_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TestSaving has a plugin ask for files: it gets the one that a flag of that kind names, and one in the state directory.
func TestSaving(t *testing.T) {
	t.Parallel()
	run := runDir(t)
	s := surroundings{runDir: filepath.Dir(run)}
	dir := shortDir(t)
	out := filepath.Join(dir, "out")
	for _, what := range [][]string{
		{"flag", "path"}, {"flag", "text"}, {"flag", "what"}, {"flag", "no-such-flag"}, {"flag", "out"}, {"flag", dir + "/direct"},
		{"name", "../escaped"}, {"name", "a/b"}, {"name", "/tmp/x"}, {"name", ".hidden"}, {"name", ".."}, {"name", ""},
	} {
		args := append([]string{"bad", "save", "--path", filepath.Join(dir, "mine"), "--"}, what...)
		got := s.run(t, args...)
		if got.code != int(problem.Plugin) || got.stdout != "" {
			t.Errorf("%q: %+v", what, got)
		}
		wants(t, "stderr", got.stderr, "asked to write", "nothing was changed")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("files were made: %v", left)
	}
	_ = filepath.WalkDir(filepath.Join(s.runDir, "state"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("a file was made: %s", path)
		}
		return nil
	})

	got := s.run(t, "bad", "save", "flag", "out", "--out", out, "--text", "one two")
	if content, _ := os.ReadFile(out); got.code != 0 || got.stdout != out || string(content) != "onetwo" {
		t.Errorf("%+v, %q", got, content)
	}
	if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	got = s.run(t, "bad", "save", "flag", "out", "--out", out)
	if content, _ := os.ReadFile(out); got.code != int(problem.Usage) || string(content) != "onetwo" {
		t.Errorf("a file that is there: %+v, %q", got, content)
	}
	got = s.run(t, "bad", "save", "flag", "out", "--out", out+"2", "--fail")
	if _, err := os.Stat(out + "2"); got.code != int(problem.Failed) || err == nil {
		t.Errorf("a run that changed nothing: %+v, %v", got, err)
	}
	var paths []string
	for range 3 { // within one second
		got = s.run(t, "bad", "save", "name", "results.csv")
		info, err := os.Stat(got.stdout)
		if err != nil || info.Mode().Perm() != 0o600 || filepath.Dir(got.stdout) != filepath.Join(s.runDir, "state", "litellm-proxy", "results") {
			t.Fatalf("%+v: %v, %v", got, info, err)
		}
		paths = append(paths, got.stdout)
	}
	if paths[0] == paths[1] || paths[1] == paths[2] {
		t.Errorf("one file for several runs: %q", paths)
	}
	if got = s.run(t, "bad", "save", "name", "results.csv", "--dry-run"); got.code != 0 || got.stdout != "" {
		t.Errorf("a dry run: %+v", got)
	}
}

// TestSecrets has a plugin make secrets: the gateway and standard output get them, the plugin never does, and no prefix
// breaks out of the text that it stands in.
func TestSecrets(t *testing.T) {
	t.Parallel()
	made := regexp.MustCompile(`^\{"key":"(sk-[A-Za-z0-9_-]{32})","b":\[\{"new_key":"(sk-[A-Za-z0-9_-]{32})"\}\]\}$`)
	sent := make(chan []string, 1)
	server, asked := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		found := made.FindStringSubmatch(string(body))
		if found == nil {
			t.Errorf("the gateway got %s", body)
			return
		}
		sent <- found[1:]
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Made", found[1])
		half := len(body) / 4 // in the first secret
		_, _ = w.Write(body[:half])
		w.(http.Flusher).Flush()
		_, _ = w.Write(body[half:])
	})
	elsewhere := surroundings{server: server}.run(t, "bad", "secret", "sk-", "--elsewhere")
	if elsewhere.code != 10 || asked.Load() != 0 {
		t.Errorf("a secret in the metadata: %+v, %d requests", elsewhere, asked.Load())
	}
	for _, more := range [][]string{nil, {"--stream"}} {
		got := surroundings{server: server}.run(t, append([]string{"bad", "secret", "sk-", "-o", "jsonl", "--debug"}, more...)...)
		if got.code != 0 {
			t.Fatalf("%+v", got)
		}
		secrets := <-sent
		text, records, _ := strings.Cut(got.stdout, "\n")
		if strings.Contains(text, "sk-") || strings.Count(text, "secret-ref:") != 3 {
			t.Errorf("the plugin saw %s", text)
		}
		want := `{"again":"` + secrets[0] + `","made":["` + secrets[0] + `","` + secrets[1] + `"]}` + "\n"
		if records != want {
			t.Errorf("the output is %s, want %s", records, want)
		}
		for _, secret := range secrets {
			sum := sha256.Sum256([]byte(secret))
			wants(t, "stderr", got.stderr, hex.EncodeToString(sum[:]))
			if strings.Contains(got.stderr, secret) {
				t.Errorf("standard error holds a secret:\n%s", got.stderr)
			}
		}
	}
	asked.Store(0)
	for _, prefix := range []string{`sk-"`, `sk-\`, "sk- ", "sk-<", "sk-&", "sk-\n", "sk-/", "sk-%", "skä", strings.Repeat("x", 17)} {
		got := surroundings{server: server}.run(t, "bad", "secret", "--", prefix)
		if got.code != int(problem.Plugin) || asked.Load() != 0 {
			t.Errorf("%q: %+v", prefix, got)
		}
	}
}

// TestPrompts has a plugin ask for lines where nobody is, with more text than fits anywhere.
func TestPrompts(t *testing.T) {
	t.Parallel()
	got := surroundings{stdin: "one\r\n\ntwo"}.run(t, "bad", "prompt", "1000000", "5")
	if got.code != 0 || got.stdout != "one\n\ntwo\nthe end\nthe end\n" || got.stderr != "" {
		t.Errorf("%+v", got)
	}
}

// TestRawMessages has plugins say what the SDK would not.
func TestRawMessages(t *testing.T) {
	t.Parallel()
	h := &testHost{}
	if err := start(t, "cancel", runDir(t)).Invoke(t.Context(), invocation("print"), h, nil); err != nil || h.said.String() != "still here\n" {
		t.Errorf("a request cancelled that is none: %v, %q", err, h.said.String())
	}
	for _, name := range []string{"around", "array"} {
		got := surroundings{}.run(t, name, "count", "1", "--format", "json")
		if got.code != int(problem.Plugin) || got.stdout != "" {
			t.Errorf("%s: %+v", name, got)
		}
		wants(t, "stderr", got.stderr, "no JSON object")
	}
}
