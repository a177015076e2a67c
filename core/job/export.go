package job

import (
	"context"
	"os"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// ExportOptions say where results go, and for whom.
type ExportOptions struct {
	To        string // a directory, which is made if there is none; empty: the job's own
	Recipient string // age1…; empty: the job's
}

// Export writes the files of a job, destroys its seed, and closes it: it cannot go on afterwards. Files outside the job's own
// directory are never overwritten. A job whose secrets were handed over before is refused, and its results stay as they are.
func (s *Store) Export(ctx context.Context, id string, o ExportOptions) (*Summary, error) {
	if _, err := recipient(o.Recipient); err != nil {
		return nil, err
	}
	j, about, err := s.open(ctx, id, "export")
	if err != nil {
		return nil, err
	}
	defer j.Close()
	sweep(j.dir)
	w := &writer{ctx: ctx, job: j, dir: j.dir, own: true, recipient: about.meta.Recipient}
	if o.Recipient != "" {
		w.recipient = o.Recipient
	}
	if o.To != "" {
		if err := w.elsewhere(o.To); err != nil {
			return nil, problem.New(problem.Failed, "cannot export job %s to %s: %s", id, o.To, why(err)).WithState(problem.Unchanged)
		}
	}
	if failure := w.write(about, "export"); failure != nil {
		return nil, failure
	}
	exported := about.exported
	if !w.own {
		exported = w.dir
	}
	err = j.journal.write(func(db *database) error {
		return db.exec(`UPDATE job SET closed = 1, exported = ?`, exported)
	})
	if err == nil {
		err = j.destroySeed()
	}
	if err != nil {
		return nil, err
	}
	return j.summary(Closed, about, w.files)
}

// elsewhere makes the directory that is exported to.
func (w *writer) elsewhere(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	theirs, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if ours, err := os.Stat(w.dir); err != nil || os.SameFile(ours, theirs) {
		return err
	}
	w.dir, w.own = dir, false
	return nil
}
