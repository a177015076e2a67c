package command

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Entry is the first word of commands, with its summary for the list of all.
type Entry struct{ Name, Summary string }

// Catalog knows the manifests: of plugins and of the core's own commands.
type Catalog interface {
	// Entries lists all first words in the order of the help.
	Entries() []Entry
	// Manifest returns the commands behind a first word; nil if there is none.
	Manifest(name string) (*protocol.Manifest, error)
}

// Line is a command line that has been understood.
type Line struct {
	Globals Globals
	// Name is the first word; empty when help or the version of the program itself is asked for.
	Name     string
	Manifest *protocol.Manifest // what Name stands for
	Command  *protocol.Command
	Values   []*protocol.Value
	// HelpFor are the words whose help is asked for by --help; nil when it is not.
	HelpFor []string
}

// Parse reads a command line. It starts no process and reads no manifest but the addressed one.
func Parse(args []string, catalog Catalog) (*Line, error) {
	return parse(args, catalog, true)
}

// parse builds all of the addressed plugin's grammar, or only what the line needs of it.
func parse(args []string, catalog Catalog, onlyNeeded bool) (*Line, error) {
	for i, a := range args {
		if !utf8.ValidString(a) { // no value could carry it
			return nil, problem.New(problem.Usage, "cannot read the command line: word %d is not UTF-8 text", i+1).WithHint("litellm-proxy --help")
		}
	}
	word, at := firstWord(args)
	line := &Line{Name: word}
	var roots []*tree
	if word != "" {
		manifest, err := catalog.Manifest(word)
		if err != nil {
			return nil, err
		}
		if manifest != nil {
			roots = []*tree{newTree(manifest)}
			line.Manifest = manifest
			args = settle(gather(args, at, roots[0]), at, roots[0])
		} else {
			for _, e := range catalog.Entries() {
				roots = append(roots, &tree{word: e.Name})
			}
		}
	}
	var following []string
	if onlyNeeded {
		following = args[at+1:]
	}
	parser, err := newParser(&line.Globals, following, roots...)
	if err != nil {
		return nil, err
	}
	trace, err := kong.Trace(parser, args)
	if err != nil {
		return nil, usage(err, "", args, roots)
	}
	words, asked := seen(trace)
	switch {
	case asked["help"]:
		if word != "" && len(words) == 0 && trace.Error != nil {
			return nil, usage(trace.Error, "", args, roots)
		}
		line.HelpFor = append([]string{}, words...)
		return line, nil
	case word == "" && trace.Error == nil:
		if _, err := trace.Apply(); err != nil {
			return nil, usage(err, "", args, roots)
		}
		return line, nil
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return nil, explain(err, words, args, roots)
	}
	node := roots[0].find(words[1:])
	if node == nil || !node.runnable() {
		return nil, incomplete(words)
	}
	line.Command = node.command
	line.Values, err = values(parsed, node.command, strings.Join(words, " "))
	return line, err
}

// seen returns the command words of a trace and the globals in it.
func seen(trace *kong.Context) (words []string, flags map[string]bool) {
	flags = map[string]bool{}
	for _, p := range trace.Path {
		switch {
		case p.Command != nil:
			if p.Command.Name != itself {
				words = append(words, p.Command.Name)
			}
		case p.Flag != nil:
			flags[p.Flag.Name] = true
		}
	}
	return words, flags
}

// values reads what kong has parsed, checks it by kind, and adds the defaults.
func values(parsed *kong.Context, c *protocol.Command, words string) ([]*protocol.Value, error) {
	flags, arguments := map[string]reflect.Value{}, map[string]reflect.Value{}
	for _, p := range parsed.Path {
		switch {
		case p.Flag != nil:
			flags[p.Flag.Name] = p.Flag.Target
		case p.Positional != nil:
			arguments[p.Positional.Name] = p.Positional.Target
		}
	}
	var out []*protocol.Value
	add := func(p *protocol.Parameter, label string, given map[string]reflect.Value) error {
		v := &protocol.Value{Name: p.GetName()}
		target, ok := given[p.GetName()]
		switch {
		case ok:
			v.Given, v.Values = true, texts(target)
		case p.Default != nil && p.GetSplit():
			v.Values = kong.SplitEscaped(p.GetDefault(), ',')
		case p.Default != nil:
			v.Values = []string{p.GetDefault()}
		default:
			return nil
		}
		for _, text := range v.Values {
			var err error
			if v.Given { // a default is the plugin's own affair
				err = enumerated(p, label, text)
			}
			if err == nil {
				if err = check(p, text); err != nil {
					err = fmt.Errorf("%s: %w", label, err)
				}
			}
			if err != nil {
				return (&problem.Error{Code: problem.Usage, Message: fmt.Sprintf("cannot run %s: %v", words, err), Field: p.GetName()}).
					WithHint("litellm-proxy %s --help", words)
			}
		}
		out = append(out, v)
		return nil
	}
	for _, f := range c.GetFlags() {
		if err := add(f, "--"+f.GetName(), flags); err != nil {
			return nil, err
		}
	}
	for _, a := range c.GetArguments() {
		if err := add(a, strings.ToUpper(a.GetName()), arguments); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func texts(v reflect.Value) []string {
	switch v := v.Interface().(type) {
	case bool:
		return []string{fmt.Sprint(v)}
	case *string:
		if v != nil {
			return []string{*v}
		}
	case []string:
		return v
	}
	return nil
}

// explain turns kong's error into ours: code 2, what was attempted, where to read on.
func explain(err error, words, args []string, roots []*tree) error {
	if len(words) > 0 && len(roots) == 1 {
		node := roots[0].find(words[1:])
		var parse *kong.ParseError
		if node != nil && !node.runnable() && errors.As(err, &parse) && strings.HasPrefix(err.Error(), "expected one of") {
			return incomplete(words)
		}
	}
	return usage(err, strings.Join(words, " "), args, roots)
}

// ErrIncomplete marks a line that names a group of commands and none of them: its help is the best answer.
type ErrIncomplete struct{ Words []string }

func (e *ErrIncomplete) Error() string {
	return fmt.Sprintf("cannot run %s: it needs one of its commands", strings.Join(e.Words, " "))
}

func incomplete(words []string) error { return &ErrIncomplete{words} }
