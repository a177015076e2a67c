package keys

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// mark is kept in the metadata of a key, under markName.
type mark struct {
	Alias string `json:"alias,omitempty"`    // on the old key: the alias that it had
	To    string `json:"to,omitempty"`       // on the old key: the hash of the new one
	From  string `json:"replaces,omitempty"` // on the new key: the hash of the old one, until it is finished
	Done  bool   `json:"done,omitempty"`     // on the old key: it is finished
	Ended string `json:"expires,omitempty"`  // on the old key: when it would have expired of itself
}

const (
	markName   = "litellm_proxy_rotation"
	oldAliasIn = " (rotated " // between the alias and the hash in the name of an old key
)

func markOf(k *litellm.Key) mark {
	var row struct {
		Metadata map[string]json.RawMessage `json:"metadata"`
	}
	var m mark
	if json.Unmarshal(k.Raw, &row) == nil {
		_ = json.Unmarshal(row.Metadata[markName], &m)
	}
	return m
}

// renamed finds the old key of a rotation that ended after its first step: no key has the alias then. It is nil if there is
// none.
func renamed(ctx context.Context, inv *sdk.Invocation, alias string) (*litellm.Key, error) {
	var found *litellm.Key
	query := sdk.Query{"key_alias": alias + oldAliasIn, "substring_matching": "true"}
	_, err := litellm.KeyPages(query).Walk(sdk.Attempting(ctx, "look for an unfinished rotation of key %s", alias), inv, func(row json.RawMessage) error {
		k, err := litellm.ParseKey(row)
		if m := (mark{}); err == nil {
			if m = markOf(k); m.Alias == alias && m.To != "" && !m.Done {
				found = k
			}
		}
		return err
	})
	return found, err
}

// marked is metadata with a mark.
func marked(metadata any, m mark) map[string]any {
	out := map[string]any{}
	if have, ok := metadata.(map[string]any); ok {
		for name, v := range have {
			out[name] = v
		}
	}
	out[markName] = litellm.Normal(m)
	return out
}
