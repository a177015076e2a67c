// Package job is the journal of a batch run: what is to be done, what was begun, what came of it. A run that is killed at any
// point is resumed from it, with nothing lost and nothing done twice.
//
// A job is a directory of this user alone:
//
//	journal.db       SQLite: what the job is, its items, their steps, and what came of them
//	seed             32 bytes that the secrets of the job are made from; destroyed when they have been handed over
//	lock             held by the process that runs the job; its number is in it
//	results.csv      the rows that the items ended with; results.csv.age where they are encrypted
//	failed.csv       the items that failed, as they came, and why
//	unprocessed.csv  the items that were not finished
//
// A second batch of the same job has results-2.csv, failed-2.csv and unprocessed-2.csv, and so on. Secrets are in the seed and
// in the results, and nowhere else: journal and script have references.
package job

import (
	"context"
	"sync"
	"time"
)

// Meta is what a job is.
type Meta struct {
	Kind      string    `json:"kind"`               // "script" or "command"
	Title     string    `json:"title"`              // for people: "onboard people.csv --budget 50"
	Args      []string  `json:"args"`               // the command line that is run again; it holds no secrets
	WorkDir   string    `json:"work_dir,omitzero"`  // which its relative paths begin at
	Profile   string    `json:"profile,omitzero"`   // empty for a gateway that was given directly
	Gateway   string    `json:"gateway,omitzero"`   // its address
	By        string    `json:"by,omitzero"`        // who, as far as it is known
	Reason    string    `json:"reason,omitzero"`    // --reason
	Sums      []Sum     `json:"sums,omitzero"`      // what must be the same when it is resumed
	Recipient string    `json:"recipient,omitzero"` // age1…: results are encrypted for it; empty: they are a file of mode 0600
	Created   time.Time `json:"created"`            // Create takes the present if it is zero
}

// Job is one that runs in this process, which holds its lock. It is safe for concurrent use.
//
// A journal that cannot be written any more ends the job: from then on every call returns the same *problem.Error, so that
// nothing is sent that nobody would know of.
type Job struct {
	id      string
	dir     string
	lock    *held
	journal *journal
	keys    *keyring
	now     func() time.Time

	mu      sync.Mutex
	meta    Meta
	batches map[int]*Batch
	closed  bool
}

// ID is the job's: a few letters and digits.
func (j *Job) ID() string { return j.id }

// Dir is where its files are.
func (j *Job) Dir() string { return j.dir }

// Meta is what it is.
func (j *Job) Meta() Meta {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.meta
}

// Close leaves the job as it is, to be resumed as one that was killed. After End it does nothing.
func (j *Job) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	err := j.journal.close()
	j.keys.forget()
	j.lock.release()
	return err
}

// goesOn is why nothing may be begun any more: the caller was told to end, or the journal cannot be written.
func (j *Job) goesOn(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return j.journal.err()
}

// Batch is one set of items of the job: the n-th that the run works on, from 0. Several calls with one n return the same.
func (j *Job) Batch(ctx context.Context, n int) (*Batch, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if b := j.batches[n]; b != nil {
		return b, nil
	}
	b := &Batch{job: j, n: n}
	err := j.journal.read(func(db *database) (err error) {
		b.loaded, b.counts, err = countItems(db, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	j.batches[n] = b
	return b, nil
}
