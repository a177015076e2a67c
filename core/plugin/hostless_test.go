//go:build unix

package plugin_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestHostGone ends plugins whose host is gone before they listen: none leaves a directory, whatever it was doing.
func TestHostGone(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	for i := range 40 {
		cmd := bare(t, "bad", filepath.Join(dir, strconv.Itoa(i)))
		cmd.Stdin = strings.NewReader("token\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	if !isEmpty(dir) {
		t.Error("a directory was left behind")
	}
}

// TestBrokenPipe ends a plugin whose host has died before it could say where it listens.
func TestBrokenPipe(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	cmd := bare(t, "bad", filepath.Join(dir, "0123456789ab"))
	broken, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = broken.Close()
	defer stdout.Close()
	cmd.Stdout = stdout
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the plugin: %v", err)
		}
	}()
	if _, err := stdin.Write([]byte("token\n")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it listens, or has ended", func() bool {
		sockets, _ := filepath.Glob(filepath.Join(dir, "*", "plugin*"))
		return len(sockets) > 0
	})
}

// TestForeignDirectory holds that a plugin removes no directory that it has not made, whatever its environment says.
func TestForeignDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	precious := filepath.Join(dir, "precious")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := bare(t, "bad", dir)
	cmd.Stdin = strings.NewReader("token\n")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "make the socket's directory") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

// TestByHand holds what a person sees who starts a plugin.
func TestByHand(t *testing.T) {
	t.Parallel()
	cmd := bare(t, "bad", "/nowhere")
	cmd.Env = []string{"HOME=/"}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "started by it: litellm-proxy bad --help") {
		t.Errorf("%v: %s", err, out)
	}
}
