package models

import (
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

const environment = "os.environ/"

// public returns a JSON value without its secrets: without the members whose names say so, and the values of headers. What
// refers to the gateway's environment is no secret.
func public(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			text, isText := value.(string)
			switch {
			case isText && strings.HasPrefix(text, environment):
				out[name] = value
			case litellm.MaybeSecret(name):
			case strings.HasSuffix(name, "headers"):
				out[name] = names(value)
			default:
				out[name] = public(value)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = public(v[i])
		}
		return out
	}
	return v
}

// names are the names of an object's members, without their values.
func names(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	out := make(map[string]any, len(object))
	for name := range object {
		out[name] = nil
	}
	return out
}

// refersToEnvironment reports whether a value refers to the gateway's environment, at any depth.
func refersToEnvironment(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasPrefix(v, environment)
	case map[string]any:
		for _, value := range v {
			if refersToEnvironment(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, refersToEnvironment)
	}
	return false
}
