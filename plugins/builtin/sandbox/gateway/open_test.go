package gateway

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/driver"
)

// TestMain lets the test binary be one of the processes of
// TestCreationBetweenProcesses.
func TestMain(m *testing.M) {
	if path := os.Getenv("GATEWAY_TEST_OPEN"); path != "" {
		os.Exit(openAsChild(path))
	}
	os.Exit(m.Run())
}

func openAsChild(path string) int {
	g, err := Open(context.Background(), Options{Path: path, Seed: "demo"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Print(g.Key())
	if err := g.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func TestCreationBetweenConnections(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "sandbox.db")
	keys := make([]string, 20)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			g, err := Open(t.Context(), Options{Path: path, Seed: "demo"})
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = g.Key()
			if err := g.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	checkOneCreation(t, path, keys)
}

func TestCreationBetweenProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "sandbox.db")
	keys := make([]string, 20)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), "GATEWAY_TEST_OPEN="+path)
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			}
			keys[i] = string(out)
		})
	}
	wg.Wait()
	checkOneCreation(t, path, keys)
}

func checkOneCreation(t *testing.T, path string, keys []string) {
	t.Helper()
	g := openTest(t, Options{Path: path})
	for i, k := range keys {
		if k != g.Key() {
			t.Errorf("opener %d has another key", i)
		}
	}
	if !strings.HasPrefix(g.Key(), "sk-") || len(g.Key()) != 35 {
		t.Errorf("the key has %d characters", len(g.Key()))
	}
	if got := names(t, g); got != "mock-gpt mock-claude gpt-4o-mini-eu" {
		t.Errorf("models: %s", got)
	}
}

// names lists the models of g.
func names(t *testing.T, g *Gateway) string {
	t.Helper()
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	call(t, g, http.MethodGet, "/models", "").into(&list)
	var out []string
	for _, m := range list.Data {
		out = append(out, m.ID)
	}
	return strings.Join(out, " ")
}

func TestModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	dir := filepath.Join(t.TempDir(), "a", "b c?d%41#e+f")
	g := openTest(t, Options{Path: filepath.Join(dir, "sandbox.db")})
	call(t, g, http.MethodPost, "/model/delete", `{"id":"sandbox-gpt-4o-mini-eu"}`).want(200)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if strings.HasSuffix(path, "-shm") {
			return nil // an index into the log, without content
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", filepath.Base(path), info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusals(t *testing.T) {
	dir := t.TempDir()
	alter := func(name, statement string) string {
		path := filepath.Join(dir, name)
		g, err := Open(t.Context(), Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		g.Close()
		execIn(t, path, statement)
		return path
	}
	other := filepath.Join(dir, "other.db")
	execIn(t, other, `CREATE TABLE x (y)`)
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		o    Options
		want string
	}{
		"newer":   {Options{Path: alter("newer.db", `PRAGMA user_version=99`)}, "made by a newer version of this program (schema version 99, not 2)"},
		"older":   {Options{Path: alter("older.db", `PRAGMA user_version=1`)}, "made by an older version of this program (schema version 1, not 2)"},
		"foreign": {Options{Path: other}, "a database of another program"},
		"text":    {Options{Path: text}, "not a database"},
		"seed":    {Options{Path: filepath.Join(dir, "x.db"), Seed: "large"}, `unknown sandbox seed "large"`},
		"no path": {Options{}, "no path"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g, err := Open(t.Context(), test.o)
			if err == nil {
				g.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error: %v", err)
			}
		})
	}
	for _, name := range []string{"foreign", "text"} {
		if err := Reset(t.Context(), tests[name].o.Path); err == nil || !strings.Contains(err.Error(), tests[name].want) {
			t.Errorf("reset of the %s one: %v", name, err)
		}
	}
}

// TestResetOfAnotherVersion makes databases of other versions ones of this one; whoever has the file open goes on.
func TestResetOfAnotherVersion(t *testing.T) {
	for name, c := range map[string]struct {
		change  string
		newKey  bool
		configs int
	}{
		"newer":         {`PRAGMA user_version=99; ALTER TABLE keys ADD COLUMN later TEXT; CREATE TABLE later (x); CREATE VIEW seen AS SELECT * FROM later`, false, 2},
		"older":         {`PRAGMA user_version=1; DROP TABLE budgets; ALTER TABLE teams DROP COLUMN spend`, false, 2},
		"without meta":  {`PRAGMA user_version=1; DROP TABLE meta`, true, 3},
		"another seed":  {`PRAGMA user_version=99; UPDATE meta SET value = 'large' WHERE name = 'seed'`, false, 3},
		"odd names":     {`PRAGMA user_version=99; CREATE TABLE "a""b;" (x); CREATE INDEX i ON "a""b;" (x)`, false, 2},
		"of no version": {`PRAGMA user_version=0`, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sandbox.db")
			before := openTest(t, Options{Path: path, Seed: "empty"})
			call(t, before, "POST", "/user/new", `{"user_id":"u"}`).want(200)
			execIn(t, path, c.change)
			if err := Reset(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			g := openTest(t, Options{Path: path})
			if (g.Key() != before.Key()) != c.newKey {
				t.Errorf("the key was %s and is %s", before.Key(), g.Key())
			}
			for _, g := range []*Gateway{before, g} {
				if g.Key() == before.Key() && c.newKey {
					continue
				}
				call(t, g, "GET", "/user/info?user_id=u", "").want(404)
				call(t, g, "POST", "/user/new", `{"user_id":"v`+g.now().String()+`"}`).want(200)
				call(t, g, "GET", "/budget/list", "").want(200).contains(`[]`)
				var models struct{ Data []any }
				call(t, g, "GET", "/models", "").want(200).into(&models)
				if len(models.Data) != c.configs {
					t.Errorf("%d models, want %d", len(models.Data), c.configs)
				}
			}
		})
	}
}

func execIn(t *testing.T, path, statement string) {
	t.Helper()
	db, err := driver.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "sandbox.db")
	openTest(b, Options{Path: path})
	for b.Loop() {
		g, err := Open(b.Context(), Options{Path: path})
		if err != nil {
			b.Fatal(err)
		}
		g.Close()
	}
}

func BenchmarkCreate(b *testing.B) {
	dir, n := b.TempDir(), 0
	for b.Loop() {
		n++
		g, err := Open(b.Context(), Options{Path: filepath.Join(dir, fmt.Sprint(n), "sandbox.db")})
		if err != nil {
			b.Fatal(err)
		}
		g.Close()
	}
}

// TestOpenIsFast guards against something slow at opening; the limit is far
// above what it takes (see the benchmarks).
func TestOpenIsFast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	best := time.Hour
	for range 5 {
		start := time.Now()
		g, err := Open(t.Context(), Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
		g.Close()
	}
	if best > 250*time.Millisecond {
		t.Errorf("opening takes %v", best)
	}
}
