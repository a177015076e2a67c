// Package check finds mistakes in a script without running it.
package check

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Mark is a mistake at a place of the code; lines and columns are counted from 1, and columns are bytes.
type Mark struct {
	Line, Column int
	Message      string // `keys.generate has no field "key_alais"; did you mean key_alias?`
}

// Code looks for calls that the runtime would refuse: of functions that no plugin has, with names or values that they do not
// take, or without what they need; and for mistakes in what `args` and its like are told. It judges what is written out. What is
// computed, spread, or kept in a variable that is assigned to again, is known to the runtime alone, and to TypeScript.
//
// In the code the exports of "litellm" are variables: `var keys = $litellm("keys")`. Code that is not JavaScript is an error. The marks
// are in the order of the code.
func Code(code string, manifests []*protocol.Manifest) ([]Mark, error) {
	tree, err := parser.ParseFile(nil, "", code, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, err
	}
	c := &checker{modules: map[string]*types.Module{}, assigned: map[variable]bool{}}
	for _, m := range types.Modules(manifests) {
		c.modules[m.Name] = m
	}
	// The first walk is for what is assigned to: that may stand behind what it is about.
	c.found = func(file.Idx, string) {}
	c.walk(reflect.ValueOf(tree), nil)
	c.found = func(at file.Idx, message string) {
		place := tree.File.Position(int(at) - tree.File.Base())
		c.marks = append(c.marks, Mark{place.Line, place.Column, message})
	}
	c.walk(reflect.ValueOf(tree), nil)
	slices.SortStableFunc(c.marks, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.marks, nil
}

// checker walks through a program.
type checker struct {
	modules  map[string]*types.Module
	assigned map[variable]bool // those that get another value somewhere
	found    func(at file.Idx, message string)
	marks    []Mark
}

// walk visits a node and what is below it.
func (c *checker) walk(v reflect.Value, s *scope) {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		s = c.visit(v.Interface(), s)
	}
	children(v, func(child reflect.Value) { c.walk(child, s) })
}

// children calls f for what is directly in a node, a list or an interface. The nodes of goja have no common way to their children, so
// that it is done by reflection.
func children(v reflect.Value, f func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			f(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			f(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "DeclarationList", "File": // the former holds again what stands in the body
			default:
				f(v.Field(i))
			}
		}
	default: // names, places and texts
	}
}

// visit judges a node, and returns the scope of what is below it.
func (c *checker) visit(node any, s *scope) *scope {
	switch n := node.(type) {
	case *ast.CallExpression:
		c.call(n, s)
	case *ast.DotExpression:
		c.member(n.Left, n.Identifier.Name.String(), n.Identifier.Idx, s)
	case *ast.AssignExpression:
		c.assign(n.Left, s)
	default:
		return c.enter(node, s)
	}
	return s
}
