package config

import (
	"errors"
	"path/filepath"
	"runtime"
)

// StateDir is where this user's state is kept, by the XDG rules on Unix and the platform's own elsewhere. It may not
// exist yet. The user's home directory is the environment's, and its absence an error only where it is needed.
func StateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "litellm-proxy"), nil
	}
	variable, below := "HOME", filepath.Join(".local", "state")
	switch runtime.GOOS {
	case "darwin":
		below = filepath.Join("Library", "Application Support")
	case "windows":
		if dir := getenv("LOCALAPPDATA"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "litellm-proxy"), nil
		}
		variable = "USERPROFILE"
	}
	home := getenv(variable)
	if !filepath.IsAbs(home) {
		return "", errors.New("$" + variable + " is not an absolute path, and XDG_STATE_HOME names no directory")
	}
	return filepath.Join(home, below, "litellm-proxy"), nil
}
