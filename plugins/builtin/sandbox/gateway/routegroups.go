package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// routeGroups are the groups that allowed_routes of a key may name, and the
// routes in them (observed on LiteLLM 1.106.2); a pattern that ends in * stands
// for what begins so.
var routeGroups = map[string][]string{
	"llm_api_routes": {"/models", "/v1/models", "/model/info", "/v1/model/info", "/model_group/info", "/chat/completions", "/v1/chat/completions"},
	"info_routes": {"/models", "/v1/models", "/model/info", "/v1/model/info", "/v2/model/info", "/model_group/info", "/health",
		"/key/info", "/v2/key/info", "/key/list", "/user/info", "/v2/user/info", "/team/info", "/team/list", "/v2/team/list", "/team/available"},
	"management_routes": {"/model/info", "/model/new", "/model/update", "/model/delete", "/key/*", "/user/*", "/team/*", "/v2/team/list", "/management/*"},
}

// checkAllowedRoutes refuses a route that is not among the allowed_routes of
// the key. listed says that the key names the route by its path: then nothing
// is asked about the role of its owner, so that such a key can make teams or
// users, whoever has it (observed on LiteLLM 1.106.2).
func (q *request) checkAllowedRoutes() (listed bool, a answer, ok bool) {
	if q.caller.key == nil {
		return false, a, true
	}
	routes, _ := q.caller.key.data.strs("allowed_routes")
	if len(routes) == 0 {
		return false, a, true
	}
	path := q.http.URL.Path
	for _, r := range routes {
		if group, isGroup := routeGroups[r]; isGroup {
			if slices.ContainsFunc(group, func(pattern string) bool { return coversPath(pattern, path) }) {
				return false, a, true
			}
		} else if coversPath(r, path) {
			return true, a, true
		}
	}
	return false, detail(http.StatusForbidden, "Virtual key is not allowed to call this route. Only allowed to call routes: "+
		reprList(routes)+". Tried to call route: "+path), false
}

func coversPath(pattern, path string) bool {
	if begin, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, begin)
	}
	return pattern == path
}

// reprList writes a list of texts the way Python does.
func reprList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = repr(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
