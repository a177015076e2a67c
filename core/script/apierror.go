package script

import (
	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fault is the Go side of an ApiError, which the object holds out of the script's sight.
type fault struct {
	problem *problem.Error
	stack   []goja.StackFrame // where the call was made
}

// apiError makes an ApiError of a problem.
func (s *session) apiError(e *problem.Error, where []goja.StackFrame) goja.Value {
	class := s.prelude.apiError
	switch {
	case e.Code == problem.NotFound:
		class = s.prelude.notFound
	case e.Code == problem.Denied:
		class = s.prelude.denied
	case e.Type == litellm.Ambiguous:
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
