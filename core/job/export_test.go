package job

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// unfinished is a job of which one item is done, one failed behind a key, one was begun and one is left. It returns the secrets of
// the first two.
func unfinished(t *testing.T, s *Store) (j *Job, secret, lost string) {
	t.Helper()
	j = newJob(t, s)
	b := batch(t, j, 0)
	load(t, b, people(4))
	secret = key(t, next(t, b))
	i := next(t, b)
	st := step(t, i, 0, generate)
	ref, lost, err := st.Secret(0, "sk-")
	ok(t, err)
	ok(t, st.Finish(t.Context(), []byte(`{"records":[{"key":"`+ref+`","result":"created"}]}`), 0))
	ok(t, i.Failed(t.Context(), problem.New(problem.Refused, "cannot add member: no such team")))
	step(t, next(t, b), 0, generate)
	return j, secret, lost
}

// An export hands the secrets over and ends the job for good.
func TestExport(t *testing.T) {
	s := newStore(t)
	j, secret, lost := unfinished(t, s)
	_, err := s.Export(t.Context(), j.ID(), ExportOptions{})
	refused(t, err, problem.Refused, "runs it")
	sum := end(t, j, Interrupted)
	if !sum.Seed || sum.Unsaved != 1 || sum.Secrets != 1 || sum.Created != 1 {
		t.Errorf("%+v", sum)
	}
	sum, err = s.Export(t.Context(), j.ID(), ExportOptions{})
	ok(t, err)
	if sum.Seed || sum.State != Closed || sum.Counts != (Counts{Total: 4, OK: 1, Failed: 1, Begun: 1, Left: 1}) || len(sum.Files) != 3 {
		t.Errorf("%+v", sum)
	}
	before := read(t, j.Dir(), "results.csv")
	if !strings.Contains(before, secret) || exists(j.Dir(), "seed") {
		t.Error("no secret in the results, or the seed is there")
	}
	if in := holders(t, j.Dir(), lost); len(in) > 0 {
		t.Errorf("the secret of an item that failed is in %v", in)
	}
	if got := read(t, j.Dir(), "unprocessed.csv"); got != "email,team,limit\nuser-2@example.com,eng,2.50\nuser-3@example.com,eng,3.50\n" {
		t.Errorf("%q", got)
	}
	for attempt, do := range map[string]func() error{
		"resume": func() error { return second(s.Resume(t.Context(), j.ID())) },
		"retry":  func() error { return second(s.Retry(t.Context(), j.ID())) },
	} {
		refused(t, do(), problem.Refused, "cannot "+attempt, "closed by an export", "unprocessed.csv", j.Dir())
	}
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{})
	refused(t, err, problem.Refused, "its 1 secrets were handed over, and the seed was destroyed", "results.csv of "+j.Dir(), problem.Unchanged)
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{To: filepath.Join(t.TempDir(), "out")})
	refused(t, err, problem.Refused, "handed over")
	if read(t, j.Dir(), "results.csv") != before {
		t.Error("the results were changed")
	}
	if r := show(t, s, j.ID()); r.State != Closed || r.Seed || r.Secrets != 1 {
		t.Errorf("%+v", r)
	}
}

func TestExportElsewhere(t *testing.T) {
	s := newStore(t)
	j, secret, _ := unfinished(t, s)
	ok(t, j.Close())
	out := filepath.Join(t.TempDir(), "new", "out")
	sum, err := s.Export(t.Context(), j.ID(), ExportOptions{To: out})
	ok(t, err)
	if len(sum.Files) != 3 || filepath.Dir(sum.Files[0].Path) != out || !strings.Contains(read(t, out, "results.csv"), secret) {
		t.Errorf("%+v", sum)
	}
	if exists(j.Dir(), "results.csv") || exists(j.Dir(), "seed") {
		t.Error("the job's own directory has results or the seed")
	}
	_, err = s.Resume(t.Context(), j.ID())
	refused(t, err, problem.Refused, out)
	if r := show(t, s, j.ID()); r.Exported != out {
		t.Errorf("%+v", r)
	}
}

