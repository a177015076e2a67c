//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen; it ends far sooner.
const patience = 20 * time.Second

const processKey = "sk-process-key-0123456789"

// home is the surroundings of some runs of the program: a directory for everything it writes, and its environment.
type home struct {
	dir     string // short enough for sockets below it
	runDir  string
	program string
	env     []string
}

// newHome makes a home. When the test ends, no plugin of its runs may live and nothing may lie in its run directory.
func newHome(t *testing.T, url string) home {
	t.Helper()
	dir, err := os.MkdirTemp("", "l")
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("litellm-proxy")
	if err != nil {
		t.Fatal(err)
	}
	h := home{dir: dir, runDir: filepath.Join(dir, "litellm-proxy"), program: program, env: []string{
		"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "XDG_STATE_HOME=" + filepath.Join(dir, "state"),
		"LITELLM_PROXY_URL=" + url, "LITELLM_PROXY_API_KEY=" + processKey, "GORACE=" + noSleep,
	}}
	t.Cleanup(func() {
		if left := h.untilClean(); left != "" {
			t.Errorf("left behind: %s", left)
		}
		_ = os.RemoveAll(dir)
	})
	return h
}

func (h home) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, h.program, args...)
	cmd.Env = h.env
	return cmd
}

// plugins returns the living plugins whose directory lies below this home.
func (h home) plugins() []int {
	var out []int
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		env, _ := os.ReadFile(p + "/environ")
		if bytes.Contains(env, []byte("PLUGIN_UNIX_SOCKET_DIR="+h.runDir)) {
			pid, _ := strconv.Atoi(filepath.Base(p))
			out = append(out, pid)
		}
	}
	return out
}

// left says what is left of ended runs: processes, sockets, directories.
func (h home) left() string {
	var out []string
	for _, pid := range h.plugins() {
		out = append(out, fmt.Sprintf("process %d", pid))
	}
	_ = filepath.WalkDir(h.runDir, func(path string, _ os.DirEntry, err error) error {
		if err == nil && path != h.runDir {
			out = append(out, path)
		}
		return nil
	})
	return strings.Join(out, ", ")
}

// untilClean waits until nothing is left, at most as long as a plugin waits for its host, and returns what still is.
func (h home) untilClean() string {
	left := ""
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if left = h.left(); left == "" {
			return ""
		}
	}
	return left
}

// slowGateway answers nothing until the client goes away, and tells of each request. The list of models it answers.
func slowGateway(t *testing.T) (url string, asked <-chan struct{}) {
	t.Helper()
	requests := make(chan struct{}, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "slow") {
			requests <- struct{}{}
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"data":[{"id":"mock-gpt","object":"model","created":1,"owned_by":"openai"}],"object":"list"}`))
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL, requests
}

// trace runs a command under strace and returns the lines that start a program or a process.
func trace(t *testing.T, h home, args ...string) (execs, forks []string) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: it is what shows which processes a command starts")
	}
	log := filepath.Join(h.dir, "trace")
	cmd := exec.CommandContext(t.Context(), strace, append([]string{"-f", "-o", log, "-e", "trace=execve,execveat,clone,clone3,fork,vfork", h.program}, args...)...)
	cmd.Env = h.env
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("strace: %v", err)
	}
	raw, err := os.ReadFile(log)
	if err != nil {
		t.Skipf("strace does not work here: %s", out)
	}
	for line := range strings.Lines(string(raw)) {
		switch {
		case strings.Contains(line, "resumed"):
		case strings.Contains(line, "execve"):
			execs = append(execs, strings.TrimSpace(line))
		case strings.Contains(line, "fork(") || strings.Contains(line, "clone") && !strings.Contains(line, "CLONE_THREAD"):
			forks = append(forks, strings.TrimSpace(line))
		}
	}
	if len(execs) == 0 {
		t.Skipf("strace does not work here: %s", out)
	}
	return execs, forks
}

// TestProcesses holds that a command's plugin is a process of the same binary, and that what needs none starts none.
func TestProcesses(t *testing.T) {
	url, _ := slowGateway(t)
	t.Run("models list", func(t *testing.T) {
		t.Parallel()
		execs, _ := trace(t, newHome(t, url), "models", "list")
		// Not root, strace cannot read the arguments: they are still in the host's memory, which is closed.
		if len(execs) != 2 || !strings.Contains(execs[1], `"/proc/self/exe", ["litellm-proxy", "__plugin", "models"]`) && !strings.Contains(execs[1], "execve(0x") {
			t.Errorf("it executed\n%s", strings.Join(execs, "\n"))
		}
	})
	for _, line := range [][]string{
		{"--help"}, {"models", "--help"}, {"models", "list", "--help"}, {"help", "models"}, {"version"}, {"--version"},
		{"__complete", "models", ""}, {"completion", "bash"}, {"modles", "list"}, {"models", "lsit"}, {"models"},
		{"models", "list", "--no-such-flag"}, {"models", "list", "--jq", ".["},
	} {
		t.Run(strings.Join(line, " "), func(t *testing.T) {
			t.Parallel()
			execs, forks := trace(t, newHome(t, url), line...)
			if len(execs) != 1 || len(forks) != 0 {
				t.Errorf("it started\n%s", strings.Join(append(execs[1:], forks...), "\n"))
			}
		})
	}
}

// TestManyAtOnce starts twenty commands in one run directory at once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	url, _ := slowGateway(t)
	h := newHome(t, url)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			out, err := h.command(t.Context(), "models", "list", "--jq", ".[].id").CombinedOutput()
			if err != nil || string(out) != "mock-gpt\n" {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
}
