//go:build unix

package doctor

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// mayWrite says why this user cannot write a file or a directory; it asks the system and writes nothing.
func mayWrite(path string) error {
	return unix.Faccessat(unix.AT_FDCWD, path, unix.W_OK, unix.AT_EACCESS)
}

// exposed says what is wrong if somebody besides this user has some rights on a file, which are called what; empty if nobody has.
func exposed(info os.FileInfo, rights os.FileMode, what string) string {
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || int(s.Uid) != os.Geteuid() {
		return "it belongs to another user"
	}
	if info.Mode().Perm()&rights != 0 {
		return fmt.Sprintf("%s (mode %04o)", what, info.Mode().Perm())
	}
	return ""
}
