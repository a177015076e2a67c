package check

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
)

// callable is the value of a function that is written out.
type callable struct{}

// literal returns the value of an expression that is written out, as types.Property.Refuse takes it, and types.Unknown for what is
// not known before the script runs.
func literal(e ast.Expression) any {
	switch n := e.(type) {
	case *ast.StringLiteral:
		return n.Value.String()
	case *ast.NumberLiteral:
		switch n.Value.(type) {
		case int64, float64:
			return n.Value
		}
	case *ast.BooleanLiteral:
		return n.Value
	case *ast.NullLiteral:
		return nil
	case *ast.TemplateLiteral:
		if n.Tag == nil && len(n.Expressions) == 0 && len(n.Elements) == 1 {
			return n.Elements[0].Parsed.String()
		}
	case *ast.UnaryExpression:
		return unary(n)
	case *ast.ArrayLiteral:
		out := []any{}
		for _, v := range n.Value {
			out = append(out, literal(v))
		}
		return out
	case *ast.ObjectLiteral:
		out := map[string]any{}
		for _, property := range n.Value {
			name, value, ok := named(property)
			switch {
			case ok && value != nil:
				out[name] = literal(value)
			case ok:
				out[name] = types.Unknown{}
			}
		}
		return out
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral, *ast.ClassLiteral, *ast.RegExpLiteral:
		return callable{}
	}
	return types.Unknown{}
}

func unary(n *ast.UnaryExpression) any {
	if n.Operator == token.MINUS {
		switch v := literal(n.Operand).(type) {
		case int64:
			return -v
		case float64:
			return -v
		}
	}
	return types.Unknown{}
}

// undefined reports whether an expression is undefined, as somebody writes it or esbuild.
func undefined(e ast.Expression) bool {
	switch n := e.(type) {
	case *ast.Identifier:
		return n.Name == "undefined"
	case *ast.UnaryExpression:
		return n.Operator == token.VOID
	}
	return false
}
