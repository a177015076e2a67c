package plugin

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// maxSocketPath is what a Unix socket's address holds on Linux, less its final zero; macOS holds four less. A longer
// path fails in bind with a message about an invalid argument.
const maxSocketPath = 103

// socketName is the length of what go-plugin appends to the directory: "/plugin" and a random number.
const socketName = len("/plugin") + 10

// socketDir chooses a new directory for one plugin's socket below base. The plugin makes it.
func socketDir(base string) (string, error) {
	var id [6]byte
	_, _ = rand.Read(id[:])
	dir := filepath.Join(base, hex.EncodeToString(id[:]))
	if len(dir)+socketName > maxSocketPath {
		return "", fmt.Errorf("the path for the plugin's socket, below %s, is longer than a socket's address may be (%d bytes): set XDG_RUNTIME_DIR or TMPDIR to a shorter directory", base, maxSocketPath)
	}
	return dir, nil
}

// RunDir returns this user's directory for sockets, making it if need be: below XDG_RUNTIME_DIR, else below the
// directory for temporary files. It fails when the directory is not this user's alone.
func RunDir(getenv func(string) string) (string, error) {
	base := filepath.Join(os.TempDir(), fmt.Sprintf("litellm-proxy-%d", os.Getuid()))
	if runtime := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		if info, err := os.Stat(runtime); err == nil && info.IsDir() {
			base = filepath.Join(runtime, "litellm-proxy")
		}
	}
	if err := os.Mkdir(base, 0o700); err != nil && !os.IsExist(err) {
		return "", fmt.Errorf("make the directory for plugins' sockets: %w", err)
	}
	if err := private(base); err != nil {
		return "", fmt.Errorf("use %s for plugins' sockets: %w", base, err)
	}
	return base, nil
}

// Sweep removes directories that plugins left behind: those nobody holds the lock of. A plugin removes its own; this
// is for one that was killed together with its host.
func Sweep(base string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !e.IsDir() || time.Since(info.ModTime()) < time.Minute {
			continue // a plugin may have made it a moment ago and not locked it yet
		}
		dir := filepath.Join(base, e.Name())
		if free(dir) {
			_ = os.RemoveAll(dir)
		}
	}
}
