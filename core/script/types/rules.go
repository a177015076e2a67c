package types

import (
	"fmt"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Unknown says that the function has no property of that name, and which one may be meant; "" if it has.
func (f *Function) Unknown(name string) string {
	if f.Property(name) != nil || f.TakesAnything() {
		return ""
	}
	for _, p := range slices.Concat(f.Command.GetArguments(), f.Command.GetFlags()) {
		switch {
		case Snake(p.GetName()) != name:
		case p.GetSaves():
			return fmt.Sprintf("%s: %s saves secrets in a file, which scripts leave to the job's results: return them from the item", f.Name(), name)
		default:
			return fmt.Sprintf("%s: %s cannot be given by scripts: name a profile instead", f.Name(), name)
		}
	}
	names := make([]string, 0, len(f.Properties()))
	for _, p := range f.Properties() {
		if p.Shown {
			names = append(names, p.Name)
		}
	}
	return fmt.Sprintf("%s has no field %q%s", f.Name(), name, DidYouMean(name, names))
}

// Unknown says that the module has no function of that path, and which one may be meant; "" if it has one, or other words
// follow.
func (m *Module) Unknown(path ...string) string {
	if len(path) == 0 || m.Find(path...) != nil {
		return ""
	}
	last := len(path) - 1
	var names []string
	for _, f := range m.Functions {
		if len(f.Path) <= last || !slices.Equal(f.Path[:last], path[:last]) {
			continue
		}
		if len(f.Path) > len(path) && f.Path[last] == path[last] {
			return ""
		}
		names = append(names, f.Path[last])
		if len(f.Path) == len(path) {
			names = append(names, f.Aliases...)
		}
	}
	return fmt.Sprintf("%s has no %s%s", strings.Join(append([]string{m.Name}, path[:last]...), "."), path[last], DidYouMean(path[last], names))
}

// Lacks says which property the function cannot be called without, though it was not given; "" if there is all.
func (f *Function) Lacks(given func(name string) bool) string {
	for _, p := range f.Properties() {
		switch {
		case !p.Required() || given(p.Name) || p.Also != "" && given(p.Also):
		case p.Also != "":
			return fmt.Sprintf("cannot call %s: %s is missing", f.Name(), p.Also)
		default:
			return fmt.Sprintf("cannot call %s: %s is missing", f.Name(), p.Name)
		}
	}
	return ""
}

// Excludes says which two of the given properties cannot be given together; "" if all can.
func (f *Function) Excludes(given func(name string) bool) string {
	var list []*Property
	for _, p := range f.Properties() {
		if p.Parameter == nil || !given(p.Name) {
			continue
		}
		for _, other := range list {
			switch {
			case other.Parameter == p.Parameter:
				return fmt.Sprintf("%s: %s and %s are the same", f.Name(), other.Name, p.Name)
			case shares(p.Parameter.GetXor(), other.Parameter.GetXor()):
				return fmt.Sprintf("cannot call %s: %s and %s exclude each other", f.Name(), other.Name, p.Name)
			}
		}
		list = append(list, p)
	}
	return ""
}

// Refuse says what is wrong with a value for the property: `max_budget must be a number, not a text`; "" if nothing is. The value
// is nil, a bool, string, int64, float64, []any, map[string]any or Unknown. A value that may be a secret is not repeated.
func (p *Property) Refuse(value any) string {
	if value == nil {
		return "" // not given, or null in the body
	}
	if p.Parameter == nil {
		return refuseField(p, value)
	}
	list, ok := value.([]any)
	switch {
	case !ok || p.Parameter.GetKind() == protocol.Kind_KIND_JSON:
		return refuse(p.Parameter, p.Name, value)
	case !p.Parameter.GetRepeated():
		return p.Name + " takes one value, and not a list"
	case len(list) == 0 && p.Field == nil:
		return "the list " + p.Name + " is empty"
	}
	for i, v := range list {
		if wrong := refuse(p.Parameter, fmt.Sprintf("%s[%d]", p.Name, i), v); wrong != "" {
			return wrong
		}
	}
	return ""
}

func refuse(p *protocol.Parameter, name string, value any) string {
	must := func(ok bool, what string) string {
		if _, unknown := value.(Unknown); ok || unknown {
			return ""
		}
		return name + " must be " + what + ", not " + kindOf(value)
	}
	switch p.GetKind() {
	case protocol.Kind_KIND_BOOL:
		_, ok := value.(bool)
		return must(ok, "true or false")
	case protocol.Kind_KIND_INTEGER:
		if number(value) && !whole(value) {
			return fmt.Sprintf("%s must be a whole number, not %v", name, value)
		}
		return must(number(value), "a number")
	case protocol.Kind_KIND_NUMBER:
		return must(number(value), "a number")
	case protocol.Kind_KIND_JSON:
		return ""
	case protocol.Kind_KIND_ASSIGNMENT:
		_, ok := value.(map[string]any)
		return must(ok, "an object of paths and values")
	case protocol.Kind_KIND_INPUT, protocol.Kind_KIND_FILE:
		return must(false, "a File, of args or files.open")
	case protocol.Kind_KIND_UNSPECIFIED, protocol.Kind_KIND_STRING, protocol.Kind_KIND_DURATION, protocol.Kind_KIND_GATEWAY:
	}
	text, ok := value.(string)
	if !ok {
		return must(false, "a text")
	}
	if wrong := RefuseText(p, text); wrong != "" {
		return name + ": " + wrong
	}
	return ""
}

func refuseField(p *Property, value any) string {
	if len(p.Field.Types) == 0 {
		return ""
	}
	for _, t := range p.Field.Types {
		ok := false
		switch t {
		case "string":
			_, ok = value.(string)
		case "integer":
			ok = whole(value)
		case "number":
			ok = number(value)
		case "boolean":
			_, ok = value.(bool)
		case "array":
			_, ok = value.([]any)
		case "object":
			_, ok = value.(map[string]any)
		}
		if _, unknown := value.(Unknown); ok || unknown {
			return ""
		}
	}
	return p.Name + " must be " + described(p.Field.Types) + ", not " + kindOf(value)
}

func described(types []string) string {
	names := map[string]string{"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list", "object": "an object"}
	var out []string
	for _, t := range types {
		out = append(out, names[t])
	}
	return strings.Join(out, " or ")
}
