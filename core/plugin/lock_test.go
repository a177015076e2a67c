//go:build unix

package plugin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// lockFiles are those in the state directory of some runs.
func (s surroundings) lockFiles() []string {
	files, _ := filepath.Glob(filepath.Join(s.runDir, "state", "litellm-proxy", "locks", "*"))
	return files
}

func sharing(t *testing.T) surroundings {
	return surroundings{runDir: filepath.Dir(runDir(t))}
}

// TestLockIsWaitedFor has one process hold a lock: another waits for it, and gets it when the first ends; one in a hurry says
// that nothing was changed. Other names, and other gateways, are other locks.
func TestLockIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := sharing(t)
	first := s.begin(t, "bad", "lock", "a", "--hold", "--key", "-")
	first.says(t, "locked")
	if n := len(s.lockFiles()); n != 1 {
		t.Errorf("%d files", n)
	}
	got := s.run(t, "bad", "lock", "a", "--timeout", "100ms")
	if got.code != int(problem.TimedOut) || got.stdout != "" {
		t.Errorf("%+v", got)
	}
	wants(t, "stderr", got.stderr, "another litellm-proxy works on a", "nothing was changed", "--timeout 100ms")
	for _, args := range [][]string{{"b"}, {"a", "--base-url", "http://127.0.0.1:8"}, {"a", "--dry-run"}} {
		if got := s.run(t, append([]string{"bad", "lock"}, args...)...); got.code != 0 || got.stdout != "locked\n" {
			t.Errorf("%q: %+v", args, got)
		}
	}
	second := s.begin(t, "bad", "lock", "a")
	if err := first.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	second.says(t, "locked")
	first.ends(t, 0)
	second.ends(t, 0)
	if left := s.lockFiles(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestLockOfTheDead kills the holder of a lock: the next one gets it, and leaves nothing.
func TestLockOfTheDead(t *testing.T) {
	t.Parallel()
	s := sharing(t)
	first := s.begin(t, "bad", "lock", "a", "--hold", "--key", "-")
	first.says(t, "locked")
	second := s.begin(t, "bad", "lock", "a")
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	second.says(t, "locked")
	second.ends(t, 0)
	if left := s.lockFiles(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestLockInterrupted interrupts the holder of a lock, and one that waits for it.
func TestLockInterrupted(t *testing.T) {
	t.Parallel()
	s := sharing(t)
	first := s.begin(t, "bad", "lock", "a", "--hold", "--key", "-")
	first.says(t, "locked")
	second := s.begin(t, "bad", "lock", "b", "--n", "2", "--again")
	eventually(t, "the second one has its locks", func() bool { return len(s.lockFiles()) == 3 })
	for _, r := range []running{second, first} {
		if err := r.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		r.ends(t, int(problem.Interrupted))
		wants(t, "stderr", r.stderr.String(), "interrupted", "nothing was changed")
	}
	eventually(t, "no lock is left", func() bool { return len(s.lockFiles()) == 0 })
}

// TestLocksWithoutEnd has a plugin take locks and give none back, and then wait for itself.
func TestLocksWithoutEnd(t *testing.T) {
	t.Parallel()
	s := sharing(t)
	if got := s.run(t, "bad", "lock", "a", "--n", "500"); got.code != 0 || got.stdout != "locked\n" {
		t.Errorf("%+v", got)
	}
	if got := s.run(t, "bad", "lock", "a", "--again", "--timeout", "200ms"); got.code != int(problem.TimedOut) {
		t.Errorf("%+v", got)
	}
	if left := s.lockFiles(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestLockContention has many processes take one lock at once. Whoever has it writes a file that must not be there.
func TestLockContention(t *testing.T) {
	t.Parallel()
	s := sharing(t)
	inside := filepath.Join(s.runDir, "inside")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			r := s.begin(t, "bad", "lock", "a", "--hold", "--key", "-")
			if line, err := r.stdout.ReadString('\n'); line != "locked\n" {
				t.Errorf("process %d says %q: %v\n%s", i, line, err, r.stderr)
				return
			}
			f, err := os.OpenFile(inside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if err != nil {
				t.Errorf("two have the lock: %v", err)
				return
			}
			_, _ = fmt.Fprintln(f, strings.Repeat("x", 100))
			_ = f.Close()
			if err := os.Remove(inside); err != nil {
				t.Errorf("two have had the lock: %v", err)
			}
			if i%5 == 0 { // some end without giving it back
				_ = r.Process.Kill()
			}
			_ = r.stdin.Close()
			_ = r.Wait()
		})
	}
	all.Wait()
	eventually(t, "at most the lock of the last one, which was killed, is left", func() bool { return len(s.lockFiles()) <= 1 })
}
