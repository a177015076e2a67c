package command

import (
	"reflect"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Candidate is one way to go on with a command line.
type Candidate struct{ Text, Note string }

// Completion is how a command line can go on.
type Completion struct {
	Candidates []Candidate
	Files      bool // a file's name belongs there
	// Kind is what the core or a plugin can name there, such as "profiles" or "keys"; empty for nothing. Behind Before, which was typed, comes a name
	// that begins with Prefix.
	Kind, Before, Prefix string
}

// Complete returns how the last of words can go on. It reads manifests only: no process is started and no gateway asked.
func Complete(words []string, catalog Catalog) Completion {
	if len(words) == 0 {
		words = []string{""}
	}
	before, last := words[:len(words)-1], words[len(words)-1]
	name, at := firstWord(before)
	var node *tree
	if name != "" {
		manifest, err := catalog.Manifest(name)
		if err != nil || manifest == nil {
			return Completion{}
		}
		if node = descend(newTree(manifest), before[at+1:]); node == nil {
			return Completion{}
		}
	}
	ended := slices.Contains(before, "--")
	if flag, value, ok := openFlag(before, last, node); ok && !ended {
		return completeValue(flag, value)
	}
	var out Completion
	switch {
	case strings.HasPrefix(last, "-") && !ended:
		out.Candidates = flags(node)
	case node == nil:
		for _, e := range catalog.Entries() {
			out.Candidates = append(out.Candidates, Candidate{e.Name, e.Summary})
		}
	default:
		given := argumentsIn(node, before[at+1:])
		for _, child := range node.children {
			if !child.command.GetHidden() && given == 0 && !ended {
				out.Candidates = append(out.Candidates, Candidate{child.word, child.command.GetSummary()})
			}
		}
		if a := argumentAt(node, given); a != nil {
			value := completeValue(a, last)
			out.Candidates = append(out.Candidates, value.Candidates...)
			out.Files, out.Kind, out.Before, out.Prefix = value.Files, value.Kind, value.Before, value.Prefix
		}
	}
	out.Candidates = matching(out.Candidates, last)
	return out
}

// argumentsIn counts the arguments of node's command among the words behind the plugin's name.
func argumentsIn(node *tree, words []string) int {
	given := 0
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case word == "--":
		case len(word) > 1 && word[0] == '-':
			if takesNext(word, node) {
				i++
			}
		default:
			given++
		}
	}
	return given - len(node.command.GetPath())
}

// argumentAt is the argument that comes after so many; nil for none.
func argumentAt(node *tree, given int) *protocol.Parameter {
	arguments := node.command.GetArguments()
	switch n := len(arguments); {
	case n == 0 || given < 0:
		return nil
	case given < n:
		return arguments[given]
	case arguments[n-1].GetRepeated():
		return arguments[n-1]
	}
	return nil
}

// Typed returns the value of a global flag in words that are being typed; nil if it is not among them.
func Typed(words []string, name string) *string {
	for i, word := range words {
		if value, ok := strings.CutPrefix(word, "--"+name+"="); ok {
			return &value
		}
		if word == "--"+name && i+1 < len(words)-1 {
			return &words[i+1]
		}
	}
	return nil
}

// descend follows the words after the plugin's name as far as they are commands; nil when one of them is neither a
// command nor can be an argument.
func descend(node *tree, words []string) *tree {
	argument := false
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch child := node.find([]string{word}); {
		case word == "--":
			return node
		case len(word) > 1 && word[0] == '-':
			if takesNext(word, node) {
				i++
			}
		case child != nil && !argument:
			node = child
		case len(node.command.GetArguments()) == 0:
			return nil
		default:
			argument = true
		}
	}
	return node
}

// openFlag reports the flag whose value is being typed: the word before, or the part of this word before its "=".
func openFlag(before []string, last string, node *tree) (*protocol.Parameter, string, bool) {
	if name, value, ok := strings.Cut(last, "="); ok && strings.HasPrefix(name, "--") {
		f := lookup(name, node)
		return f, value, f != nil
	}
	if len(before) == 0 || strings.Contains(before[len(before)-1], "=") {
		return nil, "", false
	}
	f := lookup(before[len(before)-1], node)
	return f, last, f != nil && !isSwitch(f)
}

// lookup finds the flag, global or of the node's command, that a word such as --param or -p names.
func lookup(word string, node *tree) *protocol.Parameter {
	if !strings.HasPrefix(word, "-") || word == "-" {
		return nil
	}
	for _, f := range append(globalParameters(), node.flags()...) {
		if word == "--"+f.GetName() || f.GetShort() != "" && word == "-"+f.GetShort() {
			return f
		}
		for _, alias := range f.GetAliases() {
			if word == "--"+alias || len(alias) == 1 && word == "-"+alias {
				return f
			}
		}
	}
	return nil
}

func (t *tree) flags() []*protocol.Parameter {
	if t == nil {
		return nil
	}
	return t.command.GetFlags()
}

// globalParameters describes the globals as a manifest describes flags.
func globalParameters() []*protocol.Parameter {
	var out []*protocol.Parameter
	t := reflect.TypeFor[Globals]()
	for i := range t.NumField() {
		f := t.Field(i)
		p := &protocol.Parameter{
			Name: f.Tag.Get("name"), Short: f.Tag.Get("short"), Help: f.Tag.Get("help"),
			Completion: f.Tag.Get("complete"), Kind: protocol.Kind_KIND_STRING,
		}
		if f.Type.Kind() == reflect.Bool {
			p.Kind = protocol.Kind_KIND_BOOL
		}
		out = append(out, p)
	}
	return out
}

func flags(node *tree) []Candidate {
	var out []Candidate
	for _, f := range append(node.flags(), globalParameters()...) {
		if f.GetHidden() {
			continue
		}
		out = append(out, Candidate{"--" + f.GetName(), f.GetHelp()})
	}
	return out
}

func completeValue(p *protocol.Parameter, typed string) Completion {
	var out Completion
	for _, v := range p.GetEnum() {
		out.Candidates = append(out.Candidates, Candidate{v, ""})
	}
	switch kind := p.GetCompletion(); kind {
	case "":
	case "formats":
		for _, v := range []string{"table", "wide", "json", "jsonl", "yaml", "csv", "tsv"} {
			out.Candidates = append(out.Candidates, Candidate{v, ""})
		}
	case "files":
		out.Files = true
	default:
		out.Kind, out.Prefix = kind, typed
		if i := strings.LastIndexByte(typed, ','); p.GetSplit() && i >= 0 {
			out.Before, out.Prefix = typed[:i+1], typed[i+1:]
		}
	}
	switch p.GetKind() {
	case protocol.Kind_KIND_INPUT, protocol.Kind_KIND_FILE:
		out.Files = true
	}
	out.Files = out.Files || p.GetSaves()
	out.Candidates = matching(out.Candidates, typed)
	return out
}

func matching(all []Candidate, prefix string) []Candidate {
	var out []Candidate
	for _, c := range all {
		if strings.HasPrefix(c.Text, prefix) {
			out = append(out, c)
		}
	}
	return out
}
