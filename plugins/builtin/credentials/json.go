package credentials

import (
	"maps"
	"slices"
	"strings"
)

// holdsNUL reports whether a zero byte stands in a text or a name, at any depth: the gateway's database cannot hold one.
func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case map[string]any:
		for name, value := range v {
			if holdsNUL(name) || holdsNUL(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsNUL)
	}
	return false
}

// holdsMask reports whether the gateway has masked something, at any depth.
func holdsMask(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "***")
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), holdsMask)
	case []any:
		return slices.ContainsFunc(v, holdsMask)
	}
	return false
}
