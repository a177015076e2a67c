package term

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// WidenPipe makes room for a megabyte in a pipe that w writes to, so that a large output needs fewer turns between its
// writer and its reader. It does nothing to what is no pipe.
func WidenPipe(w io.Writer) {
	f, ok := w.(*os.File)
	if !ok {
		return
	}
	if raw, err := f.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, 1<<20) })
	}
}