// What is there is not overwritten, and then the job can still go on.
func TestExportOverwritesNothing(t *testing.T) {
	s := newStore(t)
	j, secret, _ := unfinished(t, s)
	ok(t, j.Close())
	out := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(out, "results.csv"), []byte("mine"), 0o600))
	_, err := s.Export(t.Context(), j.ID(), ExportOptions{To: out})
	refused(t, err, problem.Refused, "exists already")
	if read(t, out, "results.csv") != "mine" || !exists(j.Dir(), "seed") {
		t.Error("overwritten, or the seed is gone")
	}
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{To: filepath.Join(out, "results.csv")})
	refused(t, err, problem.Failed, "not a directory")
	j = resume(t, s, j.ID())
	ok(t, j.Close())
	identity, err := age.GenerateX25519Identity()
	ok(t, err)
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{Recipient: "x"})
	refused(t, err, problem.Usage, "no recipient")
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{To: j.Dir(), Recipient: identity.Recipient().String()})
	ok(t, err)
	if in := holders(t, j.Dir(), secret); len(in) > 0 {
		t.Errorf("a secret is in %v", in)
	}
}

// Encrypted results take the place of those in clear.
func TestExportEncryptsAfterwards(t *testing.T) {
	s := newStore(t)
	j, secret, _ := unfinished(t, s)
	end(t, j, Interrupted)
	identity, err := age.GenerateX25519Identity()
	ok(t, err)
	_, err = s.Export(t.Context(), j.ID(), ExportOptions{Recipient: identity.Recipient().String()})
	ok(t, err)
	if in := holders(t, j.Dir(), secret); len(in) > 0 || !exists(j.Dir(), "results.csv.age") {
		t.Errorf("a secret is in %v", in)
	}
}

// A job without secrets can be exported as often as one likes.
func TestExportWithoutSecrets(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	if sum := ended(t, j, people(2), map[string]string{"user-0@example.com": `{"a":1}`}); !sum.Seed {
		t.Error("no seed, though an item failed")
	}
	for range 2 {
		sum, err := s.Export(t.Context(), j.ID(), ExportOptions{})
		ok(t, err)
		if sum.Seed || read(t, j.Dir(), "results.csv") != "a\n1\n" {
			t.Errorf("%+v", sum)
		}
	}
}

func TestRemove(t *testing.T) {
	s := newStore(t)
	j, _, _ := unfinished(t, s)
	refused(t, s.Remove(t.Context(), j.ID(), true), problem.Refused, "runs it", problem.Unchanged)
	ok(t, j.Close())
	refused(t, s.Remove(t.Context(), j.ID(), false), problem.Refused, "its 2 secrets are in no other place", "job export "+j.ID())
	_, err := s.Export(t.Context(), j.ID(), ExportOptions{})
	ok(t, err)
	refused(t, s.Remove(t.Context(), j.ID(), false), problem.Refused, "in no other place", "copy results.csv")
	ok(t, s.Remove(t.Context(), j.ID(), true))
	if exists(j.Dir()) {
		t.Error("it is there")
	}

	elsewhere, _, _ := unfinished(t, s)
	ok(t, elsewhere.Close())
	_, err = s.Export(t.Context(), elsewhere.ID(), ExportOptions{To: t.TempDir()})
	ok(t, err)
	ok(t, s.Remove(t.Context(), elsewhere.ID(), false))

	without := newJob(t, s)
	ok(t, without.Close())
	ok(t, s.Remove(t.Context(), without.ID(), false))

	damaged := newJob(t, s)
	ok(t, damaged.Close())
	ok(t, os.WriteFile(filepath.Join(damaged.Dir(), "journal.db"), []byte(strings.Repeat("garbage", 1000)), 0o600))
	refused(t, s.Remove(t.Context(), damaged.ID(), false), problem.Refused, "cannot be read (the file is damaged)", "--force")
	ok(t, s.Remove(t.Context(), damaged.ID(), true))
	if left, _ := os.ReadDir(s.dir); len(left) > 0 {
		t.Error(left)
	}
}

// An export that was killed before it had destroyed the seed: whoever asks to go on does it.
func TestExportCutOff(t *testing.T) {
	s := newStore(t)
	j, _, _ := unfinished(t, s)
	seed := read(t, j.Dir(), "seed")
	end(t, j, Interrupted)
	_, err := s.Export(t.Context(), j.ID(), ExportOptions{})
	ok(t, err)
	for _, again := range []func() (*Job, error){
		func() (*Job, error) { return s.Resume(t.Context(), j.ID()) },
		func() (*Job, error) { return s.Retry(t.Context(), j.ID()) },
	} {
		ok(t, os.WriteFile(filepath.Join(j.Dir(), "seed"), []byte(seed), 0o600))
		_, err := again()
		refused(t, err, problem.Refused, "closed by an export")
		if exists(j.Dir(), "seed") {
			t.Error("the seed is still there")
		}
	}
}
