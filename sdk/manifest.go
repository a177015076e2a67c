package sdk

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Manifest derives what the host needs to know from the plugin: commands, flags, record shapes and grants. It fails
// where the author's grammar cannot be one, and says which command and field are at fault.
func (p *Plugin) Manifest() (*protocol.Manifest, error) {
	g, err := newGrammar(p.Name, p.Commands)
	if err != nil {
		return nil, err
	}
	m := &protocol.Manifest{
		Name: p.Name, Version: p.Version, Summary: p.Summary, Help: p.Help,
		ProvidesGateway: p.Gateway != nil, MinHostVersion: p.MinHostVersion,
	}
	for _, grant := range p.Grants {
		m.Grants = append(m.Grants, &protocol.Grant{
			Methods: strings.Split(strings.ToUpper(grant.Methods), ","), Path: grant.Path, Reason: grant.Why,
		})
	}
	m.Completes = slices.Sorted(maps.Keys(p.Completers))
	if err := describe(m, g.parser.Model.Node, nil); err != nil {
		return nil, fmt.Errorf("describe plugin %q: %w", p.Name, err)
	}
	return m, nil
}

// describe adds the commands below node. A node without Run is a group: it is described too, for its summary.
func describe(m *protocol.Manifest, node *kong.Node, path []string) error {
	taken := map[string]bool{}
	for _, child := range node.Children {
		if child != node.DefaultCmd {
			taken[child.Name] = true
		}
	}
	for _, child := range node.Children {
		for _, alias := range child.Aliases {
			if taken[alias] { // it would be settled in silence
				return fmt.Errorf("command %q: another command is called %q", child.Name, alias)
			}
			taken[alias] = true
		}
		words := append(append([]string{}, path...), child.Name)
		command, err := describeCommand(child, words)
		if err == nil && child == node.DefaultCmd {
			err = isDefault(child)
			command.Path, command.Aliases = path, node.Aliases
		}
		if err != nil {
			return fmt.Errorf("command %q: %w", strings.Join(words, " "), err)
		}
		if child.DefaultCmd == nil { // its group is described by it
			m.Commands = append(m.Commands, command)
		}
		if err := describe(m, child, words); err != nil {
			return err
		}
	}
	return nil
}

// isDefault checks a command that runs when none of its group is named: it has the group's words for its own, and so no
// name, no aliases and no commands.
func isDefault(node *kong.Node) error {
	switch {
	case node.Tag.Default != "withargs":
		return fmt.Errorf(`default:%q: write default:"withargs"`, node.Tag.Default)
	case len(node.Children) > 0 || len(node.Aliases) > 0:
		return fmt.Errorf("a default command has neither commands nor aliases")
	}
	return nil
}

