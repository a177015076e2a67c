package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program, the plugins that it starts, and the browser of sign-in tests.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"litellm-proxy": main, "browse": browse, "drive": drive})
}

// TestContract runs testdata/contract: scripts that hold on any gateway. They run on the sandbox, and, by `make
// contract`, on the gateway that LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY name. They remove what they make.
func TestContract(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/contract",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands(),
		Setup: func(env *testscript.Env) error {
			if err := surroundings(env); err != nil {
				return err
			}
			env.Setenv("RUN", fmt.Sprintf("c%d", time.Now().UnixNano()))
			if os.Getenv("LITELLM_PROXY_CONTRACT") == "" {
				return serveTo(env)
			}
			env.Setenv("LITELLM_PROXY_URL", os.Getenv("LITELLM_PROXY_URL"))
			env.Setenv("LITELLM_PROXY_API_KEY", os.Getenv("LITELLM_PROXY_API_KEY"))
			return nil
		},
	})
}

// TestScripts runs testdata/script: the manual, one behaviour a file, on real plugins and the real sandbox.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands(),
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
		Setup:               surroundings,
	})
}

// noSleep keeps programs that are built with the race detector from sleeping for a second before they end.
const noSleep = "atexit_sleep_ms=0"

// surroundings give a script a home of its own, and a place for sockets, which must be empty a moment after the script:
// nothing that a command started may outlive it.
func surroundings(env *testscript.Env) error {
	run, err := os.MkdirTemp("", "lp") // short: a socket's address is
	if err != nil {
		return err
	}
	env.Setenv("XDG_RUNTIME_DIR", run)
	env.Defer(func() {
		defer os.RemoveAll(run)
		var left []os.DirEntry
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if left, _ = os.ReadDir(filepath.Join(run, "litellm-proxy")); len(left) == 0 {
				return
			}
		}
		env.T().Fatal("left behind by a command:", left)
	})
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("TZ", "UTC")
	env.Setenv("GORACE", noSleep)
	return nil
}
