package app

import (
	"os/exec"
	"runtime"
	"strings"
)

// browserFor is the command that opens an address in a browser on this machine; nil if there is none: $BROWSER, or the
// system's own, where somebody sits before it.
//
// github.com/cli/browser would do the same with this process's whole environment, in which a key may be.
func browserFor(getenv func(string) string) []string {
	if words := strings.Fields(getenv("BROWSER")); len(words) > 0 {
		return words
	}
	if getenv("SSH_CONNECTION") != "" || getenv("SSH_TTY") != "" {
		return nil
	}
	switch runtime.GOOS {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" && getenv("WSL_DISTRO_NAME") == "" {
		return nil
	}
	for _, name := range []string{"xdg-open", "wslview", "x-www-browser", "www-browser"} {
		if path, err := exec.LookPath(name); err == nil {
			return []string{path}
		}
	}
	return nil
}

// openBrowser starts it, and does not wait: some browsers stay.
func openBrowser(words []string, address string, environ []string) error {
	args, placed := []string{}, false
	for _, word := range words[1:] { // $BROWSER may say where the address belongs
		placed = placed || strings.Contains(word, "%s")
		args = append(args, strings.ReplaceAll(word, "%s", address))
	}
	if !placed {
		args = append(args, address)
	}
	cmd := exec.Command(words[0], args...) //nolint:noctx // it is the person's, and stays
	cmd.Env = environ
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
