package job

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Remove removes a job and all of its files. While it runs that is refused; without force also where the secrets of the job are
// in no other place.
func (s *Store) Remove(ctx context.Context, id string, force bool) error {
	dir, lock, err := s.take(ctx, id, "remove")
	if err != nil {
		return err
	}
	defer lock.release()
	if !force {
		if err := mayRemove(id, dir); err != nil {
			return err
		}
	}
	err = destroySeed(dir)
	var entries []os.DirEntry
	if err == nil {
		entries, err = os.ReadDir(dir)
	}
	for _, e := range entries {
		if err == nil && e.Name() != lockFile {
			err = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	if err == nil {
		lock.release() // Windows does not remove a file that is open
		err = os.RemoveAll(dir)
	}
	if err == nil {
		err = syncDir(s.dir)
	}
	if err != nil {
		return problem.New(problem.Failed, "cannot remove job %s: %s", id, why(err))
	}
	return nil
}

// mayRemove refuses to remove the only place of secrets.
func mayRemove(id, dir string) error {
	made, kept := 0, false
	db, err := openToRead(filepath.Join(dir, journalFile), false)
	if err == nil {
		defer db.Close()
		var a *about
		if a, err = readAbout(db); err == nil {
			kept = a.exported != ""
			made, err = number(db, `SELECT (`+rowSecrets+`) + (`+lostSecrets+`)`)
		}
	}
	switch {
	case errors.Is(err, errNeverBegun):
		return nil
	case err != nil:
		return problem.New(problem.Refused, "cannot remove job %s: its journal cannot be read (%s), and it may hold secrets that are in no other place", id, why(err)).
			WithHint("litellm-proxy job remove --force %s", id).WithState(problem.Unchanged)
	case made == 0 || kept:
		return nil
	}
	e := problem.New(problem.Refused, "cannot remove job %s: its %d secrets are in no other place", id, made).WithState(problem.Unchanged)
	if hasSeed(dir) {
		return e.WithHint("litellm-proxy job export %s --to DIR, or: litellm-proxy job remove --force %s", id, id)
	}
	return e.WithHint("copy results.csv from %s, then: litellm-proxy job remove --force %s", dir, id)
}
