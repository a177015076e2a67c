package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Key is a virtual key as far as commands look at it. Raw is all that the gateway tells of it, with token and status.
type Key struct {
	Token     string  `json:"token"`
	Name      string  `json:"key_name"`
	Alias     *string `json:"key_alias"`
	UserID    *string `json:"user_id"`
	TeamID    *string `json:"team_id"`
	Blocked   *bool   `json:"blocked"`
	Expires   *string `json:"expires"`
	CreatedAt string  `json:"created_at"`
	Status    string  `json:"status"`

	Raw json.RawMessage `json:"-"`
}

// Statuses of a key. The gateway calls a blocked one revoked in some answers, and says nothing in others (observed on
// LiteLLM 1.106.2).
const (
	StatusActive  = "active"
	StatusExpired = "expired"
	StatusBlocked = "blocked"
	statusDeleted = "deleted"
)

const (
	hashDigits   = 64
	prefixDigits = 12 // the least of a hash that names a key
)

// IsHash reports whether text is a whole hash.
func IsHash(text string) bool { return len(text) == hashDigits && isHex(text) }

func isHex(text string) bool { return text != "" && strings.Trim(text, "0123456789abcdef") == "" }

func isPrefix(text string) bool {
	return len(text) >= prefixDigits && len(text) < hashDigits && isHex(text)
}

// isMasked reports whether text is how gateways show a key that they do not show.
func isMasked(text string) bool {
	return strings.HasPrefix(text, "sk-...") || strings.HasPrefix(text, "sk-…") || strings.HasPrefix(text, "sk-****")
}

// ParseKey reads a row of the key list, and gives it its status.
func ParseKey(row json.RawMessage) (*Key, error) {
	k := &Key{}
	if err := json.Unmarshal(row, k); err != nil || k.Token == "" {
		return nil, problem.New(problem.Unreachable, "cannot read a key: the row has another shape").WithHint(addressHint)
	}
	known := k.Status
	k.Status = k.status()
	if known == k.Status {
		k.Raw = row
		return k, nil
	}
	raw, err := withStatus(row, known != "", k.Status)
	k.Raw = raw
	return k, err
}

// withStatus sets the status in a row that has another one, or none.
func withStatus(row json.RawMessage, replace bool, status string) (json.RawMessage, error) {
	if !replace {
		return With(row, "status", status)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(row, &members); err != nil {
		return nil, err
	}
	members["status"] = json.RawMessage(fmt.Sprintf("%q", status))
	return json.Marshal(members)
}

func (k *Key) status() string {
	switch {
	case k.Status == statusDeleted:
		return statusDeleted
	case k.Blocked != nil && *k.Blocked:
		return StatusBlocked
	case k.Expires != nil:
		if at, err := time.Parse(time.RFC3339, *k.Expires); err == nil && !at.After(time.Now()) {
			return StatusExpired
		}
	}
	return StatusActive
}

// Label names a key for people: its alias, or the beginning of its hash.
func (k *Key) Label() string {
	if k.Alias != nil && *k.Alias != "" {
		return *k.Alias
	}
	return Short(k.Token)
}

// Short is the part of a hash that people see.
func Short(hash string) string {
	if len(hash) <= prefixDigits {
		return hash
	}
	return hash[:prefixDigits] + "…"
}

// KeyByHash reads one key; a missing one, or one that is only kept as deleted, is an error with the code NotFound.
func KeyByHash(ctx context.Context, inv *sdk.Invocation, hash string) (*Key, error) {
	var answer struct {
		Info json.RawMessage `json:"info"`
	}
	err := inv.Get(ctx, "/key/info", sdk.Query{"key": hash}, &answer)
	switch {
	case isMissing(err):
		return nil, noKey(Short(hash), problem.As(err).Said)
	case err != nil:
		return nil, err
	}
	var info map[string]json.RawMessage
	if json.Unmarshal(answer.Info, &info) != nil || info == nil {
		return nil, problem.New(problem.Unreachable, "cannot read key %s: the answer has no info", Short(hash)).WithHint(addressHint)
	}
	row, err := tokenFirst(hash, answer.Info)
	if err != nil {
		return nil, err
	}
	k, err := ParseKey(row)
	if err == nil && k.Status == statusDeleted {
		return nil, noKey(Short(hash), "the gateway keeps its row as a deleted one's")
	}
	return k, err
}

// tokenFirst puts the hash in front of a row that lacks it.
func tokenFirst(hash string, info json.RawMessage) (json.RawMessage, error) {
	row, err := json.Marshal(map[string]string{"token": hash})
	if err != nil {
		return nil, err
	}
	rest := strings.TrimSpace(string(info))[1:]
	if strings.TrimSpace(rest) == "}" {
		return row, nil
	}
	return json.RawMessage(string(row[:len(row)-1]) + "," + rest), nil
}

func noKey(name, said string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: fmt.Sprintf("there is no key %q", name), Said: said, Field: "key",
		Hint: "litellm-proxy keys list shows those that you may see",
	}
}

// KeysByAlias returns the keys with exactly this alias: more than one is possible, for the gateway checks aliases only
// before it writes, and some writes not at all. The filter of older gateways matches parts of an alias, in any case.
func KeysByAlias(ctx context.Context, inv *sdk.Invocation, alias string) ([]*Key, error) {
	if alias == "" {
		return nil, problem.New(problem.Usage, "a key's alias is empty")
	}
	return keysWhere(ctx, inv, sdk.Query{"key_alias": alias}, func(k *Key) bool { return k.Alias != nil && *k.Alias == alias })
}

func keysWhere(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, wanted func(*Key) bool) ([]*Key, error) {
	var found []*Key
	_, err := WalkKeys(ctx, inv, filter, func(k *Key) error {
		if wanted(k) {
			found = append(found, k)
		}
		return nil
	})
	return found, err
}

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
		Code: problem.Failed, Message: fmt.Sprintf("%q may be any of %d keys", text, len(found)), Field: "key", State: problem.Unchanged,
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

// Line is a key in a line, for questions.
func (k *Key) Line() string {
	line := Short(k.Token)
	if alias := Text(k.Alias); alias != "" {
		line += "  " + alias
	}
	for _, owner := range []*string{k.UserID, k.TeamID} {
		if owner != nil {
			line += "  " + *owner
		}
	}
	return line + "  " + k.Status
}

// NullObjects names the members of a key's row that must be objects and are null. One such row makes the gateway answer 500 to
// everybody's list of keys (observed on LiteLLM 1.106.2 and 1.83.14).
func NullObjects(row json.RawMessage) []string {
	members := Members(row)
	var out []string
	for _, name := range []string{"metadata", "aliases", "config", "permissions", "model_max_budget"} {
		if v, ok := members[name]; ok && v == nil {
			out = append(out, name)
		}
	}
	return out
}
