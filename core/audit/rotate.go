package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/lock"
)

// keep is how many files are kept besides the one that is written to: log.1.jsonl, the newest, to log.5.jsonl.
const keep = 5

// oldName is the name of the file that was put aside as the nth last.
func oldName(n int) string { return fmt.Sprintf("log.%d.jsonl", n) }

// ready sees to it that l.file is the file to write to: another process may have put the one at hand aside, and one that is
// too large has to be. The caller holds l.mu.
func (l *Log) ready() error {
	there, err := os.Stat(filepath.Join(l.dir, fileName))
	if l.file != nil && err == nil && os.SameFile(l.file.info, there) {
		if there.Size() <= l.limit {
			return nil
		}
	} else if err := l.open(); err != nil {
		return err
	}
	for l.tooLarge() {
		if !l.rotate() {
			return nil // the file at hand is as good as it was
		}
		if err := l.open(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) tooLarge() bool {
	info, err := l.file.Stat()
	return err == nil && info.Size() > l.limit
}

// open opens the file for new entries, and makes it if there is none.
func (l *Log) open() error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(l.dir) // on Windows only what is opened by a root can be renamed while it is open
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	f, err := root.OpenFile(fileName, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		_ = f.Close()
		return err
	}
	l.leave()
	l.file = &file{File: f, info: info, open: 1, torn: isTorn(f, info.Size())}
	return nil
}

// leave gives up the file for new entries.
func (l *Log) leave() {
	if l.file != nil {
		l.file.release()
		l.file = nil
	}
}

// isTorn says whether a file does not end with a line's end, since its last writer was killed or the disk was full.
func isTorn(f *os.File, size int64) bool {
	if size == 0 {
		return false
	}
	var last [1]byte
	_, err := f.ReadAt(last[:], size-1)
	return err == nil && last[0] != '\n'
}

// rotate puts the file at hand aside and says whether there is now another to be opened. Only one process does it at a
// time; one that finds another at it goes on with the file that it has, which is then log.1.jsonl and loses nothing.
func (l *Log) rotate() bool {
	turn, err := lock.Acquire(noWait{}, l.dir, fileName)
	if err != nil {
		return false
	}
	defer turn.Release()
	path := filepath.Join(l.dir, fileName)
	there, err := os.Stat(path)
	if err != nil || !os.SameFile(there, l.file.info) {
		return true // another was faster
	}
	// A rotation that was killed has left a gap: older files than that stay where they are.
	gap := 1
	for gap < keep && exists(filepath.Join(l.dir, oldName(gap))) {
		gap++
	}
	for n := gap; n > 1; n-- {
		if err := os.Rename(filepath.Join(l.dir, oldName(n-1)), filepath.Join(l.dir, oldName(n))); err != nil {
			return false
		}
	}
	return os.Rename(path, filepath.Join(l.dir, oldName(1))) == nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// noWait is a context that has ended. With it a lock that is free is acquired, and none is waited for.
type noWait struct{}

func (noWait) Deadline() (time.Time, bool) { return time.Time{}, false }
func (noWait) Done() <-chan struct{}       { return ended }
func (noWait) Err() error                  { return context.Canceled }
func (noWait) Value(any) any               { return nil }

var ended = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
