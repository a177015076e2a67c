package litellm

import (
	"context"
	"encoding/json"
	"sort"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// keysByPrefix returns the keys whose hash begins with prefix. The list is in the order of the hashes, so that the place is
// found by halving: the API has no filter for a part of a hash.
func keysByPrefix(ctx context.Context, inv *sdk.Invocation, prefix string) ([]*Key, error) {
	list := TokenPages(nil)
	hashes, total, err := tokens(ctx, inv, list, 1)
	if err != nil {
		return nil, err
	}
	pages := (total + pageSize - 1) / pageSize
	var failed error
	first := 1 + sort.Search(max(pages-1, 0), func(i int) bool { // is the page after the first i+1 beyond the place?
		if failed != nil {
			return true
		}
		next, _, err := tokens(ctx, inv, list, i+2)
		failed = err
		return err != nil || len(next) == 0 || next[0] >= prefix
	})
	if failed != nil {
		return nil, failed
	}
	var found []*Key
	for page := first; ; page++ {
		if page > 1 {
			if hashes, _, err = tokens(ctx, inv, list, page); err != nil {
				return nil, err
			}
		}
		for _, hash := range hashes {
			if strings.HasPrefix(hash, prefix) {
				k, err := KeyByHash(ctx, inv, hash)
				if err != nil {
					return nil, err
				}
				found = append(found, k)
			}
		}
		if len(hashes) < pageSize || hashes[len(hashes)-1] > prefix && !strings.HasPrefix(hashes[len(hashes)-1], prefix) {
			return found, nil
		}
	}
}

func tokens(ctx context.Context, inv *sdk.Invocation, list Pages, page int) ([]string, int, error) {
	rows, total, err := list.One(ctx, inv, page, pageSize)
	if err != nil {
		return nil, 0, err
	}
	hashes := make([]string, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row, &hashes[i]); err != nil {
			return nil, 0, err
		}
	}
	return hashes, total, nil
}
