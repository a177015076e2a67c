package job

import (
	"context"
	"encoding/json"
	"path/filepath"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// Resume opens a job to go on with it. One that another process runs is refused; so is one that is done with all of its items,
// and one that was closed by an export.
func (s *Store) Resume(ctx context.Context, id string) (*Job, error) {
	return s.reopen(ctx, id, "resume", func(j *Job, a *about) error {
		if a.state != Done || a.counts.Left+a.counts.Begun > 0 {
			return nil
		}
		e := problem.New(problem.Refused, "cannot resume job %s: all of its %d items are finished, %d of them failed", id, a.counts.Total, a.counts.Failed).
			WithState(problem.Unchanged)
		if a.counts.Failed > 0 {
			return e.WithHint("try what failed again: litellm-proxy job retry %s", id)
		}
		// A run that was killed at its very end has left it.
		if err := destroySeed(j.dir); err != nil {
			return seedStays(id, err)
		}
		return e.WithHint("litellm-proxy job show %s", id)
	})
}

// Retry opens a job to go on with it, and with the items that failed: their finished steps stay, the others are done again.
func (s *Store) Retry(ctx context.Context, id string) (*Job, error) {
	return s.reopen(ctx, id, "retry", func(j *Job, a *about) error {
		if a.counts.Failed == 0 {
			return problem.New(problem.Refused, "cannot retry job %s: no item of it failed", id).WithState(problem.Unchanged).
				WithHint("litellm-proxy job show %s", id)
		}
		return j.journal.write(func(db *database) error {
			return db.exec(`UPDATE item SET state = 0, error = NULL, reason = NULL WHERE state = 3`)
		})
	})
}

// reopen opens a job that ready agrees with, and notes that it runs.
func (s *Store) reopen(ctx context.Context, id, attempt string, ready func(*Job, *about) error) (*Job, error) {
	j, about, err := s.open(ctx, id, attempt)
	if err != nil {
		return nil, err
	}
	err = j.mayGoOn(about, attempt)
	if err == nil {
		err = ready(j, about)
	}
	if err == nil {
		err = j.journal.write(func(db *database) error {
			return db.exec(`UPDATE job SET state = 'open', since = ?, error = NULL`, s.now().UnixMilli())
		})
	}
	if err == nil {
		sweep(j.dir)
	}
	if err != nil {
		_ = j.Close()
		return nil, err
	}
	return j, nil
}

// mayGoOn refuses a job that has handed its secrets over, and one whose seed is lost.
func (j *Job) mayGoOn(about *about, attempt string) error {
	if about.closed {
		if err := j.destroySeed(); err != nil { // a kill may have come before the export had done it
			return err
		}
		return problem.New(problem.Refused, "cannot %s job %s: it was closed by an export", attempt, j.id).WithState(problem.Unchanged).
			WithHint("run failed.csv or unprocessed.csv of %s as a new job", about.place(j.dir))
	}
	if !j.keys.whole() && about.counts.Total != about.counts.OK {
		return problem.New(problem.Refused, "cannot %s job %s: its seed is gone, and its secrets with it", attempt, j.id).WithState(problem.Unchanged).
			WithHint("run the rest as a new job: litellm-proxy job export %s writes unprocessed.csv", j.id)
	}
	return nil
}

// open takes the lock of a job and opens its journal.
func (s *Store) open(ctx context.Context, id, attempt string) (*Job, *about, error) {
	dir, lock, err := s.take(ctx, id, attempt)
	if err != nil {
		return nil, nil, err
	}
	j, about, err := openJob(id, dir)
	if err != nil {
		lock.release()
		return nil, nil, err
	}
	j.lock, j.now = lock, s.now
	return j, about, nil
}

func openJob(id, dir string) (*Job, *about, error) {
	db, err := openDatabase(filepath.Join(dir, journalFile), toWrite)
	if err != nil {
		return nil, nil, unreadable(id, err)
	}
	about, err := readAbout(db)
	if err == nil {
		err = check(db)
	}
	if err != nil {
		_ = db.Close()
		return nil, nil, unreadable(id, err)
	}
	keys, err := readSeed(dir, about.proof)
	if err != nil {
		_ = db.Close()
		return nil, nil, problem.New(problem.Failed, "cannot use the seed of job %s: %s", id, why(err)).WithState(problem.Unchanged)
	}
	journal, err := startJournal(id, db)
	if err != nil {
		return nil, nil, unreadable(id, err)
	}
	return &Job{id: id, dir: dir, journal: journal, keys: keys, meta: about.meta, batches: map[int]*Batch{}}, about, nil
}

// check reads the whole journal once: a damaged page is better found before something is sent than in the middle.
func check(db *database) error {
	damage := ""
	err := db.query(`PRAGMA quick_check(1)`, func(s *sqlite3.Stmt) error {
		damage = s.ColumnText(0)
		return nil
	})
	if err == nil && damage != "ok" {
		return sqlite3.CORRUPT
	}
	return err
}

// about is the job's own row, and the sum of its items.
type about struct {
	meta     Meta
	proof    []byte
	state    string
	since    time.Time
	failure  *problem.Error
	closed   bool
	exported string
	batches  []Counts
	counts   Counts
}

// place is the directory that has the job's results.
func (a *about) place(dir string) string {
	if a.exported != "" {
		return a.exported
	}
	return dir
}

func readAbout(db *database) (*about, error) {
	if err := checkSchema(db); err != nil {
		return nil, err
	}
	a := &about{}
	err := db.query(`SELECT meta, proof, state, since, error, closed, exported FROM job`, func(s *sqlite3.Stmt) error {
		a.proof, a.state, a.since = blob(s, 1), s.ColumnText(2), time.UnixMilli(s.ColumnInt64(3))
		a.failure, a.closed, a.exported = decodeProblem(blob(s, 4)), s.ColumnBool(5), s.ColumnText(6)
		return json.Unmarshal([]byte(s.ColumnText(0)), &a.meta)
	})
	if err == nil && a.state == "" {
		err = errNeverBegun
	}
	if err == nil {
		err = db.query(`SELECT n FROM batch ORDER BY n`, func(s *sqlite3.Stmt) error {
			for len(a.batches) <= s.ColumnInt(0) {
				a.batches = append(a.batches, Counts{})
			}
			return nil
		})
	}
	for n := range a.batches {
		if err == nil {
			_, a.batches[n], err = countItems(db, n)
			a.counts.add(a.batches[n])
		}
	}
	return a, err
}
