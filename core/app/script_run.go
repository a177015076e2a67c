package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// alone runs the line in this process.
func (s *session) alone(ctx context.Context) error {
	if resumes(s.Args) {
		return s.resume(ctx)
	}
	if err := s.prepare(ctx, s.Args); err != nil {
		return err
	}
	return s.understand(ctx)
}

// runScriptLine runs the script that a line names: s.program.
func (s *session) runScriptLine(ctx context.Context, line *command.Line) error {
	if s.program == nil { // its name stands behind flags that are not known without it
		return problem.New(problem.Usage, "cannot run a script: its name must come right behind run").
			WithHint("litellm-proxy script run NAME [ARGUMENTS]")
	}
	gateway, err := s.resolve(lineOf(line.Globals))
	if err == nil {
		err = s.defaults(&line.Globals, gateway.Profile)
	}
	if err != nil {
		return err
	}
	s.secrets.Add(gateway.Key)
	limits, err := limitsOf(value(line, "compute"), value(line, "memory"))
	if err != nil {
		return err
	}
	if s.child {
		confine(limits.Memory)
	}
	timeout, err := timeoutOf(line.Globals.Timeout)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, err := s.newOutput(ctx, line)
	if err != nil {
		return err
	}
	out.script = true
	r := &scripted{
		session: s, line: line, name: s.program.Name, ctx: ctx, out: out, timeout: timeout, gateway: gateway,
		since: time.Now(), stop: make(chan struct{}), trouble: make(chan struct{}, 1), processes: map[string]*running{}, places: map[string]*place{},
	}
	r.bar = newRunBar(r)
	if r.job, err = s.reopen(ctx, r.sums); err != nil {
		return err
	}
	if timeout > 0 {
		r.deadline = time.Now().Add(timeout)
		up := problem.New(problem.TimedOut, "%s: the time is up (--timeout %s)", r.name, timeout)
		first := time.AfterFunc(timeout, func() { r.halt(up) })
		defer first.Stop()
		last := time.AfterFunc(timeout+reserve+grace, func() { cancel(up) })
		defer last.Stop()
	}
	if line.Globals.DryRun {
		r.planned.show = func(q transport.Request) error { _, err := out.hold(q); return err }
	}
	s.tellParent(told{Script: r.name})
	return r.run(ctx, cancel, limits)
}

// run runs the script to its end, which a second interrupt, or a script that heeds nothing, brings about at once.
func (s *scripted) run(ctx context.Context, cancel context.CancelCauseFunc, limits script.Limits) error {
	defer s.close()
	s.mu.Lock()
	_, err := s.opened("", s.gateway, nil)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	type end struct {
		result script.Result
		err    error
	}
	stuck, done := make(chan error, 1), make(chan end, 1)
	go s.interrupts(ctx, cancel)
	go func() {
		result, err := s.program.Run(ctx, script.RunOptions{
			Host: s, Values: s.line.Values, Limits: limits, DryRun: s.line.Globals.DryRun, Getenv: s.Getenv, WorkDir: s.WorkDir,
			Grants: script.Grants{
				Read: values(s.line, "allow-read"), Write: values(s.line, "allow-write"), Env: values(s.line, "allow-env"),
				Profiles: values(s.line, "allow-profile"),
			},
			Profile: s.gateway.Profile, Gateway: s.gateway.URL, Stop: s.stop, Width: s.Streams.Width,
			Stuck: func(err error) { stuck <- err },
		})
		done <- end{result, err}
	}()
	ended := ctx.Done()
	var late <-chan time.Time
	for {
		select {
		case e := <-done:
			return s.finish(e.result, cause(ctx, e.err))
		case <-ended:
			ended, late = nil, time.After(grace)
			continue
		case <-late: // it computes, and does not hear
			return context.Cause(ctx)
		case err := <-stuck:
			e := problem.As(err)
			if j := s.current(); j != nil {
				return s.lastBegun(e, j.ID())
			}
			return e
		}
	}
}

// current is the job of the run; nil before it has one.
func (s *scripted) current() *job.Job {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.job
}

// halt has the script begin no more items; why is what the run then ends with, nil for an interrupt.
func (s *scripted) halt(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.halted {
		return
	}
	s.halted, s.why = true, why
	close(s.stop)
}

// halting is why no more items are begun; nil where they are, or after an interrupt.
func (s *scripted) halting() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

// twice is how long after an interrupt another one is the same: one keystroke reaches this process from the terminal and from
// its parent.
const twice = 200 * time.Millisecond

// interrupts has the script finish what is under way at the first one, and ends it at the second. A script without a job, and
// one that is computing, is ended at the first.
func (s *scripted) interrupts(ctx context.Context, cancel context.CancelCauseFunc) {
	var first time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Interrupts:
		}
		j := s.current()
		switch now := time.Now(); {
		case !first.IsZero() && now.Sub(first) < twice:
		case !first.IsZero() || j == nil:
			cancel(problem.New(problem.Interrupted, "%s was interrupted", s.name))
			return
		default:
			first = now
			s.halt(nil)
			s.say("finishing %d under way; ^C again stops at once. Resume: litellm-proxy job resume %s", s.underWay.Load(), j.ID())
		}
	}
}

// limitsOf reads the limits of a line.
func limitsOf(compute, memory string) (script.Limits, error) {
	turn, err := time.ParseDuration(compute)
	if err != nil || turn <= 0 {
		return script.Limits{}, problem.New(problem.Usage, "cannot use --compute %q: it must be a duration such as 10s or 1m", compute)
	}
	digits := strings.TrimRight(memory, "MGiB")
	n, err := strconv.ParseInt(digits, 10, 64)
	shift, ok := map[string]uint{"M": 20, "MB": 20, "MiB": 20, "G": 30, "GB": 30, "GiB": 30}[memory[len(digits):]]
	if err != nil || !ok || n > 1<<20 || n<<shift < 64<<20 {
		return script.Limits{}, problem.New(problem.Usage, "cannot use --memory %q: it must be a size such as 512M or 2G, and 64M at least", memory)
	}
	return script.Limits{Turn: turn, Memory: n << shift}, nil
}
