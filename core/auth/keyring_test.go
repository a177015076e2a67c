package auth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// ringOf is a keyring store on the library's mock, which fails with an error unless that is nil.
func ringOf(t *testing.T, err error) *keyringStore {
	t.Helper()
	keyring.MockInit()
	if err != nil {
		keyring.MockInitWithError(err)
	}
	t.Cleanup(keyring.MockInit) // no test reaches the keyring of whoever runs it
	k := newKeyringStore(StoreOptions{Getenv: env(), KeyringLimit: time.Minute})
	k.there = func() bool { return true }
	k.api.empty = func(error) bool { return false }
	return k
}

func TestKeyring(t *testing.T) {
	k := ringOf(t, nil)
	if err := k.Delete(t.Context(), "prod"); !errors.Is(err, ErrNone) || keyIn(k, "prod") != "none" {
		t.Errorf("an empty keyring: %v", err)
	}
	put(t, k, "prod", "one")
	put(t, k, "prod", "two")
	put(t, k, "Prod", "three")
	if keyIn(k, "prod") != "two" || keyIn(k, "Prod") != "three" {
		t.Error(keyIn(k, "prod"), keyIn(k, "Prod"))
	}
	if text, err := keyring.Get("litellm-proxy", "prod"); err != nil || !strings.Contains(text, `"key":"two"`) {
		t.Errorf("%v, %s", err, text)
	}
	if err := k.Delete(t.Context(), "prod"); err != nil || keyIn(k, "prod") != "none" || keyIn(k, "Prod") != "three" {
		t.Error(err)
	}
	must(t, keyring.Set("litellm-proxy", "prod", storeCanary))
	_, err := k.Get(t.Context(), "prod")
	if err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Error(err)
	}
	noSecret(t, err)
}

// A keyring that is not there, or not for this, is another thing than one that fails.
func TestKeyringFails(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		none bool
		code problem.Code
		hint string
	}{
		"not supported": {keyring.ErrUnsupportedPlatform, true, problem.Failed, "credential_store file"},
		"too big":       {keyring.ErrSetDataTooBig, true, problem.Failed, "credential_store file"},
		"dismissed":     {errors.New("failed to unlock correct collection '/x'"), false, problem.Failed, "locked"},
	} {
		t.Run(name, func(t *testing.T) {
			k := ringOf(t, c.err)
			_, got := k.Get(t.Context(), "prod")
			for verb, err := range map[string]error{"read": got, "keep": k.Put(t.Context(), "prod", signInOf(storeCanary)), "remove": k.Delete(t.Context(), "prod")} {
				e := problem.As(err)
				if err == nil || errors.Is(err, ErrNoKeyring) != c.none || !errors.Is(err, c.err) || e.Code != c.code || !strings.Contains(e.Hint, c.hint) ||
					!strings.HasPrefix(e.Message, "cannot "+verb+` the sign-in of profile "prod" in the system keyring`) {
					t.Errorf("%s: %v, code %d, hint %q", verb, err, e.Code, e.Hint)
				}
				noSecret(t, err)
			}
		})
	}
	k := ringOf(t, nil)
	k.there = func() bool { return false }
	if err := k.Put(t.Context(), "prod", signInOf("x")); !errors.Is(err, ErrNoKeyring) {
		t.Error(err)
	}
}

// The person who closes the keyring's question has kept nothing, whatever the library says.
func TestKeyringForgets(t *testing.T) {
	k := ringOf(t, nil)
	k.api.set = func(string, string, string) error { return nil }
	if err := k.Put(t.Context(), "prod", signInOf("x")); err == nil || errors.Is(err, ErrNone) {
		t.Error(err)
	}
	must(t, keyring.Set("litellm-proxy", "prod", "older"))
	if err := k.Put(t.Context(), "prod", signInOf("x")); err == nil {
		t.Error("an older one passes for the new")
	}
}

// A keyring that asks the person for a password, who is not there, does not stop the program for ever.
func TestKeyringWaits(t *testing.T) {
	k := ringOf(t, nil)
	forever := make(chan struct{})
	t.Cleanup(func() { close(forever) })
	k.api.get = func(string, string) (string, error) { <-forever; return "", nil }
	k.limit = time.Millisecond
	_, err := k.Get(t.Context(), "prod")
	if e := problem.As(err); err == nil || e.Code != problem.TimedOut || !strings.Contains(e.Message, "did not answer within 1ms") || errors.Is(err, ErrNoKeyring) {
		t.Errorf("%v", err)
	}
	k = ringOf(t, nil)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err = k.Get(ctx, "prod"); problem.CodeOf(err) != problem.Interrupted {
		t.Errorf("%v", err)
	}
	k = ringOf(t, nil)
	ctx, stop = context.WithCancel(t.Context())
	k.api.get = func(string, string) (string, error) { stop(); <-forever; return "", nil }
	if _, err = k.Get(ctx, "prod"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A session bus that the library would not find is none: it would start one.
func TestHasKeyring(t *testing.T) {
	dir, empty := t.TempDir(), t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "bus"), nil, 0o600))
	for name, c := range map[string]struct {
		goos, dir string
		env       []string
		want      bool
	}{
		"macOS":                   {"darwin", empty, nil, true},
		"Windows":                 {"windows", empty, nil, true},
		"nothing":                 {"linux", dir, nil, false},
		"an address":              {"linux", empty, []string{"DBUS_SESSION_BUS_ADDRESS=unix:path=/x"}, true},
		"an address that is none": {"linux", dir, []string{"DBUS_SESSION_BUS_ADDRESS=autolaunch:", "XDG_RUNTIME_DIR=" + dir}, false},
		"a bus":                   {"linux", dir, []string{"XDG_RUNTIME_DIR=" + dir + "/"}, true},
		"a bus elsewhere":         {"linux", empty, []string{"XDG_RUNTIME_DIR=" + dir}, false},
		"no bus":                  {"linux", empty, []string{"XDG_RUNTIME_DIR=" + empty}, false},
		"BSD":                     {"freebsd", dir, []string{"XDG_RUNTIME_DIR=" + dir}, true},
	} {
		if got := hasKeyring(c.goos, env(c.env...), c.dir); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
