package litellm

import (
	"context"
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Ambiguous is the type of an error about a name that may mean several things.
const Ambiguous = "ambiguous"

// KeyName is a name for a key and what it may mean; without a meaning all are tried.
type KeyName struct {
	Text        string
	Hash, Alias bool // only this meaning
}

// BySecret reports whether the user named the key by its secret.
func (n KeyName) BySecret() bool { return !n.Alias && strings.HasPrefix(n.Text, protocol.HashedKey) }

// hash is the hash that a name is, or is the secret of.
func (n KeyName) hash() (string, bool) {
	hash := strings.TrimPrefix(n.Text, protocol.HashedKey)
	return hash, !n.Alias && IsHash(hash)
}

// Shown is a name as messages have it: a secret by the beginning of its hash.
func (n KeyName) Shown() string {
	if n.BySecret() {
		return Short(strings.TrimPrefix(n.Text, protocol.HashedKey))
	}
	return n.Text
}

// FindKey returns the key that a name means: a secret, a hash, at least 12 digits of one, or an alias. No such key is an error
// with the code NotFound, which says so where the caller sees a part of the keys only; a name with two meanings one with the
// code Failed that lists both.
func FindKey(ctx context.Context, inv *sdk.Invocation, name KeyName) (*Key, error) {
	k, err := findKey(ctx, inv, name)
	if IsNotFound(err) {
		if caller, whoErr := WhoAmI(ctx, inv); whoErr == nil && !caller.SeesAll() {
			e := problem.As(err)
			scope, _ := caller.Scope("keys")
			e.Message = fmt.Sprintf("there is no key %q among those that you see", name.Shown())
			e.Hint = scope
		}
	}
	return k, err
}

func findKey(ctx context.Context, inv *sdk.Invocation, name KeyName) (*Key, error) {
	text := name.Text
	switch {
	case text == "":
		return nil, problem.New(problem.Usage, "a key's name is empty").WithState(problem.Unchanged)
	case isMasked(text):
		return nil, problem.New(problem.Usage, "%q is a masked key, which may stand for several", text).
			WithHint("name it by its hash, its alias, or - to give the secret on standard input").WithState(problem.Unchanged)
	case name.Alias:
		return oneKey(ctx, inv, text, false)
	}
	if hash, ok := name.hash(); ok {
		return KeyByHash(ctx, inv, hash)
	}
	switch {
	case isPrefix(text):
		return oneKey(ctx, inv, text, !name.Hash, text)
	case name.Hash:
		return nil, problem.New(problem.Usage, "%q is no hash of a key: it has %d hexadecimal digits, and at least %d of them name one", text, hashDigits, prefixDigits).
			WithState(problem.Unchanged)
	}
	return oneKey(ctx, inv, text, false)
}

// oneKey looks a name up as an alias and, if given, as the beginning of a hash.
func oneKey(ctx context.Context, inv *sdk.Invocation, text string, both bool, prefix ...string) (*Key, error) {
	var found []*Key
	var err error
	if len(prefix) > 0 {
		if found, err = keysByPrefix(ctx, inv, prefix[0]); err != nil {
			return nil, err
		}
	}
	if both || len(prefix) == 0 {
		more, err := KeysByAlias(ctx, inv, text)
		if err != nil {
			return nil, err
		}
		for _, k := range more {
			if len(found) == 0 || found[0].Token != k.Token {
				found = append(found, k)
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, noKey(text, "")
	case 1:
		return KeyByHash(ctx, inv, found[0].Token) // the same members, however it is named
	}
	return nil, ambiguous(text, found)
}

func ambiguous(text string, found []*Key) error {
	e := &problem.Error{
		Code: problem.Failed, Message: fmt.Sprintf("%q may be any of %d keys", text, len(found)), Field: "key", State: problem.Unchanged, Type: Ambiguous,
		Hint: "name it by its hash",
	}
	for _, k := range found {
		line := k.Token
		if k.Alias != nil {
			line += "  alias " + *k.Alias
		}
		e.Facts = append(e.Facts, problem.Fact{Label: "key", Text: line})
	}
	return e
}
