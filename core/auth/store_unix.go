//go:build unix

package auth

import (
	"errors"
	"os"
	"syscall"
)

// openNoFollow opens a file for reading. A symbolic link is refused, and a pipe does not block.
func openNoFollow(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK) { // FreeBSD says the latter
		return nil, &unsafeError{why: "it is a symbolic link"}
	}
	return f, err
}

// isOwn says whether a file belongs to the user that this process acts for.
func isOwn(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}

// widerThan says whether a mode gives any of some rights.
func widerThan(info os.FileInfo, rights os.FileMode) bool { return info.Mode().Perm()&rights != 0 }

// syncDir waits until a directory is on the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) { // some file systems have no such thing
		return nil
	}
	return err
}
