package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringService is what the entries of the system keyring are found by, together with the account.
const keyringService = "litellm-proxy"

// keyringStore keeps sign-ins in the system keyring: the Secret Service on Linux and the BSDs, the Keychain, or the
// Credential Manager.
type keyringStore struct {
	there func() bool
	limit time.Duration
	api   keyringAPI
}

// keyringAPI is what is used of the library, and what the library does not tell.
type keyringAPI struct {
	get    func(service, user string) (string, error)
	set    func(service, user, secret string) error
	delete func(service, user string) error
	empty  func(err error) bool // the error is one of a service that has no keyring to put secrets in
}

func newKeyringStore(o StoreOptions) *keyringStore {
	return &keyringStore{
		there: func() bool { return hasKeyring(runtime.GOOS, o.Getenv, "/run/user/"+strconv.Itoa(os.Getuid())) },
		limit: o.KeyringLimit,
		api:   keyringAPI{keyring.Get, keyring.Set, keyring.Delete, hasNoCollection},
	}
}

func (*keyringStore) Name() string { return "the system keyring (service " + keyringService + ")" }

// hasKeyring says whether a keyring may be asked. Where it is a D-Bus service this is so only if the library will find the
// session's bus, or else it starts one with dbus-launch, which stays behind. It looks at the variable and at
// /run/user/UID/bus, wherever XDG_RUNTIME_DIR points (godbus 5.2.2).
func hasKeyring(goos string, getenv func(string) string, runtimeDir string) bool {
	if goos == "darwin" || goos == "windows" {
		return true
	}
	if address := getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" {
		return address != "autolaunch:"
	}
	if filepath.Clean(getenv("XDG_RUNTIME_DIR")) != runtimeDir {
		return false
	}
	_, err := os.Stat(filepath.Join(runtimeDir, "bus"))
	return err == nil
}

func (k *keyringStore) Get(ctx context.Context, account string) (*SignIn, error) {
	kept, err := k.call(ctx, func() (string, error) { return k.api.get(keyringService, account) })
	if err != nil {
		return nil, k.failed("read", account, err)
	}
	return decodeSignIn(account, k.Name(), []byte(kept))
}

func (k *keyringStore) Put(ctx context.Context, account string, s *SignIn) error {
	text, err := encodeSignIn(s)
	if err != nil {
		return err
	}
	_, err = k.call(ctx, func() (string, error) {
		if err := k.api.set(keyringService, account, text); err != nil {
			return "", err
		}
		// The library does not tell when the person has closed the keyring's question (go-keyring 0.2.8).
		if kept, err := k.api.get(keyringService, account); err != nil || kept != text {
			return "", errors.New("what was put there is not there")
		}
		return "", nil
	})
	if err != nil {
		return k.failed("keep", account, err)
	}
	return nil
}

func (k *keyringStore) Delete(ctx context.Context, account string) error {
	_, err := k.call(ctx, func() (string, error) { return "", k.api.delete(keyringService, account) })
	if err != nil {
		return k.failed("remove", account, err)
	}
	return nil
}

// waitError is a keyring, or a helper, that takes longer than this.
type waitError time.Duration

func (e waitError) Error() string {
	return fmt.Sprintf("it did not answer within %v", time.Duration(e))
}

func isWait(err error) bool {
	var waits waitError
	return errors.As(err, &waits)
}

// call calls the library, which knows no context. A call that takes too long is left alone: it ends with the process, or
// when the person has answered the keyring's question.
func (k *keyringStore) call(ctx context.Context, f func() (string, error)) (string, error) {
	if !k.there() {
		return "", ErrNoKeyring
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	type answer struct {
		text string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := f()
		if isNoKeyring(err) || k.api.empty(err) {
			err = fmt.Errorf("%w: %w", ErrNoKeyring, err)
		}
		done <- answer{text, err}
	}()
	limit := time.NewTimer(k.limit)
	defer limit.Stop()
	select {
	case a := <-done:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	case <-limit.C:
		return "", waitError(k.limit)
	}
}

// isNoKeyring says whether an error means that there is no keyring for this.
func isNoKeyring(err error) bool {
	return errors.Is(err, keyring.ErrUnsupportedPlatform) || errors.Is(err, keyring.ErrSetDataTooBig) || isNoService(err)
}

func (k *keyringStore) failed(attempt, account string, err error) error {
	if errors.Is(err, keyring.ErrNotFound) && attempt != "keep" {
		return ErrNone
	}
	e := storeError(attempt, account, k.Name(), err)
	switch {
	case isWait(err):
		e.Hint = "is it locked, and asking for a password? Unlock it and try again"
	case errors.Is(err, keyring.ErrSetDataTooBig), errors.Is(err, ErrNoKeyring):
		e.Hint = "keep it in a file: litellm-proxy config set credential_store file"
	default:
		e.Hint = "is it locked? Unlock it, or keep it in a file: litellm-proxy config set credential_store file"
	}
	return e
}
