package config

import (
	"os"
	"path/filepath"
	"runtime"
)

// StateDir is where this user's state is kept, by the XDG rules on Unix and the platform's own elsewhere. It may not
// exist yet.
func StateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "litellm-proxy"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "litellm-proxy"), nil
	case "windows":
		if dir := getenv("LOCALAPPDATA"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "litellm-proxy"), nil
		}
	}
	return filepath.Join(home, ".local", "state", "litellm-proxy"), nil
}
