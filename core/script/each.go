package script

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/job"
)

// each is one job.each of the script: it works on a batch of items, several at once.
type each struct {
	s       *session
	number  int // of the batch, from 0
	options eachOptions
	work    goja.Callable
	source  source
	batch   *job.Batch // nil under --dry-run
	limiter limiter
	pace    *pace

	ctx    context.Context // of the wait for the next item
	cancel context.CancelCauseFunc

	running  int
	noting   int               // items whose end is on its way into the journal, while others are worked on
	current  map[*working]bool // the items whose functions have not returned
	fetching bool              // the next item is being asked for
	over     bool              // there is none
	stopping bool              // none is to be begun
	failure  error             // why not, where the script is told
	bug      error             // likewise, where the run fails
	failed   int               // items of this run
	dry      job.Counts

	settle func(give func() goja.Value, err error) // ends the promise
}

// jobEach is job.each(items, options, work).
func (s *session) jobEach(call goja.FunctionCall) goja.Value {
	s.ask("job.each()")
	if s.scope != nil {
		panic(s.vm.NewTypeError("job.each() is called within the item %q of another one", s.scope.item.key))
	}
	options, err := s.eachOptions(call.Argument(1))
	if err != nil {
		s.refuse(err)
	}
	work, ok := goja.AssertFunction(call.Argument(2))
	if !ok {
		panic(s.vm.NewTypeError("job.each() needs a function that works on an item, not %s", s.kindOf(call.Argument(2))))
	}
	e := &each{s: s, number: s.batches, options: options, work: work, limiter: limiter{wished: options.concurrency, limit: options.concurrency}, current: map[*working]bool{}}
	e.pace = &pace{every: options.every, clock: s.opts.clock, sleep: s.opts.sleep}
	e.ctx, e.cancel = context.WithCancelCause(s.reads)
	entries := &entries{e: e, items: s.pull("job.each()", call.Argument(0)), seen: map[uint64]bool{}}
	if list, ok := call.Argument(0).(*goja.Object); ok && list.ClassName() == "Array" {
		e.dry.Total = int(member(list, "length").ToInteger())
	}
	s.batches++
	s.eaches = append(s.eaches, e)
	s.each[e] = true
	s.listen()
	promise, resolve, reject := s.vm.NewPromise()
	where := s.where()
	e.settle = func(give func() goja.Value, err error) { s.settle(resolve, reject, give, err, where) }
	select {
	case <-s.opts.Stop:
		s.stopped = true
	default:
	}
	if s.stopped {
		s.loop.fail(s.interrupted(0))
		return s.vm.ToValue(promise)
	}
	done := s.loop.start()
	s.calls.Go(func() {
		source, batch, err := e.prepare(entries)
		done(func() {
			if e.source, e.batch = source, batch; err != nil {
				e.abort(err)
			}
			e.progress()
			e.fill()
		})
	})
	return s.vm.ToValue(promise)
}

// prepare finds the items: in the journal, which they are put into first, or one after the other in a dry run, without a batch.
func (e *each) prepare(entries *entries) (source, *job.Batch, error) {
	if e.s.opts.DryRun {
		return &straight{entries: entries}, nil, nil
	}
	j, err := e.s.host.Job(e.ctx)
	if err != nil {
		return nil, nil, err
	}
	batch, err := j.Batch(e.ctx, e.number)
	if err != nil {
		return nil, nil, err
	}
	loaded, err := batch.Loaded(e.ctx)
	if err == nil && !loaded {
		err = batch.Load(e.ctx, e.options.maxItems, entries.next)
		entries.items.leave()
	}
	return journaled{batch}, batch, err
}

// fill begins as many items as may be under way, or ends when none are left. It runs on the loop, like all that follows.
func (e *each) fill() {
	switch {
	case e.running+e.noting == 0 && !e.fetching && (e.over || e.stopping):
		e.end()
	case e.over || e.stopping || e.fetching || e.running >= e.limiter.limit:
	default:
		e.fetch()
	}
}

// fetch asks for the next item, when its time has come.
func (e *each) fetch() {
	e.fetching = true
	done := e.s.loop.start()
	e.s.calls.Go(func() {
		w, data, err := (*working)(nil), []byte(nil), e.pace.wait(e.ctx)
		if err == nil {
			w, data, err = e.source.next(e.ctx)
		}
		done(func() {
			e.fetching = false
			switch {
			case errors.Is(err, io.EOF):
				e.over = true
			case e.stopping: // it is left for another run
			case err != nil:
				e.abort(err)
			default:
				e.start(w, data)
			}
			e.fill()
		})
	})
}

// start works on an item.
func (e *each) start(w *working, data []byte) {
	e.running++
	e.progress()
	at := &scope{item: w}
	var value goja.Value
	var err error
	if thrown := e.s.try(func() { value, err = e.s.stored(data, false) }); thrown != nil {
		err = thrown
	}
	if err != nil {
		e.abort(fmt.Errorf("read the item %q: %w", w.key, err))
		e.running--
		return
	}
	e.current[w] = true
	e.s.work(at, e.work, func(row, thrown goja.Value) { e.returned(w, row, thrown) }, value, e.s.stepper(w))
}

// returned goes on when the work function has returned, or thrown, and no write of the item is under way.
func (e *each) returned(w *working, row, thrown goja.Value) {
	w.ended = true
	delete(e.current, w)
	if w.under == 0 {
		e.conclude(w, row, thrown, false)
		return
	}
	w.quiet = func() {
		w.quiet = nil
		e.conclude(w, row, thrown, thrown == nil)
	}
}

// conclude notes what has come of an item, and begins another one meanwhile: all that a kill can lose is known from the item's steps. One
// that the script's own mistake has stopped is not noted: the next run begins it again.
func (e *each) conclude(w *working, row, thrown goja.Value, unawaited bool) {
	o := e.s.outcome(w, row, thrown, unawaited)
	e.running--
	e.noting++
	switch {
	case o.bug != nil:
		e.blame(o.bug)
	case o.ended(): // by the end of the run: it is gone on with another time
	case o.failed == nil:
		e.limiter.success()
	default:
		if e.failed++; e.options.maxErrors > 0 && e.failed >= e.options.maxErrors {
			e.stop()
		}
	}
	done := e.s.loop.start()
	e.s.calls.Go(func() {
		var err error
		switch {
		case w.entry == nil || o.bug != nil || o.ended():
		case o.failed != nil:
			err = w.entry.Failed(e.s.ctx, e.s.veiled(o.failed))
		default:
			err = w.entry.Done(e.s.ctx, e.s.host.Veil(o.row))
		}
		done(func() { e.noted(o, err) })
	})
	e.fill()
}

// noted goes on when the end of an item is in the journal.
func (e *each) noted(o outcome, err error) {
	e.noting--
	switch {
	case err != nil:
		e.abort(err)
	case o.bug != nil || o.ended():
	case o.failed != nil:
		e.dry.Failed++
	default:
		e.dry.OK++
	}
	e.progress()
	e.fill()
}
