//go:build !linux

package plugin

import "os"

// Harden does nothing on systems that keep a process's memory from its own user's other processes, or cannot.
func Harden() error { return nil }

// Self is the path under which this program starts itself.
func Self() (string, error) { return os.Executable() }
