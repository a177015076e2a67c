package script

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Signature is what a script takes from the command line, as a command has it in a manifest. A file is a KIND_FILE whose path the
// host passes on as it was typed; a profile is a KIND_STRING that "profiles" completes.
type Signature struct {
	Flags, Arguments []*protocol.Parameter
}

// argument is one entry of the object that args() takes.
type argument struct {
	name, kind string
	positional bool
	parameter  *protocol.Parameter
}

// kinds are those of args(), as the command line reads them.
var kinds = map[string]protocol.Kind{
	"file": protocol.Kind_KIND_FILE, "text": protocol.Kind_KIND_STRING, "number": protocol.Kind_KIND_NUMBER, "bool": protocol.Kind_KIND_BOOL,
	"list": protocol.Kind_KIND_STRING, "duration": protocol.Kind_KIND_DURATION, "profile": protocol.Kind_KIND_STRING,
}

// args gives the script its arguments.
func (s *session) args(call goja.FunctionCall) goja.Value {
	switch {
	case s.signature != nil:
		panic(s.vm.NewTypeError("args() is called twice"))
	case s.asked != "":
		panic(s.vm.NewTypeError("args() comes too late: %s was called before, and the arguments must be known first", s.asked))
	case !s.atTop():
		panic(s.vm.NewTypeError("args() belongs at the top of %s, the script that is run", s.program.Name))
	}
	spec, ok := call.Argument(0).(*goja.Object)
	if !ok || !s.isPlain(spec) {
		panic(s.vm.NewTypeError("args() takes one object: the arguments by their names"))
	}
	var list []argument
	signature := &Signature{}
	for _, name := range spec.Keys() {
		a, err := s.argument(name, spec.Get(name))
		if err == nil && a.positional && len(signature.Arguments) > 0 {
			last := signature.Arguments[len(signature.Arguments)-1]
			switch {
			case last.GetRepeated():
				err = wrongf("args(): %s stands behind a list, which takes all that follows", name)
			case !last.GetRequired() && a.parameter.GetRequired():
				err = wrongf("args(): %s is required, and the one before it is not", name)
			}
		}
		if err != nil {
			s.refuse(err)
		}
		list = append(list, a)
		if a.positional {
			signature.Arguments = append(signature.Arguments, a.parameter)
		} else {
			signature.Flags = append(signature.Flags, a.parameter)
		}
	}
	s.signature = signature
	if s.describing {
		s.ask("")
	}
	out := s.vm.NewObject()
	for _, a := range list {
		v, err := s.argumentValue(a)
		if err != nil {
			s.refuse(err)
		}
		_ = out.DefineDataProperty(a.name, v, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE)
	}
	return out
}

// atTop reports whether the code that calls a host function stands in the entry's file.
func (s *session) atTop() bool {
	for _, frame := range s.where() {
		if file, _, _, ok := s.program.authors(frame); ok {
			return file == s.program.Name
		}
	}
	return false
}

var argumentName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// argument reads one entry.
func (s *session) argument(name string, v goja.Value) (argument, error) {
	a := argument{name: name}
	flag := types.Flag(name)
	obj, ok := v.(*goja.Object)
	switch {
	case !ok:
		return a, wrongf("args(): %s must be an object, as in {type: \"text\", help: \"…\"}", name)
	case !argumentName.MatchString(name) || strings.HasSuffix(name, "_") || strings.Contains(name, "__"):
		return a, wrongf("args(): %q is no name for an argument: it takes small letters, digits and _", name)
	case protocol.ReservedFlag(flag):
		return a, wrongf("args(): --%s is a flag of the program's own: choose another name than %s", flag, name)
	}
	known := []string{"type", "positional", "required", "default", "enum", "help"}
	for _, m := range obj.Keys() {
		if !slices.Contains(known, m) {
			return a, wrongf("args(): %s has no %q%s", name, m, meant(m, known))
		}
	}
	a.kind, _ = member(obj, "type").Export().(string)
	kind, ok := kinds[a.kind]
	if !ok {
		all := []string{"file", "text", "number", "bool", "list", "duration", "profile"}
		return a, wrongf("args(): the type of %s must be one of %s, not %s%s", name, strings.Join(all, ", "), s.inspect(member(obj, "type")), meant(a.kind, all))
	}
	help, _ := exported[string](obj, "help")
	a.positional, _ = exported[bool](obj, "positional")
	a.parameter = &protocol.Parameter{Name: flag, Kind: kind, Help: help}
	p := a.parameter
	switch a.kind {
	case "list":
		p.Repeated, p.Split = true, !a.positional
	case "profile":
		p.Completion, p.Placeholder = "profiles", "PROFILE"
	case "bool":
		if a.positional {
			return a, wrongf("args(): %s is a bool, which can only be a flag", name)
		}
	}
	if v := member(obj, "enum"); !goja.IsUndefined(v) {
		if a.kind != "text" && a.kind != "list" {
			return a, wrongf("args(): %s: only text and list have an enum", name)
		}
		if err := s.vm.ExportTo(v, &p.Enum); err != nil {
			return a, wrongf("args(): the enum of %s must be a list of texts", name)
		}
	}
	if v := member(obj, "default"); !goja.IsUndefined(v) {
		text, err := s.defaultText(a, v)
		if err != nil {
			return a, err
		}
		if text != nil {
			p.Default = text
		}
	}
	if a.kind == "bool" && p.GetDefault() == "true" {
		p.Negatable = true // there is no other way to say false
	}
	required, said := exported[bool](obj, "required")
	p.Required = p.Default == nil && a.kind != "bool" && (required || a.positional && !said)
	return a, nil
}

