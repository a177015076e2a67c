package script

import (
	"fmt"
	stdruntime "runtime"
	"runtime/metrics"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Limits bound what a script may use of this machine.
type Limits struct {
	// Turn is how long it may compute without a pause, that is without waiting for anything: 10 s if 0.
	Turn time.Duration
	// Memory is how many bytes the process's heap and stacks may have: 512 MiB if 0.
	Memory int64
	// Depth is how many calls may be nested: 4,000 if 0. Go's own stack would hold many more, also where each call leads through a
	// built-in function, but to leave those takes a time that grows with the square: 0.8 s for 4,000 calls of sort.
	Depth int
}

func (l Limits) withDefaults() Limits {
	if l.Turn == 0 {
		l.Turn = 10 * time.Second
	}
	if l.Memory == 0 {
		l.Memory = 512 << 20
	}
	if l.Depth == 0 {
		l.Depth = 4_000
	}
	return l
}

const (
	watchEvery = 100 * time.Millisecond // how often the limits are looked at
	stuckAfter = 2 * time.Second        // how long an interrupted turn may go on
)

// watch interrupts the script at its limits, until stop is closed. What does not heed the interrupt is in the middle of a built-in
// function, and cannot be ended without the process.
func (s *session) watch(stop <-chan struct{}) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	var reason error
	var turn int64      // that was interrupted
	var since time.Time // when
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		now := s.loop.clock()
		if reason != nil {
			if s.opts.Stuck != nil && s.loop.began.Load() != 0 && s.loop.turns.Load() == turn && now.Sub(since) >= stuckAfter {
				s.opts.Stuck(s.stuck(reason))
				return
			}
			continue
		}
		began, n := s.loop.began.Load(), s.loop.turns.Load()
		switch {
		case began != 0 && now.UnixNano()-began > int64(s.limits.Turn):
			reason = problem.New(problem.TimedOut, "cannot run %s: it computed for %s without a pause", s.program.Name, s.limits.Turn)
		case s.tooLarge():
			reason = problem.New(problem.Script, "cannot run %s: it needs more than %d MiB of memory", s.program.Name, s.limits.Memory>>20)
		default:
			continue
		}
		turn, since = n, now
		s.vm.Interrupt(reason)
		s.loop.post(func() { s.loop.fail(reason) }) // if it is waiting
	}
}

// stuck is the error of a script that does not heed its interrupt.
func (s *session) stuck(reason error) error {
	e := *problem.As(reason)
	e.Facts = append(e.Facts, problem.Fact{Label: "in", Text: "a built-in function, which cannot be interrupted, such as the search for a regular expression"})
	return &e
}

// tooLarge reports whether the process has more memory than it may have, garbage left aside.
func (s *session) tooLarge() bool {
	if inUse() <= s.limits.Memory {
		return false
	}
	stdruntime.GC()
	return inUse() > s.limits.Memory
}

// inUse is the memory of the heap and of stacks, in bytes.
func inUse() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	var sum int64
	for _, sample := range samples {
		if sample.Value.Kind() != metrics.KindUint64 {
			panic(fmt.Sprintf("no metric %s", sample.Name)) // the names are Go's own
		}
		sum += int64(sample.Value.Uint64())
	}
	return sum
}
