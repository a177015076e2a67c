package gateway

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// checkRole refuses by role. What looks like a failed login is a 401 of type
// auth_error here: the key is fine, the role is not (observed on LiteLLM
// 1.106.2).
func (q *request) checkRole() (answer, bool) {
	c, r := q.caller, q.route
	listed, a, ok := q.checkAllowedRoutes()
	if !ok {
		return a, false
	}
	switch {
	case c.isAdmin:
		return answer{}, true
	case c.role == roleViewer:
		return q.checkViewer()
	case listed, r.access == anyone:
		return answer{}, true
	case r.access == selfers && c.known && c.role != roleUserViewer:
		return answer{}, true
	}
	role, id := c.role, "unknown"
	if role == "" {
		role = "unknown"
	}
	if c.known {
		id = *c.userID
	}
	return refused(fmt.Sprintf("Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=%s. Your role=%s. Your user_id=%s",
		q.http.URL.Path, role, maskMiddle(id, 6, 2))), false
}

// checkViewer refuses what proxy_admin_viewer may not do, which is writing; by
// /user/update it may change an e-mail, anybody's (observed on LiteLLM
// 1.106.2).
func (q *request) checkViewer() (answer, bool) {
	if !q.route.writes || q.route.lenient {
		return answer{}, true
	}
	message := fmt.Sprintf("user not allowed to access this route, role= %s. Trying to access: %s", q.caller.role, q.http.URL.Path)
	if q.route.pattern == "/user/update" {
		other := slices.DeleteFunc(slices.Sorted(maps.Keys(q.body)), func(name string) bool { return name == "user_email" })
		if len(other) == 0 {
			return answer{}, true
		}
		message += " and updating invalid param: " + other[0] + ". only user_email can be updated"
	}
	return wireError(http.StatusForbidden, message, typeAuth, noParam), false
}
