package litellm

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// NewKey is what came of making a key: a key with its secret, or the one that has the alias already.
type NewKey struct {
	Secret  sdk.Secret
	Made    *Key     // nil if none was made
	Taken   *Key     // the key that has the alias; nil if none has
	Ignored []string // fields that the gateway has taken no notice of
}

// CreateKey makes one key, exactly once: with a secret that the host has made, under a lock over its alias, read back by its
// hash. request is the body of POST /key/generate without the key itself. before, which may be nil, is called with the secret
// when it is about to be sent: the time to write it down.
//
// The gateway checks aliases before it writes and without a constraint, answers 200 for a key that exists without writing,
// and 400 to the second try of a write that was done (observed on LiteLLM 1.106.2 and 1.83.14). A key that does not have what
// was asked for is deleted again, and the error says so.
func CreateKey(ctx context.Context, inv *sdk.Invocation, request map[string]any, before func(sdk.Secret) error) (*NewKey, error) {
	secret, err := inv.NewSecret(ctx, "sk-")
	if err != nil {
		return nil, err
	}
	return CreateKeyWith(ctx, inv, secret, request, before)
}

// CreateKeyWith is CreateKey with a secret that the host has made before.
func CreateKeyWith(ctx context.Context, inv *sdk.Invocation, secret sdk.Secret, request map[string]any, before func(sdk.Secret) error) (*NewKey, error) {
	alias, _ := request["key_alias"].(string)
	if alias != "" {
		unlock, err := inv.Lock(ctx, "key-alias", alias)
		if err != nil {
			return nil, err
		}
		defer unlock()
		there, err := KeysByAlias(ctx, inv, alias)
		if err != nil {
			return nil, Before("generate key "+alias, err)
		}
		if mine := slices.IndexFunc(there, func(k *Key) bool { return k.Token == secret.SHA256 }); mine >= 0 {
			n := &NewKey{Secret: secret, Made: there[mine]} // by an earlier run of the same job, which was cut off
			if err := n.contend(ctx, inv, alias); err != nil || n.Made == nil {
				return n, err
			}
			return n, n.verify(ctx, inv, request)
		}
		if len(there) > 0 {
			return &NewKey{Taken: there[0]}, nil
		}
	}
	if before != nil {
		if err := before(secret); err != nil {
			return nil, err
		}
	}
	body := maps.Clone(request)
	body["key"] = secret
	failure := create(ctx, inv, secret, body)
	if errors.Is(failure, sdk.ErrPlanned) {
		return nil, failure
	}
	n := &NewKey{Secret: secret}
	seen, err := n.settle(ctx, inv, failure, request)
	if err != nil || !seen {
		return n, err
	}
	if err := n.contend(ctx, inv, alias); err != nil || n.Made == nil {
		return n, err
	}
	return n, n.verify(ctx, inv, request)
}

// create sends the request. An answer that is not about the key leaves unknown what became of it.
func create(ctx context.Context, inv *sdk.Invocation, secret sdk.Secret, body map[string]any) error {
	var answer struct {
		Token string `json:"token"`
	}
	err := inv.Create(ctx, "/key/generate", body, &answer)
	if err == nil && answer.Token != secret.SHA256 {
		err = problem.New(problem.Unreachable, "cannot generate a key: the answer is not about the key that was sent").
			WithHint("is this the LiteLLM gateway's own address?")
	}
	if e := problem.As(err); problem.CodeOf(err) == problem.Unreachable && e.State == "" {
		e.State = problem.Unknown
		return e
	}
	return err
}

// settle finds out whether the key is there, whatever the gateway answered. A key that the gateway said it made and that cannot
// be read back, seen false, is as it was asked for: its secret is shown now or never.
func (n *NewKey) settle(ctx context.Context, inv *sdk.Invocation, failure error, request map[string]any) (seen bool, err error) {
	e := problem.As(failure)
	if e != nil && !Lost(failure) && e.Status != 400 {
		return false, failure // refused before anything was done
	}
	made, err := KeyByHash(sdk.Attempting(ctx, "read key %s back", Short(n.Secret.SHA256)), inv, n.Secret.SHA256)
	switch {
	case err == nil:
		n.Made = made
		if e != nil {
			inv.Notice("the gateway's answer was lost or an error; checked: the key was made")
		}
		return true, nil
	case IsNotFound(err) && e != nil:
		e.State = problem.Unchanged + " (checked)"
		return false, e
	case e != nil:
		e.State = problem.Unknown + "; if it was made, its hash is " + n.Secret.SHA256
		return false, e
	case IsNotFound(err):
		return false, problem.New(problem.Failed, "the gateway said that it made key %s, and has no such key", Short(n.Secret.SHA256)).
			WithHint("try again").WithState(problem.Unchanged + " (checked)")
	}
	inv.Notice("the gateway said that the key was made; the check afterwards failed: %v", err)
	n.Made, err = asAsked(n.Secret.SHA256, request)
	return false, err
}

// asAsked is a key as a request asks for it.
func asAsked(hash string, request map[string]any) (*Key, error) {
	row := maps.Clone(request)
	row["token"] = hash
	delete(row, "duration")
	raw, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	return ParseKey(raw)
}

// contend gives way where somebody else, on another machine, has made a key with the same alias at the same time. Whoever
// asks gets the same winner.
func (n *NewKey) contend(ctx context.Context, inv *sdk.Invocation, alias string) error {
	if alias == "" {
		return nil
	}
	rows, err := KeysByAlias(ctx, inv, alias)
	if err != nil {
		inv.Notice("the key was made; whether another has the alias could not be checked: %v", err)
		return nil
	}
	if len(rows) < 2 {
		return nil
	}
	claims := make([]Claim, len(rows))
	for i, k := range rows {
		claims[i] = Claim{k.Token, k.CreatedAt}
	}
	winner := First(claims)
	if winner.ID == n.Made.Token {
		return nil
	}
	if err := DeleteKey(ctx, inv, n.Made.Token); err != nil {
		return n.made(err)
	}
	n.Taken = rows[slices.IndexFunc(rows, func(k *Key) bool { return k.Token == winner.ID })]
	n.Made = nil
	return nil
}

// made is a failure after the key was made.
func (n *NewKey) made(err error) error {
	e := problem.As(err)
	e.State = "key " + n.Made.Token + " was made"
	e.Hint = "litellm-proxy keys info " + Short(n.Made.Token)
	return e
}
