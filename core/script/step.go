package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/job"
)

// stepper is the function `step` of an item.
func (s *session) stepper(w *working) goja.Value {
	return s.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		name, _ := call.Argument(0).Export().(string)
		work, ok := goja.AssertFunction(call.Argument(1))
		at := s.scope
		if at == nil {
			at = &scope{item: w}
		}
		err := at.mayBegin(fmt.Sprintf("step(%q)", name), true)
		switch {
		case name == "" || !ok:
			err = wrongf(`step() needs a name and a function, as in step("mail", async () => …)`)
		case at.item != w:
			err = wrongf("step(%q) is the item %q's, and is called for the item %q", name, w.key, at.item.key)
		case err == nil && w.names[name]:
			err = wrongf("the item %q has two steps %q", w.key, name)
		}
		if err != nil {
			s.refuse(err)
		}
		return s.step(w, name, work)
	})
}

// stepValue is the value of a named step as the journal keeps it; without a member it is undefined.
type stepValue struct {
	Value json.RawMessage `json:"value,omitempty"`
}

// step runs a named step, or gives the value that the journal has of it.
func (s *session) step(w *working, name string, work goja.Callable) goja.Value {
	if w.names == nil {
		w.names = map[string]bool{}
	}
	w.names[name] = true
	n := &named{name}
	w.open = append(w.open, n)
	w.under++
	promise, resolve, reject := s.vm.NewPromise()
	where := s.where()
	end := func(raw []byte, err error, broken bool) {
		if i := slices.Index(w.open, n); i >= 0 {
			w.open = slices.Delete(w.open, i, i+1)
		}
		w.end(broken, err) // before the script goes on, which it does at once
		s.settle(resolve, reject, func() goja.Value { return s.stepValue(raw) }, err, where)
	}
	first := w.writes
	done := s.loop.start()
	s.calls.Go(func() {
		var step *job.Step
		var err error
		if w.entry != nil {
			step, err = w.entry.Named(s.ctx, name, first)
		}
		done(func() {
			if err != nil {
				end(nil, err, true)
				return
			}
			if step != nil {
				if raw, after, ok := step.Finished(); ok {
					w.writes = after
					end(raw, nil, false)
					return
				}
			}
			s.work(&scope{w, n}, work, func(v, thrown goja.Value) {
				if thrown != nil {
					end(nil, &jsError{thrown}, false)
					return
				}
				s.keep(step, w, v, end)
			})
		})
	})
	return s.vm.ToValue(promise)
}

// work calls a function of the script's, and has what it gives or throws, at once or by its promise, told in a turn of its own. The
// loop does not wait for that, but for what the function itself waits for: a promise that nothing settles does not keep it alive.
func (s *session) work(at *scope, work goja.Callable, told func(given, thrown goja.Value), arguments ...goja.Value) {
	v, err := s.invoke(at, work, arguments...)
	if err == nil {
		v, err = s.prelude.resolve(goja.Undefined(), v)
	}
	var ex *goja.Exception
	switch {
	case errors.As(err, &ex):
		s.loop.post(func() { told(nil, ex.Value()) })
	case err != nil:
		s.fail(err)
	default:
		s.then(v, func(v goja.Value) { s.loop.post(func() { told(v, nil) }) }, func(v goja.Value) { s.loop.post(func() { told(nil, v) }) })
	}
}

// keep has the journal keep the value of a named step, before the script sees it.
func (s *session) keep(step *job.Step, w *working, v goja.Value, end func([]byte, error, bool)) {
	var value stepValue
	var err error
	if !goja.IsUndefined(v) {
		e := encoder{s: s, secrets: true}
		if thrown := s.try(func() { value.Value, err = e.encode(v) }); thrown != nil {
			err = thrown
		} else if err != nil {
			err = &jsError{s.vm.NewTypeError("the value of a step cannot be kept in the journal: %v", err)}
		}
	}
	raw, marshal := json.Marshal(value)
	if err == nil {
		err = marshal
	}
	if err != nil || step == nil {
		end(raw, err, false)
		return
	}
	after := w.writes
	done := s.loop.start()
	s.calls.Go(func() {
		err := step.Finish(context.WithoutCancel(s.ctx), s.host.Veil(raw), after)
		done(func() { end(raw, err, false) })
	})
}

// stepValue reads it back.
func (s *session) stepValue(raw []byte) goja.Value {
	var value stepValue
	if err := json.Unmarshal(raw, &value); err != nil {
		panic(s.thrown(fmt.Errorf("read the value of a step in the journal: %w", err), nil))
	}
	if value.Value == nil {
		return goja.Undefined()
	}
	v, err := s.stored(value.Value, true)
	if err != nil {
		panic(s.thrown(err, nil))
	}
	return v
}
