package doctor

import (
	"errors"
	"os"
)

// mayWrite says why this user cannot write a file. Of a directory this is known only by trying, which doctor does not.
func mayWrite(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() && info.Mode().Perm()&0o200 == 0 {
		return errors.New("it is read-only")
	}
	return err
}

// exposed is always empty: the profile's directory is the user's own, and modes say nothing.
func exposed(os.FileInfo, os.FileMode, string) string { return "" }
