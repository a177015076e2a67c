//go:build unix

package app

import (
	"os/exec"
	"syscall"
)

// apart starts a process in a session of its own: neither Ctrl-C nor the end of the terminal reaches it.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
