package script

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fault is the Go side of an ApiError, which the object holds out of the script's sight.
type fault struct {
	problem *problem.Error
	stack   []goja.StackFrame // where the call was made
}

// jsError carries a value that was thrown through Go code.
type jsError struct{ value goja.Value }

func (e *jsError) Error() string { return "the script has thrown" }

// depth is how many frames of a call's place are kept: the first of the author's own is among them.
const depth = 8

// where is the place that a host function was called from.
func (s *session) where() []goja.StackFrame {
	return s.vm.CaptureCallStack(depth, make([]goja.StackFrame, 0, depth+2))
}

// thrown makes a value that the script can catch from an error.
func (s *session) thrown(err error, where []goja.StackFrame) goja.Value {
	var js *jsError
	var ex *goja.Exception
	var bad *wrong
	switch {
	case errors.As(err, &bad):
		return s.placedAt(s.vm.NewTypeError("%s", bad.text), where)
	case errors.As(err, &js):
		return js.value
	case errors.As(err, &ex):
		return ex.Value()
	}
	return s.apiError(problem.As(err), where)
}

// placedAt gives an error that is made between the script's own calls the place of the call that it is about.
func (s *session) placedAt(obj *goja.Object, where []goja.StackFrame) *goja.Object {
	if len(s.program.calls(s.stackOf(obj))) == 0 {
		_ = obj.DefineDataPropertySymbol(s.prelude.place, s.vm.ToValue(where), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}
	return obj
}

// apiError makes an ApiError of a problem.
func (s *session) apiError(e *problem.Error, where []goja.StackFrame) goja.Value {
	class := s.prelude.apiError
	switch {
	case e.Code == problem.NotFound:
		class = s.prelude.notFound
	case e.Code == problem.Denied:
		class = s.prelude.denied
	case ambiguous(e):
		class = s.prelude.ambiguous
	}
	obj, err := s.vm.New(class, s.vm.ToValue(e.Message))
	if err != nil {
		return s.vm.ToValue(e.Message) // the class is ours and does not throw
	}
	set := func(name string, v any) { _ = obj.Set(name, v) }
	set("status", e.Status)
	set("code", codeName(e.Code))
	set("retryable", e.Retryable)
	for name, text := range map[string]string{"hint": e.Hint, "said": e.Said, "state": e.State} {
		if text != "" {
			set(name, text)
		}
	}
	stack := member(obj, "name").String() + ": " + e.Message
	for _, line := range s.program.calls(where) {
		stack += "\n    at " + line
	}
	_ = obj.DefineDataProperty("stack", s.vm.ToValue(stack), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = obj.DefineDataPropertySymbol(s.prelude.fault, s.vm.ToValue(&fault{e, where}), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return obj
}

// ambiguous reports whether an error says that several things have a name: it lists them.
func ambiguous(e *problem.Error) bool {
	if e.Type == "ambiguous" {
		return true
	}
	return e.Code == problem.Failed && e.Status == 0 && len(e.Facts) > 1 && e.Facts[0].Label == e.Facts[1].Label
}

// codeName is how scripts read an exit code.
func codeName(c problem.Code) string {
	switch c {
	case problem.Usage:
		return "usage"
	case problem.Partial:
		return "partial"
	case problem.Denied:
		return "denied"
	case problem.NotFound:
		return "not_found"
	case problem.Refused:
		return "refused"
	case problem.Unreachable:
		return "unreachable"
	case problem.Guarded:
		return "guarded"
	case problem.Plugin:
		return "plugin"
	case problem.TimedOut:
		return "timed_out"
	case problem.Interrupted:
		return "interrupted"
	}
	return "failed"
}

// faultOf returns the Go side of a value that is an ApiError of ours; nil for any other.
func (s *session) faultOf(v goja.Value) *fault {
	obj, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	var f *fault
	_ = s.try(func() { // it may be a proxy
		if hidden := obj.GetSymbol(s.prelude.fault); hidden != nil {
			f, _ = hidden.Export().(*fault)
		}
	})
	return f
}

// failure is what goja returned, as what the person is told.
func (s *session) failure(err error) error {
	var interrupt *goja.InterruptedError
	var overflow *goja.StackOverflowError
	var ex *goja.Exception
	switch {
	case errors.As(err, &interrupt):
		reason, ok := interrupt.Value().(error)
		if !ok || errors.Is(reason, errDescribed) {
			return errDescribed
		}
		e := *problem.As(reason)
		return s.program.located(&Failure{Problem: &e}, interrupt.Stack())
	case errors.As(err, &overflow):
		text := fmt.Sprintf("cannot run %s: RangeError: more than %d calls are nested", s.program.Name, s.limits.Depth)
		return s.program.located(&Failure{Problem: problem.New(problem.Script, "%s", text)}, overflow.Stack())
	case errors.As(err, &ex):
		return s.failureOf(ex.Value(), ex.Stack())
	}
	var own *Failure
	if errors.As(err, &own) {
		return own
	}
	return problem.As(err)
}

// failureOf is a value that was thrown and not caught. stack is used where the value has none.
func (s *session) failureOf(v goja.Value, stack []goja.StackFrame) *Failure {
	if f := s.faultOf(v); f != nil {
		e := *f.problem
		e.Facts = append([]problem.Fact{}, e.Facts...)
		return s.program.located(&Failure{Problem: &e}, f.stack)
	}
	if own := s.stackOf(v); len(s.program.calls(own)) > 0 {
		stack = own
	}
	return s.program.located(&Failure{Problem: problem.New(problem.Script, "cannot run %s: %s", s.program.Name, s.told(v))}, stack)
}

// stackOf is where an error object was made.
func (s *session) stackOf(v goja.Value) []goja.StackFrame {
	obj, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	var where []goja.StackFrame
	_ = s.try(func() {
		if hidden := obj.GetSymbol(s.prelude.place); hidden != nil {
			where, _ = hidden.Export().([]goja.StackFrame)
		}
	})
	if where != nil {
		return where
	}
	if ex := s.vm.Try(func() { panic(obj) }); ex != nil {
		return ex.Stack()
	}
	return nil
}

// longestTold is how much of what a script has thrown is told, in characters.
const longestTold = 2000

// told is what a value that was thrown says: "TypeError: x is not a function".
func (s *session) told(v goja.Value) string {
	text := "something that has no text"
	if err := s.try(func() {
		switch obj, isObject := v.(*goja.Object); {
		case v == nil:
		case isObject && obj.ClassName() != "Error":
			text = "it threw " + s.inspect(v)
		case isObject:
			text = v.String()
		default:
			text = "it threw " + s.inspect(v)
		}
	}); err != nil {
		return text
	}
	return shortenTo(text, longestTold)
}

// message is what an error that was thrown says, without its class.
func (s *session) message(v goja.Value) string {
	text := ""
	_ = s.try(func() {
		if obj, ok := v.(*goja.Object); ok && obj.ClassName() == "Error" {
			text = member(obj, "message").String()
		}
	})
	if text == "" {
		text = s.told(v)
	}
	return shortenTo(text, longestTold)
}

// isBug reports whether what was thrown says that the script itself is wrong: no other item would fare better.
func (s *session) isBug(v goja.Value) bool {
	obj, ok := v.(*goja.Object)
	if !ok || s.faultOf(v) != nil {
		return false
	}
	bug := false
	_ = s.try(func() {
		for _, class := range s.prelude.bugs {
			bug = bug || s.vm.InstanceOf(obj, class)
		}
	})
	return bug
}

// located fills in the place that a stack begins at, and the author's calls of it.
func (p *Program) located(f *Failure, stack []goja.StackFrame) *Failure {
	for _, frame := range stack {
		if file, line, column, ok := p.authors(frame); ok {
			f.File, f.Line, f.Column = file, line, column
			break
		}
	}
	f.Stack = p.calls(stack)
	return p.placed(f)
}

// authors is the place of a frame in the author's file, if it has one.
func (p *Program) authors(frame goja.StackFrame) (file string, line, column int, ok bool) {
	if frame.SrcName() != bundleName {
		return "", 0, 0, false
	}
	at := frame.Position()
	file, ok = p.shown[at.Filename]
	if _, known := p.texts[file]; !ok || !known {
		return "", 0, 0, false
	}
	return file, at.Line, p.character(file, at.Line, at.Column), true
}

// longestStack is how many calls of a stack are told.
const longestStack = 20

// calls are the author's calls of a stack, as "work (onboard.ts:12:5)".
func (p *Program) calls(stack []goja.StackFrame) []string {
	var out []string
	for _, frame := range stack {
		file, line, column, ok := p.authors(frame)
		if !ok {
			continue
		}
		text := place(file, line, column)
		if name := frame.FuncName(); name != "<anonymous>" && name != "" {
			text = name + " (" + text + ")"
		}
		if len(out) == longestStack {
			return append(out, "…")
		}
		out = append(out, text)
	}
	return out
}
