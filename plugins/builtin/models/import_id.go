package models

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// imported is the namespace of the ids that an import gives.
var imported = uuid.MustParse("b6a8cf0e-6d2c-5f5a-9d0e-6c1f0a6f3a52")

// identifyAll gives ids to the entries that have none. An id follows from what the entry is, so that an import that was
// killed and is run again makes nothing twice. Secrets are left out of it: nobody may guess one from an id. Entries that
// are alike but for their secrets are told apart by their order.
func identifyAll(entries []*entry) error {
	seen := map[string]int{}
	for _, e := range entries {
		if _, ok := e.info["id"]; ok {
			continue
		}
		canonical, err := json.Marshal([]any{e.name, plain(public(e.params)), plain(public(e.info))}) // members are sorted
		if err != nil {
			return fmt.Errorf("identify the entry in line %d: %w", e.line, err)
		}
		n := seen[string(canonical)]
		seen[string(canonical)]++
		e.info["id"] = uuid.NewSHA1(imported, fmt.Appendf(canonical, "#%d", n)).String()
	}
	return nil
}

// plain returns a JSON value whose numbers are all written in one way: 0.70 is 0.7. Whole numbers keep their digits.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = plain(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".eE") {
			return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
		}
	}
	return v
}
