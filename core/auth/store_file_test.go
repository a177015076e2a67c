package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestFileStore(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "state", "credentials")
	s := newStore(t, KindFile, StoreOptions{Dir: dir, Getenv: env("HOME=" + home)})
	if err := s.Delete(t.Context(), "prod"); !errors.Is(err, ErrNone) || keyIn(s, "prod") != "none" {
		t.Errorf("an empty store: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading makes the directory")
	}
	want := signInOf("one")
	if err := s.Put(t.Context(), "prod", want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(t.Context(), "prod")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := filepath.Join("~", "state", "credentials", "prod.json"); s.Name() != want {
		t.Errorf("it is kept in %s, not %s", s.Name(), want)
	}
	put(t, s, "prod", "two")
	put(t, s, "other", "three")
	if keyIn(s, "prod") != "two" || keyIn(s, "other") != "three" {
		t.Error(keyIn(s, "prod"), keyIn(s, "other"))
	}
	if runtime.GOOS != "windows" {
		for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "prod.json"): 0o600} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
				t.Errorf("%s: %v, %v", path, info.Mode(), err)
			}
		}
	}
	if err := s.Delete(t.Context(), "prod"); err != nil || keyIn(s, "prod") != "none" || keyIn(s, "other") != "three" {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// Two accounts never have one file, and no account's file is elsewhere.
func TestAccountNames(t *testing.T) {
	long := strings.Repeat("x", 300)
	for account, want := range map[string]string{
		"prod-eu": "prod-eu", "llm.example.com": "llm.example.com", "a_b9": "a_b9", "": "%",
		"Prod": "%50rod", "../x": "%2e.%2fx", "a/b": "a%2fb", `a\b`: "a%5cb", ".": "%2e", "..": "%2e%2e", "x.": "x%2e", ".x": "%2ex", "é": "%c3%a9",
		"con": "%63on", "CON": "%43%4f%4e", "con.x": "%63on.x", "com1": "%63om1", "nul": "%6eul", "conx": "conx", "com": "com", "com10": "com10",
		"%2fx": "%252fx", "a\x00b": "a%00b", "a b": "a%20b", "~": "%7e", "a:b": "a%3ab", ".tmp-1": "%2etmp-1",
	} {
		if got := escapeAccount(account); got != want {
			t.Errorf("%q is %q, want %q", account, got, want)
		}
	}
	if n := escapeAccount(long); len(n) > longestStem || n == escapeAccount(long+"x") || !strings.Contains(n, "xxx~") {
		t.Error(n)
	}
}

func FuzzAccountNames(f *testing.F) {
	f.Add("a", "A")
	f.Add("../x", "%2e./x")
	f.Add("con", "CON")
	f.Add(strings.Repeat("A", 60), strings.Repeat("A", 61))
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := escapeAccount(a), escapeAccount(b)
		if (a == b) != strings.EqualFold(x, y) {
			t.Errorf("%q and %q are %q and %q", a, b, x, y)
		}
		if filepath.Base(x) != x || len(x) > longestStem || strings.HasPrefix(x, ".") || strings.ContainsFunc(x, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q is %q", a, x)
		}
	})
}

