//go:build !linux

package auth

func inSession([]string) int { return 1 }
