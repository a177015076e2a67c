package plugin_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65534

// asNobody is the program run by a user who is not root: by nobody, or by this user if that is not root.
func asNobody(t *testing.T) surroundings {
	t.Helper()
	dir := shortDir(t)
	binary := filepath.Join(dir, "program")
	copyFile(t, "/proc/self/exe", binary)
	runtime := filepath.Join(dir, "run")
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	s := surroundings{binary: binary, runDir: runtime}
	if os.Getuid() == 0 {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(runtime, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return s
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSpy has a plugin of a user who is not root look into its host's environment and memory: it cannot.
func TestSpy(t *testing.T) {
	t.Parallel()
	got := asNobody(t).run(t, "bad", "spy", "-o", "jsonl")
	if got.code != 0 {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	n := 0
	for line := range strings.Lines(got.stdout) {
		var look struct{ File, Said string }
		if err := json.Unmarshal([]byte(line), &look); err != nil {
			t.Fatal(err)
		}
		if look.Said != "refused" {
			t.Errorf("/proc/PPID/%s: the plugin %s", look.File, look.Said)
		}
		n++
	}
	if n != 5 {
		t.Errorf("the plugin looked at %d things, want 5: %s", n, got.stdout)
	}
}

// TestEnvironment holds what of the host's environment a plugin gets: little, and no credential.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	s := asNobody(t)
	s.env = []string{
		"HTTP_PROXY=http://user:canary-proxy@127.0.0.1:9", "https_proxy=http://user:canary-proxy@127.0.0.1:9",
		"LITELLM_LICENSE=canary", "OPENAI_API_KEY=canary", "AWS_SECRET_ACCESS_KEY=canary", "HOME=/canary",
		"TZ=Europe/Berlin", "LANG=de_DE.UTF-8", "LC_ALL=C",
	}
	got := s.run(t, "bad", "environ", "-o", "jsonl")
	if got.code != 0 {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	want := map[string]bool{"TZ=Europe/Berlin": true, "LANG=de_DE.UTF-8": true, "LC_ALL=C": true}
	arguments := ""
	for line := range strings.Lines(got.stdout) {
		var v string
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		if said, ok := strings.CutPrefix(v, "arguments: "); ok {
			arguments = said
			continue
		}
		if !strings.HasPrefix(v, "PLUGIN_") && !want[v] {
			t.Errorf("the plugin has the variable %s", v)
		}
		delete(want, v)
	}
	if len(want) > 0 {
		t.Errorf("the plugin lacks %v", want)
	}
	if arguments != `["litellm-proxy" "__plugin" "bad"]` {
		t.Errorf("the plugin's arguments are %s", arguments)
	}
	for _, secret := range []string{"canary", testKey, "LITELLM_"} {
		if strings.Contains(got.stdout, secret) {
			t.Errorf("the plugin's environment or arguments hold %q", secret)
		}
	}
}
