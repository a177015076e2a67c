package job

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Store is where the jobs of this user are kept: a directory each.
type Store struct {
	dir      string
	patience time.Duration // how long one waits for a job that is just ending
	now      func() time.Time
}

// Open returns the store below a directory, which may not exist yet.
func Open(dir string) *Store { return &Store{dir: dir, patience: 2 * time.Second, now: time.Now} }

const journalFile = "journal.db"

const (
	// idLetters are digits and small letters without i, l and o, which are taken for others.
	idLetters = "0123456789abcdefghjkmnpqrstuvwxyz"
	idLength  = 4
	idTries   = 100
)

func newID() (string, error) {
	id := make([]byte, idLength)
	for i := range id {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(idLetters))))
		if err != nil {
			return "", err
		}
		id[i] = idLetters[n.Int64()]
	}
	return string(id), nil
}

func isJobID(id string) bool {
	return len(id) == idLength && strings.Trim(id, idLetters) == ""
}

// Create makes a job with a new id and a new seed; both are on disk when it returns.
func (s *Store) Create(ctx context.Context, m Meta) (*Job, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if _, err := recipient(m.Recipient); err != nil {
		return nil, err
	}
	if m.Created.IsZero() {
		m.Created = s.now().UTC()
	}
	id, dir, err := s.makeDir()
	if err == nil {
		var j *Job
		if j, err = create(ctx, id, dir, m); err == nil {
			j.now = s.now
			if err = errors.Join(syncDir(dir), syncDir(s.dir)); err == nil {
				return j, nil
			}
			_ = j.Close()
		}
		_ = os.RemoveAll(dir)
	}
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	return nil, problem.New(problem.Failed, "cannot make a job in %s: %s", s.dir, why(err)).WithState(problem.Unchanged)
}

// makeDir makes a directory of a name that no job has.
func (s *Store) makeDir() (id, dir string, err error) {
	if s.dir == "" {
		return "", "", errors.New("no directory is known for it")
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", "", err
	}
	for range idTries {
		if id, err = newID(); err != nil {
			return "", "", err
		}
		dir = filepath.Join(s.dir, id)
		if err = os.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrExist) {
			return id, dir, err
		}
	}
	return "", "", err
}

func create(ctx context.Context, id, dir string, m Meta) (*Job, error) {
	lock, err := hold(ctx, dir, 0)
	if err != nil {
		return nil, err
	}
	j, err := begin(id, dir, m)
	if err != nil {
		lock.release()
		return nil, err
	}
	j.lock = lock
	return j, nil
}

func begin(id, dir string, m Meta) (*Job, error) {
	keys, err := newSeed(dir)
	if err != nil {
		return nil, err
	}
	meta, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, journalFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	db, err := openDatabase(path, toWrite)
	if err != nil {
		return nil, err
	}
	if err := createSchema(db, meta, keys.proof(), m.Created.UnixMilli()); err != nil {
		_ = db.Close()
		return nil, err
	}
	journal, err := startJournal(id, db)
	if err != nil {
		return nil, err
	}
	return &Job{id: id, dir: dir, journal: journal, keys: keys, meta: m, batches: map[int]*Batch{}}, nil
}

// find is the directory of a job, or a *problem.Error.
func (s *Store) find(id string) (dir string, err error) {
	if isJobID(id) {
		dir = filepath.Join(s.dir, id)
		info, err := os.Stat(dir)
		if err == nil && info.IsDir() {
			return dir, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", problem.New(problem.Failed, "cannot read job %s: %s", id, why(err))
		}
	}
	return "", problem.New(problem.NotFound, "no job %q", id).WithHint("litellm-proxy job list")
}

// take holds the lock of a job, to do something with it. The error says what could not be done.
func (s *Store) take(ctx context.Context, id, attempt string) (dir string, lock *held, err error) {
	if dir, err = s.find(id); err != nil {
		return "", nil, err
	}
	lock, err = hold(ctx, dir, s.patience)
	switch {
	case err == nil:
		return dir, lock, nil
	case errors.Is(err, errHeld):
		return "", nil, running(id, dir, attempt)
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, problem.New(problem.NotFound, "no job %q any more", id)
	case context.Cause(ctx) != nil:
		return "", nil, context.Cause(ctx)
	}
	return "", nil, problem.New(problem.Failed, "cannot %s job %s: %s", attempt, id, why(err)).WithState(problem.Unchanged)
}

// running refuses what cannot be done with a job that runs.
func running(id, dir, attempt string) *problem.Error {
	by := "another process runs it"
	if pid := holder(filepath.Join(dir, lockFile)); pid > 0 {
		by = "process " + big.NewInt(int64(pid)).String() + " runs it"
	}
	return problem.New(problem.Refused, "cannot %s job %s: %s", attempt, id, by).WithState(problem.Unchanged).
		WithHint("wait for its end, or interrupt it (Ctrl-C)")
}
