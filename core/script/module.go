package script

import (
	"net/url"
	"sort"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// module is $litellm: what `import { name } from "litellm"` gives.
func (s *session) module(call goja.FunctionCall) goja.Value {
	name := call.Argument(0).String()
	if m := s.modules[name]; m != nil {
		return s.plugin(m, "")
	}
	switch name {
	case "args":
		return s.vm.ToValue(s.args)
	case "gateway":
		return s.vm.ToValue(s.gateway)
	case "job":
		return s.object(map[string]any{"each": s.jobEach})
	case "csv":
		return s.csv()
	case "output":
		return s.object(map[string]any{"record": s.outputRecord, "text": s.outputText, "bars": s.outputBars})
	case "files":
		return s.object(map[string]any{"read": s.filesRead, "lines": s.filesLines, "write": s.filesWrite, "open": s.filesOpen})
	case "env":
		return s.object(map[string]any{"get": s.envGet})
	case "run":
		return s.object(map[string]any{"dry_run": s.opts.DryRun, "profile": s.opts.Profile, "gateway": s.opts.Gateway})
	case "ApiError":
		return s.prelude.apiError
	case "NotFound":
		return s.prelude.notFound
	case "Denied":
		return s.prelude.denied
	case "Ambiguous":
		return s.prelude.ambiguous
	}
	// The script was built with other plugins than it is run with.
	panic(s.apiError(problem.New(problem.Usage, "cannot run %s: there is no plugin for %q", s.program.Name, name), s.where()))
}

// object makes an object of the host's.
func (s *session) object(members map[string]any) *goja.Object {
	obj := s.vm.NewObject()
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		_ = obj.DefineDataProperty(name, s.vm.ToValue(members[name]), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE)
	}
	return obj
}

// plugin is the object of a plugin for a gateway: that of a profile, or the run's own if it is empty.
func (s *session) plugin(m *types.Module, profile string) *goja.Object {
	obj := s.vm.NewObject()
	for _, f := range m.Functions {
		c := s.commands[f]
		if c == nil {
			c = newCommand(f)
			s.commands[f] = c
		}
		at := obj
		for _, word := range f.Path[:len(f.Path)-1] {
			next, ok := at.Get(word).(*goja.Object)
			if !ok {
				next = s.vm.NewObject()
				_ = at.Set(word, next)
			}
			at = next
		}
		function := s.vm.ToValue(s.function(c, profile)).(*goja.Object)
		for i, name := range append([]string{f.Path[len(f.Path)-1]}, f.Aliases...) {
			have, taken := at.Get(name).(*goja.Object)
			switch {
			case taken && i > 0: // a name is stronger than another command's alias
				continue
			case taken: // a group of the same name came first
				for _, m := range have.Keys() {
					_ = function.Set(m, have.Get(m))
				}
			}
			_ = at.Set(name, function)
		}
	}
	if m.Name == "http" {
		s.sugar(obj, m, profile)
	}
	return obj
}

// gateway is the plugins' objects for another profile.
func (s *session) gateway(call goja.FunctionCall) goja.Value {
	s.ask("gateway()")
	name, ok := call.Argument(0).Export().(string)
	if !ok || name == "" {
		panic(s.vm.NewTypeError("gateway() needs the name of a profile, not %s", s.kindOf(call.Argument(0))))
	}
	if err := s.mayUse(name); err != nil {
		s.refuse(err)
	}
	members := map[string]any{}
	for _, m := range s.modules {
		members[m.Name] = s.plugin(m, name)
	}
	return s.object(members)
}

// mayUse refuses a profile that the person has not named.
func (s *session) mayUse(profile string) error {
	if s.profiles[profile] {
		return nil
	}
	for _, allowed := range s.opts.Grants.Profiles {
		if allowed == profile {
			return nil
		}
	}
	return problem.New(problem.Usage, "cannot use the profile %s: the script may not", profile).
		WithHint("run it with --allow-profile=%s, or let it take the profile as an argument", profile).WithState(problem.Unchanged)
}

// sugar adds http.get(path, query) and its like to what http.request is called with.
func (s *session) sugar(http *goja.Object, m *types.Module, profile string) {
	f := m.Find("request")
	if f == nil {
		return
	}
	request := s.function(s.commands[f], profile)
	for name, method := range map[string]string{"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"} {
		_ = http.Set(name, func(call goja.FunctionCall) goja.Value {
			path, second := call.Argument(0), call.Argument(1)
			if !goja.IsString(path) {
				panic(s.vm.NewTypeError("http.%s needs a path, not %s", name, s.kindOf(path)))
			}
			o := s.vm.NewObject()
			_ = o.Set("method", method)
			_ = o.Set("path", path)
			switch {
			case goja.IsUndefined(second):
			case name == "get":
				_ = o.Set("path", path.String()+s.query(second))
			default:
				_ = o.Set("json", second)
			}
			return request(goja.FunctionCall{Arguments: []goja.Value{o}})
		})
	}
}

// query encodes what http.get is given: texts, numbers and booleans by name.
func (s *session) query(v goja.Value) string {
	obj, ok := v.(*goja.Object)
	if !ok || !s.isPlain(obj) {
		panic(s.vm.NewTypeError("http.get takes its query as an object, not %s", s.kindOf(v)))
	}
	q := url.Values{}
	for _, name := range obj.Keys() {
		v := member(obj, name)
		_, isBool := v.Export().(bool)
		switch {
		case goja.IsUndefined(v) || goja.IsNull(v):
		case goja.IsString(v) || goja.IsNumber(v) || isBool:
			q.Set(name, v.String())
		default:
			panic(s.vm.NewTypeError("http.get: %s must be a text or a number, not %s", name, s.kindOf(v)))
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}
