package sdk

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/kong"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// grammar is the author's kong struct, read once.
type grammar struct {
	parser *kong.Kong
	pool   *sync.Pool    // that it goes back to; nil: it is used once
	target reflect.Value // the struct
	fresh  reflect.Value // as it was before anything was read into it
	again  bool          // it was used before
	plain  bool          // it was used before, and has no hooks
}

// grammar is one for the command that a path addresses: made, or used before. To make one takes longer than many commands do,
// and a script calls the same ones again and again.
func (p *Plugin) grammar(path []string) (*grammar, error) {
	pool, _ := p.grammars.LoadOrStore(strings.Join(path, " "), &sync.Pool{})
	if g, ok := pool.(*sync.Pool).Get().(*grammar); ok {
		g.target.Set(g.fresh)
		if !g.again {
			g.again, g.plain = true, !hasHooks(g.target.Type(), map[reflect.Type]bool{})
		}
		return g, nil
	}
	one := only(p.Commands, path)
	g, err := newGrammar(p.Name, one)
	if err != nil || one == p.Commands {
		return g, err
	}
	g.pool, g.target = pool.(*sync.Pool), reflect.ValueOf(one).Elem()
	g.fresh = reflect.New(g.target.Type()).Elem()
	g.fresh.Set(g.target)
	return g, nil
}

// release lets the next run of the command have the grammar.
func (g *grammar) release() {
	if g.pool != nil {
		g.pool.Put(g)
	}
}

// newGrammar reads a pointer to a struct of commands. Commas never split values here: the host has split them.
func newGrammar(name string, commands any) (*grammar, error) {
	if commands == nil {
		commands = &struct{}{}
	}
	parser, err := kong.New(commands, kong.Name(name), kong.NoDefaultHelp(), kong.Exit(func(int) {}))
	if err != nil {
		return nil, fmt.Errorf("read the commands of plugin %q: %w", name, err)
	}
	_ = kong.Visit(parser.Model.Node, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Flag:
			v.Tag.Sep, v.Tag.MapSep = -1, -1
		case *kong.Value:
			v.Tag.Sep, v.Tag.MapSep = -1, -1
		}
		return next(nil)
	})
	return &grammar{parser: parser}, nil
}

// only returns a struct that holds no command but the one that a path addresses, which is the default one where there is
// no path: reading the grammar of all would cost more than most commands do. Where it cannot tell, it returns commands itself.
func only(commands any, path []string) any {
	v := reflect.ValueOf(commands)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return commands
	}
	v = v.Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if _, ok := field.Tag.Lookup("cmd"); ok && !field.Anonymous && addressed(field.Tag, field.Name, path) {
			one := reflect.New(reflect.StructOf([]reflect.StructField{field}))
			one.Elem().Field(0).Set(v.Field(i))
			return one.Interface()
		}
	}
	return commands
}

// addressed reports whether a path leads to the command of a field.
func addressed(tag reflect.StructTag, field string, path []string) bool {
	switch name, isDefault := tag.Get("name"), tag.Get("default") != ""; {
	case len(path) == 0:
		return isDefault
	case isDefault:
		return false
	case name != "":
		return name == path[0]
	default:
		return strings.ToLower(field) == path[0]
	}
}

// bind fills the author's struct for one invocation and returns the command to run.
func (g *grammar) bind(path []string, values []*protocol.Value) (Runner, error) {
	node := find(g.parser.Model.Node, path)
	if node == nil {
		return nil, fmt.Errorf("no command %q", strings.Join(path, " "))
	}
	args := append([]string{}, path...)
	if node.DefaultCmd != nil {
		node = node.DefaultCmd
		args = append(args, node.Name)
	}
	arguments := map[string][]string{}
	for _, a := range node.Positional {
		arguments[a.Name] = nil
	}
	for _, v := range values {
		if _, ok := arguments[v.Name]; ok {
			arguments[v.Name] = v.Values
			continue
		}
		if !slices.ContainsFunc(node.Flags, func(f *kong.Flag) bool { return f.Name == v.Name }) {
			return nil, fmt.Errorf("command %q has no flag or argument %q", strings.Join(path, " "), v.Name)
		}
		for _, text := range v.Values {
			args = append(args, "--"+v.Name+"="+text)
		}
	}
	args = append(args, "--")
	for _, a := range node.Positional {
		args = append(args, arguments[a.Name]...)
	}
	return g.parse(args)
}

