package script

import (
	"strconv"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Signature is what a script takes from the command line, as a command has it in a manifest. A file is a KIND_FILE whose path the
// host passes on as it was typed; a profile is a KIND_STRING that "profiles" completes.
type Signature struct {
	Flags, Arguments []*protocol.Parameter
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
