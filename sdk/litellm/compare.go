package litellm

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Same reports whether two decoded JSON values, with their numbers as json.Number, are the same. Whole numbers are compared
// digit by digit; others by value, for the gateway does not keep how they were written: 0.70 comes back as 0.7, 50 as 50.0.
func Same(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, Same)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Same)
	case json.Number:
		b, ok := b.(json.Number)
		if !ok || a == b {
			return ok
		}
		x, errA := a.Float64()
		y, errB := b.Float64()
		return errA == nil && errB == nil && x == y && strings.ContainsAny(a.String()+b.String(), ".eE")
	}
	return a == b
}

// Differing names, in order, the wanted members that are there with other values. A member that is not there cannot be
// compared and is left out.
func Differing(wanted, there map[string]any) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if have, ok := there[name]; ok && !Same(have, wanted[name]) {
			out = append(out, name)
		}
	}
	return out
}

// Normal is a value as it looks when it has been read from JSON with its numbers as they are written.
func Normal(v any) any {
	switch v.(type) {
	case nil, string, bool, json.Number:
		return v
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return v
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var out any
	if decoder.Decode(&out) != nil {
		return v
	}
	return out
}
