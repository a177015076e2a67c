package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Write replaces the document of a file, at once and safely, if it still is old; nil is a file that is not there. What a
// symbolic link leads to is replaced, not the link; the mode of a file stays. A document that is the old one is not written: a
// file that nothing is changed in need not be writable, and none is made.
func Write(path string, old, doc []byte) error {
	if bytes.Equal(old, doc) {
		return nil
	}
	if err := write(path, old, doc); err != nil {
		return problem.Wrap(problem.Failed, err, "cannot write the configuration").WithState(problem.Unchanged)
	}
	return nil
}

func write(path string, old, doc []byte) error {
	path, err := follow(path)
	if err != nil {
		return err
	}
	now, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !bytes.Equal(now, old) || (now == nil) != (old == nil) {
		return errors.New(path + " has been changed meanwhile; try again")
	}
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".config-*.toml")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(doc)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	if d, err := os.Open(dir); err == nil { // where directories can be synced
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}

// follow is where symbolic links lead to, also if nothing is there yet.
func follow(path string) (string, error) {
	const most = 20
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // it is no link
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", errors.New(path + " is a symbolic link without end")
}
