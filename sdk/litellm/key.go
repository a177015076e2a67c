package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
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
