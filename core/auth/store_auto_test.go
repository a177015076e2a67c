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
)

// autoOf is a store on a mock of the keyring that fails with an error unless that is nil, and its two halves.
func autoOf(t *testing.T, err error) (*autoStore, *fileStore, *keyringStore) {
	t.Helper()
	a := newStore(t, KindAuto, StoreOptions{Dir: filepath.Join(t.TempDir(), "c"), Getenv: env()}).(*autoStore)
	a.ring = ringOf(t, err)
	return a, a.file, a.ring
}

// The keyring comes first for what is new, the file for what is there; nothing older is left behind.
func TestAuto(t *testing.T) {
	a, file, ring := autoOf(t, nil)
	if keyIn(a, "prod") != "none" || !errors.Is(a.Delete(t.Context(), "prod"), ErrNone) {
		t.Error("something is in an empty store")
	}
	if !strings.Contains(a.Name(), "keyring") || !strings.Contains(a.Name(), file.dir) {
		t.Error(a.Name())
	}
	put(t, a, "prod", "one")
	if keyIn(ring, "prod") != "one" || keyIn(file, "prod") != "none" || keyIn(a, "prod") != "one" || a.Name() != ring.Name() {
		t.Error("the keyring is not used")
	}
	put(t, file, "prod", "two")
	if keyIn(a, "prod") != "two" || a.Name() != file.Name() {
		t.Error("the file is not used")
	}
	put(t, a, "prod", "three")
	if keyIn(a, "prod") != "three" || keyIn(file, "prod") != "none" || a.Name() != ring.Name() {
		t.Error("the older one in the file is still there")
	}
	put(t, file, "prod", "four")
	if err := a.Delete(t.Context(), "prod"); err != nil || keyIn(file, "prod") != "none" || keyIn(ring, "prod") != "none" {
		t.Error(err)
	}
}

// What cannot be in the keyring is in the file, and the user can know why.
func TestAutoFallsBack(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		why  string
		gone bool // and removing it fails then
		read string
	}{
		"no keyring":  {keyring.ErrUnsupportedPlatform, "", false, "none"},
		"dismissed":   {errors.New("failed to unlock"), ", as the system keyring failed (failed to unlock)", true, "cannot read"},
		"no answer":   {waitError(30 * time.Second), ", as the system keyring failed (it did not answer within 30s)", true, "cannot read"},
		"it is large": {keyring.ErrSetDataTooBig, ", as it is too big for the system keyring", false, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			a, file, _ := autoOf(t, c.err)
			if got := keyIn(a, "prod"); !strings.HasPrefix(got, c.read) {
				t.Error(got)
			}
			put(t, a, "prod", "one")
			if keyIn(file, "prod") != "one" || a.Name() != file.Name()+c.why {
				t.Errorf("kept in %s", a.Name())
			}
			if keyIn(a, "prod") != "one" || a.Name() != file.Name() {
				t.Errorf("found in %s", a.Name())
			}
			if err := a.Delete(t.Context(), "prod"); (err != nil) != c.gone || keyIn(file, "prod") != "none" {
				t.Errorf("removing: %v", err)
			}
		})
	}
}

// One that has become too big for the keyring leaves no older one there, which would come to light later.
func TestAutoOutgrown(t *testing.T) {
	a, _, ring := autoOf(t, nil)
	put(t, a, "prod", "one")
	ring.api.set = func(string, string, string) error { return keyring.ErrSetDataTooBig }
	put(t, a, "prod", "two")
	if keyIn(a, "prod") != "two" || keyIn(ring, "prod") != "none" {
		t.Error(keyIn(a, "prod"), keyIn(ring, "prod"))
	}
}

// Who has given up gets no file instead.
func TestAutoInterrupted(t *testing.T) {
	a, file, ring := autoOf(t, nil)
	ctx, stop := context.WithCancel(t.Context())
	ring.api.set = func(string, string, string) error { stop(); return errors.New("dismissed") }
	if err := a.Put(ctx, "prod", signInOf("x")); err == nil || keyIn(file, "prod") != "none" {
		t.Error(err)
	}
}

// The older one is replaced before the keyring is asked, so that no kill leaves it in use, and the file is removed after the new
// one is safe, and not before; if that fails, it is said which one counts.
func TestAutoOrder(t *testing.T) {
	a, file, ring := autoOf(t, nil)
	put(t, file, "prod", "old")
	ring.api.set = func(service, user, secret string) error {
		if keyIn(file, "prod") != "new" {
			t.Error("a kill now would leave the older one in use")
		}
		return keyring.Set(service, user, secret)
	}
	put(t, a, "prod", "new")
	ring.api.set = keyring.Set
	put(t, file, "prod", "old")
	path := filepath.Join(file.dir, "prod.json")
	must(t, os.Remove(path))
	must(t, os.MkdirAll(filepath.Join(path, "full"), 0o700)) // which cannot be removed
	err := a.Put(t.Context(), "prod", signInOf("newer"))
	if err == nil || !strings.HasPrefix(err.Error(), "cannot remove") || keyIn(ring, "prod") != "newer" {
		t.Error(err)
	}
}
