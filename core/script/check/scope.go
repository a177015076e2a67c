package check

import (
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
)

// meaning is what an expression is known to be; the zero meaning is anything.
type meaning struct {
	own     string        // one of the runtime's exports: "args", "gateway", "job"
	gateway bool          // what gateway() returns
	module  *types.Module // a plugin's object, or with a path something in it
	path    []string
}

// scope holds the variables of a block. One that means nothing hides one of the same name outside.
type scope struct {
	outer *scope
	node  any // of the tree
	names map[string]meaning
}

// variable is one of a scope: what has the same name elsewhere is another one.
type variable struct{ node, name any }

// of returns the scope that a variable belongs to; nil for a global one.
func (s *scope) of(name string) *scope {
	for ; s != nil; s = s.outer {
		if _, ok := s.names[name]; ok {
			return s
		}
	}
	return nil
}

func (s *scope) find(name string) meaning {
	if s = s.of(name); s != nil {
		return s.names[name]
	}
	return meaning{}
}

// assign notes that a variable gets another value.
func (c *checker) assign(target ast.Expression, s *scope) {
	if n, ok := target.(*ast.Identifier); ok {
		if s = s.of(n.Name.String()); s != nil {
			c.assigned[variable{s.node, n.Name}] = true
		}
	}
}

// enter returns the scope within a node: that of its own variables where it has some.
func (c *checker) enter(node any, outer *scope) *scope {
	s := &scope{outer, node, map[string]meaning{}}
	switch n := node.(type) {
	case *ast.Program:
		c.declare(n.Body, s)
	case *ast.BlockStatement:
		c.declare(n.List, s)
	case *ast.CaseStatement:
		c.declare(n.Consequent, s)
	case *ast.FunctionLiteral:
		c.parameters(n.ParameterList, s)
	case *ast.ArrowFunctionLiteral:
		c.parameters(n.ParameterList, s)
	case *ast.CatchStatement:
		c.bind(n.Parameter, meaning{}, s)
	case *ast.ForStatement:
		switch i := n.Initializer.(type) {
		case *ast.ForLoopInitializerVarDeclList:
			c.bindings(i.List, s)
		case *ast.ForLoopInitializerLexicalDecl:
			c.bindings(i.LexicalDeclaration.List, s)
		}
	case *ast.ForOfStatement:
		c.into(n.Into, s)
	case *ast.ForInStatement:
		c.into(n.Into, s)
	default:
		return outer
	}
	return s
}

// declare notes the variables of a list of statements, and what they are for good.
func (c *checker) declare(list []ast.Statement, s *scope) {
	for _, statement := range list {
		switch n := statement.(type) {
		case *ast.FunctionDeclaration:
			c.bind(n.Function.Name, meaning{}, s)
		case *ast.ClassDeclaration:
			c.bind(n.Class.Name, meaning{}, s)
		case *ast.VariableStatement:
			c.bindings(n.List, s)
		case *ast.LexicalDeclaration:
			c.bindings(n.List, s)
		}
	}
}

func (c *checker) bindings(list []*ast.Binding, s *scope) {
	for _, b := range list {
		c.bind(b.Target, c.meaning(b.Initializer, s), s)
	}
}

func (c *checker) parameters(list *ast.ParameterList, s *scope) {
	if list == nil {
		return
	}
	for _, b := range list.List {
		c.bind(b.Target, meaning{}, s)
	}
	c.bind(list.Rest, meaning{}, s)
}

func (c *checker) into(into ast.ForInto, s *scope) {
	switch n := into.(type) {
	case *ast.ForIntoVar:
		c.bind(n.Binding.Target, meaning{}, s)
	case *ast.ForDeclaration:
		c.bind(n.Target, meaning{}, s)
	}
}

// bind notes what a name, or each name of a pattern, means.
func (c *checker) bind(target ast.Node, m meaning, s *scope) {
	switch n := target.(type) {
	case *ast.Identifier:
		if n == nil {
			return
		}
		if c.assigned[variable{s.node, n.Name}] {
			m = meaning{}
		}
		s.names[n.Name.String()] = m
	case *ast.AssignExpression: // with a default
		c.bind(n.Left, meaning{}, s)
	case *ast.ArrayPattern:
		for _, e := range n.Elements {
			c.bind(e, meaning{}, s)
		}
		c.bind(n.Rest, meaning{}, s)
	case *ast.ObjectPattern:
		for _, property := range n.Properties {
			switch p := property.(type) {
			case *ast.PropertyShort:
				c.bind(&p.Name, c.below(m, p.Name.Name.String()), s)
			case *ast.PropertyKeyed:
				name, _ := literal(p.Key).(string)
				c.bind(p.Value, c.below(m, name), s)
			}
		}
		c.bind(n.Rest, meaning{}, s)
	}
}

// meaning evaluates an expression as far as it leads to what "litellm" offers.
func (c *checker) meaning(e ast.Expression, s *scope) meaning {
	switch n := e.(type) {
	case *ast.Identifier:
		return s.find(n.Name.String())
	case *ast.DotExpression:
		return c.below(c.meaning(n.Left, s), n.Identifier.Name.String())
	case *ast.BracketExpression:
		name, _ := literal(n.Member).(string)
		return c.below(c.meaning(n.Left, s), name)
	case *ast.CallExpression:
		if callee, ok := n.Callee.(*ast.Identifier); ok && callee.Name == "$litellm" && len(n.ArgumentList) == 1 {
			name, _ := literal(n.ArgumentList[0]).(string)
			if m := c.modules[name]; m != nil {
				return meaning{module: m}
			}
			return meaning{own: name}
		}
		if c.meaning(n.Callee, s).own == "gateway" {
			return meaning{gateway: true}
		}
	}
	return meaning{}
}

// below is what a member of something means.
func (c *checker) below(m meaning, name string) meaning {
	switch {
	case m.gateway && c.modules[name] != nil:
		return meaning{module: c.modules[name]}
	case m.module != nil && m.module.Unknown(append(slices.Clone(m.path), name)...) == "":
		return meaning{module: m.module, path: append(slices.Clone(m.path), name)}
	}
	return meaning{}
}
