package auth

import (
	"context"
	"errors"
	"sync"

	"github.com/zalando/go-keyring"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// autoStore keeps a sign-in in the system keyring where there is one, else in a file. The file is looked at first, which is
// cheap and works where the keyring cannot be reached; so what is in the file counts, and Put leaves none behind that is older.
type autoStore struct {
	file *fileStore
	ring *keyringStore

	mu   sync.Mutex
	last string
}

// Name is where the last Get or Put found or left it, and why not in the keyring if that failed.
func (a *autoStore) Name() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last == "" {
		return a.ring.Name() + " or " + a.file.Name()
	}
	return a.last
}

func (a *autoStore) use(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = name
}

func (a *autoStore) Get(ctx context.Context, account string) (*SignIn, error) {
	s, err := a.file.Get(ctx, account)
	if err == nil {
		a.use(a.file.Name())
	}
	if !errors.Is(err, ErrNone) {
		return s, err
	}
	s, err = a.ring.Get(ctx, account)
	if errors.Is(err, ErrNoKeyring) {
		return nil, ErrNone
	}
	if err == nil {
		a.use(a.ring.Name())
	}
	return s, err
}

// Put falls back to the file whatever is wrong with the keyring, unless the caller has given up: what a renewal has got is
// worth more than the better place, since it cannot be got twice.
func (a *autoStore) Put(ctx context.Context, account string, s *SignIn) error {
	if _, err := a.file.Get(ctx, account); err == nil {
		// Who is killed on the way to the keyring must not leave the older one in use: it may be spent.
		if err := a.file.Put(ctx, account, s); err != nil {
			return err
		}
	}
	failed := a.ring.Put(ctx, account, s)
	if failed == nil {
		a.use(a.ring.Name())
		if err := a.file.Delete(ctx, account); err != nil && !errors.Is(err, ErrNone) {
			return problem.As(err).WithState("the new sign-in is in " + a.ring.Name() + ", and the older one in the file is still used")
		}
		return nil
	}
	if ctx.Err() != nil {
		return failed
	}
	if err := a.file.Put(ctx, account, s); err != nil {
		return err
	}
	name := a.file.Name()
	switch {
	case errors.Is(failed, keyring.ErrSetDataTooBig):
		_ = a.ring.Delete(ctx, account) // an older one would come to light when the file is gone
		name += ", as it is too big for the system keyring"
	case !errors.Is(failed, ErrNoKeyring): // it is not asked a second time
		name += ", as the system keyring failed"
		if said := errors.Unwrap(failed); said != nil {
			name += " (" + said.Error() + ")"
		}
	}
	a.use(name)
	return nil
}

// Delete removes it in both places, and tries both whatever happens in one.
func (a *autoStore) Delete(ctx context.Context, account string) error {
	file := a.file.Delete(ctx, account)
	ring := a.ring.Delete(ctx, account)
	if errors.Is(ring, ErrNoKeyring) {
		ring = ErrNone
	}
	switch {
	case file != nil && !errors.Is(file, ErrNone):
		return file
	case errors.Is(ring, ErrNone):
		return file // nil, or ErrNone
	case ring != nil && file == nil:
		return problem.As(ring).WithState("it is removed from " + tilde(a.file.path(account), a.file.getenv))
	}
	return ring
}
