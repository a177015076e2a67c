package script

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// jsError carries a value that was thrown through Go code.
type jsError struct{ value goja.Value }

func (e *jsError) Error() string { return "the script has thrown" }

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
	e := problem.New(problem.Script, "cannot run %s: %s", s.program.Name, s.told(v))
	if cause := s.causeOf(v); cause != "" {
		e.Facts = append(e.Facts, problem.Fact{Label: "cause", Text: cause})
	}
	return s.program.located(&Failure{Problem: e}, stack)
}

// causeOf is what the error said that an error was made from, as in new Error("…", { cause }).
func (s *session) causeOf(v goja.Value) (text string) {
	_ = s.try(func() {
		if obj, ok := v.(*goja.Object); ok && obj.ClassName() == "Error" {
			if cause := member(obj, "cause"); !goja.IsUndefined(cause) {
				text = s.message(cause)
			}
		}
	})
	return text
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
