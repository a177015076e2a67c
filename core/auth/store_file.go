package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/lock"
)

// fileStore keeps a file for each account, which this user alone can read.
type fileStore struct {
	dir    string
	getenv func(string) string

	mu   sync.Mutex
	last string // the file that was last read or written
}

const (
	// temporary begins the names of files that are being written; an escaped account has no dot at its beginning.
	temporary = ".tmp-"
	// longestKept is the most bytes of a file that are read. A sign-in has some thousand.
	longestKept = 1 << 20
)

func newFileStore(o StoreOptions) *fileStore { return &fileStore{dir: o.Dir, getenv: o.Getenv} }

// Name is the file, or the directory before one was used.
func (f *fileStore) Name() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last == "" {
		return tilde(f.dir, f.getenv)
	}
	return tilde(f.last, f.getenv)
}

func (f *fileStore) path(account string) string {
	return filepath.Join(f.dir, escapeAccount(account)+".json")
}

func (f *fileStore) use(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = path
}

// failed is an error of an attempt. Its reason does not repeat the path.
func (f *fileStore) failed(attempt, account string, err error) error {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &link):
		err = link.Err
	}
	e := storeError(attempt, account, tilde(f.path(account), f.getenv), err)
	var un *unsafeError
	if errors.As(err, &un) {
		e.Hint = un.hint
	}
	return e
}

func (f *fileStore) Get(_ context.Context, account string) (*SignIn, error) {
	path := f.path(account)
	err := f.safe()
	var kept []byte
	if err == nil {
		kept, err = readPrivate(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, f.failed("read", account, err)
	}
	f.use(path)
	return decodeSignIn(account, tilde(path, f.getenv), kept)
}

func (f *fileStore) Put(ctx context.Context, account string, s *SignIn) error {
	text, err := encodeSignIn(s)
	if err != nil {
		return err
	}
	path := f.path(account)
	turn, err := f.turn(ctx)
	if err != nil {
		return f.failed("keep", account, err)
	}
	defer turn.Release()
	f.sweep()
	if err := replace(path, []byte(text)); err != nil {
		return f.failed("keep", account, err)
	}
	f.use(path)
	return nil
}

func (f *fileStore) Delete(ctx context.Context, account string) error {
	path := f.path(account)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return ErrNone // without a lock, for which the directory would be made
	}
	turn, err := f.turn(ctx)
	if err != nil {
		return f.failed("remove", account, err)
	}
	defer turn.Release()
	f.sweep()
	switch err := os.Remove(path); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNone
	case err != nil:
		return f.failed("remove", account, err)
	}
	if err := syncDir(f.dir); err != nil {
		return f.failed("remove", account, err)
	}
	return nil
}

// turn waits until no other process writes in the directory, and makes it if there is none.
func (f *fileStore) turn(ctx context.Context) (*lock.Lock, error) {
	if f.dir == "" {
		return nil, errors.New("no directory is known for it")
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, err
	}
	if err := f.safe(); err != nil {
		return nil, err
	}
	return lock.Acquire(ctx, f.dir, "credentials")
}

// sweep removes what writers that were killed have left behind. Whoever holds the turn is the only writer.
func (f *fileStore) sweep() {
	entries, _ := os.ReadDir(f.dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), temporary) {
			_ = os.Remove(filepath.Join(f.dir, e.Name()))
		}
	}
}

// safe returns an error if others could put files into the directory.
func (f *fileStore) safe() error {
	info, err := os.Stat(f.dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New("what should be its directory is none")
	}
	if !isOwn(info) {
		return &unsafeError{why: "its directory belongs to another user"}
	}
	if widerThan(info, 0o022) {
		return &unsafeError{fmt.Sprintf("others may write in its directory (mode %04o)", info.Mode().Perm()), "chmod 700 " + shellQuote(f.dir)}
	}
	return nil
}

// unsafeError refuses a file or a directory that others can get at.
type unsafeError struct{ why, hint string }

func (e *unsafeError) Error() string { return e.why }

// readPrivate reads a file that is nobody else's. One that is not is refused and not repaired: others may have read it, or
// may have written it, and a person should know.
func readPrivate(path string) ([]byte, error) {
	f, err := openNoFollow(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &unsafeError{why: "it is not a regular file"}
	case !isOwn(info):
		return nil, &unsafeError{why: "it belongs to another user"}
	case widerThan(info, 0o077):
		return nil, &unsafeError{fmt.Sprintf("others can read it (mode %04o)", info.Mode().Perm()), "chmod 600 " + shellQuote(path) + ", and sign in again if somebody may have read it"}
	}
	kept, err := io.ReadAll(io.LimitReader(f, longestKept+1))
	if err == nil && len(kept) > longestKept {
		err = fmt.Errorf("it has more than %d bytes", longestKept)
	}
	return kept, err
}

// replace writes a file anew: what is there at any moment is the old text or the new one, on the disk too. The file is this
// user's alone from its first moment.
func replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, temporary) // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return syncDir(dir)
}

// shellQuote is a path as a command line takes it.
func shellQuote(path string) string {
	if !strings.ContainsFunc(path, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/.-_~%:@+=,", r)
	}) && path != "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
