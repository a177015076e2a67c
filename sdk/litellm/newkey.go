package litellm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	if err == nil {
		return nil
	}
	e := problem.As(err)
	e.State = "key " + n.Made.Token + " was made"
	e.Hint = "litellm-proxy keys info " + Short(n.Made.Token)
	return e
}

// verify compares the key with what was asked for.
func (n *NewKey) verify(ctx context.Context, inv *sdk.Invocation, request map[string]any) error {
	row := Members(n.Made.Raw)
	differ, ignored := compareKey(request, row)
	n.Ignored = ignored
	if len(differ) == 0 {
		return nil
	}
	e := &problem.Error{
		Code: problem.Refused, Field: differ[0], State: problem.Unchanged + ": the key was deleted again",
		Message: fmt.Sprintf("the gateway made the key with another %s than was asked for", strings.Join(differ, ", ")),
		Hint:    "leave that out, or see what this version of the gateway takes: litellm-proxy keys generate --help",
	}
	if err := DeleteKey(ctx, inv, n.Made.Token); err != nil {
		e.State = "key " + n.Made.Token + " is there, with another " + strings.Join(differ, ", ")
	}
	return e
}

// unseen are fields of a request that have no counterpart of their name in the row.
var unseen = []string{"key", "duration", "key_type", "send_invite_email", "soft_budget", "object_permission", "auto_rotate", "rotation_interval"}

// compareKey names the fields that a key has with other values, and those that it has not at all. Some fields are kept in
// metadata.
func compareKey(request, row map[string]any) (differ, ignored []string) {
	metadata, _ := row["metadata"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(request)) {
		wanted := Normal(request[name])
		have, shown := row[name]
		if kept, ok := metadata[name]; ok && (!shown || have == nil) {
			have, shown = kept, true
		}
		switch {
		case slices.Contains(unseen, name) || wanted == nil:
		case !shown:
			ignored = append(ignored, name)
		case name == "metadata" && contains(have, wanted):
		case name != "metadata" && Same(have, wanted):
		default:
			differ = append(differ, name)
		}
	}
	return differ, ignored
}

// contains reports whether an object has all members of another with the same values.
func contains(object, part any) bool {
	have, ok := object.(map[string]any)
	want, isObject := part.(map[string]any)
	if !ok || !isObject {
		return Same(object, part)
	}
	for name, v := range want {
		if there, ok := have[name]; !ok && v != nil || !Same(there, v) {
			return false
		}
	}
	return true
}

// DeleteKey deletes one key by its hash, and looks whether it is gone: the gateway lists as deleted whatever it was asked to
// delete (observed on LiteLLM 1.106.2 and 1.83.14).
func DeleteKey(ctx context.Context, inv *sdk.Invocation, hash string) error {
	failure := inv.Post(ctx, "/key/delete", map[string]any{"keys": []string{hash}}, nil)
	if errors.Is(failure, sdk.ErrPlanned) || problem.CodeOf(failure) == problem.Denied {
		return failure
	}
	_, err := KeyByHash(sdk.Attempting(ctx, "check that key %s is gone", Short(hash)), inv, hash)
	e := problem.As(failure)
	switch {
	case IsNotFound(err) && isMissing(failure):
		return noKey(Short(hash), e.Said) // somebody else was quicker
	case IsNotFound(err):
		if e != nil {
			inv.Notice("the gateway's answer was lost or an error; checked: the key was deleted")
		}
		return nil
	case err == nil && e != nil:
		e.State = problem.Unchanged + " (checked)"
		return e
	case e != nil:
		return e
	case err == nil:
		return problem.New(problem.Failed, "the gateway said that key %s was deleted, and it is still there", Short(hash)).WithState(problem.Unchanged + " (checked)")
	}
	e = problem.As(err)
	e.State = "the gateway said that it was deleted; it could not be checked"
	return e
}

// AliasTaken is the refusal of an alias that another key has.
func AliasTaken(attempt string, by *Key, said string) *problem.Error {
	return &problem.Error{
		Code: problem.Refused, Message: "cannot " + attempt + ": the alias is in use", Field: "key_alias", State: problem.Unchanged,
		Facts: []problem.Fact{{Label: "by", Text: by.Owned()}}, Said: said,
		Hint: "another alias, or --if-not-exists to keep that key",
	}
}

// Owned is a key with whose it is and since when.
func (k *Key) Owned() string {
	var parts []string
	if k.TeamID != nil {
		parts = append(parts, "team "+*k.TeamID)
	}
	if k.UserID != nil {
		parts = append(parts, "user "+*k.UserID)
	}
	if day, _, ok := strings.Cut(k.CreatedAt, "T"); ok {
		parts = append(parts, "made "+day)
	}
	if len(parts) == 0 {
		return Short(k.Token)
	}
	return Short(k.Token) + " (" + strings.Join(parts, ", ") + ")"
}
