package script

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// outputRecord prints a record. A Secret in it is masked.
func (s *session) outputRecord(call goja.FunctionCall) goja.Value {
	s.ask("output.record()")
	obj, ok := call.Argument(0).(*goja.Object)
	if !ok {
		panic(s.vm.NewTypeError("output.record() needs an object, not %s", s.kindOf(call.Argument(0))))
	}
	s.refusePromise("output.record()", obj)
	raw, err := obj.MarshalJSON() // which calls toJSON, where a Secret shows its hint
	if err != nil {
		panic(s.thrown(err, s.where()))
	}
	if string(raw) == "null" || len(raw) == 0 {
		panic(s.vm.NewTypeError("output.record() needs an object, not %s", s.kindOf(obj)))
	}
	s.print(func() error { return s.host.Record(raw) })
	return goja.Undefined()
}

// refusePromise throws where somebody has forgotten to await.
func (s *session) refusePromise(what string, v goja.Value) {
	obj, ok := v.(*goja.Object)
	if !ok {
		return
	}
	_, promise := obj.Export().(*goja.Promise)
	if promise || obj.GetSymbol(s.prelude.listing) != nil {
		panic(s.vm.NewTypeError("%s was given %s", what, s.kindOf(obj)))
	}
}

// outputText prints text, with an end of line.
func (s *session) outputText(call goja.FunctionCall) goja.Value {
	s.ask("output.text()")
	s.refusePromise("output.text()", call.Argument(0))
	text := call.Argument(0).String()
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	s.print(func() error { return s.host.Print(text) })
	return goja.Undefined()
}

// outputBars prints a picture of horizontal bars.
func (s *session) outputBars(call goja.FunctionCall) goja.Value {
	s.ask("output.bars()")
	options, ok := call.Argument(1).(*goja.Object)
	if !ok {
		panic(s.vm.NewTypeError(`output.bars() needs to know what to show, as in {label: "team", value: "spend"}`))
	}
	b := bars{width: s.opts.Width, ascii: s.opts.ASCII}
	label, hasLabel := exported[string](options, "label")
	value, hasValue := exported[string](options, "value")
	b.title, _ = exported[string](options, "title")
	b.unit, _ = exported[string](options, "unit")
	if !hasLabel || !hasValue {
		panic(s.vm.NewTypeError(`output.bars() needs the names of the label and of the value, as in {label: "team", value: "spend"}`))
	}
	s.vm.ForOf(call.Argument(0), func(row goja.Value) bool {
		obj, ok := row.(*goja.Object)
		if !ok {
			panic(s.vm.NewTypeError("output.bars(): each row must be an object, not %s", s.kindOf(row)))
		}
		number, name := member(obj, value), member(obj, label)
		if !goja.IsNumber(number) {
			panic(s.vm.NewTypeError("output.bars(): %s must be a number, not %s", value, s.kindOf(number)))
		}
		text := "–"
		if !goja.IsNull(name) && !goja.IsUndefined(name) {
			text = name.String()
		}
		b.rows = append(b.rows, bar{text, number.ToFloat()})
		return true
	})
	s.print(func() error { return s.host.Print(b.String()) })
	return goja.Undefined()
}

// print prints outside of the script's time: somebody may read slowly.
func (s *session) print(f func() error) {
	var err error
	s.loop.outside(func() { err = f() })
	if err != nil {
		panic(s.apiError(problem.As(err), s.where()))
	}
}
