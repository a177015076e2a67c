// Package grant decides whether a request is among those that a plugin's manifest asks for. The host and package
// sdktest use the same decision.
package grant

import (
	"errors"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Check returns why a request of this method and path is refused; nil if one of the grants allows it.
//
// The path is decoded once and compared segment by segment, since the gateway routes /key%2Flist as /key/list (observed
// on LiteLLM 1.106.2). So encoded slashes, backslashes and percent signs, dot segments and empty ones are refused, but
// for the first three and the last where the pattern ends in {rest…}.
func Check(grants []*protocol.Grant, method, rawPath string) error {
	if err := Valid(method, rawPath); err != nil {
		return err
	}
	p, _ := splitPath(rawPath)
	if slices.ContainsFunc(grants, func(g *protocol.Grant) bool { return allows(g, method, p) }) {
		return nil
	}
	if p.unclean != "" {
		return errors.New(p.unclean)
	}
	return errors.New("that is not among its grants")
}

// Valid returns why no request of this method and path may ever be sent, whatever the grants.
func Valid(method, rawPath string) error {
	if why := badMethod(method); why != "" {
		return errors.New(why)
	}
	if _, why := splitPath(rawPath); why != "" {
		return errors.New(why)
	}
	return nil
}

// Decode returns a path whose segments have been decoded once, as the gateway routes it.
func Decode(rawPath string) string {
	p, why := splitPath(rawPath)
	if why != "" {
		return rawPath
	}
	return "/" + strings.Join(p.decoded, "/")
}

func allows(g *protocol.Grant, method string, p *path) bool {
	return slices.ContainsFunc(g.GetMethods(), func(m string) bool { return m == "*" || m == method }) && matches(g.GetPath(), p)
}

func matches(pattern string, p *path) bool {
	pattern, ok := strings.CutPrefix(pattern, "/")
	if !ok {
		return false
	}
	want := strings.Split(pattern, "/")
	rest := isRest(want[len(want)-1])
	if rest {
		want = want[:len(want)-1]
		if len(p.decoded) <= len(want) {
			return false
		}
	} else if p.unclean != "" || len(p.decoded) != len(want) {
		return false
	}
	for i, w := range want {
		if unclean(p.raw[i], p.decoded[i]) != "" {
			return false
		}
		if w != p.decoded[i] && !isName(w) {
			return false
		}
	}
	return true
}

// isName says whether a segment of a pattern is {name}.
func isName(s string) bool {
	return len(s) > 2 && s[0] == '{' && s[len(s)-1] == '}' && !isRest(s)
}

// isRest says whether a segment of a pattern is {name…} or {name...}.
func isRest(s string) bool {
	return strings.HasPrefix(s, "{") && (strings.HasSuffix(s, "…}") || strings.HasSuffix(s, "...}"))
}
