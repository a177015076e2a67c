//go:build !unix

package plugin

import "os/exec"

func detach(*exec.Cmd) {}

// private is left to the file system: the directory lies in the user's own profile.
func private(string) error { return nil }

func free(string) bool { return true }
