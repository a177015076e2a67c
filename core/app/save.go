package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// saves are the files that a run has written secrets to, by the flag or the name that they are known by.
type saves struct {
	mu     sync.Mutex
	files  map[string]*os.File
	closed bool // the run is over: nothing more is written
}

// Secret makes a secret and returns what the plugin may know of it.
func (h *host) Secret(prefix string) (ref, sum string, err error) {
	if d := h.durable(); d != nil {
		return d.secret(h.vault, h, prefix)
	}
	return h.vault.add(prefix, h.secrets)
}

// Save appends text to a file of mode 0600 that this run has made, and waits until it is on disk. Under --dry-run it does
// nothing.
func (h *host) Save(flag, name string, data []byte) (string, error) {
	if h.line.Globals.DryRun {
		return "", nil
	}
	h.saves.mu.Lock()
	defer h.saves.mu.Unlock()
	if h.saves.closed {
		return "", context.Canceled
	}
	key := flag + "\x00" + name
	f := h.saves.files[key]
	if f == nil {
		var err error
		if f, err = h.createSave(flag, name); err != nil {
			return "", err
		}
		if h.saves.files == nil {
			h.saves.files = map[string]*os.File{}
		}
		h.saves.files[key] = f
	}
	_, err := f.Write(h.vault.save(data))
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return "", problem.Wrap(problem.Failed, err, "cannot write to %s", f.Name())
	}
	return f.Name(), nil
}

func (h *host) createSave(flag, name string) (*os.File, error) {
	if flag != "" {
		p, path, ok := h.value(flag, 0)
		if !ok || !p.GetSaves() {
			return nil, problem.New(problem.Plugin, "plugin %q asked to write a file that no flag names", h.policy.Plugin)
		}
		f, err := exclusive(path)
		switch {
		case errors.Is(err, fs.ErrExist):
			return nil, problem.New(problem.Usage, "cannot write %s: it exists", path).WithHint("name a new file with --%s", flag).WithState(problem.Unchanged)
		case err != nil:
			return nil, problem.Wrap(problem.Usage, err, "cannot write the file of --%s", flag).WithState(problem.Unchanged)
		}
		return f, nil
	}
	if name == "" || filepath.Base(name) != name || strings.HasPrefix(name, ".") {
		return nil, problem.New(problem.Plugin, "plugin %q asked to write the file %q", h.policy.Plugin, name)
	}
	state, err := h.Dirs.State()
	if err == nil {
		err = os.MkdirAll(filepath.Join(state, "results"), 0o700)
	}
	if err != nil {
		return nil, problem.Wrap(problem.Failed, err, "cannot make the directory for results").WithState(problem.Unchanged)
	}
	stem, kind := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	stem = filepath.Join(state, "results", stem+"-"+time.Now().UTC().Format("20060102-150405"))
	for n := 1; ; n++ {
		path := stem + kind
		if n > 1 {
			path = fmt.Sprintf("%s-%d%s", stem, n, kind)
		}
		f, err := exclusive(path)
		if err == nil || !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

func exclusive(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// closeSaves closes the files. Those of a run that failed and changed nothing hold secrets of nothing, and go.
func (h *host) closeSaves(err error) {
	h.saves.mu.Lock()
	defer h.saves.mu.Unlock()
	h.saves.closed = true
	needless := err != nil && strings.HasPrefix(problem.As(err).State, problem.Unchanged)
	for _, f := range h.saves.files {
		_ = f.Close()
		if needless {
			_ = os.Remove(f.Name())
		}
	}
}
