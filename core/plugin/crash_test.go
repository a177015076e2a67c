//go:build unix

package plugin_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TestCrash ends a plugin at every stage of its life: the program says which plugin, why, and exits with 10.
func TestCrash(t *testing.T) {
	tests := []struct {
		line string
		want []string
		not  string
	}{
		{"bad die killed", []string{`plugin "bad"`, "my last words"}, ""},
		{"bad die exit", []string{`plugin "bad"`, "it printed nothing; exit status"}, ""},
		{"bad die panic", []string{`plugin "bad"`, "panic: out of tea"}, "goroutine"},
		{"bad die deep-panic", []string{`plugin "bad"`, "panic: out of depth"}, "goroutine"},
		{"silent count 1", []string{`cannot start plugin "silent"`, "before"}, ""},
		{"loud count 1", []string{`cannot start plugin "loud"`, "no license file"}, "first words"},
		{"endless count 1", []string{`plugin "endless"`, "without a result"}, ""},
		{"unknown count 1", []string{`plugin "unknown"`, "does not know", "upgrade litellm-proxy"}, "nil"},
		{"elsewhere count 1", []string{`plugin "elsewhere"`, "not its own"}, ""},
		{"tcp count 1", []string{`plugin "tcp"`, "not its own"}, ""},
	}
	for _, test := range tests {
		t.Run(strings.ReplaceAll(test.line, " ", "-"), func(t *testing.T) {
			t.Parallel()
			got := surroundings{}.run(t, strings.Fields(test.line)...)
			if got.code != int(problem.Plugin) {
				t.Errorf("exit %d, want %d", got.code, problem.Plugin)
			}
			wants(t, "stderr", got.stderr, test.want...)
			if test.not != "" && strings.Contains(got.stderr, test.not) {
				t.Errorf("stderr holds %q", test.not)
			}
			if lines := strings.Count(got.stderr, "\n"); lines > 4 {
				t.Errorf("stderr has %d lines:\n%s", lines, got.stderr)
			}
			t.Log(got.stderr)
		})
	}
}

// TestExitCode holds that a plugin's failure never ends as a success, or as a code that is none of the table.
func TestExitCode(t *testing.T) {
	for _, name := range []string{"code256", "code0", "codeless"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (surroundings{}).run(t, name, "count", "1"); got.code != int(problem.Failed) {
				t.Errorf("exit %d, want %d: %s", got.code, problem.Failed, got.stderr)
			}
		})
	}
}

// TestStartTimeout gives up on a plugin that never answers, and ends it.
func TestStartTimeout(t *testing.T) {
	t.Parallel()
	began := time.Now()
	_, err := plugin.StartBuiltin(context.Background(), "mute", plugin.Options{RunDir: runDir(t), Getenv: os.Getenv, StartTimeout: 200 * time.Millisecond})
	if problem.CodeOf(err) != problem.Plugin || !strings.Contains(err.Error(), `plugin "mute"`) {
		t.Fatalf("StartBuiltin = %v", err)
	}
	if took := time.Since(began); took > patience/2 {
		t.Errorf("it took %s", took)
	}
}
