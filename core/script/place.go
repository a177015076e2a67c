package script

import (
	"github.com/dop251/goja"
)

// depth is how many frames of a call's place are kept: the first of the author's own is among them.
const depth = 8

// where is the place that a host function was called from.
func (s *session) where() []goja.StackFrame {
	return s.vm.CaptureCallStack(depth, make([]goja.StackFrame, 0, depth+2))
}

// placedAt gives an error that is made between the script's own calls the place of the call that it is about.
func (s *session) placedAt(obj *goja.Object, where []goja.StackFrame) *goja.Object {
	if len(s.program.calls(s.stackOf(obj))) == 0 {
		_ = obj.DefineDataPropertySymbol(s.prelude.place, s.vm.ToValue(where), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	}
	return obj
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
