package job

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// After a write that failed nothing is begun, sent or finished any more, and what was on disk before is still there.
func TestDiskFull(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	load(t, b, people(100))
	secret := key(t, next(t, b))
	early := next(t, b)
	intended := step(t, early, 0, generate)
	_, _, err := intended.Intent(t.Context(), "key", "k-1")
	ok(t, err)
	ok(t, j.journal.read(func(db *database) error { return db.conn.Exec(`PRAGMA max_page_count = 1`) })) // those that there are
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				i, err := b.Next(t.Context())
				if err != nil {
					refused(t, err, problem.Failed, "cannot write the journal of job "+j.ID()+": no space left on device", "nothing more is sent", "job resume")
					return
				}
				st, err := i.Step(t.Context(), 0, []byte(generate))
				if err != nil {
					continue
				}
				if st.Finish(t.Context(), []byte(`"`+strings.Repeat("x", 5000)+`"`), 0) == nil {
					_ = i.Done(t.Context(), nil)
				}
			}
		})
	}
	all.Wait()
	// Also what needs no write, for a write of another kind would follow.
	for name, err := range map[string]error{
		"batch": second(j.Batch(t.Context(), 1)), "step": second(early.Step(t.Context(), 0, []byte(generate))), "named": second(early.Named(t.Context(), "x", 0)),
		"send": intended.Send(t.Context(), "x"), "finish": intended.Finish(t.Context(), nil, 0), "done": early.Done(t.Context(), nil),
	} {
		if err == nil {
			t.Error(name)
			continue
		}
		refused(t, err, problem.Failed, "no space left on device")
	}
	if _, _, err := intended.Intent(t.Context(), "key", "k-1"); err == nil {
		t.Error("intent")
	}
	_, err = j.End(t.Context(), Ending{State: Done})
	refused(t, err, problem.Failed, "no space left on device")

	j = resume(t, s, j.ID())
	b = batch(t, j, 0)
	if c := b.Counts(); c.OK == 0 || c.OK+c.Begun+c.Left != 100 {
		t.Errorf("%+v", c)
	}
	for i := next(t, b); i != nil; i = next(t, b) {
		ok(t, i.Done(t.Context(), nil))
	}
	end(t, j, Done)
	if !strings.Contains(read(t, j.Dir(), "results.csv"), secret) {
		t.Error("a result is lost")
	}
}

