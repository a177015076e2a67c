package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockFile = "lock"
	// tryEvery is how often a lock that somebody else holds is tried.
	tryEvery = 10 * time.Millisecond
)

// held is the lock of a job's directory. Its file stays as long as the directory does.
type held struct{ file *flock.Flock }

// errHeld is a job that another process runs.
var errHeld = errors.New("another process runs it")

// hold takes the lock of a directory, for which it waits as long as patience. Its file has the number of this process.
func hold(ctx context.Context, dir string, patience time.Duration) (*held, error) {
	f := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	free, err := f.TryLock()
	if err == nil && !free && patience > 0 {
		waiting, stop := context.WithTimeout(ctx, patience)
		free, err = f.TryLockContext(waiting, tryEvery)
		stop()
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = nil
		}
	}
	switch {
	case err == nil && !free:
		err = errHeld
	case err == nil:
		err = sameFile(f)
	}
	if err == nil {
		err = sign(f.Path())
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &held{f}, nil
}

// sign writes the number of this process into a lock's file, behind the first byte: Windows locks that one, and nobody else could
// read it.
func sign(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(fmt.Appendf(nil, "%10d\n", os.Getpid()), 1)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// sameFile returns an error if the directory was removed while its lock was waited for.
func sameFile(f *flock.Flock) error {
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(f.Path())
	if err != nil {
		return err
	}
	if !os.SameFile(mine, there) {
		return os.ErrNotExist
	}
	return nil
}

func (h *held) release() { _ = h.file.Close() }

// watch looks at the lock of a directory: running tells whether a process holds it, and pid which, 0 if it is not known. If none
// does, none will before release is called, which is never nil; several may watch at once.
func watch(dir string) (pid int, running bool, release func(), err error) {
	release = func() {}
	path := filepath.Join(dir, lockFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return 0, false, release, nil
	}
	f := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := f.TryRLock()
	switch {
	case err != nil:
		_ = f.Close()
		return 0, false, release, err
	case !free:
		_ = f.Close()
		return holder(path), true, release, nil
	}
	return 0, false, func() { _ = f.Close() }, nil
}

// holder is the number of the process in a lock's file.
func holder(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	text := make([]byte, 32)
	n, err := f.ReadAt(text, 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		return 0
	}
	return pid
}
