package auth

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Store keeps sign-ins, one for each account; an account is a profile's name and may be any text. It is safe for concurrent
// use, and processes may use it at the same time. Errors are *problem.Error and hold no secret.
type Store interface {
	// Get returns what is kept for an account; ErrNone if there is nothing.
	Get(ctx context.Context, account string) (*SignIn, error)
	// Put replaces what is kept. Whatever happens meanwhile, what is kept afterwards is the old or the new, whole.
	Put(ctx context.Context, account string, s *SignIn) error
	// Delete removes what is kept; ErrNone if there is nothing, as far as the store tells.
	Delete(ctx context.Context, account string) error
	// Name says to people where the last Get or Put found or left it, to be read behind "kept in".
	Name() string
}

// The kinds of store. Any other text is the command of a helper.
const (
	KindAuto    = "auto" // the keyring where there is one, else a file
	KindKeyring = "keyring"
	KindFile    = "file"
)

var (
	// ErrNone is the error of a store that holds nothing for an account.
	ErrNone error = problem.New(problem.Denied, "not signed in")
	// ErrNoKeyring tells a system keyring that is not there, or cannot take what it is given, from one that failed.
	ErrNoKeyring = errors.New("there is none that can be used")
)

// StoreOptions are what a store needs of the process. Dir and Getenv are needed by all kinds but helpers.
type StoreOptions struct {
	Dir          string              // where KindFile keeps its files; it need not exist
	Getenv       func(string) string // to find the session bus, PATH and the home directory
	KeyringLimit time.Duration       // how long a keyring or a helper may take, as they may be asking the person; 0: 30 s
	Environ      []string            // of a helper
	Mask         func(string) string // hides secrets in what a helper says; nil: only those at hand are hidden
}

// defaultKeyringLimit is long enough for a person to type a password.
const defaultKeyringLimit = 30 * time.Second

// NewStore returns the store of a kind: empty or KindAuto, KindKeyring, KindFile, or a helper's command, which must be there.
func NewStore(kind string, o StoreOptions) (Store, error) {
	if o.KeyringLimit <= 0 {
		o.KeyringLimit = defaultKeyringLimit
	}
	if o.Mask == nil {
		o.Mask = func(s string) string { return s }
	}
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	switch kind {
	case "", KindAuto:
		return &autoStore{file: newFileStore(o), ring: newKeyringStore(o)}, nil
	case KindKeyring:
		return newKeyringStore(o), nil
	case KindFile:
		return newFileStore(o), nil
	}
	h, err := newHelperStore(kind, o)
	if err != nil {
		return nil, err // not h: a nil pointer in an interface is not nil
	}
	return h, nil
}

// encodeSignIn is a sign-in as all stores keep it.
func encodeSignIn(s *SignIn) (string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return "", problem.New(problem.Failed, "cannot keep the sign-in: it cannot be written as JSON")
	}
	return string(b), nil
}

// decodeSignIn reads what a store has given back. The JSON decoder's own reason is left out, as it may repeat what it read.
func decodeSignIn(account, place string, kept []byte) (*SignIn, error) {
	var s SignIn
	if err := json.Unmarshal(kept, &s); err != nil || s.Key == "" || s.URL == "" {
		return nil, problem.New(problem.Failed, "cannot read the sign-in of profile %q: what is kept in %s is damaged", account, place).
			WithHint("sign in again: litellm-proxy login")
	}
	return &s, nil
}

// storeError is an error of an attempt on an account's sign-in: to read, keep or remove it.
func storeError(attempt, account, place string, err error) *problem.Error {
	return problem.Wrap(storeCode(err), err, "cannot %s the sign-in of profile %q in %s", attempt, account, place)
}

func storeCode(err error) problem.Code {
	switch {
	case errors.Is(err, context.Canceled):
		return problem.Interrupted
	case errors.Is(err, context.DeadlineExceeded), isWait(err):
		return problem.TimedOut
	}
	return problem.Failed
}
