//go:build !linux

package plugin

import "os"

// Harden does nothing on systems that keep a process's memory from its own user's other processes, or cannot.
func Harden() error { return nil }

func self() (string, error) { return os.Executable() }
