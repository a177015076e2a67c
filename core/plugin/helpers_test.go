//go:build unix

package plugin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// patience is how long a test waits for what must happen; it ends far sooner.
const patience = 20 * time.Second

// eventually waits until done reports true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// shortDir makes a directory whose path leaves room for a socket's name, and removes it when the test ends.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "p")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// runDir makes a run directory of the test's own. When the test ends, nothing may be left in it.
func runDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(shortDir(t), "litellm-proxy")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eventually(t, "nothing left in "+dir, func() bool { return isEmpty(dir) }) })
	return dir
}

func isEmpty(dir string) bool {
	entries, err := os.ReadDir(dir)
	return errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0
}

// start starts one of the test's plugins from this process, and ends it when the test ends.
func start(t *testing.T, name, dir string) *plugin.Process {
	t.Helper()
	p, err := plugin.StartBuiltin(context.Background(), name, plugin.Options{RunDir: dir, Getenv: os.Getenv})
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(p.Close)
	return p
}

// program is one run of the whole program, in a process of its own.
type program struct {
	code           int
	stdout, stderr string
	memory         int // most that was resident, in MiB; 0 where that is not known
}

// surroundings are what a run of the program finds.
type surroundings struct {
	server *httptest.Server // the gateway
	env    []string         // more variables
	binary string           // of another user's program; "" is this one
	as     *syscall.SysProcAttr
	runDir string // "" is one of the test's own
	stdin  string
}

// end keeps the last MiB written to it.
type end struct{ bytes.Buffer }

func (e *end) Write(b []byte) (int, error) {
	if e.Len() > 2<<20 {
		e.Next(e.Len() - 1<<20)
	}
	return e.Buffer.Write(b)
}

const testKey = "sk-host-key-0123456789abcdef"

// run runs the program with the test's plugins.
func (s surroundings) run(t *testing.T, args ...string) program {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd, memory := s.command(ctx, t, args...)
	var stdout, stderr end
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(s.stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("run the program: %v", err)
	}
	return program{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), peak(memory)}
}

// command is a run of the program that has not begun, and the file in which it will leave its status.
func (s surroundings) command(ctx context.Context, t *testing.T, args ...string) (cmd *exec.Cmd, memory string) {
	t.Helper()
	if s.runDir == "" {
		s.runDir = filepath.Dir(runDir(t))
	}
	if s.binary == "" {
		s.binary = "/proc/self/exe"
		if runtime.GOOS != "linux" {
			s.binary, _ = os.Executable()
		}
	}
	url := "http://127.0.0.1:9"
	if s.server != nil {
		url = s.server.URL
	}
	cmd = exec.CommandContext(ctx, s.binary, append([]string{hostRole}, args...)...)
	cmd.Env = append([]string{
		"GORACE=atexit_sleep_ms=0", // or a program with the race detector sleeps for a second before it ends
		"HOME=" + s.runDir, "XDG_RUNTIME_DIR=" + s.runDir, "XDG_STATE_HOME=" + filepath.Join(s.runDir, "state"),
		"LITELLM_PROXY_URL=" + url, "LITELLM_PROXY_API_KEY=" + testKey,
	}, s.env...)
	memory = filepath.Join(shortDir(t), "memory")
	cmd.Env = append(cmd.Env, memoryFile+"="+memory)
	cmd.SysProcAttr = s.as
	return cmd, memory
}

// gateway is a server that counts its requests and gives each of them to answer.
func gateway(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server, &n
}

// wants fails the test unless text holds each of the parts.
func wants(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s does not hold %q:\n%s", what, part, text)
		}
	}
}

// testHost is a host whose answers a test chooses; nil fields do nothing.
type testHost struct {
	plugin.Refuser
	records func([][]byte) error
	confirm func([]string) error
	http    func(context.Context, *protocol.HTTPRequest, func(*protocol.ToPlugin) error) error
	input   []byte
	said    strings.Builder
}

func (h *testHost) Records(json [][]byte) error {
	if h.records == nil {
		return nil
	}
	return h.records(json)
}

func (h *testHost) Text(text string) error            { _, err := io.WriteString(&h.said, text); return err }
func (h *testHost) Input(string, int) ([]byte, error) { return h.input, nil }

func (h *testHost) Confirm(r *protocol.ConfirmRequest) error {
	if h.confirm == nil {
		return nil
	}
	return h.confirm(r.GetLines())
}

func (h *testHost) HTTP(ctx context.Context, r *protocol.HTTPRequest, reply func(*protocol.ToPlugin) error) error {
	if h.http == nil {
		return nil
	}
	return h.http(ctx, r, reply)
}