// exported is a member of an object, if it is of that type.
func exported[T any](obj *goja.Object, name string) (v T, ok bool) {
	v, ok = member(obj, name).Export().(T)
	return v, ok
}

// member is a member of an object; undefined where there is none.
func member(obj *goja.Object, name string) goja.Value {
	if v := obj.Get(name); v != nil {
		return v
	}
	return goja.Undefined()
}

// defaultText is a default as the manifest has it; nil for one that is as good as none.
func (s *session) defaultText(a argument, v goja.Value) (*string, error) {
	bad := func(what string) (*string, error) {
		return nil, wrongf("args(): the default of %s must be %s, not %s", a.name, what, s.kindOf(v))
	}
	text := v.String()
	switch a.kind {
	case "number":
		if !goja.IsNumber(v) || math.IsNaN(v.ToFloat()) {
			return bad("a number")
		}
	case "bool":
		if _, ok := v.Export().(bool); !ok {
			return bad("true or false")
		}
		if text == "false" {
			return nil, nil
		}
	case "list":
		var list []string
		if obj, ok := v.(*goja.Object); !ok || obj.ClassName() != "Array" || s.vm.ExportTo(v, &list) != nil {
			return bad("a list of texts")
		}
		if len(list) == 0 {
			return nil, nil
		}
		for i := range list {
			list[i] = strings.ReplaceAll(list[i], ",", `\,`)
		}
		text = strings.Join(list, ",")
	default:
		if !goja.IsString(v) {
			return bad("a text")
		}
		if len(a.parameter.GetEnum()) > 0 && !slices.Contains(a.parameter.GetEnum(), text) {
			return nil, wrongf("args(): the default of %s must be one of %s, not %q", a.name, strings.Join(a.parameter.GetEnum(), ", "), text)
		}
		if a.kind == "duration" {
			if err := checkDuration(text, strconv.Quote(text)); err != nil {
				return nil, wrongf("args(): the default of %s: %v", a.name, err)
			}
		}
	}
	return &text, nil
}

// argumentValue is what the command line gave, or the default.
func (s *session) argumentValue(a argument) (goja.Value, error) {
	var texts []string
	given := false
	for _, v := range s.opts.Values {
		if v.GetName() == a.parameter.GetName() {
			texts, given = v.GetValues(), true
		}
	}
	switch {
	case given:
	case a.parameter.Default != nil && a.kind == "list":
		texts = splitEscaped(a.parameter.GetDefault())
	case a.parameter.Default != nil:
		texts = []string{a.parameter.GetDefault()}
	case a.parameter.GetRequired():
		return nil, problem.New(problem.Usage, "cannot run %s: %s is missing", s.program.Name, a.parameter.GetName())
	}
	if a.kind == "list" {
		list := make([]any, len(texts))
		for i, text := range texts {
			list[i] = text
		}
		return s.vm.NewArray(list...), nil
	}
	if len(texts) == 0 {
		if a.kind == "bool" {
			return s.vm.ToValue(false), nil
		}
		return goja.Undefined(), nil
	}
	text := texts[0]
	switch a.kind {
	case "file":
		return s.newFile(&opened{shown: text, full: s.full(text), given: true}), nil
	case "bool":
		return s.vm.ToValue(text == "true"), nil
	case "number":
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, problem.New(problem.Usage, "cannot run %s: %s is no number: %q", s.program.Name, a.parameter.GetName(), text)
		}
		return s.vm.ToValue(f), nil
	case "profile":
		s.profiles[text] = true
	}
	return s.vm.ToValue(text), nil
}
