//go:build !unix

package plugin

import (
	"net"
	"os/exec"
)

func detach(*exec.Cmd) {}

// private is left to the file system: the directory lies in the user's own profile.
func private(string) error { return nil }

func free(string) bool { return true }

// owns reports whether an address is on this machine, where plugins listen on TCP.
func owns(_, network, address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && network == "tcp" && net.ParseIP(host).IsLoopback()
}
