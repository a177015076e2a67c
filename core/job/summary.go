package job

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// Failure is what several items failed of.
type Failure struct {
	// Reason is the message, and what the gateway said; where several items have it, without what is an item's alone.
	Reason string
	Error  *problem.Error // of the first
	Key    string         // of the first
	N      int
	Rows   []int // the lines of the first of them in their file; their numbers, from 1, where they came from none
}

// The most that is told of failures.
const (
	shownReasons = 20
	shownRows    = 50
)

// about reads the job's own row behind everything that is queued.
func (j *Job) about() (a *about, err error) {
	err = j.journal.read(func(db *database) (err error) {
		a, err = readAbout(db)
		return err
	})
	return a, err
}

// storedSecrets counts the secrets of the rows.
func (j *Job) storedSecrets() (n int, err error) {
	err = j.journal.read(func(db *database) (err error) {
		n, err = number(db, rowSecrets)
		return err
	})
	return n, err
}

const (
	rowSecrets = `SELECT coalesce(sum(secrets), 0) FROM item WHERE state = 2`
	// Those of steps whose item is not ok.
	lostSecrets = `SELECT coalesce(sum(s.secrets), 0) FROM item i JOIN step s ON s.item = i.id WHERE i.state <> 2`
)

func number(db *database, sql string) (n int, err error) {
	err = db.query(sql, func(s *sqlite3.Stmt) error {
		n = s.ColumnInt(0)
		return nil
	})
	return n, err
}

func (j *Job) summary(state string, a *about, files []File) (*Summary, error) {
	s := &Summary{ID: j.id, Dir: j.dir, State: state, Counts: a.counts, Files: files, Seed: hasSeed(j.dir)}
	for _, f := range files {
		s.Secrets += f.Secrets
	}
	return s, j.journal.read(func(db *database) (err error) {
		if err = s.readEffects(db); err == nil {
			s.Unsaved, err = number(db, lostSecrets)
		}
		if err == nil {
			s.Failures, err = readFailures(db)
		}
		return err
	})
}

func (s *Summary) readEffects(db *database) error {
	err := db.query(`SELECT effect, count(*) FROM item WHERE state = 2 GROUP BY effect`, func(q *sqlite3.Stmt) error {
		switch n := q.ColumnInt(1); q.ColumnInt(0) {
		case effectCreated:
			s.Created = n
		case effectChanged:
			s.Changed = n
		case effectExisted:
			s.Existed = n
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.query(`SELECT name, outcome, count(*) FROM step WHERE outcome <> '' GROUP BY name, outcome ORDER BY min(id)`, func(q *sqlite3.Stmt) error {
		s.Outcomes = append(s.Outcomes, Outcome{q.ColumnText(0), q.ColumnText(1), q.ColumnInt(2)})
		return nil
	})
}

// readFailures groups the items that failed by their reasons.
func readFailures(db *database) (out []Failure, err error) {
	var first []int64
	err = db.query(`SELECT reason, count(*), min(id) FROM item WHERE state = 3 GROUP BY reason ORDER BY count(*) DESC, min(id) LIMIT ?`,
		func(s *sqlite3.Stmt) error {
			out = append(out, Failure{Reason: s.ColumnText(0), N: s.ColumnInt(1)})
			first = append(first, s.ColumnInt64(2))
			return nil
		}, shownReasons)
	for i := range out {
		if err == nil {
			err = out[i].read(db, first[i])
		}
	}
	return out, err
}

func (f *Failure) read(db *database, first int64) error {
	err := db.query(`SELECT key, error FROM item WHERE id = ?`, func(s *sqlite3.Stmt) error {
		f.Key, f.Error = s.ColumnText(0), decodeProblem(blob(s, 1))
		return nil
	}, first)
	if err != nil {
		return err
	}
	err = db.query(`SELECT line, id FROM item WHERE state = 3 AND reason = ? ORDER BY id LIMIT ?`, func(s *sqlite3.Stmt) error {
		row := s.ColumnInt(0)
		if row == 0 {
			row = int(s.ColumnInt64(1)&(1<<batchShift-1)) + 1
		}
		f.Rows = append(f.Rows, row)
		return nil
	}, f.Reason, shownRows)
	if f.N == 1 && f.Error != nil {
		f.Reason = messageOf(f.Error)
	}
	return err
}

func hasSeed(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, seedFile))
	return err == nil
}

func asProblem(err error, to **problem.Error) bool { return errors.As(err, to) }
