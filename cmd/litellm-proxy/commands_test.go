package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are what the scripts can say besides testscript's own words.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits":   exits,
		"keep":    keep,
		"serve":   serve,
		"absent":  absent,
		"cleanup": cleanup,
	}
}

// exits CODE COMMAND… runs a command and wants that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("%s: exit %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// keep VARIABLE COMMAND… keeps the output of a command, less its final line end, in a variable of the script.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: keep VARIABLE COMMAND…")
	}
	ts.Check(ts.Exec(args[1], args[2:]...))
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// absent FILE TEXT… wants none of the texts in a file; "stdout" and "stderr" are the last command's.
func absent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: absent FILE TEXT…")
	}
	content := ts.ReadFile(args[0])
	for _, text := range args[1:] {
		if strings.Contains(content, text) {
			ts.Fatalf("%s holds %q:\n%s", args[0], text, content)
		}
	}
}

// cleanup COMMAND… runs a command when the script ends, however it ends.
func cleanup(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: cleanup COMMAND…")
	}
	ts.Defer(func() {
		if err := ts.Exec(args[0], args[1:]...); err != nil {
			ts.Logf("clean up: %s: %v", strings.Join(args, " "), err)
		}
	})
}

// serve [FAULT…] runs the sandbox as a server until the script ends, and points LITELLM_PROXY_URL and _API_KEY to it.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serve [FAULT…]")
	}
	url, key, stop, err := startSandbox(ts.Getenv, args)
	ts.Check(err)
	ts.Defer(stop)
	ts.Setenv("LITELLM_PROXY_URL", url)
	ts.Setenv("LITELLM_PROXY_API_KEY", key)
}

// serveTo is serve for all of a script.
func serveTo(env *testscript.Env) error {
	url, key, stop, err := startSandbox(env.Getenv, nil)
	if err != nil {
		return err
	}
	env.Defer(stop)
	env.Setenv("LITELLM_PROXY_URL", url)
	env.Setenv("LITELLM_PROXY_API_KEY", key)
	return nil
}

func startSandbox(getenv func(string) string, faults []string) (url, key string, stop func(), err error) {
	line := []string{"sandbox", "serve", "--addr", "127.0.0.1:0"}
	for _, fault := range faults {
		line = append(line, "--fault", fault)
	}
	path, err := exec.LookPath("litellm-proxy")
	if err != nil {
		return "", "", nil, err
	}
	server := exec.Command(path, line...)
	server.Env = []string{"HOME=" + getenv("HOME"), "XDG_STATE_HOME=" + getenv("XDG_STATE_HOME"), "XDG_RUNTIME_DIR=" + getenv("XDG_RUNTIME_DIR"), "PATH=" + getenv("PATH"), "GORACE=" + noSleep}
	out, err := server.StdoutPipe()
	if err != nil {
		return "", "", nil, err
	}
	if err := server.Start(); err != nil {
		return "", "", nil, err
	}
	stop = func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	}
	if _, err := fmt.Fscanf(out, "export LITELLM_PROXY_URL=%s\nexport LITELLM_PROXY_API_KEY=%s\n", &url, &key); err != nil {
		stop()
		return "", "", nil, fmt.Errorf("the sandbox did not say where it is: %w", err)
	}
	return url, key, stop, nil
}
