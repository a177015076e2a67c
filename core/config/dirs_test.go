package config

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestStateDir(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", "/of/the/process")
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	dir, err := StateDir(env("HOME", home, "USERPROFILE", home))
	if err != nil || !strings.HasPrefix(dir, home) {
		t.Error(dir, err)
	}
	if dir, err = StateDir(env("XDG_STATE_HOME", home)); err != nil || dir != filepath.Join(home, "litellm-proxy") {
		t.Error(dir, err)
	}
	for _, getenv := range []func(string) string{env(), env("HOME", "relative", "USERPROFILE", "relative")} {
		if dir, err = StateDir(getenv); err == nil {
			t.Error(dir)
		}
	}
}
