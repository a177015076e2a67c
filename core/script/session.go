package script

import (
	"context"
	"errors"
	"sort"
	"sync"
	"time"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// session is one run of a program. All of it but what locks itself belongs to the loop's goroutine.
type session struct {
	program *Program
	opts    RunOptions
	host    Host
	limits  Limits
	vm      *goja.Runtime
	loop    *loop
	prelude prelude

	ctx    context.Context // of writes: it ends with the caller's
	reads  context.Context // of all else: it ends when the script has failed, too
	cancel context.CancelCauseFunc
	calls  sync.WaitGroup // of the host and of the journal, which are waited for before the run ends

	scope    *scope // which item the code that runs works on; nil outside of items
	rejected []*rejection

	timers     timers
	modules    map[string]*types.Module
	commands   map[*types.Function]*command
	describing bool
	asked      string // the first thing that the host was asked for
	signature  *Signature
	profiles   map[string]bool // which the arguments name

	batches  int
	eaches   []*each        // all of them
	each     map[*each]bool // those under way
	stopped  bool
	listened bool // somebody hears of the gateway's trouble
}

func newSession(ctx context.Context, p *Program, o RunOptions) *session {
	if o.clock == nil {
		o.clock = time.Now
	}
	if o.sleep == nil {
		o.sleep = sleep
	}
	if o.Manifests == nil {
		o.Manifests = p.manifests
	}
	s := &session{
		program: p, opts: o, host: o.Host, limits: o.Limits.withDefaults(), vm: goja.New(), loop: newLoop(o.clock), ctx: ctx,
		modules: map[string]*types.Module{}, commands: map[*types.Function]*command{}, each: map[*each]bool{}, timers: timers{set: map[int64]*timer{}}, profiles: map[string]bool{},
	}
	s.reads, s.cancel = context.WithCancelCause(ctx)
	s.loop.after = s.unhandled
	for _, m := range types.Modules(o.Manifests) {
		s.modules[m.Name] = m
	}
	s.vm.SetMaxCallStackSize(s.limits.Depth)
	s.vm.SetPromiseRejectionTracker(s.trackRejection)
	s.vm.SetAsyncContextTracker(tracker{s})
	return s
}

// main runs the program to its end.
func (s *session) main() error {
	stop := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() { s.watch(stop) })
	defer watcher.Wait()
	defer close(stop)
	var top *goja.Promise
	s.loop.post(func() {
		if err := s.install(); err != nil {
			s.loop.fail(err)
			return
		}
		v, err := s.vm.RunProgram(s.program.compiled)
		if err != nil {
			s.fail(err)
			return
		}
		top, _ = v.Export().(*goja.Promise)
	})
	if s.opts.Stop != nil {
		go s.hear()
	}
	err := s.loop.run(s.ctx)
	s.cancel(errEnded)
	for _, t := range s.timers.set {
		t.timer.Stop()
	}
	s.calls.Wait()
	switch {
	case errors.Is(err, errDescribed):
		return nil
	case err != nil:
		return err
	case top != nil && top.State() == goja.PromiseStatePending || len(s.each) > 0:
		return s.forever()
	}
	return nil
}

// forever is the failure of a script that waits for nothing.
func (s *session) forever() error {
	e := problem.New(problem.Script, "cannot run %s: it waits for a promise that nothing will ever settle", s.program.Name)
	for each := range s.each {
		for w := range each.current {
			e.Facts = append(e.Facts, problem.Fact{Label: "item", Text: w.key})
		}
	}
	sort.Slice(e.Facts, func(i, j int) bool { return e.Facts[i].Text < e.Facts[j].Text })
	const some = 10
	e.Facts = e.Facts[:min(some, len(e.Facts))]
	return &Failure{Problem: e}
}

var (
	errEnded     = errors.New("the script has ended")
	errDescribed = errors.New("the arguments are known")
)

// ask notes that the script asks something of the host, which args() must precede.
func (s *session) ask(what string) {
	if s.asked == "" {
		s.asked = what
	}
	if s.describing {
		s.loop.fail(errDescribed)
		s.vm.Interrupt(errDescribed)
		panic(s.vm.ToValue("")) // the interrupt ends the script before anything can catch this
	}
}

// fail ends the run with what goja returned.
func (s *session) fail(err error) { s.loop.fail(s.failure(err)) }

// call calls a function of the script's from the loop, for an item or for none. What it throws fails the run.
func (s *session) call(at *scope, f goja.Callable, args ...goja.Value) {
	if _, err := s.invoke(at, f, args...); err != nil {
		s.fail(err)
	}
}

func (s *session) invoke(at *scope, f goja.Callable, args ...goja.Value) (goja.Value, error) {
	s.scope = at
	v, err := f(goja.Undefined(), args...)
	s.scope = nil
	return v, err
}

// try runs what may throw, outside of the script's own code.
func (s *session) try(f func()) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *goja.InterruptedError:
			err = e
		case *goja.StackOverflowError:
			err = e
		default:
			panic(e)
		}
	}()
	if e := s.vm.Try(f); e != nil {
		return e
	}
	return nil
}

// background does work in a goroutine, and returns a promise of what give makes of its outcome. give runs on the loop.
func (s *session) background(work func(ctx context.Context) (give func() goja.Value, err error)) goja.Value {
	return s.backgroundOf(s.where(), work)
}

// backgroundOf is background for a call that was made elsewhere.
func (s *session) backgroundOf(where []goja.StackFrame, work func(ctx context.Context) (give func() goja.Value, err error)) goja.Value {
	promise, resolve, reject := s.vm.NewPromise()
	done := s.loop.start()
	go func() {
		give, err := work(s.reads)
		done(func() { s.settle(resolve, reject, give, err, where) })
	}()
	return s.vm.ToValue(promise)
}

// settle settles a promise, on the loop.
func (s *session) settle(resolve, reject func(any) error, give func() goja.Value, err error, where []goja.StackFrame) {
	var v goja.Value
	if err == nil {
		err = s.try(func() { v = give() })
	}
	if ends(err) {
		s.fail(err)
		return
	}
	if err != nil {
		err = reject(s.thrown(err, where))
	} else {
		err = resolve(v)
	}
	if err != nil {
		s.fail(err)
	}
}

// ends reports whether an error ends the script, which cannot catch it.
func ends(err error) bool {
	var interrupt *goja.InterruptedError
	var overflow *goja.StackOverflowError
	return errors.As(err, &interrupt) || errors.As(err, &overflow)
}

// hear tells the items when the run is to stop.
func (s *session) hear() {
	select {
	case <-s.opts.Stop:
		s.loop.post(func() {
			s.stopped = true
			for e := range s.each {
				e.stop()
			}
		})
	case <-s.reads.Done():
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