// SQLite tells of an I/O error and not of its reason: writing another file does.
func TestReasonOfIOErrors(t *testing.T) {
	there, gone := &database{path: filepath.Join(t.TempDir(), journalFile)}, &database{path: filepath.Join(t.TempDir(), "gone", journalFile)}
	for _, c := range []struct {
		db   *database
		err  error
		want string
	}{
		{gone, sqlite3.IOERR_WRITE, "no such file or directory"},
		{gone, sqlite3.FULL, "no space left on device"},
		{there, sqlite3.IOERR_WRITE, "sqlite3: disk I/O error"},
		{there, sqlite3.CANTOPEN, "it cannot be opened: is its directory read-only?"},
	} {
		err := c.db.reason(c.err)
		if got := why(err); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
	if left := holders(t, filepath.Dir(there.path), ""); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

// A directory in which results cannot be written keeps the seed, and an export writes them later.
func TestResultsThatCannotBeWritten(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	load(t, batch(t, j, 0), people(1))
	secret := key(t, next(t, batch(t, j, 0)))
	ok(t, os.MkdirAll(filepath.Join(j.Dir(), "results.csv", "in the way"), 0o700))
	_, err := j.End(t.Context(), Ending{State: Done})
	refused(t, err, problem.Failed, "cannot write the results of job "+j.ID(), "nothing is lost", "job export "+j.ID())
	if r := show(t, s, j.ID()); r.State != Failed || !r.Seed || r.Error == nil {
		t.Errorf("%+v", r)
	}
	ok(t, os.RemoveAll(filepath.Join(j.Dir(), "results.csv")))
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{})
	ok(t, err)
	if !strings.Contains(read(t, j.Dir(), "results.csv"), secret) {
		t.Error("the result is lost")
	}
}

// Journals that are none, of another program, of another version, or damaged.
func TestJournalsThatAreNone(t *testing.T) {
	s := newStore(t)
	made := newJob(t, s)
	load(t, batch(t, made, 0), people(2000))
	ok(t, made.Close())
	change := func(sql string) func(string) error {
		return func(path string) error {
			db, err := openDatabase(path, toWrite)
			if err != nil {
				return err
			}
			defer db.Close()
			return db.conn.Exec(sql)
		}
	}
	overwrite := func(at int64, text string) func(string) error {
		return func(path string) error {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteAt([]byte(text), at)
			return err
		}
	}
	n := 0
	for name, c := range map[string]struct {
		spoil func(path string) error
		code  problem.Code
		words string
	}{
		"missing":      {os.Remove, problem.Failed, "it was never begun"},
		"empty":        {func(path string) error { return os.Truncate(path, 0) }, problem.Failed, "it was never begun"},
		"garbage":      {func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("garbage!", 600)), 0o600) }, problem.Failed, "the file is damaged"},
		"torn":         {func(path string) error { return os.Truncate(path, 20000) }, problem.Failed, "the file is damaged"},
		"a page":       {overwrite(3*4096, strings.Repeat("\xff", 4096)), problem.Failed, "the file is damaged"},
		"newer":        {change(`PRAGMA user_version = 2`), problem.Refused, "a newer version of this program made it (schema version 2, not 1)"},
		"of another":   {change(`PRAGMA application_id = 1`), problem.Failed, "the file is a database of another program"},
		"without meta": {change(`DELETE FROM job`), problem.Failed, "it was never begun"},
	} {
		t.Run(name, func(t *testing.T) {
			id := fmt.Sprintf("aaa%d", n)
			n++
			dir := filepath.Join(s.dir, id)
			ok(t, os.CopyFS(dir, os.DirFS(made.Dir())))
			ok(t, c.spoil(filepath.Join(dir, "journal.db")))
			_, err := s.Resume(t.Context(), id)
			refused(t, err, c.code, "cannot read the journal of job "+id+": "+c.words)
			_, err = s.Export(t.Context(), id, ExportOptions{})
			refused(t, err, c.code, c.words)
			all, err := s.List(t.Context())
			if err != nil || len(all) != n+1 {
				t.Error(len(all), err)
			}
		})
	}
}

// A seed that is not the job's would make other secrets for what was sent already.
func TestSeedsThatAreNone(t *testing.T) {
	s := newStore(t)
	for name, c := range map[string]struct {
		spoil func(path string) error
		code  problem.Code
		words string
	}{
		"another": {func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte{1}, seedLength), 0o600) }, problem.Failed, "it is not the one that the job was begun with"},
		"shorter": {func(path string) error { return os.Truncate(path, 31) }, problem.Failed, "it is not the one"},
		"gone":    {os.Remove, problem.Refused, "its seed is gone, and its secrets with it"},
		"zeros":   {func(path string) error { return os.WriteFile(path, make([]byte, seedLength), 0o600) }, problem.Refused, "its seed is gone, and its secrets with it"},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, s)
			load(t, batch(t, j, 0), people(2))
			key(t, next(t, batch(t, j, 0)))
			ok(t, j.Close())
			ok(t, c.spoil(filepath.Join(j.Dir(), "seed")))
			_, err := s.Resume(t.Context(), j.ID())
			refused(t, err, c.code, c.words, problem.Unchanged)
			_, err = s.Export(t.Context(), j.ID(), ExportOptions{})
			if err == nil || exists(j.Dir(), "results.csv") {
				t.Error("results without secrets were written")
			}
		})
	}
}

// A run that was killed behind its last commit has left its seed, or, where it was about to remove it, zeros.
func TestSeedThatWasLeft(t *testing.T) {
	s := newStore(t)
	for name, left := range map[string]func(seed string) string{
		"as it was": func(seed string) string { return seed },
		"zeros":     func(seed string) string { return strings.Repeat("\x00", len(seed)) },
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, s)
			load(t, batch(t, j, 0), people(1))
			key(t, next(t, batch(t, j, 0)))
			seed := read(t, j.Dir(), "seed")
			end(t, j, Done)
			ok(t, os.WriteFile(filepath.Join(j.Dir(), "seed"), []byte(left(seed)), 0o600))
			_, err := s.Resume(t.Context(), j.ID())
			refused(t, err, problem.Refused, "all of its 1 items are finished")
			if exists(j.Dir(), "seed") {
				t.Error("the seed is there")
			}
		})
	}
}
