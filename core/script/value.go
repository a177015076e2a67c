package script

import (
	"fmt"
	"math"
	"strings"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// parameter turns what a script gives for a flag or an argument into the texts that the command line would have; nil for nothing.
func (s *session) parameter(c *command, name string, p *protocol.Parameter, v goja.Value) ([]string, error) {
	if p.GetKind() == protocol.Kind_KIND_ASSIGNMENT {
		return s.assignments(c, name, v)
	}
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() == "Array" && p.GetKind() != protocol.Kind_KIND_JSON {
		if !p.GetRepeated() {
			return nil, wrongf("%s: %s takes one value, and not a list", c.name, name)
		}
		n := int(member(obj, "length").ToInteger())
		if n == 0 {
			// As if it were not given, a selection would have one condition less.
			return nil, problem.New(problem.Usage, "cannot call %s: the list %s is empty", c.name, name).
				WithHint("leave it out, or make no call").WithState(problem.Unchanged)
		}
		var out []string
		for i := range n {
			text, err := s.one(c, fmt.Sprintf("%s[%d]", name, i), p, member(obj, fmt.Sprint(i)))
			if err != nil {
				return nil, err
			}
			out = append(out, text)
		}
		return out, nil
	}
	if b, ok := v.Export().(bool); ok && !b && p.GetKind() == protocol.Kind_KIND_BOOL && !p.GetNegatable() {
		return nil, nil
	}
	text, err := s.one(c, name, p, v)
	if err != nil {
		return nil, err
	}
	return []string{text}, nil
}

// one is one value as text.
func (s *session) one(c *command, name string, p *protocol.Parameter, v goja.Value) (string, error) {
	must := func(what string) (string, error) {
		return "", wrongf("%s: %s must be %s, not %s", c.name, name, what, s.kindOf(v))
	}
	var text string
	switch p.GetKind() {
	case protocol.Kind_KIND_BOOL:
		b, ok := v.Export().(bool)
		if !ok {
			return must("true or false")
		}
		return fmt.Sprint(b), nil
	case protocol.Kind_KIND_INTEGER, protocol.Kind_KIND_NUMBER:
		return s.numeric(c, name, p, v)
	case protocol.Kind_KIND_JSON:
		text, err := s.json(c, name, v)
		return text, err
	case protocol.Kind_KIND_INPUT, protocol.Kind_KIND_FILE:
		f := s.fileOf(v)
		if f == nil {
			return must("a File, of args or files.open")
		}
		return f.full, nil
	case protocol.Kind_KIND_GATEWAY:
		if !goja.IsString(v) {
			return must("the name of a profile")
		}
		text = v.String()
		if err := s.mayUse(text); err != nil {
			return "", err
		}
		return text, nil
	case protocol.Kind_KIND_UNSPECIFIED, protocol.Kind_KIND_STRING, protocol.Kind_KIND_DURATION, protocol.Kind_KIND_ASSIGNMENT:
	}
	if ref, ok := s.secretOf(v); ok {
		return ref, nil
	}
	if !goja.IsString(v) {
		return must("a text")
	}
	text = v.String()
	if why := types.RefuseText(p, text); why != "" {
		return "", problem.New(problem.Usage, "cannot call %s: %s: %s", c.name, name, why).WithState(problem.Unchanged)
	}
	return text, nil
}

func (s *session) numeric(c *command, name string, p *protocol.Parameter, v goja.Value) (string, error) {
	whole := p.GetKind() == protocol.Kind_KIND_INTEGER
	if goja.IsBigInt(v) && whole {
		return v.String(), nil
	}
	if !goja.IsNumber(v) {
		return "", wrongf("%s: %s must be a number, not %s", c.name, name, s.kindOf(v))
	}
	text, ok := numberText(v)
	if !ok {
		return "", problem.New(problem.Usage, "cannot call %s: %s is %s", c.name, name, v).WithState(problem.Unchanged)
	}
	if f := v.ToFloat(); whole && (f != math.Trunc(f) || math.Abs(f) > 1<<53) {
		return "", problem.New(problem.Usage, "cannot call %s: %s must be a whole number, not %s", c.name, name, text).WithState(problem.Unchanged)
	} else if whole {
		return fmt.Sprintf("%d", int64(f)), nil
	}
	return text, nil
}

// json is a plain value as the gateway reads it.
func (s *session) json(c *command, name string, v goja.Value) (string, error) {
	e := encoder{s: s, secrets: true, plain: true}
	raw, err := e.encode(v)
	if err != nil {
		return "", wrongf("%s: %s: %v", c.name, name, err)
	}
	return string(raw), nil
}

// assignments are those of an object {path: value}, whose values are JSON.
func (s *session) assignments(c *command, name string, v goja.Value) ([]string, error) {
	obj, ok := v.(*goja.Object)
	if !ok || !s.isPlain(obj) {
		return nil, wrongf("%s: %s must be an object of paths and values, not %s", c.name, name, s.kindOf(v))
	}
	var out []string
	for _, path := range obj.Keys() {
		if value := member(obj, path); !goja.IsUndefined(value) {
			a, err := s.assignment(c, path, value)
			if err != nil {
				return nil, err
			}
			out = append(out, a)
		}
	}
	return out, nil
}

// assignment gives a field its value. What stands before the first = is the path, and no path can lead elsewhere.
func (s *session) assignment(c *command, path string, v goja.Value) (string, error) {
	if path == "" || strings.ContainsAny(path, "=\x00") {
		return "", wrongf("%s: %q is no path of a field", c.name, path)
	}
	text, err := s.json(c, path, v)
	return path + ":=" + text, err
}

// kindOf says what a value is, for errors.
func (s *session) kindOf(v goja.Value) string {
	switch {
	case v == nil || goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "null"
	case goja.IsString(v):
		return "a text"
	case goja.IsNumber(v):
		return "a number"
	case goja.IsBigInt(v):
		return "a BigInt"
	}
	obj, ok := v.(*goja.Object)
	if !ok {
		if _, ok := v.Export().(bool); ok {
			return "true or false"
		}
		return "a symbol"
	}
	if _, ok := s.secretOf(obj); ok {
		return "a Secret"
	}
	switch name := s.className(obj); name {
	case "Array":
		return "a list"
	case "Object":
		return "an object"
	case "Function", "AsyncFunction", "GeneratorFunction":
		return "a function"
	case "Promise":
		return "a promise: await it"
	case "Listing":
		return "a listing: await it"
	default:
		return article(name)
	}
}

// shorten cuts a text that an error repeats.
func shorten(text string) string { return shortenTo(text, 100) }

func shortenTo(text string, longest int) string {
	if r := []rune(text); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return text
}
