//go:build linux || darwin

package transport

import (
	"net"
	"syscall"
)

// waiting says whether something has arrived on a connection: bytes, or its end. It does not wait.
func waiting(conn net.Conn) bool {
	s, ok := conn.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return true
	}
	some := true
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
		some = err != syscall.EAGAIN
		return true
	})
	return err != nil || some
}
