package script

import (
	"context"

	"github.com/dop251/goja"
)

// puller takes items out of something that the script iterates over, some at a time.
type puller struct {
	s           *session
	next, close goja.Callable
}

// pull begins to iterate, on the loop. What cannot be iterated is thrown.
func (s *session) pull(what string, items goja.Value) *puller {
	v, err := s.prelude.pages(goja.Undefined(), items, s.vm.ToValue(what+" works on a list, a listing, or what can be iterated otherwise, and not on "+s.kindOf(items)))
	if err != nil {
		panic(err)
	}
	obj := v.(*goja.Object)
	p := &puller{s: s}
	p.next, _ = goja.AssertFunction(obj.Get("next"))
	p.close, _ = goja.AssertFunction(obj.Get("close"))
	return p
}

// page gives up to n items to add, which runs on the loop, and reports whether there may be more. It is called from a goroutine that
// keeps the loop alive, once at a time. An error of add's ends it, and so does what the script's iterator throws: both are returned.
func (p *puller) page(ctx context.Context, n int, add func(goja.Value) error) (more bool, err error) {
	type outcome struct {
		more bool
		err  error
	}
	result := make(chan outcome, 1)
	// Until the script has given the items, the loop is kept alive by what the script waits for, and not by the caller.
	waiting := false
	back := func() {
		if waiting {
			waiting = false
			p.s.loop.pending++
		}
	}
	p.s.loop.post(func() {
		var refused error
		given := p.s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			if refused = add(call.Argument(0)); refused != nil {
				p.s.refuse(refused)
			}
			return goja.Undefined()
		})
		promise, err := p.s.invoke(nil, p.next, p.s.vm.ToValue(n), given)
		if err != nil {
			p.s.fail(err)
			return
		}
		waiting = true
		p.s.loop.pending--
		p.s.then(promise, func(v goja.Value) {
			back()
			result <- outcome{more: v.ToBoolean()}
		}, func(v goja.Value) {
			back()
			if refused == nil {
				refused = &jsError{v}
			}
			result <- outcome{err: refused}
		})
	})
	select {
	case r := <-result:
		return r.more, r.err
	case <-ctx.Done():
		p.s.loop.post(back)
		return false, context.Cause(ctx)
	}
}

// leave tells the iterator that no more items are wanted. It may be called from any goroutine.
func (p *puller) leave() {
	p.s.loop.post(func() { p.s.call(nil, p.close) })
}

// then has one of two functions called, in a promise job, when a promise of ours is settled.
func (s *session) then(promise goja.Value, done, failed func(goja.Value)) {
	_, err := s.prelude.then(goja.Undefined(), promise,
		s.vm.ToValue(func(call goja.FunctionCall) goja.Value { done(call.Argument(0)); return goja.Undefined() }),
		s.vm.ToValue(func(call goja.FunctionCall) goja.Value { failed(call.Argument(0)); return goja.Undefined() }))
	if err != nil {
		s.fail(err)
	}
}
