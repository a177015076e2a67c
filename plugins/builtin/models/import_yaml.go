package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// lineError is what is wrong at a line of a file. It never repeats the file's text, which may hold secrets.
type lineError struct {
	line int
	why  string
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.why) }

func at(n ast.Node, format string, args ...any) *lineError {
	return &lineError{n.GetToken().Position.Line, fmt.Sprintf(format, args...)}
}

// parseYAML reads one YAML document and returns the node of its content; nil for an empty one.
func parseYAML(raw []byte) (ast.Node, error) {
	file, err := parser.ParseBytes(raw, 0)
	var syntax *yaml.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.GetToken() != nil:
		return nil, &lineError{syntax.GetToken().Position.Line, syntax.GetMessage()}
	case err != nil:
		return nil, errors.New("it is no YAML")
	case len(file.Docs) == 0:
		return nil, nil
	case len(file.Docs) > 1:
		return nil, errors.New("it holds several YAML documents")
	}
	return file.Docs[0].Body, nil
}

// mostNodes is how many values a file may stand for, those behind its aliases counted each time.
const mostNodes = 1_000_000

// converter makes JSON values of YAML nodes. Numbers keep their digits. Plain words are what LiteLLM's own reader takes them
// for: yes, no, on and off are booleans.
type converter struct {
	anchors map[string]any
	sizes   map[string]int
	nodes   int
}

func newConverter() *converter { return &converter{anchors: map[string]any{}, sizes: map[string]int{}} }

func (c *converter) value(n ast.Node) (any, error) {
	if c.nodes++; c.nodes > mostNodes {
		return nil, at(n, "the file stands for more than a million values")
	}
	switch n := n.(type) {
	case nil:
		return nil, nil
	case *ast.NullNode:
		return nil, nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode:
		if text := n.GetToken().Value; isNumber(text) {
			return json.Number(text), nil
		}
		return json.Number(fmt.Sprint(n.Value)), nil
	case *ast.FloatNode:
		if text := n.GetToken().Value; isNumber(text) {
			return json.Number(text), nil
		}
		return json.Number(strconv.FormatFloat(n.Value, 'g', -1, 64)), nil
	case *ast.StringNode:
		return scalar(n), nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.SequenceNode:
		out := make([]any, len(n.Values))
		for i, item := range n.Values {
			v, err := c.value(item)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case *ast.MappingNode:
		return c.object(n.Values)
	case *ast.MappingValueNode:
		return c.object([]*ast.MappingValueNode{n})
	case *ast.AnchorNode:
		return c.anchor(n)
	case *ast.AliasNode:
		return c.alias(n)
	case *ast.TagNode:
		return c.tagged(n)
	}
	return nil, at(n, "a value of this kind cannot be sent as JSON")
}

func (c *converter) object(members []*ast.MappingValueNode) (any, error) {
	out, own := map[string]any{}, map[string]bool{}
	for _, m := range members {
		v, err := c.value(m.Value)
		if err != nil {
			return nil, err
		}
		if _, merge := m.Key.(*ast.MergeKeyNode); merge {
			if err := mergeInto(out, own, v); err != nil {
				return nil, at(m.Key, "%v", err)
			}
			continue
		}
		name := m.Key.GetToken().Value
		out[name], own[name] = v, true
	}
	return out, nil
}

// mergeInto adds the members of an object, or of a list of objects, that are not there already: what "<<" means.
func mergeInto(out map[string]any, own map[string]bool, v any) error {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	merged := map[string]bool{}
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			return errors.New("what << merges is no mapping")
		}
		for name, value := range object {
			if !own[name] && !merged[name] {
				out[name], merged[name] = value, true
			}
		}
	}
	return nil
}

func (c *converter) anchor(n *ast.AnchorNode) (any, error) {
	before := c.nodes
	v, err := c.value(n.Value)
	if err != nil {
		return nil, err
	}
	name := n.Name.GetToken().Value
	c.anchors[name], c.sizes[name] = v, c.nodes-before
	return v, nil
}

func (c *converter) alias(n *ast.AliasNode) (any, error) {
	name := n.Value.GetToken().Value
	v, ok := c.anchors[name]
	if !ok {
		return nil, at(n, "there is no anchor &%s before it", name)
	}
	if c.nodes += c.sizes[name]; c.nodes > mostNodes {
		return nil, at(n, "the file stands for more than a million values")
	}
	return v, nil
}

func (c *converter) tagged(n *ast.TagNode) (any, error) {
	switch n.Start.Value {
	case "!!str":
		if text, ok := n.Value.(*ast.StringNode); ok {
			return text.Value, nil
		}
		if literal, ok := n.Value.(*ast.LiteralNode); ok {
			return literal.Value.Value, nil
		}
		if n.Value != nil {
			return n.Value.GetToken().Value, nil
		}
	case "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq":
		return c.value(n.Value)
	}
	return nil, at(n, "the tag %s is not known", n.Start.Value)
}

var number = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
})

// isNumber reports whether a YAML number is spelled as JSON spells it.
func isNumber(text string) bool { return number().MatchString(text) }

// scalar is what a plain or quoted word stands for. Whole numbers of more than 64 bits come as words too.
func scalar(n *ast.StringNode) any {
	if n.GetToken().Type.String() != "String" { // quoted
		return n.Value
	}
	switch strings.ToLower(n.Value) {
	case "yes", "on":
		return true
	case "no", "off":
		return false
	}
	if isNumber(n.Value) {
		return json.Number(n.Value)
	}
	return n.Value
}
