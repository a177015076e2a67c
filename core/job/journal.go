package job

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// journal is the database of a job that runs. One goroutine owns the connection: it puts all that waits into one transaction, so
// that one sync serves many callers. What is queued is done in that order.
type journal struct {
	id     string
	db     *database
	queue  chan *entry
	end    chan struct{}
	ended  error // of the connection's end; valid when end is closed
	broken atomic.Pointer[problem.Error]

	nextStep atomic.Int64 // the last id that a step was given

	mu     sync.RWMutex
	closed bool
}

// entry is one thing to do with the database. An error of do is the end of the journal, unless it is an answer.
type entry struct {
	do     func(*database) error
	writes bool
	urgent bool       // it does not wait for others to share a sync with
	done   chan error // nil: nobody waits
}

const (
	queueLength = 1024
	groupLength = 512 // entries of one transaction
	// patience is how long entries without hurry wait for one that is in a hurry. It is about as long as a sync takes.
	patience = 2 * time.Millisecond
)

// startJournal takes the connection, also when it fails.
func startJournal(id string, db *database) (*journal, error) {
	j := &journal{id: id, db: db, queue: make(chan *entry, queueLength), end: make(chan struct{})}
	err := db.query(`SELECT coalesce(max(id), 0) FROM step`, func(s *sqlite3.Stmt) error {
		j.nextStep.Store(s.ColumnInt64(0))
		return nil
	})
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	go j.run()
	return j, nil
}

// write does something and returns when it is on disk.
func (j *journal) write(do func(*database) error) error {
	return j.wait(&entry{do: do, writes: true, urgent: true, done: make(chan error, 1)})
}

// writeSoon is write for what little depends on: it waits for something else to be synced with.
func (j *journal) writeSoon(do func(*database) error) error {
	return j.wait(&entry{do: do, writes: true, done: make(chan error, 1)})
}

// note queues something, behind which a later write or read comes.
func (j *journal) note(do func(*database) error) error {
	return j.put(&entry{do: do, writes: true})
}

// read does something that changes nothing.
func (j *journal) read(do func(*database) error) error {
	return j.wait(&entry{do: do, urgent: true, done: make(chan error, 1)})
}

func (j *journal) wait(e *entry) error {
	if err := j.put(e); err != nil {
		return err
	}
	return <-e.done
}

// err is why the journal cannot be written any more; nil if it can.
func (j *journal) err() error {
	if broken := j.broken.Load(); broken != nil {
		return broken
	}
	return nil
}

func (j *journal) put(e *entry) error {
	if err := j.err(); err != nil {
		return err
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return problem.New(problem.Failed, "cannot go on with job %s: it has ended", j.id)
	}
	j.queue <- e
	return nil
}

// close ends the journal when what is queued has been done.
func (j *journal) close() error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.queue)
	}
	j.mu.Unlock()
	<-j.end
	return j.ended
}

func (j *journal) run() {
	defer close(j.end)
	group := make([]*entry, 0, groupLength)
	for e := range j.queue {
		group = j.group(append(group[:0], e))
		err := j.transact(group)
		for _, e := range group {
			if e.done != nil {
				e.done <- err
			}
		}
		clear(group)
	}
	j.ended = j.db.Close()
	if err := j.err(); err != nil {
		j.ended = err
	}
}

// group adds what is waiting, and waits itself while nobody is in a hurry.
func (j *journal) group(group []*entry) []*entry {
	hurry := group[0].urgent
	var late <-chan time.Time
	for len(group) < groupLength {
		if hurry && len(j.queue) == 0 {
			return group
		}
		if !hurry && late == nil {
			timer := time.NewTimer(patience)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case e, ok := <-j.queue:
			if !ok {
				return group
			}
			group = append(group, e)
			hurry = hurry || e.urgent
		case <-late:
			return group
		}
	}
	return group
}

// transact does all of a group, or nothing; then the journal is broken.
func (j *journal) transact(group []*entry) error {
	if err := j.err(); err != nil {
		return err
	}
	err := j.attempt(group)
	if err == nil {
		return nil
	}
	if !j.db.conn.GetAutocommit() {
		_ = j.db.conn.Exec(`ROLLBACK`)
	}
	err = j.db.reason(err)
	broken := unwritable(j.id, err)
	if isDamage(err) {
		broken = unreadable(j.id, err).WithState(broken.State)
	}
	j.broken.Store(broken)
	return broken
}

func (j *journal) attempt(group []*entry) error {
	begun := false
	for _, e := range group {
		if e.writes && !begun {
			if err := j.db.exec(`BEGIN IMMEDIATE`); err != nil {
				return err
			}
			begun = true
		}
		if err := e.do(j.db); err != nil {
			return err
		}
	}
	if !begun {
		return nil
	}
	return j.db.exec(`COMMIT`)
}

// unwritable is the end of a job.
func unwritable(id string, err error) *problem.Error {
	e := problem.New(problem.Failed, "cannot write the journal of job %s: %s", id, why(err)).WithState("nothing more is sent")
	if errors.Is(err, sqlite3.FULL) || errors.Is(err, sqlite3.IOERR) {
		e = e.WithHint("make room, then: litellm-proxy job resume %s", id)
	}
	return e
}

// unreadable is a journal that cannot be used.
func unreadable(id string, err error) *problem.Error {
	e := problem.New(problem.Failed, "cannot read the journal of job %s: %s", id, why(err))
	var newer *newerError
	switch {
	case errors.As(err, &newer):
		e.Code = problem.Refused
		return e.WithHint("use that version of litellm-proxy")
	case isDamage(err), errors.Is(err, errNeverBegun):
		return e.WithHint("litellm-proxy job remove %s", id)
	}
	return e
}

func isDamage(err error) bool {
	return errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT)
}
