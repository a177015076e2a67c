package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/lock"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// early is how long before its end a credential is renewed.
const early = 6 * time.Minute

// retryRenewal is how long after a renewal that failed the next one is tried, while the credential is good.
const retryRenewal = 30 * time.Second

// Keeper gives out the key that is kept for one profile, and has it renewed when its end is near: once, however many
// processes of this user ask for it at the same time. It is safe for concurrent use.
type Keeper struct {
	Store   Store
	Account string // the profile
	URL     string // the gateway that the key is wanted for: one of another origin is not given out
	Locks   string // the directory of locks; empty: processes do not wait for each other
	Now     func() time.Time
	// Renew renews what is kept and keeps the new pair, in a process that outlives this one: the gateway takes a refresh
	// token once, so whoever has begun must be able to finish. See Renew, the function.
	Renew func(ctx context.Context) error
	// Warn is told once when a credential could not be renewed and is still good.
	Warn func(err error)

	mu    sync.Mutex
	known *SignIn
	again time.Time // not before this is a renewal that failed tried once more
}

// Key returns the key; ErrNone if there is none.
func (k *Keeper) Key(ctx context.Context) (string, error) {
	s, err := k.SignIn(ctx)
	if err != nil {
		return "", err
	}
	return s.Key, nil
}

// SignIn returns what is kept, renewed if need be.
func (k *Keeper) SignIn(ctx context.Context) (*SignIn, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known != nil && (!k.due(k.known) || k.Now().Before(k.again)) {
		return k.known, nil
	}
	s, err := k.read(ctx)
	if err != nil {
		return nil, err
	}
	if k.due(s) && s.Renewable() {
		if s, err = k.renewed(ctx, s); err != nil {
			return nil, err
		}
	}
	k.known = s
	return s, nil
}

// due says whether the end of a credential is near.
func (k *Keeper) due(s *SignIn) bool {
	return s.Expires != nil && s.Expires.Sub(k.Now()) < early
}

// read is what is kept, if it is for this gateway.
func (k *Keeper) read(ctx context.Context) (*SignIn, error) {
	s, err := k.Store.Get(ctx, k.Account)
	if err != nil {
		return nil, err
	}
	if config.Origin(s.URL) != config.Origin(k.URL) {
		return nil, problem.New(problem.Denied, "the key that is kept for profile %q is for %s, not for %s: it is not sent there", k.Account, s.URL, k.URL).
			WithHint("litellm-proxy --profile %s login", k.Account)
	}
	return s, nil
}

// renewed waits for its turn; who comes second finds that it has been done.
func (k *Keeper) renewed(ctx context.Context, old *SignIn) (*SignIn, error) {
	if k.Locks != "" {
		turn, err := lock.Acquire(ctx, k.Locks, "renewing\x00"+k.Account)
		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			defer turn.Release()
			now, err := k.read(ctx)
			if err != nil {
				return nil, err
			}
			if !k.due(now) {
				return now, nil
			}
			old = now
		}
	}
	err := k.Renew(ctx)
	if err == nil {
		return k.read(ctx)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if old.Expires.After(k.Now()) { // it is good for some minutes yet
		if k.Warn != nil && k.again.IsZero() {
			k.Warn(err)
		}
		k.again = k.Now().Add(retryRenewal)
		return old, nil
	}
	return nil, err
}

// Turn waits until no other process changes what is kept for an account; done ends the turn. Whoever changes it takes one, so
// that a renewal under way does not undo a logout, or overwrite a new sign-in.
func Turn(ctx context.Context, locks, account string) (done func(), err error) {
	turn, err := lock.Acquire(ctx, locks, "renew\x00"+account)
	switch {
	case err == nil:
		return turn.Release, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return func() {}, nil // without a place for locks there is no turn to wait for
}

// Renew renews what is kept for an account with one request, and keeps the new pair before anybody uses it. It waits for
// another process that is doing the same, and then finds it done. The caller sees to it that the process is not ended in the
// middle: between the gateway's answer and the store nothing can bring the spent refresh token back.
func Renew(ctx context.Context, store Store, account, locks string, now func() time.Time, refresh func(context.Context, *SignIn) (*SignIn, error)) error {
	turn, err := Turn(ctx, locks, account)
	if err != nil {
		return err
	}
	defer turn()
	old, err := store.Get(ctx, account)
	if err != nil {
		return err
	}
	if !old.Renewable() || old.Expires == nil || old.Expires.Sub(now()) >= early {
		return nil
	}
	fresh, err := refresh(ctx, old)
	if errors.Is(err, ErrSpent) {
		// A process that shares the store and not the locks may have been faster: on another machine, with this home.
		if other, again := store.Get(ctx, account); again == nil && other.RefreshToken != old.RefreshToken {
			return nil
		}
	}
	if err != nil {
		return err
	}
	// It must be kept whatever the time: the old one is spent. The stores have limits of their own.
	return store.Put(context.WithoutCancel(ctx), account, fresh)
}
