package script

import "github.com/dop251/goja"

// scope says for which item code runs, and in which of its named steps. It follows the code through promises and timers, so that a
// call knows its item however deep in the script it is made.
type scope struct {
	item  *working
	named *named // nil outside of named steps
}

// tracker carries the scope from where a promise is waited for to what then runs.
type tracker struct{ s *session }

// Grab, Resumed and Exited are goja's.
func (t tracker) Grab() any { return t.s.scope }

// Resumed is called before a promise job.
func (t tracker) Resumed(at any) { t.s.scope, _ = at.(*scope) }

// Exited is called behind it.
func (t tracker) Exited() { t.s.scope = nil }

// rejection is a promise that was rejected, and that nobody has caught so far.
type rejection struct {
	promise *goja.Promise
	stack   []goja.StackFrame // for reasons that carry none
}

func (s *session) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		s.rejected = append(s.rejected, &rejection{p, s.vm.CaptureCallStack(0, nil)})
		return
	}
	for i, r := range s.rejected {
		if r.promise == p {
			s.rejected = append(s.rejected[:i], s.rejected[i+1:]...)
			return
		}
	}
}

// unhandled fails the run at the end of a turn that leaves a rejected promise behind which nobody has caught.
func (s *session) unhandled() {
	if len(s.rejected) == 0 {
		return
	}
	first := s.rejected[0]
	s.rejected = nil
	s.loop.fail(s.failureOf(first.promise.Result(), first.stack))
}
