//go:build unix

package plugin

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// detach gives the child a process group of its own, so that an interrupt at the terminal reaches the host alone.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// private checks that a directory belongs to this user and is closed to all others.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New("it is not a directory")
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Getuid() {
		return errors.New("it belongs to another user")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return errors.New("others may enter it; its mode must be 0700")
	}
	return nil
}

// free reports whether nobody holds the lock of a directory.
func free(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}

// owns reports whether an address is that of a socket in a plugin's directory.
func owns(dir, network, address string) bool {
	return network == "unix" && filepath.Dir(address) == dir
}
