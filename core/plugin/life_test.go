//go:build unix

package plugin_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// child is a plugin's process whose host does nothing.
type child struct {
	cmd    *exec.Cmd
	stdin  *os.File
	dir    string // the run directory
	stderr bytes.Buffer
	ended  chan struct{}
}

// startChild starts one of the test's plugins as a host would, and waits until it listens.
func startChild(t *testing.T, name string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(exe, plugin.Role, name), dir: runDir(t), ended: make(chan struct{})}
	handshake := protocol.Handshake()
	c.cmd.Env = []string{
		handshake.MagicCookieKey + "=" + handshake.MagicCookieValue, "PLUGIN_PROTOCOL_VERSIONS=1",
		protocol.SocketDirEnv + "=" + filepath.Join(c.dir, "0123456789ab"),
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.cmd.Stdin, c.stdin, c.cmd.Stderr = read, write, &c.stderr
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		_ = write.Close()
		<-c.ended
	})
	_, _ = write.WriteString(strings.Repeat("7", 32) + "\n")
	line, err := bufio.NewReader(stdout).ReadString('\n')
	go func() {
		defer close(c.ended)
		_ = c.cmd.Wait()
	}()
	if err != nil || !strings.HasPrefix(line, "1|1|unix|") {
		t.Fatalf("the handshake is %q, %v", line, err)
	}
	return c
}

// wait waits for the process to end.
func (c *child) wait(t *testing.T) {
	t.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		t.Fatal("the plugin lives on")
	}
	if !isEmpty(c.dir) {
		t.Error("the plugin left its directory behind")
	}
}

// TestStdinCloses ends a plugin by the end of its standard input, which is how it learns of its host's.
func TestStdinCloses(t *testing.T) {
	t.Parallel()
	c := startChild(t, "bad")
	began := time.Now()
	_ = c.stdin.Close()
	c.wait(t)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	if c.stderr.Len() > 0 {
		t.Errorf("it said %s", c.stderr.String())
	}
}

// TestBrokenPipe ends a plugin whose host has died before it could say where it listens.
func TestBrokenPipe(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, plugin.Role, "bad")
	handshake := protocol.Handshake()
	cmd.Env = []string{
		handshake.MagicCookieKey + "=" + handshake.MagicCookieValue, "PLUGIN_PROTOCOL_VERSIONS=1",
		protocol.SocketDirEnv + "=" + filepath.Join(dir, "0123456789ab"),
	}
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

// TestHostGone ends plugins whose host is gone before they listen: none leaves a directory, whatever it was doing.
func TestHostGone(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	handshake := protocol.Handshake()
	for i := range 40 {
		cmd := exec.Command(exe, plugin.Role, "bad")
		cmd.Env = []string{
			handshake.MagicCookieKey + "=" + handshake.MagicCookieValue, "PLUGIN_PROTOCOL_VERSIONS=1",
			protocol.SocketDirEnv + "=" + filepath.Join(dir, strconv.Itoa(i)),
		}
		cmd.Stdin = strings.NewReader("token\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	if !isEmpty(dir) {
		t.Error("a directory was left behind")
	}
}

// TestNobodyConnects ends a plugin whose host never speaks with it.
func TestNobodyConnects(t *testing.T) {
	t.Parallel()
	c := startChild(t, "bad")
	c.wait(t)
	wants(t, "stderr", c.stderr.String(), "plugin bad: no host has connected within 10s")
}

// TestGarbage collects garbage in the middle of a run: the plugin's standard input stays open, and so the plugin alive.
func TestGarbage(t *testing.T) {
	t.Parallel()
	p := start(t, "bad", runDir(t))
	h := &testHost{confirm: func([]string) error {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // for what the collector closes to be closed
		return nil
	}}
	if err := p.Invoke(t.Context(), invocation("talk", value("n", "20")), h, nil); err != nil {
		t.Error(err)
	}
}

// TestByHand holds what a person sees who starts a plugin.
func TestByHand(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, plugin.Role, "bad")
	cmd.Env = []string{"HOME=/"}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "started by it: litellm-proxy bad --help") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestNothingLeft starts and ends plugins in one process: no goroutine, and no file, stays behind.
func TestNothingLeft(t *testing.T) {
	dir := runDir(t)
	once := func() {
		p, err := plugin.StartBuiltin("bad", plugin.Options{RunDir: dir, Getenv: os.Getenv})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if err := p.Invoke(t.Context(), invocation("print"), &testHost{}, nil); err != nil {
			t.Error(err)
		}
	}
	once()
	before := runtime.NumGoroutine()
	for range 10 {
		once()
	}
	eventually(t, "all goroutines ended", func() bool { return runtime.NumGoroutine() <= before })
}

// TestForeignDirectory holds that a plugin removes no directory that it has not made, whatever its environment says.
func TestForeignDirectory(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	precious := filepath.Join(dir, "precious")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, plugin.Role, "bad")
	handshake := protocol.Handshake()
	cmd.Env = []string{handshake.MagicCookieKey + "=" + handshake.MagicCookieValue, protocol.SocketDirEnv + "=" + dir}
	cmd.Stdin = strings.NewReader("token\n")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "make the socket's directory") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}
