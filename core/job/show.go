package job

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// Report is what a job is and how far it has come.
type Report struct {
	ID    string
	Dir   string
	Meta  Meta
	State string // Running, Done, Interrupted, Failed, Closed or Unreadable
	// Killed says that the process of an interrupted job was ended from outside: it has noted no end.
	Killed   bool
	PID      int            // of the process that runs it; 0 if it is not known
	Since    time.Time      // when it came into the state; of a killed one when it last wrote
	Error    *problem.Error // why it failed, or cannot be read
	Counts   Counts         // of all batches
	Batches  []Counts
	Begun    []Begun   // the first items that were begun and are not finished; of Show alone
	Failures []Failure // by reason, the most frequent first; of Show alone
	Files    []string  // that there are, with their paths; of Show alone
	Secrets  int       // in the results; of Show alone
	Exported string    // the directory outside its own that the results were written to; empty: none
	Seed     bool      // the seed is there, in clear
}

// Begun is an item that is not finished, and its steps.
type Begun struct {
	Key   string     `json:"key"`
	Line  int        `json:"line,omitzero"`
	Steps []Progress `json:"steps,omitzero"`
}

// Progress is how far a step has come.
type Progress struct {
	Name  string `json:"name"`  // of the command, or what the script calls it
	State string `json:"state"` // one of those below
}

// States of a step.
const (
	StepDone     = "done"     // its result is in the journal
	StepBegun    = "begun"    // it may have been sent; the gateway is asked
	StepIntended = "intended" // it may have been sent, and what identifies it was noted; the gateway is asked
	StepSent     = "sent"     // it was sent, its answer was lost, and nothing identifies it
)

// Changed compares the sums of the job with those of the present.
func (r *Report) Changed(sums []Sum) []Change { return changes(r.Meta.Sums, sums) }

// shownBegun is the most items that Show tells as begun.
const shownBegun = 20

// Show tells about a job. It only reads, also while the job runs.
func (s *Store) Show(ctx context.Context, id string) (*Report, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	dir, err := s.find(id)
	if err != nil {
		return nil, err
	}
	r := &Report{ID: id, Dir: dir}
	err = r.read(func(db *database) error {
		r.Begun, err = readBegun(db)
		if err == nil {
			r.Failures, err = readFailures(db)
		}
		if err == nil {
			r.Secrets, err = number(db, rowSecrets)
		}
		return err
	})
	if err != nil {
		return nil, unreadable(id, err)
	}
	r.Files, err = resultFiles(dir)
	return r, err
}

// List tells about all jobs, the newest first. One that cannot be read is told as such.
func (s *Store) List(ctx context.Context) ([]*Report, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, problem.New(problem.Failed, "cannot list the jobs: %s", why(err))
	}
	var out []*Report
	for _, e := range entries {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		if !e.IsDir() || !isJobID(e.Name()) {
			continue
		}
		r := &Report{ID: e.Name(), Dir: filepath.Join(s.dir, e.Name())}
		if err := r.read(nil); err != nil {
			r.State, r.Error = Unreadable, unreadable(r.ID, err)
			if info, err := e.Info(); err == nil {
				r.Since = info.ModTime()
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b *Report) int { return b.begun().Compare(a.begun()) })
	return out, nil
}

func (r *Report) begun() time.Time {
	if r.Meta.Created.IsZero() {
		return r.Since
	}
	return r.Meta.Created
}

// read fills in what List tells; more reads the rest.
func (r *Report) read(more func(*database) error) error {
	pid, runs, release, err := watch(r.Dir)
	if err != nil {
		return err
	}
	defer release()
	path := filepath.Join(r.Dir, journalFile)
	written := lastWritten(path)
	db, err := openToRead(path, runs)
	if err != nil {
		return err
	}
	defer db.Close()
	a, err := readAbout(db)
	if err != nil {
		return err
	}
	r.Meta, r.Since, r.Error, r.Exported = a.meta, a.since, a.failure, a.exported
	r.Counts, r.Batches, r.Seed = a.counts, a.batches, hasSeed(r.Dir)
	switch r.State = a.state; {
	case runs:
		r.State, r.PID = Running, pid
	case a.closed:
		r.State = Closed
	case a.state == open:
		r.State, r.Killed, r.Since = Interrupted, true, written
	}
	if more == nil {
		return nil
	}
	return more(db)
}

// lastWritten is when a journal was written to.
func lastWritten(path string) (t time.Time) {
	for _, p := range []string{path, path + "-wal"} {
		if info, err := os.Stat(p); err == nil && info.ModTime().After(t) {
			t = info.ModTime()
		}
	}
	return t
}

func readBegun(db *database) (out []Begun, err error) {
	var ids []int64
	err = db.query(`SELECT id, key, line FROM item WHERE state = 1 ORDER BY id LIMIT ?`, func(s *sqlite3.Stmt) error {
		ids = append(ids, s.ColumnInt64(0))
		out = append(out, Begun{Key: s.ColumnText(1), Line: s.ColumnInt(2)})
		return nil
	}, shownBegun)
	for i := range out {
		if err != nil {
			return nil, err
		}
		err = db.query(`SELECT name, finished,
			(SELECT max(kind) FROM mark WHERE step = s.id) FROM step s WHERE item = ? ORDER BY id`, func(s *sqlite3.Stmt) error {
			state := map[string]string{"": StepBegun, markIntent: StepIntended, markSent: StepSent}[s.ColumnText(2)]
			if s.ColumnBool(1) {
				state = StepDone
			}
			out[i].Steps = append(out[i].Steps, Progress{s.ColumnText(0), state})
			return nil
		}, ids[i])
	}
	return out, err
}

// resultFiles are the files of a job that are for people, those of the first batch first.
func resultFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, problem.New(problem.Failed, "cannot read %s: %s", dir, why(err))
	}
	var out []string
	for _, kind := range []string{Results, Failures, Unprocessed} {
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), kind) && strings.HasSuffix(strings.TrimSuffix(e.Name(), encrypted), ".csv") {
				out = append(out, filepath.Join(dir, e.Name()))
			}
		}
	}
	return out, nil
}
