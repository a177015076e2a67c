// Package types says what a script sees of the installed plugins: their modules, the functions of those, and what these take and
// give, as names and as TypeScript.
package types

import (
	"slices"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Module is what a plugin is to scripts: the object `modelGroups` of `import { modelGroups } from "litellm"`.
type Module struct {
	Name      string // in camelCase
	Manifest  *protocol.Manifest
	Functions []*Function
}

// Function is a command: `teams.members.add`.
type Function struct {
	Module  string   // "teams"
	Path    []string // the words below the module, in camelCase: ["members", "add"]
	Aliases []string // other spellings of the last word
	Plugin  *protocol.Manifest
	Command *protocol.Command

	once       sync.Once
	properties []*Property
}

// Property is one name that the object of a call may have: a flag, an argument, or a field of the request's body.
type Property struct {
	Name      string              // in snake_case
	Also      string              // the other name of the same parameter; empty for none
	Parameter *protocol.Parameter // nil for a field that is none
	Field     *body.Field         // nil where the body has no such field, or the command fills none
	Shown     bool                // in the types: neither hidden nor deprecated
}

// Modules returns what scripts may import, in the order of the manifests. Left out are plugins that provide a gateway, those
// whose name the runtime or the language needs, and commands that are hidden, interactive, or a plugin's name alone.
func Modules(manifests []*protocol.Manifest) []*Module {
	var out []*Module
	for _, m := range manifests {
		name := Camel(m.GetName())
		if m.GetProvidesGateway() || Reserved(name) || !identifier(name) {
			continue
		}
		module := &Module{Name: name, Manifest: m}
		for _, c := range m.GetCommands() {
			if f := function(name, m, c); f != nil {
				module.Functions = append(module.Functions, f)
			}
		}
		if len(module.Functions) > 0 {
			out = append(out, module)
		}
	}
	return out
}

func function(module string, m *protocol.Manifest, c *protocol.Command) *Function {
	if c.GetHidden() || c.GetInteractive() || len(c.GetPath()) == 0 || c.GetEffect() == protocol.Effect_EFFECT_UNSPECIFIED {
		return nil
	}
	f := &Function{Module: module, Plugin: m, Command: c}
	for _, word := range c.GetPath() {
		f.Path = append(f.Path, Camel(word))
	}
	for _, alias := range c.GetAliases() {
		f.Aliases = append(f.Aliases, Camel(alias))
	}
	return f
}

// Name is how a script calls the function: "teams.members.add".
func (f *Function) Name() string { return f.Module + "." + strings.Join(f.Path, ".") }

// Find returns the function of a path below the module, by any of its spellings; nil if there is none.
func (m *Module) Find(path ...string) *Function {
	for _, f := range m.Functions {
		last := len(f.Path) - 1
		if len(path) == len(f.Path) && slices.Equal(path[:last], f.Path[:last]) && (path[last] == f.Path[last] || slices.Contains(f.Aliases, path[last])) {
			return f
		}
	}
	return nil
}

// Body is the schema of the request that a command's assignments fill, and whether there is one.
func Body(c *protocol.Command) (body.Schema, bool) {
	method, path, ok := strings.Cut(c.GetBody(), " ")
	if !ok {
		return body.Schema{}, false
	}
	return body.Operation(method, path), true
}

// TakesAnything reports whether names that are no properties go into the command's `set`: it has that flag, and there is no
// schema to say which names are right.
func (f *Function) TakesAnything() bool {
	if _, ok := Body(f.Command); ok {
		return false
	}
	return slices.ContainsFunc(f.Command.GetFlags(), func(p *protocol.Parameter) bool {
		return p.GetName() == "set" && p.GetKind() == protocol.Kind_KIND_ASSIGNMENT
	})
}

// Property returns the property of that name; nil if there is none.
func (f *Function) Property(name string) *Property {
	for _, p := range f.Properties() {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Properties returns the names that the function takes: its arguments and flags in the manifest's order, a parameter's other
// name behind it, and then the fields of the body. Left out is what scripts may not give: files that secrets are saved in, and
// the keys of other gateways.
func (f *Function) Properties() []*Property {
	f.once.Do(func() { f.properties = properties(f.Command) })
	return f.properties
}

func properties(c *protocol.Command) []*Property {
	schema, _ := Body(c)
	parameters := slices.Concat(c.GetArguments(), c.GetFlags())
	refused := map[string]bool{}
	for _, p := range parameters {
		refused[p.GetGatewayKey()] = true
	}
	var fields []*body.Field
	byName := map[string]*body.Field{}
	for field := range schema.Fields() {
		fields = append(fields, &field)
		byName[field.Name] = &field
	}
	taken := map[string]bool{}
	for _, p := range parameters {
		taken[Snake(p.GetName())] = true
	}
	var out []*Property
	add := func(p *Property) {
		p.Field = byName[p.Name]
		out = append(out, p)
	}
	for _, p := range parameters {
		if p.GetSaves() || refused[p.GetName()] {
			continue
		}
		shown := !p.GetHidden() && p.GetDeprecated() == ""
		name, other := Snake(p.GetName()), p.GetField()
		if taken[other] {
			other = ""
		}
		add(&Property{Name: name, Also: other, Parameter: p, Shown: shown})
		if other != "" {
			taken[other] = true
			add(&Property{Name: other, Also: name, Parameter: p, Shown: shown})
		}
	}
	for _, field := range fields {
		if !taken[field.Name] {
			add(&Property{Name: field.Name, Shown: true})
		}
	}
	return out
}

// Target returns the repeated argument that a call names its targets by, each of which gets a record of its own; nil where
// the command acts on one thing.
func (f *Function) Target() *protocol.Parameter {
	if f.Command.GetRecord().GetShape() != protocol.Shape_SHAPE_ONE {
		return nil
	}
	for _, p := range f.Command.GetArguments() {
		if p.GetRepeated() {
			return p
		}
	}
	return nil
}
