package job

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// A job from its making to its end.
func TestLife(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	if !isJobID(j.ID()) || j.Dir() != filepath.Join(s.dir, j.ID()) || j.Meta().Title != "onboard people.csv" || j.Meta().Created.IsZero() {
		t.Errorf("%q %q %+v", j.ID(), j.Dir(), j.Meta())
	}
	b := batch(t, j, 0)
	if again := batch(t, j, 0); again != b {
		t.Error("a batch is made anew each time")
	}
	if is, err := b.Loaded(t.Context()); is || err != nil {
		t.Error(is, err)
	}
	load(t, b, people(5))
	if is, err := b.Loaded(t.Context()); !is || err != nil {
		t.Error(is, err)
	}
	var secrets, order []string
	for i := next(t, b); i != nil; i = next(t, b) {
		order = append(order, i.Key)
		if i.Again() || i.Line != len(order)+1 {
			t.Errorf("%+v", i.Entry)
		}
		secrets = append(secrets, key(t, i))
	}
	if want := "user-0@example.com user-1@example.com user-2@example.com user-3@example.com user-4@example.com"; strings.Join(order, " ") != want {
		t.Errorf("order %v", order)
	}
	if c := b.Counts(); c != (Counts{Total: 5, OK: 5}) {
		t.Errorf("%+v", c)
	}
	dir := j.Dir()
	if len(holders(t, dir, secrets[0])) > 0 {
		t.Error("a secret is in a file before the end")
	}
	sum := end(t, j, Done)
	sum.Files[0].Path = filepath.Base(sum.Files[0].Path)
	if diff := cmp.Diff(&Summary{
		ID: j.ID(), Dir: dir, State: Done, Counts: Counts{Total: 5, OK: 5}, Created: 5, Secrets: 5,
		Outcomes: []Outcome{{"keys generate", "created", 5}}, Files: []File{{Kind: Results, Path: "results.csv", Rows: 5, Secrets: 5}},
	}, sum); diff != "" {
		t.Error(diff)
	}
	want := "email,key\n"
	for i, secret := range secrets {
		want += order[i] + "," + secret + "\n"
		if len(secret) != 35 || !strings.HasPrefix(secret, "sk-") {
			t.Errorf("secret %q", secret)
		}
	}
	if got := read(t, dir, "results.csv"); got != want {
		t.Errorf("results %q, want %q", got, want)
	}
	if exists(dir, "seed") || exists(dir, "failed.csv") || exists(dir, "unprocessed.csv") {
		t.Error("a seed or a file without lines is left")
	}
	if in := holders(t, dir, secrets[3]); len(in) != 1 {
		t.Errorf("a secret is in %v", in)
	}
}

func TestModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are of Unix; on Windows the user's own directories are closed by their access lists")
	}
	j := newJob(t, newStore(t))
	b := batch(t, j, 0)
	load(t, b, people(1))
	check := func() {
		t.Helper()
		err := filepath.WalkDir(filepath.Dir(j.Dir()), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if strings.HasSuffix(path, "-shm") { // numbers of pages, in a closed directory
				return nil
			}
			info, err := d.Info()
			if want := map[bool]os.FileMode{true: 0o700, false: 0o600}[d.IsDir()]; err == nil && info.Mode().Perm() != want {
				t.Errorf("%s has mode %04o", path, info.Mode().Perm())
			}
			return err
		})
		ok(t, err)
	}
	check()
	key(t, next(t, b))
	end(t, j, Done)
	check()
}

// Nobody can go on with a job that has ended, but nothing breaks.
func TestAfterTheEnd(t *testing.T) {
	j := newJob(t, newStore(t))
	b := batch(t, j, 0)
	load(t, b, people(2))
	i := next(t, b)
	s := step(t, i, 0, generate)
	end(t, j, Interrupted)
	ok(t, j.Close())
	_, err := b.Next(t.Context())
	refused(t, err, problem.Failed, "it has ended")
	refused(t, i.Done(t.Context(), nil), problem.Failed, "it has ended")
	refused(t, s.Send(t.Context(), "POST /key/generate"), problem.Failed, "it has ended")
	if _, ok := j.Resolve("secret-ref:"); ok {
		t.Error("resolved")
	}
}

func TestStoreThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	ok(t, os.WriteFile(file, nil, 0o600))
	_, err := Open(filepath.Join(file, "jobs")).Create(t.Context(), Meta{})
	refused(t, err, problem.Failed, "cannot make a job in", "not a directory", problem.Unchanged)
	_, err = Open("").Create(t.Context(), Meta{})
	refused(t, err, problem.Failed, "cannot make a job")
	_, err = newStore(t).Create(t.Context(), Meta{Recipient: "age1nobody"})
	refused(t, err, problem.Usage, "no recipient of age")
	_, err = newStore(t).Create(t.Context(), Meta{Recipient: "AGE-SECRET-KEY-1QQQ"})
	refused(t, err, problem.Usage, "that is a secret key")
	if strings.Contains(err.Error(), "1QQQ") {
		t.Errorf("%v tells it", err)
	}
}

func TestNoSuchJob(t *testing.T) {
	s := newStore(t)
	ok(t, os.MkdirAll(filepath.Join(s.dir, "..", "abcd"), 0o700))
	for _, id := range []string{"7k3f", "", ".", "..", "../abcd", "7k3", "7k3ff", "7K3F", "olio", "a/bc"} {
		_, err := s.Show(t.Context(), id)
		refused(t, err, problem.NotFound, "job list")
		_, err = s.Resume(t.Context(), id)
		refused(t, err, problem.NotFound)
		refused(t, s.Remove(t.Context(), id, true), problem.NotFound)
	}
	if all, err := s.List(t.Context()); err != nil || len(all) > 0 {
		t.Error(all, err)
	}
}

func TestIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id, err := newID()
		if err != nil || !isJobID(id) {
			t.Fatal(id, err)
		}
		seen[id] = true
	}
	if len(seen) < 990 { // of more than a million
		t.Errorf("%d ids", len(seen))
	}
}

// Each call with a context that has ended fails before it does anything, but what has been done is noted.
func TestContext(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	load(t, b, people(2))
	i := next(t, b)
	st := step(t, i, 0, generate)
	gone, cancel := contextWithCause(t)
	cancel(errStopped)
	for name, err := range map[string]error{
		"create": second(s.Create(gone, Meta{})),
		"batch":  second(j.Batch(gone, 7)),
		"step":   second(i.Step(gone, 1, []byte(generate))),
		"named":  second(i.Named(gone, "x", 0)),
		"send":   st.Send(gone, "POST /key/generate"),
		"show":   second(s.Show(gone, j.ID())),
	} {
		if err != errStopped {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := st.Intent(gone, "user", "u-1"); err != errStopped {
		t.Error(err)
	}
	ok(t, st.Finish(gone, []byte(`{}`), 0))
	ok(t, i.Done(gone, nil))
	ok(t, j.Close())
	r := show(t, s, j.ID())
	if r.Counts != (Counts{Total: 2, OK: 1, Left: 1}) {
		t.Errorf("%+v", r.Counts)
	}
}

func TestResumeWaits(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	_, err := s.Resume(t.Context(), j.ID())
	refused(t, err, problem.Refused, "cannot resume job "+j.ID()+": process ", " runs it", problem.Unchanged)
	s.patience = time.Minute
	ended := make(chan error)
	go func() {
		j, err := s.Resume(t.Context(), j.ID())
		if err == nil {
			err = j.Close()
		}
		ended <- err
	}()
	ok(t, j.Close())
	ok(t, <-ended)
}
