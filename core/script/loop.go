package script

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// loop runs all that touches the script's values, one callback at a time, on the goroutine that calls run. Work that takes time is
// done elsewhere and comes back as a callback.
//
// A callback with the promise jobs that follow it is a turn. The loop ends when no work is under way and no callback waits, or when
// something has failed the run.
type loop struct {
	after func() // is called at the end of each turn

	mu     sync.Mutex
	queue  []func()
	closed bool
	wake   chan struct{}

	pending int          // work that is under way; of the loop's goroutine alone
	err     error        // why the run has failed; likewise
	began   atomic.Int64 // when the turn began, in nanoseconds of the clock; 0 between turns
	turns   atomic.Int64 // how many have begun
	clock   func() time.Time
}

func newLoop(clock func() time.Time) *loop {
	return &loop{wake: make(chan struct{}, 1), clock: clock}
}

// post has a callback run in a turn of its own. Any goroutine may call it; after the end of the loop it does nothing.
func (l *loop) post(f func()) {
	l.mu.Lock()
	if !l.closed {
		l.queue = append(l.queue, f)
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it is awake
	}
}

// start keeps the loop alive for work that takes time. done ends that with a callback; any goroutine may call it, once.
func (l *loop) start() (done func(f func())) {
	l.pending++
	return func(f func()) {
		l.post(func() {
			l.pending--
			f()
		})
	}
}

// fail ends the run after this turn; the first error counts.
func (l *loop) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

// run goes on until nothing is left to do, and returns why the run has failed.
func (l *loop) run(ctx context.Context) error {
	defer func() {
		l.mu.Lock()
		l.queue, l.closed = nil, true
		l.mu.Unlock()
	}()
	var batch []func()
	for {
		l.mu.Lock()
		batch, l.queue = l.queue, batch[:0]
		l.mu.Unlock()
		for i, f := range batch {
			batch[i] = nil
			l.turn(f)
			if l.err != nil {
				return l.err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		if len(batch) > 0 {
			continue
		}
		if l.pending == 0 {
			return nil
		}
		select {
		case <-l.wake:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (l *loop) turn(f func()) {
	l.turns.Add(1)
	l.began.Store(l.clock().UnixNano())
	f()
	l.after()
	l.began.Store(0)
}

// outside does what may have to wait for somebody else, such as a reader of standard output: that is not the script's time.
func (l *loop) outside(f func()) {
	began := l.began.Swap(0)
	defer func() {
		if began != 0 {
			l.began.Store(l.clock().UnixNano())
		}
	}()
	f()
}
