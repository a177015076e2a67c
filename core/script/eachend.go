package script

import (
	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// stop begins no more items.
func (e *each) stop() {
	if e.stopping {
		return
	}
	e.stopping = true
	e.cancel(errStopped)
	e.progress()
}

var errStopped = problem.New(problem.Interrupted, "no more items are to be begun")

// abort begins no more items, and tells the script why.
func (e *each) abort(err error) {
	if ends(err) {
		e.s.fail(err)
		return
	}
	if e.failure == nil && !e.stopping {
		e.failure = err
	}
	e.stop()
}

// blame begins no more items, as the script itself is wrong, and fails the run when those under way have ended.
func (e *each) blame(err error) {
	if !e.s.each[e] { // what an item has left behind: the batch has ended
		e.s.loop.fail(err)
		return
	}
	if e.bug == nil {
		e.bug = err
	}
	e.stop()
}

// end ends the batch.
func (e *each) end() {
	if !e.s.each[e] {
		return
	}
	delete(e.s.each, e)
	e.cancel(errEnded)
	c := e.counts()
	left := c.Total - c.OK - c.Failed
	switch {
	case e.bug != nil:
		e.s.loop.fail(e.bug)
	case e.failure != nil:
		e.settle(nil, e.failure)
	case e.s.stopped:
		e.s.loop.fail(e.s.interrupted(left))
	default:
		e.settle(func() goja.Value {
			o := e.s.vm.NewObject()
			_, _, _ = o.Set("ok", c.OK), o.Set("failed", c.Failed), o.Set("left", left)
			return o
		}, nil)
	}
}

// counts are those of all runs of the job; in a dry run, of the items that have been seen.
func (e *each) counts() job.Counts {
	if e.batch != nil {
		return e.batch.Counts()
	}
	c := e.dry
	c.Begun = e.running + e.noting
	c.Total = max(c.Total, c.OK+c.Failed+c.Begun)
	c.Left = c.Total - c.OK - c.Failed - c.Begun
	return c
}

// progress tells the person how far it is.
func (e *each) progress() {
	c := e.counts()
	t := Tally{
		Batch: e.number, Total: c.Total, OK: c.OK, Failed: c.Failed, Left: c.Total - c.OK - c.Failed - e.running,
		Running: e.running, Limit: e.limiter.limit, Finishing: e.stopping && e.running > 0,
	}
	e.s.loop.outside(func() { e.s.host.Progress(t) })
}

// sum adds up the items of all batches.
func (s *session) sum() Result {
	r := Result{Batches: s.batches}
	for _, e := range s.eaches {
		c := e.counts()
		r.OK, r.Failed, r.Left = r.OK+c.OK, r.Failed+c.Failed, r.Left+c.Total-c.OK-c.Failed
	}
	return r
}

// listen slows the items down when the gateway is in trouble.
func (s *session) listen() {
	if s.listened {
		return
	}
	s.listened = true
	trouble := s.host.Trouble()
	go func() {
		for {
			select {
			case _, ok := <-trouble:
				if !ok {
					return
				}
				s.loop.post(func() {
					for e := range s.each {
						if e.limiter.trouble(s.opts.clock()) {
							e.progress()
						}
					}
				})
			case <-s.reads.Done():
				return
			}
		}
	}()
}
