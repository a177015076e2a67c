package script

import (
	"slices"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// outcome is what has come of an item: a row, why it has failed, or the mistake of the script's that has stopped it.
type outcome struct {
	row    []byte
	failed *problem.Error
	bug    error
}

// ended reports whether an item has failed because the whole run was to end, and so is as good as not ended.
func (o outcome) ended() bool {
	return o.failed != nil && (o.failed.Code == problem.Interrupted || o.failed.Code == problem.TimedOut)
}

// veiled is a failure as the journal may have it.
func (s *session) veiled(e *problem.Error) *problem.Error {
	out := *e
	hide := func(text *string) { *text = string(s.host.Veil([]byte(*text))) }
	hide(&out.Message)
	hide(&out.Said)
	hide(&out.Hint)
	hide(&out.State)
	out.Facts = slices.Clone(e.Facts)
	for i := range out.Facts {
		hide(&out.Facts[i].Text)
	}
	return &out
}

// outcome reads what an item's function has returned, or thrown. unawaited says that a write was still under way then.
func (s *session) outcome(w *working, row, thrown goja.Value, unawaited bool) (o outcome) {
	switch {
	case w.broken != nil:
		o.failed = problem.As(w.broken)
	case unawaited:
		o.bug = s.failureOf(s.vm.NewTypeError("the item %q has ended while a write of it was under way: await it", w.key), nil)
	case thrown != nil && s.isBug(thrown):
		o.bug = s.failureOf(thrown, nil)
	case thrown != nil:
		o.failed = s.itemProblem(thrown)
	default:
		raw, err := s.row(w, row)
		if err != nil {
			o.bug = s.failureOf(s.thrown(err, nil), nil)
		}
		o.row = raw
	}
	return o
}

// row is what an item's function has returned, as a line of the results: a JSON object of plain cells in which a Secret is its
// reference, or nothing.
func (s *session) row(w *working, v goja.Value) ([]byte, error) {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return nil, nil
	}
	obj, ok := v.(*goja.Object)
	if !ok || !s.isPlain(obj) {
		return nil, wrongf("the item %q must end with an object of cells, or with nothing, and not with %s", w.key, s.kindOf(v))
	}
	e := encoder{s: s, secrets: true, plain: true}
	var raw []byte
	var wrong error
	err := s.try(func() {
		for _, name := range obj.Keys() {
			cell, ok := obj.Get(name).(*goja.Object)
			if !ok {
				continue
			}
			if _, ok := s.secretOf(cell); !ok {
				wrong = wrongf("the item %q ends with %s in the cell %q: a cell is a text, a number, true or false, null, or a Secret", w.key, s.kindOf(cell), name)
				return
			}
		}
		if raw, wrong = e.encode(obj); wrong != nil {
			wrong = wrongf("the item %q ends with a cell that cannot be written: %v", w.key, wrong)
		}
	})
	switch {
	case err != nil:
		return nil, err
	case wrong != nil:
		return nil, wrong
	}
	return raw, nil
}

// itemProblem is why an item has failed, as the journal keeps it.
func (s *session) itemProblem(thrown goja.Value) *problem.Error {
	f := s.failureOf(thrown, nil)
	if s.faultOf(thrown) == nil {
		f.Problem.Message = s.message(thrown)
	}
	return f.Problem
}
