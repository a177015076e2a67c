//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestHostKilled kills the program with SIGKILL at moments spread over its start and its work. Within 10 s no plugin
// lives, and no socket and no directory is left.
func TestHostKilled(t *testing.T) {
	url, _ := slowGateway(t)
	for name, line := range map[string][]string{
		"one plugin":  {"http", "request", "GET", "/slow"},
		"the sandbox": {"http", "request", "POST", "/chat/completions", "-d", "@-", "--profile", "sandbox"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 30
			if testing.Short() {
				n = 6
			}
			work := workTime(t, newHome(t, url), line)
			for i := range n {
				after := work * time.Duration(i) / time.Duration(n)
				t.Run(after.Round(100*time.Microsecond).String(), func(t *testing.T) {
					t.Parallel()
					killAfter(t, newHome(t, url), after, line)
				})
			}
		})
	}
}

// workTime is a little more than the command takes until its plugins are all up: they have sockets.
func workTime(t *testing.T, h home, line []string) time.Duration {
	t.Helper()
	began := time.Now()
	wait := startSlow(t, h, line)
	want := 1
	if strings.Contains(strings.Join(line, " "), "sandbox") {
		want = 2
	}
	for deadline := began.Add(patience); ; time.Sleep(time.Millisecond) {
		sockets, _ := filepath.Glob(filepath.Join(h.runDir, "*", "plugin*"))
		gateways, _ := filepath.Glob(filepath.Join(h.runDir, "*", "gateway"))
		if len(sockets) == want && len(gateways) == want-1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the command did not start its plugins: %s", h.left())
		}
	}
	took := time.Since(began)
	wait()
	return took * 3 / 2
}

// startSlow starts a command that does not end by itself, with a standard input that stays open. The function it
// returns kills it.
func startSlow(t *testing.T, h home, line []string) (kill func()) {
	t.Helper()
	cmd := h.command(t.Context(), line...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_, _ = cmd.Process.Wait()
		_ = in.Close()
	}
}

func killAfter(t *testing.T, h home, d time.Duration, line []string) {
	t.Helper()
	kill := startSlow(t, h, line)
	time.Sleep(d)
	kill()
	if left := h.untilClean(); left != "" {
		t.Errorf("killed after %s: left behind %s", d, left)
	}
}

// TestPluginKilled kills the plugin of a running command: the command says so and exits with 10.
func TestPluginKilled(t *testing.T) {
	t.Parallel()
	url, asked := slowGateway(t)
	h := newHome(t, url)
	cmd := h.command(t.Context(), "http", "request", "GET", "/slow")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	for _, pid := range h.plugins() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 10 || !strings.Contains(stderr.String(), `plugin "http"`) {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
}

// TestChild looks at the real plugin of a user who is not root, from outside: it holds no credential, and its host's
// environment and memory are closed to that user's other processes.
func TestChild(t *testing.T) {
	t.Parallel()
	url, asked := slowGateway(t)
	h := newHome(t, url)
	const nobody = 65534
	var as *syscall.SysProcAttr
	if os.Getuid() == 0 {
		as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := os.Chown(h.dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	binary, err := os.ReadFile(h.program)
	if err != nil {
		t.Fatal(err)
	}
	h.program = filepath.Join(h.dir, "litellm-proxy-program")
	if err := os.WriteFile(h.program, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := h.command(t.Context(), "http", "request", "GET", "/slow", "-H", "X-Canary: canary-header")
	cmd.Args[0] = "litellm-proxy"
	cmd.Env = append(cmd.Env, "HTTP_PROXY=http://user:canary-proxy@127.0.0.1:9", "HTTPS_PROXY=http://user:canary-proxy@127.0.0.1:9",
		"OPENAI_API_KEY=canary-openai", "CANARY=canary-variable", "TZ=UTC")
	cmd.SysProcAttr = as
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	select {
	case <-asked:
	case <-time.After(patience):
		t.Fatal("the command made no request")
	}
	pids := h.plugins()
	if len(pids) != 1 {
		t.Fatalf("the plugins are %v, want one", pids)
	}
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pids[0]))
	if err != nil {
		t.Fatal(err)
	}
	args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pids[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"LITELLM", "canary", "CANARY", processKey, "sk-", "proxy@", "HTTP", "HOME"} {
		if strings.Contains(string(env), bad) || bad != "LITELLM" && strings.Contains(string(args), bad) {
			t.Errorf("the plugin's environment or arguments hold %q: %q %q", bad, env, args)
		}
	}
	for v := range strings.SplitSeq(strings.Trim(string(env), "\x00"), "\x00") {
		if !strings.HasPrefix(v, "PLUGIN_") && v != "TZ=UTC" {
			t.Errorf("the plugin has the variable %s", v)
		}
	}
	for _, file := range []string{"environ", "mem"} {
		look := h.command(t.Context())
		look.Path, look.Args = "/bin/sh", []string{"sh", "-c", fmt.Sprintf("exec 3< /proc/%d/%s", cmd.Process.Pid, file)}
		look.SysProcAttr = as
		if out, err := look.CombinedOutput(); err == nil || !strings.Contains(strings.ToLower(string(out)), "denied") {
			t.Errorf("another process can open the host's %s: %v %s", file, err, out)
		}
	}
}
