package litellm

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// WalkKeys calls each for every key that fits the filter and that the caller may see, and returns how many there are: see
// Pages.Walk. Where one broken row makes the gateway answer 500 for all of them, they are read one by one, and the row is named
// (observed on LiteLLM 1.106.2 and 1.83.14).
func WalkKeys(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, each func(*Key) error) (int, error) {
	seen := false
	total, err := KeyPages(filter).Walk(ctx, inv, func(row json.RawMessage) error {
		seen = true
		k, err := ParseKey(row)
		if err != nil {
			return err
		}
		return each(k)
	})
	if e := problem.As(err); e == nil || e.Status != 500 || seen {
		return total, err
	}
	inv.Notice("the gateway cannot give the whole list (500): reading key by key")
	return TokenPages(filter).Walk(ctx, inv, func(row json.RawMessage) error {
		var hash string
		if err := json.Unmarshal(row, &hash); err != nil {
			return err
		}
		k, err := KeyByHash(ctx, inv, hash)
		if IsNotFound(err) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		if broken := NullObjects(k.Raw); len(broken) > 0 {
			inv.Notice("key %s is what breaks it: its %s is null. Mend it: litellm-proxy keys update %s --set %s:='{}'", Short(hash), strings.Join(broken, ", "), hash, broken[0])
		}
		return each(k)
	})
}
