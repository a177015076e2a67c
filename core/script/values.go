package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// command is a plugin's command as scripts call it.
type command struct {
	*types.Function
	name       string // "teams.members.add"
	properties map[string]*types.Property
	set        string // the flag that takes assignments for the body; empty for none
}

func newCommand(f *types.Function) *command {
	c := &command{Function: f, name: f.Name(), properties: map[string]*types.Property{}}
	for _, p := range f.Properties() {
		c.properties[p.Name] = p
	}
	for _, p := range f.Command.GetFlags() {
		if p.GetName() == "set" && p.GetKind() == protocol.Kind_KIND_ASSIGNMENT {
			c.set = p.GetName()
		}
	}
	return c
}

// reads reports whether a call with these values changes nothing: `http request` is as good as its method.
func (c *command) reads(values []*protocol.Value) bool {
	if c.Plugin.GetName() != "http" {
		return c.Command.GetEffect() == protocol.Effect_EFFECT_READ
	}
	for _, v := range values {
		if v.GetName() == "method" && len(v.GetValues()) == 1 {
			return slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, strings.ToUpper(v.GetValues()[0]))
		}
	}
	return false
}

// given is what a call has been given.
type given struct {
	values []*protocol.Value // as the command line would have them, defaults included
	single bool              // one target, and not a list of them
}

// wrong is a mistake in the script itself, and not in the data that it works on: a TypeError.
type wrong struct{ text string }

func (e *wrong) Error() string { return e.text }

func wrongf(format string, args ...any) error { return &wrong{fmt.Sprintf(format, args...)} }

// refuse throws an error of a call.
func (s *session) refuse(err error) {
	if ends(err) {
		panic(err)
	}
	panic(s.thrown(err, s.where()))
}

// values reads the object of a call.
func (s *session) values(c *command, arg goja.Value) (given, error) {
	var out given
	texts := map[*protocol.Parameter][]string{}
	by := map[*protocol.Parameter]string{}
	var assignments []string
	if !goja.IsUndefined(arg) && !goja.IsNull(arg) {
		obj, ok := arg.(*goja.Object)
		if !ok || !s.isPlain(obj) {
			return out, wrongf("%s takes one object, as in %s({%s})", c.name, c.name, c.example())
		}
		for _, name := range obj.Keys() {
			v := member(obj, name)
			if goja.IsUndefined(v) {
				continue
			}
			p := c.properties[name]
			if p == nil {
				if err := c.unknown(name); err != nil {
					return out, err
				}
			}
			if p == nil || p.Parameter == nil || p.Field != nil && c.set != "" && s.unspeakable(v) {
				a, err := s.assignment(c, name, v)
				if err != nil {
					return out, err
				}
				assignments = append(assignments, a)
				continue
			}
			if goja.IsNull(v) {
				continue
			}
			if other, ok := by[p.Parameter]; ok {
				return out, wrongf("%s: %s and %s are the same", c.name, other, name)
			}
			list, err := s.parameter(c, name, p.Parameter, v)
			if err != nil {
				return out, err
			}
			if list == nil {
				continue
			}
			by[p.Parameter], texts[p.Parameter] = name, list
			if p.Parameter == c.Target() {
				out.single = goja.IsString(v)
			}
		}
	}
	if len(assignments) > 0 {
		for _, p := range c.Command.GetFlags() {
			if p.GetName() == c.set {
				texts[p] = append(texts[p], assignments...)
				by[p] = c.set
			}
		}
	}
	if err := c.complete(by); err != nil {
		return out, err
	}
	for _, p := range c.Command.Parameters() {
		switch list, ok := texts[p]; {
		case ok:
			out.values = append(out.values, &protocol.Value{Name: p.GetName(), Values: list, Given: true})
		case p.Default != nil && p.GetSplit():
			out.values = append(out.values, &protocol.Value{Name: p.GetName(), Values: splitEscaped(p.GetDefault())})
		case p.Default != nil:
			out.values = append(out.values, &protocol.Value{Name: p.GetName(), Values: []string{p.GetDefault()}})
		}
	}
	return out, nil
}

// unspeakable reports whether a value has no spelling as a flag: null, and the empty list.
func (s *session) unspeakable(v goja.Value) bool {
	if goja.IsNull(v) {
		return true
	}
	obj, ok := v.(*goja.Object)
	return ok && obj.ClassName() == "Array" && member(obj, "length").ToInteger() == 0
}

// unknown is what is wrong with a name that the command has no property of; nil where it takes any.
func (c *command) unknown(name string) error {
	for _, p := range c.Command.Parameters() {
		if types.Snake(p.GetName()) == name {
			if p.GetSaves() {
				return wrongf("%s: %s saves secrets in a file, which scripts leave to the job's results: return them from the item", c.name, name)
			}
			return wrongf("%s: %s cannot be given by scripts: name a profile instead", c.name, name)
		}
	}
	if c.TakesAnything() && name != "" && !strings.Contains(name, "=") {
		return nil
	}
	return wrongf("%s has no field %q%s", c.name, name, types.DidYouMean(name, slices.Sorted(maps.Keys(c.properties))))
}

// complete checks what must be given, and what excludes each other.
func (c *command) complete(by map[*protocol.Parameter]string) error {
	xor := map[string]string{}
	for _, p := range slices.Concat(c.Command.GetArguments(), c.Command.GetFlags()) {
		name, ok := by[p]
		if !ok {
			if p.GetRequired() {
				name = types.Snake(p.GetName())
				if field := p.GetField(); field != "" {
					name = field
				}
				return problem.New(problem.Usage, "cannot call %s: %s is missing", c.name, name).WithState(problem.Unchanged)
			}
			continue
		}
		for _, group := range p.GetXor() {
			if other, ok := xor[group]; ok {
				return problem.New(problem.Usage, "cannot call %s: %s and %s exclude each other", c.name, other, name).WithState(problem.Unchanged)
			}
			xor[group] = name
		}
	}
	return nil
}

// example is what an object for the command could begin with.
func (c *command) example() string {
	for _, p := range c.Properties() {
		if p.Shown && p.Parameter != nil {
			return p.Name + ": …"
		}
	}
	return ""
}

// isPlain reports whether an object is one of {…}.
func (s *session) isPlain(obj *goja.Object) bool {
	proto := obj.Prototype()
	return obj.ClassName() == "Object" && (proto == nil || proto == s.prelude.objectPrototype)
}

// splitEscaped splits a default at its commas; "\," is a comma.
func splitEscaped(text string) []string {
	var out []string
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == ',':
			i++
			b.WriteByte(',')
		case text[i] == ',':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(text[i])
		}
	}
	return append(out, b.String())
}
