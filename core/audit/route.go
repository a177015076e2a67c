package audit

import (
	"net/url"
	"strings"
)

// routes are the writes whose path says what they are about. {} is a segment that does, {key} one that is a virtual key, {…} all
// that follows, and * any segments. The first that fits is used. Source: LiteLLM 1.106.2's OpenAPI document.
var routes = []struct{ methods, pattern string }{
	{"PATCH DELETE", "/credentials/{…}"}, // a name may have slashes
	{"PATCH", "/model/{}/update"},
	{"POST", "/key/{key}/regenerate"},
	{"POST", "/key/{key}/reset_spend"},
	{"PATCH", "/team/{}"},
	{"POST", "/team/{}/callback"},
	{"DELETE", "/team/{}/callback/{}"},
	{"POST", "/team/{}/disable_logging"},
	{"POST", "/team/{}/member/{}/*"},
	{"PATCH", "/v2/organization/{}"},
	{"PUT DELETE", "/access_group/{}/*"},
	{"PUT DELETE", "/v1/access_group/{}"},
	{"PUT DELETE", "/v1/unified_access_group/{}"},
	{"DELETE", "/fallback/{…}"},
	{"POST", "/guardrails/submissions/{}/*"},
	{"PUT PATCH DELETE", "/guardrails/{}"},
	{"DELETE", "/policies/attachments/{}"},
	{"POST DELETE", "/policies/name/{}/*"},
	{"PUT DELETE", "/policies/{}"},
	{"PUT", "/policies/{}/status"},
	{"PUT DELETE", "/search_tools/{}"},
	{"PUT PATCH DELETE", "/prompts/{}"},
	{"DELETE", "/v1/mcp/server/{}"},
	{"POST PUT DELETE", "/v1/mcp/server/{}/*"},
	{"PUT PATCH DELETE", "/v1/agents/{}"},
	{"POST DELETE", "/vector_stores/{}"},
	{"PUT PATCH DELETE", "/scim/v2/Users/{}"},
	{"PUT PATCH DELETE", "/scim/v2/Groups/{}"},
	{"PUT DELETE", "/claude-code/plugins/{}"},
	{"POST", "/claude-code/plugins/{}/*"},
}

// segment is a part of a path that names something.
type segment struct {
	text string
	key  bool // a virtual key
}

// pathTargets are those of a percent-encoded path.
func pathTargets(method, path string) []segment {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if d, err := url.PathUnescape(p); err == nil {
			parts[i] = d
		}
	}
	for _, r := range routes {
		if found, ok := match(strings.Split(r.pattern, "/"), parts); ok && hasWord(r.methods, method) {
			return found
		}
	}
	return nil
}

func match(pattern, parts []string) (found []segment, ok bool) {
	for i, p := range pattern {
		if i >= len(parts) {
			return nil, false
		}
		switch p {
		case "*":
			return found, true
		case "{…}":
			return append(found, segment{text: strings.Join(parts[i:], "/")}), true
		case "{}", "{key}":
			found = append(found, segment{text: parts[i], key: p == "{key}"})
		case parts[i]:
		default:
			return nil, false
		}
	}
	return found, len(pattern) == len(parts)
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// parameters are the names in a query, in their order, each once.
func parameters(query string) []string {
	var all []string
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if d, err := url.QueryUnescape(name); err == nil && !seen[d] {
			seen[d] = true
			all = append(all, d)
		}
	}
	return all
}