// What others can get at is refused, and the remedy named; a new sign-in replaces it.
func TestFileStoreRefuses(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes say nothing on Windows")
	}
	for name, c := range map[string]struct {
		spoil     func(t *testing.T, dir, path string)
		why, hint string
		lasts     bool // Put is refused too
	}{
		"a file that others can read": {
			spoil: func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o640)) },
			why:   "others can read it (mode 0640)", hint: "chmod 600 ",
		},
		"a file that others can write": {
			spoil: func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o602)) },
			why:   "others can read it (mode 0602)", hint: "chmod 600 ",
		},
		"a symbolic link": {
			spoil: func(t *testing.T, dir, path string) {
				must(t, os.Rename(path, path+".elsewhere"))
				must(t, os.Symlink(path+".elsewhere", path))
			},
			why: "it is a symbolic link",
		},
		"a directory": {
			spoil: func(t *testing.T, dir, path string) { must(t, os.Remove(path)); must(t, os.Mkdir(path, 0o700)) },
			why:   "it is not a regular file", lasts: true,
		},
		"a directory that others can write": {
			spoil: func(t *testing.T, dir, _ string) { must(t, os.Chmod(dir, 0o770)) },
			why:   "others may write in its directory (mode 0770)", hint: "chmod 700 ", lasts: true,
		},
		"a file of another user": {
			spoil: func(t *testing.T, _, path string) { chown(t, path) },
			why:   "it belongs to another user",
		},
		"a directory of another user": {
			spoil: func(t *testing.T, dir, _ string) { chown(t, dir) },
			why:   "its directory belongs to another user", lasts: true,
		},
		"damaged":    {spoil: func(t *testing.T, _, path string) { must(t, os.WriteFile(path, []byte(storeCanary), 0o600)) }, why: "is damaged", hint: "sign in again"},
		"half":       {spoil: func(t *testing.T, _, path string) { must(t, os.Truncate(path, 50)) }, why: "is damaged"},
		"empty":      {spoil: func(t *testing.T, _, path string) { must(t, os.Truncate(path, 0)) }, why: "is damaged"},
		"very large": {spoil: func(t *testing.T, _, path string) { must(t, os.Truncate(path, longestKept+1)) }, why: "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "credentials")
			s := newStore(t, KindFile, StoreOptions{Dir: dir})
			put(t, s, "prod", storeCanary)
			c.spoil(t, dir, filepath.Join(dir, "prod.json"))
			_, err := s.Get(t.Context(), "prod")
			e := problem.As(err)
			if err == nil || e.Code != problem.Failed || !strings.HasPrefix(e.Message, `cannot read the sign-in of profile "prod"`) || !strings.Contains(e.Message, c.why) || !strings.Contains(e.Hint, c.hint) {
				t.Fatalf("%v, hint %q", err, e.Hint)
			}
			noSecret(t, err)
			if strings.Count(e.Message, dir) != 1 {
				t.Errorf("the path is not there once: %v", err)
			}
			err = s.Put(t.Context(), "prod", signInOf("new"))
			if (err != nil) != c.lasts {
				t.Errorf("a new sign-in: %v", err)
			}
			if !c.lasts && keyIn(s, "prod") != "new" {
				t.Error(keyIn(s, "prod"))
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func chown(t *testing.T, path string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	must(t, os.Chown(path, 12345, 12345))
}

// A pipe in the place of a file does not hold anybody up.
func TestFileStorePipe(t *testing.T) {
	dir := t.TempDir()
	makePipe(t, filepath.Join(dir, "prod.json"))
	must(t, os.Chmod(dir, 0o700))
	if got := keyIn(newStore(t, KindFile, StoreOptions{Dir: dir}), "prod"); !strings.Contains(got, "not a regular file") {
		t.Error(got)
	}
}

// writeSignIns puts the sign-ins 0, 1, 2, … without end, and tells of each that is safe.
func writeSignIns(args []string) int {
	s, err := NewStore(KindFile, StoreOptions{Dir: args[0]})
	for i := 0; err == nil; i++ {
		sign := signInOf(fmt.Sprint(i))
		sign.RefreshToken = strings.Repeat(fmt.Sprint(i%10), 20_000) // more than a page
		if err = s.Put(context.Background(), "prod", sign); err == nil {
			fmt.Println(i)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// A writer that is killed leaves the old sign-in or the new one, and what else it left is gone with the next.
func TestKilledFileStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "credentials")
	s := newStore(t, KindFile, StoreOptions{Dir: dir})
	leftovers := 0
	for round := range 25 {
		cmd := runStoreChild("writer " + dir)
		told := lines(t, cmd)
		last := ""
		for n := 0; n <= round%7 && told.Scan(); n++ {
			last = told.Text()
		}
		for range round * 500 { // so that it is killed at another place each time
			runtime.Gosched()
		}
		_ = cmd.Process.Kill()
		for told.Scan() {
			last = told.Text()
		}
		_ = cmd.Wait()
		kept, err := s.Get(t.Context(), "prod")
		if err != nil {
			t.Fatal(err)
		}
		var n int
		fmt.Sscan(last, &n)
		if kept.Key != last && kept.Key != fmt.Sprint(n+1) || kept.RefreshToken != strings.Repeat(kept.Key[len(kept.Key)-1:], 20_000) {
			t.Errorf("%s was told, %s is kept", last, kept.Key)
		}
		left, _ := filepath.Glob(filepath.Join(dir, temporary+"*"))
		leftovers += len(left)
	}
	put(t, s, "prod", "last")
	if left, _ := os.ReadDir(dir); len(left) != 1 || keyIn(s, "prod") != "last" {
		t.Errorf("left behind: %v", left)
	}
	t.Logf("%d leftovers were swept", leftovers)
}

// Leftovers of killed writers go with the next write, of whatever account.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	s := newStore(t, KindFile, StoreOptions{Dir: dir})
	for name, act := range map[string]func() error{
		"put":    func() error { return s.Put(t.Context(), "other", signInOf("x")) },
		"delete": func() error { return s.Delete(t.Context(), "other") },
	} {
		put(t, s, "other", "x")
		must(t, os.WriteFile(filepath.Join(dir, temporary+"123"), []byte(storeCanary), 0o600))
		must(t, act())
		if found := holds(t, dir, storeCanary); found != nil {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// Writers and readers at the same time see whole sign-ins.
func TestFileStoreAtOnce(t *testing.T) {
	s := newStore(t, KindFile, StoreOptions{Dir: filepath.Join(t.TempDir(), "c")})
	put(t, s, "prod", "0")
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 10 {
				if err := s.Put(context.Background(), "prod", signInOf(fmt.Sprint(w*10+i))); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range 40 {
				if key := keyIn(s, "prod"); len(key) > 2 {
					t.Error(key)
				}
				_ = s.Name()
			}
		})
	}
	all.Wait()
}