func describeCommand(node *kong.Node, path []string) (*protocol.Command, error) {
	c := &protocol.Command{
		Path: path, Aliases: node.Aliases, Summary: node.Help, Help: strings.TrimSpace(node.Detail), Hidden: node.Hidden,
		Deprecated: node.Tag.Get("deprecated"), Interactive: node.Tag.Has("interactive"),
	}
	c.Body = node.Tag.Get("body")
	if calls := node.Tag.Get("calls"); calls != "" {
		c.Calls = strings.Split(calls, ",")
	}
	target := node.Target.Addr().Interface()
	if _, ok := target.(Runner); !ok {
		if len(node.Children) == 0 {
			return nil, fmt.Errorf("it has no Run(context.Context, *sdk.Invocation) error")
		}
		return c, nil
	}
	effect, ok := effects[node.Tag.Get("effect")]
	if !ok {
		return nil, fmt.Errorf(`effect:%q is none of "read", "write", "destroy"`, node.Tag.Get("effect"))
	}
	c.Effect = effect
	if e, ok := target.(Exampler); ok {
		for _, example := range e.Examples() {
			c.Examples = append(c.Examples, &protocol.Example{Command: example.Command, Note: example.Note})
		}
	}
	if r, ok := target.(recorder); ok {
		var err error
		if c.Record, err = r.record(); err != nil {
			return nil, err
		}
		c.Record.Noun, c.Record.Envelope = node.Tag.Get("noun"), node.Tag.Get("envelope")
	}
	if path := node.Tag.Get("prefetch"); path != "" {
		c.Prefetch = &protocol.Prefetch{Path: path, Attempt: node.Tag.Get("attempt"), Items: node.Tag.Get("items")}
	}
	for _, flag := range node.Flags {
		p, err := describeValue(flag.Value)
		if err != nil {
			return nil, fmt.Errorf("flag --%s: %w", flag.Name, err)
		}
		if flag.Short != 0 {
			p.Short = string(flag.Short)
		}
		p.Aliases, p.Hidden, p.Placeholder, p.Xor = flag.Aliases, flag.Hidden, flag.PlaceHolder, flag.Xor
		if p.Default != nil && len(p.Xor) > 0 { // kong would take it for given, and refuse the others for ever
			return nil, fmt.Errorf("flag --%s: a flag with xor cannot have a default", flag.Name)
		}
		if p.Negatable = flag.Tag.Negatable != ""; flag.Tag.Get("negatable") != "" {
			return nil, fmt.Errorf("flag --%s: negatable must be empty: its negation is --no-%s", flag.Name, flag.Name)
		}
		if flag.Group != nil {
			p.Group = flag.Group.Key
		}
		if err := checkFlag(p); err != nil {
			return nil, err
		}
		c.Flags = append(c.Flags, p)
	}
	for _, argument := range node.Positional {
		p, err := describeValue(argument)
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", argument.Name, err)
		}
		if slices.ContainsFunc(c.Flags, func(f *protocol.Parameter) bool { return f.GetName() == p.GetName() }) {
			return nil, fmt.Errorf("argument %s: a flag has that name", argument.Name)
		}
		p.Placeholder = argument.Tag.PlaceHolder
		c.Arguments = append(c.Arguments, p)
	}
	return c, nil
}

var effects = map[string]protocol.Effect{
	"read": protocol.Effect_EFFECT_READ, "write": protocol.Effect_EFFECT_WRITE, "destroy": protocol.Effect_EFFECT_DESTROY,
}

func describeValue(v *kong.Value) (*protocol.Parameter, error) {
	kind, repeated, err := kindOf(v.Target.Type())
	if err != nil {
		return nil, err
	}
	if len(v.Tag.Envs) > 0 {
		return nil, fmt.Errorf("env:%q: a plugin has no environment to read", strings.Join(v.Tag.Envs, ","))
	}
	p := &protocol.Parameter{
		Name: v.Name, Kind: kind, Repeated: repeated, Split: v.Tag.Has("split"), Required: v.Required,
		Help: v.Help, Deprecated: v.Tag.Get("deprecated"), Sensitive: v.Tag.Has("sensitive"),
		Completion: v.Tag.Get("complete"), AtFile: v.Tag.Has("atfile"), AtColon: v.Tag.Get("atfile") == "colon",
		Stdin: v.Tag.Has("stdin"), GatewayKey: v.Tag.Get("gatewaykey"), Saves: v.Tag.Has("saves"), KeyName: v.Tag.Has("keyname"),
		Field: v.Tag.Get("field"), Selects: v.Tag.Has("selects"),
	}
	if v.HasDefault {
		p.Default = &v.Default
	}
	if v.Enum != "" {
		p.Enum = v.EnumSlice()
		optional := !v.Required && !v.HasDefault
		if optional && v.Target.Kind() != reflect.Pointer && !repeated {
			return nil, fmt.Errorf("an optional enum must be a pointer, so that not given is none of its values")
		}
		for _, value := range defaults(v) {
			if !slices.Contains(p.Enum, value) {
				return nil, fmt.Errorf("the default %q is none of its values", value)
			}
		}
	}
	return p, nil
}

// checkFlag refuses names that belong to the host's own flags: a clash would be settled in silence.
func checkFlag(p *protocol.Parameter) error {
	for _, name := range append([]string{p.Name}, p.Aliases...) {
		if protocol.ReservedFlag(name) {
			return fmt.Errorf("flag --%s: the name is reserved for litellm-proxy itself", name)
		}
	}
	if p.Short != "" && protocol.ReservedFlag(p.Short) {
		return fmt.Errorf("flag -%s: the letter is reserved for litellm-proxy itself", p.Short)
	}
	return nil
}
