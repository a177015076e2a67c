package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/dop251/goja/ast"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// owned are the members of what the runtime itself offers.
var owned = map[string][]string{
	"job":    {"each"},
	"csv":    strings.Fields("read write text number integer bool email date list optional"),
	"output": strings.Fields("record text bars"),
	"files":  strings.Fields("read lines write open"),
	"env":    {"get"},
	"run":    strings.Fields("dry_run profile gateway"),
}

// optional says which argument of a function is an object of options, and what their names are.
var optional = map[string]struct {
	at    int
	names []string
}{
	"job.each":    {1, strings.Fields("key concurrency rate max_errors max_items")},
	"csv.read":    {1, strings.Fields("columns unique delimiter")},
	"output.bars": {1, strings.Fields("label value title unit")},
}

// options judges the names of a function's options.
func (c *checker) options(function string, list []ast.Expression) {
	known, ok := optional[function]
	if !ok || len(list) <= known.at {
		return
	}
	o, ok := list[known.at].(*ast.ObjectLiteral)
	if !ok {
		return
	}
	for _, property := range o.Value {
		if name, _, ok := named(property); ok && !slices.Contains(known.names, name) {
			c.found(property.Idx0(), fmt.Sprintf("%s() has no option %q", function, name)+types.DidYouMean(name, known.names))
		}
	}
}

var (
	argFields = strings.Fields("type positional required default enum help")
	argName   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]*$`) })
	argTypes  = strings.Fields("file text number bool list duration profile")
)

// arguments judges what args() is told of the script's own arguments.
func (c *checker) arguments(spec ast.Expression) {
	o, ok := spec.(*ast.ObjectLiteral)
	if !ok {
		return
	}
	for _, property := range o.Value {
		name, value, ok := named(property)
		if !ok {
			continue
		}
		switch flag := types.Flag(name); {
		case !argName().MatchString(name) || strings.HasSuffix(name, "_") || strings.Contains(name, "__"):
			c.found(property.Idx0(), fmt.Sprintf("args(): %q is no name for an argument: it takes small letters, digits and _", name))
		case protocol.ReservedFlag(flag):
			c.found(property.Idx0(), fmt.Sprintf("args(): --%s is a flag of the program's own: choose another name than %s", flag, name))
		}
		if one, ok := value.(*ast.ObjectLiteral); ok {
			c.argument(name, one)
		}
	}
}

func (c *checker) argument(name string, o *ast.ObjectLiteral) {
	whole, typed := true, false
	kind, _ := literal(o).(map[string]any)["type"].(string)
	for _, property := range o.Value {
		field, value, ok := named(property)
		whole = whole && ok
		if !ok {
			continue
		}
		typed = typed || field == "type"
		known, isKnown := literal(value), value != nil
		switch {
		case !slices.Contains(argFields, field):
			c.found(property.Idx0(), fmt.Sprintf("args(): %s has no %q%s", name, field, types.DidYouMean(field, argFields)))
		case field == "type" && isKnown:
			if text, isText := known.(string); (isText || known != types.Unknown{}) && !slices.Contains(argTypes, text) {
				c.found(value.Idx0(), fmt.Sprintf("args(): the type of %s must be one of %s%s", name, strings.Join(argTypes, ", "), types.DidYouMean(text, argTypes)))
			}
		case field == "default" && isKnown && !undefined(value):
			if wrong := refuseDefault(name, kind, known); wrong != "" {
				c.found(value.Idx0(), "args(): "+wrong)
			}
		}
	}
	if whole && !typed {
		c.found(o.Idx0(), fmt.Sprintf("args(): %s has no type", name))
	}
}

// refuseDefault says what is wrong with the default of an argument of this type.
func refuseDefault(name, kind string, value any) string {
	if _, ok := value.(types.Unknown); ok {
		return ""
	}
	parameter := map[string]*protocol.Parameter{
		"text": {}, "profile": {}, "number": {Kind: protocol.Kind_KIND_NUMBER}, "bool": {Kind: protocol.Kind_KIND_BOOL},
		"duration": {Kind: protocol.Kind_KIND_DURATION}, "list": {Repeated: true},
	}[kind]
	if parameter == nil {
		return ""
	}
	if _, ok := value.([]any); kind == "list" && !ok {
		return "the default of " + name + " must be a list of texts"
	}
	return (&types.Property{Name: "the default of " + name, Parameter: parameter, Field: &body.Field{}}).Refuse(value)
}
