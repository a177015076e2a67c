// Package lock lets the processes of one user take turns, by files in a directory of the user's.
package lock

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// every is how often a lock that somebody else holds is tried.
const every = 5 * time.Millisecond

// Lock is held until it is released.
type Lock struct{ file *flock.Flock }

// Acquire waits until nobody else holds the lock of a name, or ctx ends. A name may be any text: the file has its hash. The
// directory is made if it does not exist.
func Acquire(ctx context.Context, dir, name string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(name))
	path := filepath.Join(dir, hex.EncodeToString(sum[:16]))
	// Whoever unlocks a file removes it: so one that is locked may be gone, and another in its place.
	for {
		f := flock.New(path, flock.SetPermissions(0o600))
		free, err := f.TryLock() // also when the time is up: then nobody else is to blame
		if err == nil && !free {
			_, err = f.TryLockContext(ctx, every)
		}
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		mine, err := f.Stat()
		if err == nil {
			if there, err := os.Stat(path); err == nil && os.SameFile(mine, there) {
				return &Lock{f}, nil
			}
		}
		_ = f.Close()
	}
}

// Release gives the lock back. The file is removed while it is still locked, so that nobody can hold one that is about to go.
func (l *Lock) Release() {
	_ = os.Remove(l.file.Path())
	_ = l.file.Close()
}
