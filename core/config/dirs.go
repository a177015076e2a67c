package config

import (
	"errors"
	"path/filepath"
	"runtime"

	"github.com/adrg/xdg"
)

// program is the name of this program's own directories.
const program = "litellm-proxy"

// Dirs are the directories of this user. None of them need exist.
type Dirs struct {
	config, state, home string
	homeless            error // why there is no home
}

// SystemDirs are those of this process, by the XDG rules on Unix and the platform's own elsewhere. getenv must be the
// process's.
func SystemDirs(getenv func(string) string) Dirs {
	d := Dirs{config: xdg.ConfigHome, state: xdg.StateHome, home: xdg.Home}
	variable := map[bool]string{true: "USERPROFILE", false: "HOME"}[runtime.GOOS == "windows"]
	if filepath.IsAbs(getenv(variable)) {
		return d
	}
	// The library would put the root directory in its place.
	d.homeless = errors.New("$" + variable + " is not an absolute path")
	d.home = ""
	if !filepath.IsAbs(getenv("XDG_CONFIG_HOME")) {
		d.config = ""
	}
	if !filepath.IsAbs(getenv("XDG_STATE_HOME")) {
		d.state = ""
	}
	return d
}

// NewDirs are the directories of a home.
func NewDirs(home string) Dirs {
	return Dirs{config: filepath.Join(home, ".config"), state: filepath.Join(home, ".local", "state"), home: home}
}

// Config is where this program's configuration is.
func (d Dirs) Config() (string, error) { return d.own(d.config, "XDG_CONFIG_HOME") }

// State is where this program keeps what it must remember.
func (d Dirs) State() (string, error) { return d.own(d.state, "XDG_STATE_HOME") }

// Home is the user's; empty if it is not known.
func (d Dirs) Home() string { return d.home }

func (d Dirs) own(dir, variable string) (string, error) {
	switch {
	case dir != "":
		return filepath.Join(dir, program), nil
	case d.homeless != nil:
		return "", errors.New(d.homeless.Error() + ", and " + variable + " names no directory")
	}
	return "", errors.New("it is not known")
}
