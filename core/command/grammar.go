package command

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// tree is the commands of one plugin by their words.
type tree struct {
	word     string
	command  *protocol.Command // nil for the plugin itself, when it is no command
	children []*tree
}

func newTree(m *protocol.Manifest) *tree {
	root := &tree{word: m.GetName()}
	for _, c := range m.GetCommands() {
		root.add(c.GetPath(), c)
	}
	return root
}

func (t *tree) add(path []string, c *protocol.Command) {
	if len(path) == 0 {
		t.command = c
		return
	}
	for _, child := range t.children {
		if child.word == path[0] {
			child.add(path[1:], c)
			return
		}
	}
	child := &tree{word: path[0]}
	t.children = append(t.children, child)
	child.add(path[1:], c)
}

// find returns the node that words lead to, by names and aliases; nil if there is none.
func (t *tree) find(words []string) *tree {
	if len(words) == 0 {
		return t
	}
	for _, child := range t.children { // a name is stronger than another command's alias, as it is to kong
		if child.word == words[0] {
			return child.find(words[1:])
		}
	}
	for _, child := range t.children {
		if slices.Contains(child.command.GetAliases(), words[0]) {
			return child.find(words[1:])
		}
	}
	return nil
}

// runnable reports whether the node is a command and not only a group of them.
func (t *tree) runnable() bool {
	return t.command != nil && (t.command.GetEffect() != protocol.Effect_EFFECT_UNSPECIFIED)
}

// structure builds the type that kong reads the node's grammar from. Only what parsing needs is in it: help, defaults
// and completion are read from the manifest, so that no text of a plugin's can upset kong's own templates. The words
// that follow decide which command is addressed: its siblings get their names and no flags, which is most of the cost.
func (t *tree) structure(words []string) reflect.Type {
	var f fields
	addressed, rest := t.next(words)
	switch {
	case !t.both():
		f.parameters(t.command)
	case addressed == nil:
		var own fields
		own.parameters(t.command)
		f.add(reflect.StructOf(own), tag("name", itself), `cmd:""`, `hidden:""`)
	}
	pruned := len(words) > 0 && words[0] == itself
	for _, child := range t.children {
		tags := []string{tag("name", child.word), `cmd:""`}
		if aliases := child.command.GetAliases(); len(aliases) > 0 {
			tags = append(tags, tag("aliases", strings.Join(aliases, ",")))
		}
		if child.command.GetHidden() {
			tags = append(tags, `hidden:""`)
		}
		if pruned || addressed != nil && addressed != child {
			f.add(reflect.TypeFor[struct{}](), tags...)
			continue
		}
		f.add(child.structure(rest), tags...)
	}
	return reflect.StructOf(f)
}

// fields are those of a struct that kong reads.
type fields []reflect.StructField

func (f *fields) add(typ reflect.Type, tags ...string) {
	*f = append(*f, reflect.StructField{
		Name: "F" + strconv.Itoa(len(*f)), Type: typ, Tag: reflect.StructTag(strings.Join(tags, " ")),
	})
}

// parameters adds the flags and arguments of a command.
func (f *fields) parameters(c *protocol.Command) {
	for _, p := range c.GetFlags() {
		f.add(fieldType(p), append(fieldTags(p), flagTags(p)...)...)
	}
	for _, p := range c.GetArguments() {
		tags := append(fieldTags(p), `arg:""`)
		if !p.GetRequired() {
			tags = append(tags, `optional:""`)
		}
		f.add(fieldType(p), tags...)
	}
}

// next returns the child that the first of words addresses, and the words after it. Both are nil when a flag comes
// first: its value could look like a command, here and further down.
func (t *tree) next(words []string) (*tree, []string) {
	if len(words) == 0 {
		return nil, nil
	}
	child := t.find(words[:1])
	if child == nil {
		return nil, nil
	}
	return child, words[1:]
}

func fieldType(p *protocol.Parameter) reflect.Type {
	switch {
	case p.GetRepeated():
		return reflect.TypeFor[[]string]()
	case p.GetKind() == protocol.Kind_KIND_BOOL:
		return reflect.TypeFor[bool]()
	}
	return reflect.TypeFor[*string]()
}

func fieldTags(p *protocol.Parameter) []string {
	tags := []string{tag("name", p.GetName())}
	if p.GetRepeated() && !p.GetSplit() {
		tags = append(tags, `sep:"none"`)
	}
	return tags
}

func flagTags(p *protocol.Parameter) []string {
	var tags []string
	if p.GetShort() != "" {
		tags = append(tags, tag("short", p.GetShort()))
	}
	if len(p.GetAliases()) > 0 {
		tags = append(tags, tag("aliases", strings.Join(p.GetAliases(), ",")))
	}
	if p.GetRequired() {
		tags = append(tags, `required:""`)
	}
	if p.GetNegatable() {
		tags = append(tags, `negatable:""`)
	}
	if len(p.GetXor()) > 0 {
		tags = append(tags, tag("xor", strings.Join(p.GetXor(), ",")))
	}
	return tags
}

// tag renders one struct tag. kong expands ${…} in none of those used here; enums are checked by us.
func tag(key, value string) string { return key + ":" + strconv.Quote(value) }

// newParser builds kong for the globals and for the given plugins; words are those that follow a plugin's name.
func newParser(globals *Globals, words []string, roots ...*tree) (*kong.Kong, error) {
	options := []kong.Option{
		kong.Name("litellm-proxy"), kong.NoDefaultHelp(), kong.Exit(func(int) {}),
	}
	for _, root := range roots {
		options = append(options, kong.DynamicCommand(root.word, "", "", reflect.New(root.structure(words)).Interface()))
	}
	parser, err := kong.New(globals, options...)
	if err != nil {
		return nil, fmt.Errorf("read the grammar: %w", err)
	}
	return parser, nil
}
