package app

import (
	"context"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// finish ends the run: its job, what it printed, and what is to be said of both.
func (s *scripted) finish(result script.Result, err error) error {
	s.bar.Stop()
	s.progress.Stop()
	if why := s.halting(); why != nil && problem.CodeOf(err) == problem.Interrupted {
		err = why
	}
	code := problem.CodeOf(err)
	if err != nil && s.out.count() == 0 {
		s.out.discard()
	}
	closed := s.out.close()
	if s.out.out.closed.Load() {
		closed = nil
	}
	var said error
	if s.job != nil {
		said = s.endJob(err)
	}
	s.saidPlanned()
	switch {
	case err != nil && (said == nil || code != problem.Interrupted && code != problem.TimedOut):
		return err
	case said != nil:
		return said
	case closed != nil:
		return closed
	case result.Failed > 0 && s.job == nil:
		return &silent{problem.Partial}
	}
	return nil
}

// endJob writes the job's files and says what it has come to.
func (s *scripted) endJob(err error) error {
	end := job.Ending{State: job.Done}
	switch code := problem.CodeOf(err); {
	case errors.Is(err, context.Canceled) || code == problem.Interrupted || code == problem.TimedOut:
		end = job.Ending{State: job.Interrupted, Error: problem.As(err)}
	case err != nil:
		end = job.Ending{State: job.Failed, Error: problem.As(err)}
	}
	ctx := context.WithoutCancel(s.ctx)
	summary, ended := s.job.End(ctx, end)
	if ended != nil {
		return ended
	}
	s.saidJob(summary)
	switch {
	case problem.CodeOf(err) == problem.Interrupted && s.out.out.closed.Load():
		return &silent{problem.Partial}
	case end.State == job.Interrupted:
		return &silent{problem.CodeOf(err)}
	case err == nil && summary.Counts.Failed > 0:
		return &silent{problem.Partial}
	}
	return nil
}
