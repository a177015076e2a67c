//go:build unix

package plugin_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"golang.org/x/sys/unix"
)

func runDirBelow(runtime string) (string, error) {
	return plugin.RunDir(func(name string) string { return map[string]string{"XDG_RUNTIME_DIR": runtime}[name] })
}

// TestLongPath explains a path that a socket's address cannot hold.
func TestLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 25))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := plugin.StartBuiltin(context.Background(), "bad", plugin.Options{RunDir: dir, Getenv: os.Getenv})
	if problem.CodeOf(err) != problem.Plugin {
		t.Fatalf("StartBuiltin = %v", err)
	}
	wants(t, "the error", err.Error(), `plugin "bad"`, "longer than a socket's address", "set XDG_RUNTIME_DIR or TMPDIR")
	if !isEmpty(dir) {
		t.Error("something was left behind")
	}
}

// TestRunDir makes a directory that is closed to others, and refuses one that is not or that another user made.
func TestRunDir(t *testing.T) {
	refused := func(t *testing.T, why string, prepare func(dir string) error) {
		t.Helper()
		runtime := t.TempDir()
		if err := prepare(filepath.Join(runtime, "litellm-proxy")); err != nil {
			t.Fatal(err)
		}
		if dir, err := runDirBelow(runtime); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("RunDir = %q, %v, want an error with %q", dir, err, why)
		}
	}
	t.Run("new", func(t *testing.T) {
		dir, err := runDirBelow(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("its mode is %v, %v", info.Mode(), err)
		}
		if again, err := runDirBelow(filepath.Dir(dir)); again != dir || err != nil {
			t.Errorf("the second time: %q, %v", again, err)
		}
	})
	t.Run("open to others", func(t *testing.T) {
		for _, mode := range []os.FileMode{0o755, 0o710, 0o701, 0o770} {
			refused(t, "0700", func(dir string) error {
				if err := os.Mkdir(dir, mode); err != nil {
					return err
				}
				return os.Chmod(dir, mode)
			})
		}
	})
	t.Run("a file", func(t *testing.T) {
		refused(t, "not a directory", func(dir string) error { return os.WriteFile(dir, nil, 0o600) })
	})
	t.Run("a link", func(t *testing.T) {
		target := t.TempDir()
		if err := os.Chmod(target, 0o700); err != nil {
			t.Fatal(err)
		}
		refused(t, "not a directory", func(dir string) error { return os.Symlink(target, dir) })
	})
	t.Run("of another user", func(t *testing.T) {
		if os.Getuid() != 0 {
			t.Skip("only root can give a directory to another user")
		}
		refused(t, "another user", func(dir string) error {
			if err := os.Mkdir(dir, 0o700); err != nil {
				return err
			}
			return os.Chown(dir, 65534, 65534)
		})
	})
}

// TestSweep removes what was left behind long ago, and leaves what is in use, what is new and what is no directory.
func TestSweep(t *testing.T) {
	base := t.TempDir()
	age := func(name string, by time.Duration) {
		when := time.Now().Add(-by)
		if err := os.Chtimes(filepath.Join(base, name), when, when); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"stale", "empty", "locked", "young"} {
		if err := os.Mkdir(filepath.Join(base, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if name != "empty" {
			if err := os.WriteFile(filepath.Join(base, name, "plugin123"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(base, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lock, err := os.Open(filepath.Join(base, "locked"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"stale", "empty", "locked", "file"} {
		age(name, time.Hour)
	}
	plugin.Sweep(base)
	for name, left := range map[string]bool{"stale": false, "empty": false, "locked": true, "young": true, "file": true} {
		if _, err := os.Lstat(filepath.Join(base, name)); (err == nil) != left {
			t.Errorf("%s is left: %t, want %t", name, err == nil, left)
		}
	}
}

// TestSweepSparesLiving sweeps while a plugin runs whose directory looks old.
func TestSweepSparesLiving(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	p := start(t, "bad", dir)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the run directory holds %v, %v", entries, err)
	}
	hour := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, entries[0].Name()), hour, hour); err != nil {
		t.Fatal(err)
	}
	plugin.Sweep(dir)
	if isEmpty(dir) {
		t.Error("a living plugin's directory was removed")
	}
	if err := p.Invoke(t.Context(), invocation("print"), &testHost{}, nil); err != nil {
		t.Error(err)
	}
}
