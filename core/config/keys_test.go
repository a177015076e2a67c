package config

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestParseKey(t *testing.T) {
	for text, want := range map[string]string{
		"timeout": "timeout", "profiles.prod.url": "profiles prod url", "profiles.a.b.timeout": "profiles a.b timeout", "profiles.prod": "", "profiles.prod.audit": "", "nope": "", "": "", "url": "", "api_key": "", "profiles..url": "",
	} {
		key, err := ParseKey(text)
		if got := strings.Join(key, " "); got != want || (err == nil) != (want != "") || err != nil && problem.CodeOf(err) != problem.Usage {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
}

func TestDirs(t *testing.T) {
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
	home := NewDirs("/home/ada")
	if dir, err := home.State(); err != nil || dir != filepath.Join("/home/ada", ".local", "state", program) {
		t.Error(dir, err)
	}
	if dir, err := home.Config(); err != nil || dir != filepath.Join("/home/ada", ".config", program) || home.Home() != "/home/ada" {
		t.Error(dir, err)
	}
	for _, getenv := range []func(string) string{env(), env("HOME", "relative", "USERPROFILE", "relative")} {
		lost := SystemDirs(getenv)
		if dir, err := lost.State(); err == nil || !strings.Contains(err.Error(), "XDG_STATE_HOME") {
			t.Error(dir, err)
		}
		if dir, err := lost.Config(); err == nil || lost.Home() != "" {
			t.Error(dir, err)
		}
	}
}

// A key that is none is refused with what may be meant; one for a secret with where secrets go.
func TestNoSetting(t *testing.T) {
	for text, want := range map[string]string{
		"timout": "did you mean timeout?", "profiles.prod.protect": "did you mean profiles.prod.protected?", "profiles.prod.audit": "audit holds for all profiles",
		"nope": "the settings are: base_url, profile", "profiles.prod.nope": "the settings are: url, protected", "api_key": "login --with-token", "profiles.prod.token": "login --with-token", "profiles.prod": "profiles.NAME.KEY",
	} {
		_, err := ParseKey(text)
		e := problem.As(err)
		if e.Code != problem.Usage || !strings.Contains(e.Message+" "+e.Hint, want) {
			t.Errorf("%s: %q, try %q", text, e.Message, e.Hint)
		}
	}
	if !IsPath("ca_cert") || IsPath("timeout") || strings.Contains(strings.Join(ProfileKeys(), " "), "url") {
		t.Error("which keys are paths, or of a profile")
	}
}
