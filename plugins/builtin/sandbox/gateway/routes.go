package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// access says who may call a route; what depends on the body or on the owner
// of a row is the handler's business.
type access int

const (
	public  access = iota // no key needed
	anyone                // every valid key
	admins                // proxy_admin; proxy_admin_viewer to read
	selfers               // like admins, and internal users for themselves
)

// route is one method of one path.
type route struct {
	method, pattern string
	access          access
	handler         func(*request) (answer, error)
	body            bool // takes JSON
	optional        bool // takes JSON but does without
	lenient         bool // bad JSON is a 400 and an absent body is the handler's business
	writes          bool // runs in a writing transaction
}

func get(pattern string, a access, h func(*request) (answer, error)) route {
	return route{method: http.MethodGet, pattern: pattern, access: a, handler: h}
}

// change is a route that takes JSON and writes.
func change(method, pattern string, a access, h func(*request) (answer, error)) route {
	return route{method: method, pattern: pattern, access: a, handler: h, body: true, writes: true}
}

// routeTable lists every route, one block a resource. Of two patterns that
// match, the first wins.
func routeTable() []route {
	return slices.Concat(healthRoutes(), modelRoutes(), chatRoutes(), keyRoutes(), userRoutes(), teamRoutes(), budgetRoutes(), credentialRoutes())
}

// router finds routes.
type router struct{ routes []route }

func newRouter(routes []route) *router { return &router{routes: routes} }

// find returns the route for a method and a decoded path, and the value of the
// variable in its pattern. When there is none, route is nil and a is the
// answer: 307 for a superfluous slash at the end, which lacks its Location yet,
// 405 or 404 (all observed on LiteLLM 1.106.2).
func (rt *router) find(method, path string) (found *route, value string, a answer) {
	var allow string
	for i := range rt.routes {
		r := &rt.routes[i]
		v, ok := matchPath(r.pattern, path)
		if !ok {
			continue
		}
		if r.method == method {
			return r, v, answer{}
		}
		if allow == "" {
			allow = r.method
		}
	}
	if allow != "" {
		a = detail(http.StatusMethodNotAllowed, "Method Not Allowed")
		a.header = http.Header{"Allow": {allow}}
		return nil, "", a
	}
	if trimmed, ok := strings.CutSuffix(path, "/"); ok {
		for _, r := range rt.routes {
			if _, ok := matchPath(r.pattern, trimmed); ok {
				return nil, "", answer{status: http.StatusTemporaryRedirect}
			}
		}
	}
	return nil, "", notFound()
}

// matchPath matches a path with a pattern that has at most one variable:
// {name} stands for one segment, {name...} for everything that is left.
func matchPath(pattern, path string) (value string, ok bool) {
	before, rest, variable := strings.Cut(pattern, "{")
	if !variable {
		return "", pattern == path
	}
	name, after, _ := strings.Cut(rest, "}")
	value, ok = strings.CutPrefix(path, before)
	if !ok {
		return "", false
	}
	if value, ok = strings.CutSuffix(value, after); !ok || value == "" {
		return "", false
	}
	if !strings.HasSuffix(name, "...") && strings.Contains(value, "/") {
		return "", false
	}
	return value, true
}
