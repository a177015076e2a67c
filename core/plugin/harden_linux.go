package plugin

import "golang.org/x/sys/unix"

// Harden keeps other processes of this user, plugins above all, from reading this one's environment and memory. It
// comes before the first fork. Executing /proc/self/exe still works.
func Harden() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }

// Self is the running binary, even if its file has been replaced by an upgrade.
func Self() (string, error) { return "/proc/self/exe", nil }
