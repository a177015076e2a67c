//go:build unix

package plugin_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// bare is one of the test's plugins as a command whose only variables are those of the handshake.
func bare(t *testing.T, name, socketDir string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	handshake := protocol.Handshake()
	cmd := exec.Command(exe, plugin.Role, name)
	cmd.Env = []string{
		handshake.MagicCookieKey + "=" + handshake.MagicCookieValue, "PLUGIN_PROTOCOL_VERSIONS=1",
		protocol.SocketDirEnv + "=" + socketDir,
	}
	return cmd
}

// startChild starts one of the test's plugins as a host would, and waits until it listens.
func startChild(t *testing.T, name string) *child {
	t.Helper()
	c := &child{dir: runDir(t), ended: make(chan struct{})}
	c.cmd = bare(t, name, filepath.Join(c.dir, "0123456789ab"))
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

// TestNothingLeft starts and ends plugins in one process: no goroutine, and no file, stays behind.
func TestNothingLeft(t *testing.T) {
	dir := runDir(t)
	once := func() {
		p, err := plugin.StartBuiltin(context.Background(), "bad", plugin.Options{RunDir: dir, Getenv: os.Getenv})
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
