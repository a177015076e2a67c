package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
)

// member judges the name behind a dot: keys.generat.
func (c *checker) member(left ast.Expression, name string, at file.Idx, s *scope) {
	m := c.meaning(left, s)
	switch {
	case m.gateway && c.modules[name] == nil:
		c.found(at, fmt.Sprintf("gateway(…) has no %s", name)+types.DidYouMean(name, names(c.modules)))
	case m.module != nil && m.module.Name == "http" && len(m.path) == 0 && slices.Contains(sugar, name):
	case m.module != nil:
		if wrong := m.module.Unknown(append(slices.Clone(m.path), name)...); wrong != "" {
			c.found(at, wrong)
		}
	case owned[m.own] != nil && !slices.Contains(owned[m.own], name):
		c.found(at, fmt.Sprintf("%s has no %s", m.own, name)+types.DidYouMean(name, owned[m.own]))
	}
}

// call judges the arguments of a call whose function is known.
func (c *checker) call(n *ast.CallExpression, s *scope) {
	var first ast.Expression
	if len(n.ArgumentList) > 0 {
		first = n.ArgumentList[0]
	}
	m := c.meaning(n.Callee, s)
	switch {
	case m.own == "args":
		c.arguments(first)
		return
	case m.module != nil:
		if f := m.module.Find(m.path...); len(m.path) > 0 && f != nil {
			c.function(f, n, first)
		}
		return
	}
	if dot, ok := n.Callee.(*ast.DotExpression); ok {
		if own := c.meaning(dot.Left, s).own; own != "" {
			c.options(own+"."+dot.Identifier.Name.String(), n.ArgumentList)
		}
	}
}

// function judges the call of a command.
func (c *checker) function(f *types.Function, n *ast.CallExpression, first ast.Expression) {
	given := map[string]bool{}
	whole := true // every name that is given is known
	switch o := first.(type) {
	case nil:
	case *ast.ObjectLiteral:
		for _, property := range o.Value {
			name, value, ok := named(property)
			if !ok {
				whole = false
				continue
			}
			if undefined(value) {
				continue
			}
			given[name] = true
			c.property(f, name, value, property.Idx0())
		}
	default:
		switch literal(first).(type) {
		case types.Unknown:
			if !undefined(first) {
				return
			}
		default:
			c.found(first.Idx0(), f.Name()+" takes one object, as in "+f.Name()+"({…})")
			return
		}
	}
	if wrong := f.Excludes(func(name string) bool { return given[name] }); wrong != "" {
		c.found(at(n), wrong)
	}
	if wrong := f.Lacks(func(name string) bool { return given[name] }); wrong != "" && whole {
		c.found(at(n), wrong)
	}
}

func (c *checker) property(f *types.Function, name string, value ast.Expression, at file.Idx) {
	if wrong := f.Unknown(name); wrong != "" {
		c.found(at, wrong)
		return
	}
	p := f.Property(name)
	if p == nil || value == nil {
		return
	}
	if wrong := p.Refuse(literal(value)); wrong != "" {
		c.found(value.Idx0(), f.Name()+": "+wrong)
	}
}

// at is where a call's function is named: of a.b.c() the c.
func at(n *ast.CallExpression) file.Idx {
	if dot, ok := n.Callee.(*ast.DotExpression); ok {
		return dot.Identifier.Idx
	}
	return n.Idx0()
}

// named takes a property of an object apart. ok is false for one whose name is not known: computed, spread. The value of one
// that stands for a variable is nil.
func named(property ast.Property) (name string, value ast.Expression, ok bool) {
	switch p := property.(type) {
	case *ast.PropertyShort:
		return p.Name.Name.String(), nil, true
	case *ast.PropertyKeyed:
		name, isText := literal(p.Key).(string)
		if p.Kind != ast.PropertyKindValue {
			return name, nil, isText && !p.Computed
		}
		return name, p.Value, isText && !p.Computed
	}
	return "", nil, false
}

func names[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// sugar are the functions of http that no command stands behind.
var sugar = strings.Fields("get post put patch delete")
