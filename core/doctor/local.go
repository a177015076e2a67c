package doctor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const configurationArea = "configuration"

// Local is where this program keeps what it keeps. An empty directory is one that is not known, which its owner says.
type Local struct {
	Config      string // the directory of the configuration
	State       string // of the log, locks and sign-ins
	Credentials string // of the sign-ins that are kept in files
	Audit       string // of the log
	NoAudit     bool   // the log is switched off
	Home        string // what ~ stands for in findings; empty: nothing
}

// Files looks at the directories and at the modes of what is in them. It makes nothing, not even for a moment.
func (l Local) Files() []Finding {
	var all []Finding
	for _, d := range []struct{ path, hint, what string }{
		{l.Config, "config set and profile add change it", "the configuration cannot be changed"},
		{l.State, "see to its owner and mode", "the log, locks and sign-ins cannot be kept"},
	} {
		if d.path == "" {
			continue
		}
		if err := writable(d.path); err != nil {
			all = append(all, doubtful(configurationArea, d.hint, "%s: %s: %v", d.what, l.shown(d.path), err))
		}
	}
	all = append(all, l.credentials()...)
	switch {
	case l.NoAudit:
		all = append(all, doubtful(configurationArea, "litellm-proxy config set audit on", "the log of your writes is switched off"))
	case l.Audit == "":
	default:
		if err := appendable(filepath.Join(l.Audit, "log.jsonl")); err != nil {
			all = append(all, doubtful(configurationArea, "see to its owner and mode", "the log of your writes cannot be written: %s: %v", l.shown(l.Audit), err))
		} else {
			all = append(all, good(configurationArea, "your writes are noted in %s", l.shown(l.Audit)))
		}
	}
	return all
}

// credentials finds sign-ins that others can get at. core/auth refuses to use them, and does not repair them: a person should
// know.
func (l Local) credentials() []Finding {
	if l.Credentials == "" {
		return nil
	}
	entries, err := os.ReadDir(l.Credentials)
	if err != nil {
		return nil // there is none, or nobody can read it; what is wanted from it says so
	}
	var all []Finding
	unsafe := func(path, why, hint string) {
		all = append(all, bad(configurationArea, problem.Usage, hint, "%s: %s, so what is in it is not used", l.shown(path), why))
	}
	if info, err := os.Stat(l.Credentials); err == nil {
		if why := exposed(info, 0o022, "others may write there"); why != "" {
			unsafe(l.Credentials, why, "chmod 700 "+l.shown(l.Credentials))
		}
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		path := filepath.Join(l.Credentials, e.Name())
		info, err := os.Lstat(path)
		if err != nil {
			continue // it has just gone
		}
		why := exposed(info, 0o077, "others can read it")
		switch {
		case !info.Mode().IsRegular():
			unsafe(path, "it is not a regular file", "remove it, and sign in again: litellm-proxy login")
		case why != "":
			unsafe(path, why, "chmod 600 "+l.shown(path)+", and sign in again if somebody may have read it")
		}
	}
	return all
}

// shown is a path for people.
func (l Local) shown(path string) string {
	if rest, ok := strings.CutPrefix(path, strings.TrimRight(l.Home, string(filepath.Separator))+string(filepath.Separator)); ok && l.Home != "" {
		return filepath.Join("~", rest)
	}
	return path
}

// writable says why nothing can be written into a directory, or why it cannot be made.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return errors.New("not a directory")
		case err == nil:
			return reason(mayWrite(dir))
		case !errors.Is(err, fs.ErrNotExist):
			return reason(err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return reason(err)
		}
		dir = parent
	}
}

// appendable says why a file cannot be written, or cannot be made.
func appendable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return writable(filepath.Dir(path))
	case err != nil:
		return reason(err)
	case !info.Mode().IsRegular():
		return errors.New("what should be a file is none")
	}
	if err := writable(filepath.Dir(path)); err != nil {
		return err
	}
	return reason(mayWrite(path))
}

// reason is an error without the path, which is said already.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