// parse reads a command line of the plugin and returns the command to run.
func (g *grammar) parse(args []string) (Runner, error) {
	parse := g.parser.Parse
	if g.plain {
		parse = func(args []string) (*kong.Context, error) { return parseAgain(g.parser, args) }
	}
	parsed, err := parse(args)
	if err != nil {
		return nil, err
	}
	node := parsed.Selected()
	if node == nil {
		node = g.parser.Model.Node
	}
	runner, ok := node.Target.Addr().Interface().(Runner)
	if !ok {
		return nil, fmt.Errorf("command %q has no Run(context.Context, *sdk.Invocation) error", node.Path())
	}
	return runner, nil
}

func find(node *kong.Node, path []string) *kong.Node {
	if len(path) == 0 {
		return node
	}
	for _, child := range node.Children {
		if child.Name == path[0] && child != node.DefaultCmd {
			return find(child, path[1:])
		}
	}
	return nil
}

// kindOf maps the Go type of a field to a kind; repeated is true for slices.
func kindOf(t reflect.Type) (kind protocol.Kind, repeated bool, err error) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
		kind, twice, err := kindOf(t.Elem())
		if twice {
			err = fmt.Errorf("type %s is no flag or argument", t)
		}
		return kind, true, err
	}
	switch t {
	case reflect.TypeFor[time.Duration]():
		return 0, false, fmt.Errorf("type %s is no flag or argument: use sdk.Duration", t)
	case reflect.TypeFor[json.Number]():
		return protocol.Kind_KIND_NUMBER, false, nil
	case reflect.TypeFor[Assignment]():
		return protocol.Kind_KIND_ASSIGNMENT, false, nil
	case reflect.TypeFor[JSON]():
		return protocol.Kind_KIND_JSON, false, nil
	case reflect.TypeFor[Input]():
		return protocol.Kind_KIND_INPUT, false, nil
	case reflect.TypeFor[Duration]():
		return protocol.Kind_KIND_DURATION, false, nil
	case reflect.TypeFor[GatewayRef]():
		return protocol.Kind_KIND_GATEWAY, false, nil
	}
	switch t.Kind() {
	case reflect.String:
		return protocol.Kind_KIND_STRING, false, nil
	case reflect.Bool:
		return protocol.Kind_KIND_BOOL, false, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return protocol.Kind_KIND_INTEGER, false, nil
	case reflect.Float32, reflect.Float64:
		return protocol.Kind_KIND_NUMBER, false, nil
	}
	return 0, false, fmt.Errorf("type %s is no flag or argument", t)
}

// ParseArgs reads a command line of the plugin, without the plugin's name, as the host would send it. Tests use it:
// see package sdktest.
func ParseArgs(p *Plugin, args []string) (*protocol.Invocation, error) {
	g, err := newGrammar(p.Name, p.Commands)
	if err != nil {
		return nil, err
	}
	parsed, err := g.parser.Parse(args)
	if err != nil {
		return nil, err
	}
	start := &protocol.Invocation{Terminal: &protocol.Terminal{Width: 80}}
	seen := map[string]bool{}
	add := func(v *kong.Value) {
		if seen[v.Name] {
			return
		}
		seen[v.Name] = true
		value := &protocol.Value{Name: v.Name, Values: texts(v.Target), Given: true}
		if v.Tag.Has("split") {
			value.Values = nil
			for _, text := range texts(v.Target) {
				value.Values = append(value.Values, kong.SplitEscaped(text, ',')...)
			}
		}
		start.Values = append(start.Values, value)
	}
	for _, part := range parsed.Path {
		switch {
		case part.Command != nil:
			if part.Command != part.Command.Parent.DefaultCmd {
				start.Path = append(start.Path, part.Command.Name)
			}
		case part.Flag != nil:
			add(part.Flag.Value)
		case part.Positional != nil:
			add(part.Positional)
		}
	}
	if node := parsed.Selected(); node != nil {
		for _, f := range node.Flags {
			if values := defaults(f.Value); values != nil && !seen[f.Name] {
				start.Values = append(start.Values, &protocol.Value{Name: f.Name, Values: values})
			}
		}
	}
	return start, nil
}

// defaults are the values of a flag or argument that is not given; nil for none.
func defaults(v *kong.Value) []string {
	switch {
	case !v.HasDefault:
		return nil
	case v.Tag.Has("split"):
		return kong.SplitEscaped(v.Default, ',')
	}
	return []string{v.Default}
}

// texts gives the values of a field as the words of a command line.
func texts(v reflect.Value) []string {
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return texts(v.Elem())
	case v.Kind() == reflect.Slice:
		var out []string
		for i := range v.Len() {
			out = append(out, fmt.Sprint(v.Index(i).Interface()))
		}
		return out
	}
	return []string{fmt.Sprint(v.Interface())}
}
