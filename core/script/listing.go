package script

import (
	"context"
	"errors"
	"sync"

	"github.com/dop251/goja"
)

// listing is the Go side of a Listing: what asks for its rows, each time that it is awaited or iterated.
type listing struct {
	open   func(ctx context.Context, emit func(row any) error) error
	decode func(row any) (goja.Value, error) // on the loop
	where  []goja.StackFrame
	calls  *sync.WaitGroup // that the run's end waits for; nil for what it does not wait for
}

// begin has the rows asked for in a goroutine. It is called on the loop.
func (l *listing) begin(f func()) {
	if l.calls == nil {
		go f()
		return
	}
	l.calls.Go(f)
}

// pageSize is how many rows an iteration holds, and decodeSize how many are made into values in one turn.
const pageSize, decodeSize = 500, 2000

// errGone ends a listing that the script has stopped to iterate.
var errGone = errors.New("nobody listens any more")

// listing makes a Listing. open is called in a goroutine, and gives row after row to emit, whose error ends it.
func (s *session) listing(calls *sync.WaitGroup, decode func(any) (goja.Value, error), open func(context.Context, func(any) error) error) goja.Value {
	obj := s.vm.CreateObject(s.prelude.listingPrototype)
	l := &listing{open, decode, s.where(), calls}
	_ = obj.DefineDataPropertySymbol(s.prelude.listing, s.vm.ToValue(l), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return obj
}

// decodeRow makes a value of a row that is JSON.
func (s *session) decodeRow(row any) (goja.Value, error) { return s.value(row.([]byte)) }

// settledListing lets a promise of a list be iterated, too: it is what a write gives, which must not be asked again.
func (s *session) settledListing(promise goja.Value) goja.Value {
	iterate := s.vm.ToValue(func(goja.FunctionCall) goja.Value {
		given := false
		o := s.object(map[string]any{
			"next": func(goja.FunctionCall) goja.Value {
				if given {
					return goja.Undefined()
				}
				given = true
				return promise
			},
			"close": func() {},
		})
		return o
	})
	_ = promise.(*goja.Object).DefineDataPropertySymbol(s.prelude.rows, iterate, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	_ = promise.(*goja.Object).SetSymbol(s.prelude.asyncIterator, s.prelude.iterate)
	return promise
}

// openListing asks for the rows of a Listing: for a promise of all of them, or for what iterates over pages of them.
func (s *session) openListing(call goja.FunctionCall) goja.Value {
	obj, ok := call.Argument(0).(*goja.Object)
	if !ok {
		panic(s.vm.NewTypeError("this is no listing"))
	}
	if rows := obj.GetSymbol(s.prelude.rows); rows != nil {
		open, _ := goja.AssertFunction(rows)
		v, err := open(goja.Undefined())
		if err != nil {
			panic(err)
		}
		return v
	}
	hidden := obj.GetSymbol(s.prelude.listing)
	if hidden == nil {
		panic(s.vm.NewTypeError("this is no listing"))
	}
	l := hidden.Export().(*listing)
	if call.Argument(1).ToBoolean() {
		return s.all(l)
	}
	return s.cursor(l)
}

// all is a promise of all rows.
func (s *session) all(l *listing) goja.Value {
	promise, resolve, reject := s.vm.NewPromise()
	done := s.loop.start()
	l.begin(func() {
		var rows []any
		err := l.open(s.reads, func(row any) error {
			rows = append(rows, row)
			return s.reads.Err()
		})
		if err != nil {
			done(func() { s.settle(resolve, reject, nil, err, l.where) })
			return
		}
		values := make([]any, 0, len(rows))
		var decode func()
		decode = func() { // a turn has an end, however many rows there are
			for range min(decodeSize, len(rows)) {
				var v goja.Value
				var err error
				if thrown := s.try(func() { v, err = l.decode(rows[0]) }); thrown != nil {
					err = thrown
				}
				if err != nil {
					s.settle(resolve, reject, nil, err, l.where)
					return
				}
				values, rows = append(values, v), rows[1:]
			}
			if len(rows) > 0 {
				s.loop.post(decode)
				return
			}
			s.settle(resolve, reject, func() goja.Value { return s.vm.NewArray(values...) }, nil, nil)
		}
		done(decode)
	})
	return s.vm.ToValue(promise)
}

// cursor iterates over pages: next is a promise of one, or of undefined behind the last. No page is asked for before its time.
func (s *session) cursor(l *listing) goja.Value {
	ctx, cancel := context.WithCancelCause(s.reads)
	pages := make(chan []any)
	var failed error
	produce := func() {
		defer close(pages)
		defer cancel(nil)
		var page []any
		send := func() error {
			select {
			case pages <- page:
				page = nil
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		failed = l.open(ctx, func(row any) error {
			if page = append(page, row); len(page) < pageSize {
				return ctx.Err()
			}
			return send()
		})
		if failed == nil && len(page) > 0 {
			failed = send()
		}
	}
	started := false
	return s.object(map[string]any{
		"next": func(goja.FunctionCall) goja.Value {
			if !started {
				started = true
				l.begin(produce)
			}
			return s.backgroundOf(l.where, func(context.Context) (func() goja.Value, error) {
				page, ok := <-pages
				if !ok {
					return goja.Undefined, failed
				}
				values := make([]any, len(page))
				return func() goja.Value {
					for i, row := range page {
						v, err := l.decode(row)
						if err != nil {
							panic(s.thrown(err, l.where))
						}
						values[i] = v
					}
					return s.vm.NewArray(values...)
				}, nil
			})
		},
		"close": func(goja.FunctionCall) goja.Value {
			cancel(errGone)
			return goja.Undefined()
		},
	})
}
