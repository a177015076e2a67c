package job

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// States of a job.
const (
	Running     = "running"     // a process holds its lock
	Done        = "done"        // the run came to its end
	Interrupted = "interrupted" // by the person, or its process was killed
	Failed      = "failed"      // the run could not go on
	Closed      = "closed"      // an export has handed its secrets over; it cannot go on
	Unreadable  = "unreadable"  // its journal cannot be read
	open        = "open"        // in the journal: running, or killed
)

// Ending is how a run ends.
type Ending struct {
	State string         // Done, Interrupted or Failed
	Error *problem.Error // why it failed, or what interrupted it; nil where there is nothing to say
}

// Summary is what a job has come to.
type Summary struct {
	ID     string
	Dir    string
	State  string
	Counts Counts // of all batches

	// The items that are ok, each by the strongest of its writes: created, then updated or deleted, then exists or unchanged.
	// Items without a write are in none.
	Created, Changed, Existed int
	Outcomes                  []Outcome // of all writes that are finished
	Failures                  []Failure // by reason, the most frequent first

	Files   []File
	Secrets int // in the results
	// Unsaved are secrets that were made for items which are not ok: no file has them. A resume or a retry makes the same
	// again as long as there is a seed.
	Unsaved int
	Seed    bool // the seed is still there, in clear
}

// Outcome is how often a command had a result.
type Outcome struct {
	Command string // "keys generate"
	Result  string // "created"
	N       int
}

// End notes how the run has ended, writes the files, and closes the job. When the run is done and every item is ok, the seed is
// destroyed: the secrets are in the results. Otherwise it stays, for Resume, Retry or Export. ctx only bounds the writing.
func (j *Job) End(ctx context.Context, e Ending) (*Summary, error) {
	sweep(j.dir)
	about, err := j.about()
	if err != nil {
		_ = j.Close()
		return nil, err
	}
	w := &writer{ctx: ctx, job: j, dir: j.dir, own: true, recipient: about.meta.Recipient}
	failure := w.write(about, "write the results of")
	if failure != nil {
		e = Ending{State: Failed, Error: failure}
	}
	c := about.counts
	handedOver := e.State == Done && c.OK == c.Total
	err = j.journal.write(func(db *database) error {
		return db.exec(`UPDATE job SET state = ?, since = ?, error = ?`, e.State, j.now().UnixMilli(), encodeProblem(e.Error))
	})
	if err == nil && handedOver {
		err = j.destroySeed()
	}
	if err == nil && failure != nil {
		err = failure
	}
	var s *Summary
	if err == nil {
		s, err = j.summary(e.State, about, w.files)
	}
	if closed := j.Close(); err == nil {
		err = closed
	}
	return s, err
}

// write writes all files. Secrets that cannot be resolved any more are an error, before anything is replaced.
func (w *writer) write(a *about, attempt string) *problem.Error {
	id := w.job.id
	secrets, err := w.job.storedSecrets()
	if err == nil {
		w.sealTo, err = recipient(w.recipient)
	}
	if err != nil {
		return problem.As(err)
	}
	if secrets > 0 && !w.job.keys.whole() {
		return problem.New(problem.Refused, "cannot %s job %s again: its %d secrets were handed over, and the seed was destroyed", attempt, id, secrets).
			WithHint("they are in results.csv of %s", a.place(w.job.dir)).WithState(problem.Unchanged)
	}
	if err := w.all(len(a.batches)); err != nil {
		if e := (*problem.Error)(nil); asProblem(err, &e) {
			return e
		}
		if cause := context.Cause(w.ctx); cause != nil {
			return problem.As(cause)
		}
		return problem.New(problem.Failed, "cannot %s job %s: %s", attempt, id, why(err)).
			WithHint("make room, then: litellm-proxy job export %s", id).WithState("nothing is lost: the journal has it")
	}
	return nil
}

func (j *Job) destroySeed() error {
	if err := destroySeed(j.dir); err != nil {
		return seedStays(j.id, err)
	}
	j.keys.forget()
	return nil
}

func seedStays(id string, err error) *problem.Error {
	return problem.New(problem.Failed, "cannot destroy the seed of job %s: %s", id, why(err)).
		WithState("the results are written").WithHint("remove the file %s of the job's directory", seedFile)
}
