package script

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// argument is one entry of the object that args() takes.
type argument struct {
	name, kind string
	positional bool
	parameter  *protocol.Parameter
}

// kinds are those of args(), as the command line reads them.
var kinds = map[string]protocol.Kind{
	"file": protocol.Kind_KIND_FILE, "text": protocol.Kind_KIND_STRING, "number": protocol.Kind_KIND_NUMBER, "bool": protocol.Kind_KIND_BOOL,
	"list": protocol.Kind_KIND_STRING, "duration": protocol.Kind_KIND_DURATION, "profile": protocol.Kind_KIND_STRING,
}

var argumentName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]*$`) })

// argument reads one entry.
func (s *session) argument(name string, v goja.Value) (argument, error) {
	a := argument{name: name}
	flag := types.Flag(name)
	obj, ok := v.(*goja.Object)
	switch {
	case !ok:
		return a, wrongf("args(): %s must be an object, as in {type: \"text\", help: \"…\"}", name)
	case !argumentName().MatchString(name) || strings.HasSuffix(name, "_") || strings.Contains(name, "__"):
		return a, wrongf("args(): %q is no name for an argument: it takes small letters, digits and _", name)
	case protocol.ReservedFlag(flag):
		return a, wrongf("args(): --%s is a flag of the program's own: choose another name than %s", flag, name)
	}
	known := []string{"type", "positional", "required", "default", "enum", "help"}
	for _, m := range obj.Keys() {
		if !slices.Contains(known, m) {
			return a, wrongf("args(): %s has no %q%s", name, m, types.DidYouMean(m, known))
		}
	}
	a.kind, _ = member(obj, "type").Export().(string)
	kind, ok := kinds[a.kind]
	if !ok {
		all := []string{"file", "text", "number", "bool", "list", "duration", "profile"}
		return a, wrongf("args(): the type of %s must be one of %s, not %s%s", name, strings.Join(all, ", "), s.inspect(member(obj, "type")), types.DidYouMean(a.kind, all))
	}
	help, _ := exported[string](obj, "help")
	a.positional, _ = exported[bool](obj, "positional")
	a.parameter = &protocol.Parameter{Name: flag, Kind: kind, Help: help}
	p := a.parameter
	switch a.kind {
	case "list":
		p.Repeated, p.Split = true, !a.positional
	case "profile":
		p.Completion, p.Placeholder = "profiles", "PROFILE"
	case "bool":
		if a.positional {
			return a, wrongf("args(): %s is a bool, which can only be a flag", name)
		}
	}
	if v := member(obj, "enum"); !goja.IsUndefined(v) {
		if a.kind != "text" && a.kind != "list" {
			return a, wrongf("args(): %s: only text and list have an enum", name)
		}
		if err := s.vm.ExportTo(v, &p.Enum); err != nil {
			return a, wrongf("args(): the enum of %s must be a list of texts", name)
		}
	}
	if v := member(obj, "default"); !goja.IsUndefined(v) {
		text, err := s.defaultText(a, v)
		if err != nil {
			return a, err
		}
		if text != nil {
			p.Default = text
		}
	}
	if a.kind == "bool" && p.GetDefault() == "true" {
		p.Negatable = true // there is no other way to say false
	}
	required, said := exported[bool](obj, "required")
	p.Required = p.Default == nil && a.kind != "bool" && (required || a.positional && !said)
	return a, nil
}

// exported is a member of an object, if it is of that type.
func exported[T any](obj *goja.Object, name string) (v T, ok bool) {
	v, ok = member(obj, name).Export().(T)
	return v, ok
}

// member is a member of an object; undefined where there is none.
func member(obj *goja.Object, name string) goja.Value {
	if v := obj.Get(name); v != nil {
		return v
	}
	return goja.Undefined()
}

// defaultText is a default as the manifest has it; nil for one that is as good as none.
func (s *session) defaultText(a argument, v goja.Value) (*string, error) {
	bad := func(what string) (*string, error) {
		return nil, wrongf("args(): the default of %s must be %s, not %s", a.name, what, s.kindOf(v))
	}
	text := v.String()
	switch a.kind {
	case "number":
		if !goja.IsNumber(v) || math.IsNaN(v.ToFloat()) {
			return bad("a number")
		}
	case "bool":
		if _, ok := v.Export().(bool); !ok {
			return bad("true or false")
		}
		if text == "false" {
			return nil, nil
		}
	case "list":
		var list []string
		if obj, ok := v.(*goja.Object); !ok || obj.ClassName() != "Array" || s.vm.ExportTo(v, &list) != nil {
			return bad("a list of texts")
		}
		if len(list) == 0 {
			return nil, nil
		}
		for i := range list {
			list[i] = strings.ReplaceAll(list[i], ",", `\,`)
		}
		text = strings.Join(list, ",")
	default:
		if !goja.IsString(v) {
			return bad("a text")
		}
		if len(a.parameter.GetEnum()) > 0 && !slices.Contains(a.parameter.GetEnum(), text) {
			return nil, wrongf("args(): the default of %s must be one of %s, not %q", a.name, strings.Join(a.parameter.GetEnum(), ", "), text)
		}
		if a.kind == "duration" {
			if why := types.RefuseText(a.parameter, text); why != "" {
				return nil, wrongf("args(): the default of %s: %s", a.name, why)
			}
		}
	}
	return &text, nil
}
