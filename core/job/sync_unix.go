//go:build unix

package job

import (
	"errors"
	"os"
	"syscall"
)

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
