package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// maxConcurrency is the most requests that may be asked for at once.
const maxConcurrency = 1000

// key is one that the file may have.
type key struct {
	name    string
	kind    unstable.Kind
	where   int // top, inProfile, or both
	byDef   string
	help    string
	profile func(*Profile, string)
	top     func(*Settings, string)
	all     func(*Defaults, string)
	check   func(*File, string) error
}

const (
	top = 1 << iota
	inProfile
)

// keys are all of them.
func keys() []key {
	return []key{
		{name: "url", kind: unstable.String, where: inProfile, help: "address of the gateway", profile: func(p *Profile, v string) { p.URL = clean(v) }, check: checkURL},
		{name: "protected", kind: unstable.Bool, where: inProfile, byDef: "false", help: "a delete asks for the profile's name", profile: func(p *Profile, v string) { p.Protected = v == "true" }},
		{name: "base_url", kind: unstable.String, where: top, byDef: Default, help: "gateway when nothing else names one", top: func(s *Settings, v string) { s.BaseURL = clean(v) }, check: checkURL},
		{name: "profile", kind: unstable.String, where: top, help: "profile when nothing else names a gateway", top: func(s *Settings, v string) { s.InUse = v }},
		{name: "audit", kind: unstable.Bool, where: top, byDef: "true", help: "note writes in the log", top: func(s *Settings, v string) { s.NoAudit = v == "false" }},
		{name: "output", kind: unstable.String, where: top | inProfile, help: "as -o", all: func(d *Defaults, v string) { d.Output = v }, check: (*File).checkOutput},
		{name: "timeout", kind: unstable.String, where: top | inProfile, help: "as --timeout", all: func(d *Defaults, v string) { d.Timeout = v }, check: checkDuration},
		{name: "concurrency", kind: unstable.Integer, where: top | inProfile, help: "requests at once, at most", all: func(d *Defaults, v string) { d.Concurrency, _ = strconv.Atoi(v) }, check: checkConcurrency},
		{name: "ca_cert", kind: unstable.String, where: top | inProfile, help: "PEM file of certificates to trust too", all: func(d *Defaults, v string) { d.CACert = v }, check: checkPath},
		{name: "client_cert", kind: unstable.String, where: top | inProfile, help: "PEM file of the certificate to show", all: func(d *Defaults, v string) { d.ClientCert = v }, check: checkPath},
		{name: "client_key", kind: unstable.String, where: top | inProfile, help: "PEM file of its key", all: func(d *Defaults, v string) { d.ClientKey = v }, check: checkPath},
		{name: "credential_store", kind: unstable.String, where: top | inProfile, byDef: "auto", help: "auto, keyring, file, or a helper such as docker-credential-pass", all: func(d *Defaults, v string) { d.CredentialStore = v }, check: checkPath},
	}
}

// isPath says whether a key's value is the path of a file.
func (k key) isPath() bool {
	return k.name == "ca_cert" || k.name == "client_cert" || k.name == "client_key"
}

// IsPath says whether the value of a key, by its last word, is the path of a file.
func IsPath(name string) bool { return key{name: name}.isPath() }

func namesOf(where int) []string {
	var names []string
	for _, k := range keys() {
		if k.where&where != 0 {
			names = append(names, k.name)
		}
	}
	return names
}

// TopKeys are the names of the keys that hold everywhere.
func TopKeys() []string { return namesOf(top) }

// ProfileKeys are the names of a profile's keys but for its address.
func ProfileKeys() []string {
	return slices.DeleteFunc(namesOf(inProfile), func(n string) bool { return n == "url" })
}

func keyNamed(name string, where int) (key, bool) {
	for _, k := range keys() {
		if k.name == name && k.where&where != 0 {
			return k, true
		}
	}
	return key{}, false
}

// isProfileName says whether a profile may be called so. (A regular expression would cost more, at each start, than the file.)
func isProfileName(name string) bool {
	for i, r := range []byte(name) {
		letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_'
		if !letter && (i == 0 || r != '.' && r != '-') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// CheckName returns an error for a name that no profile can have.
func CheckName(name string) error {
	switch {
	case name == Sandbox:
		return errors.New(`the name "sandbox" is the built-in profile's`)
	case !isProfileName(name):
		return fmt.Errorf("%q is no name for a profile: up to 64 letters, digits, dots, dashes and underscores", short(name))
	}
	return nil
}

// ParseKey reads a key as people write it: timeout, or profiles.prod.timeout.
func ParseKey(text string) ([]string, error) {
	where, parts := top, []string{text}
	if rest, ok := strings.CutPrefix(text, "profiles."); ok {
		i := strings.LastIndexByte(rest, '.') // a name may hold dots, a key does not
		if i < 1 {
			return nil, problem.New(problem.Usage, "cannot use %q: a profile's key is profiles.NAME.KEY", short(text))
		}
		where, parts = inProfile, []string{"profiles", rest[:i], rest[i+1:]}
	}
	last := parts[len(parts)-1]
	if _, ok := keyNamed(last, where); ok {
		return parts, nil
	}
	return nil, noSetting(text, last, where)
}

// noSetting is the error for a key on the command line, of which last is the last word, that is none.
func noSetting(text, last string, where int) error {
	meant := closest(last, where)
	if meant == "" && secretKey(last) {
		return problem.New(problem.Usage, "%s", noSecrets).WithState(problem.Unchanged)
	}
	e := problem.New(problem.Usage, "there is no setting %q", short(text))
	switch {
	case meant != "":
		return e.WithHint("did you mean %s%s?", strings.TrimSuffix(text, last), meant)
	case where == inProfile && isKey(last, top):
		return e.WithHint("%s holds for all profiles: litellm-proxy config set %s", last, last)
	}
	return e.WithHint("the settings are: %s", strings.Join(namesOf(where), ", "))
}

// noSecrets is what is wrong with a secret in the file.
const noSecrets = "a key does not belong in the configuration: litellm-proxy login --with-token keeps one where secrets are kept"

// secretKey says whether a name is one of a secret.
func secretKey(name string) bool {
	name = strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
	if name == "clientkey" {
		return false
	}
	for _, part := range []string{"key", "token", "secret", "passw", "authorization", "credential"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func clean(address string) string {
	u, err := ParseURL(address)
	if err != nil {
		return address
	}
	return u.String()
}

func checkURL(_ *File, v string) error {
	_, err := ParseURL(v)
	return err
}

func (f *File) checkOutput(v string) error {
	if slices.Contains(f.formats, v) {
		return nil
	}
	return fmt.Errorf("it is one of %s", strings.Join(f.formats, ", "))
}

func checkDuration(_ *File, v string) error {
	if d, err := time.ParseDuration(v); err != nil || d <= 0 {
		return fmt.Errorf("%q is no duration such as 500ms, 30s or 2m", short(v))
	}
	return nil
}

func checkConcurrency(_ *File, v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 1 || n > maxConcurrency {
		return fmt.Errorf("%s is no number from 1 to %d", short(v), maxConcurrency)
	}
	return nil
}

func checkPath(_ *File, v string) error {
	if strings.TrimSpace(v) == "" {
		return errors.New("it is empty")
	}
	return nil
}

// place makes the path of a setting absolute: it begins at the file's directory, or at the home.
func (f *File) place(v string) string {
	if rest, ok := strings.CutPrefix(v, "~/"); ok && f.home != "" {
		return filepath.Join(f.home, rest)
	}
	if filepath.IsAbs(v) {
		return v
	}
	return filepath.Join(filepath.Dir(f.path), v)
}
