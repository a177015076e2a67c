//go:build darwin || windows

package auth

// isNoService is false: the keyring is a part of the system.
func isNoService(error) bool { return false }

// hasNoCollection is false, for the same reason.
func hasNoCollection(error) bool { return false }
