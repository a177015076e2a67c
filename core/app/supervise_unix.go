//go:build unix

package app

import (
	"os"
	"runtime/debug"

	"github.com/litellm-proxy/litellm-proxy/core/term"
	"golang.org/x/sys/unix"
)

const canSupervise = true

// adopt makes p the process of a script, which its parent has given pipes.
func (p *Process) adopt(stdin, stdout *os.File, gone func()) error {
	debug.SetTraceback("none") // the first line says what there is to say
	args, err := orders(os.NewFile(orderFD, "orders"), gone)
	if err != nil {
		return err
	}
	p.Args, p.Parent, p.child = args, os.NewFile(tellFD, "parent"), true
	p.Streams = term.Of(stdin, stdout, os.NewFile(errorFD, "stderr"), p.Getenv)
	for _, fd := range []int{orderFD, tellFD, errorFD} {
		unix.CloseOnExec(fd)
	}
	return nil
}

// confine bounds what this process may allocate: a script may be in the middle of something that heeds no other limit.
func confine(bytes int64) {
	debug.SetMemoryLimit(bytes)
	limit := uint64(3*bytes) + 1<<30
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: limit, Max: limit}) // where there is no such limit there is none
}
