package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// resuming is a job that is to be gone on with: it is opened when it is known that nothing has changed.
type resuming struct {
	report *job.Report
	retry  bool // what has failed is tried again
	accept bool // what has changed is accepted
}

// resumes says whether a line goes on with a job.
func resumes(args []string) bool {
	words, _ := command.Words(args, 2)
	return len(words) == 2 && words[0] == "job" && (words[1] == "resume" || words[1] == "retry")
}

// resume goes on with a job: it runs the job's own line again, with the journal, and with the flags of this line in front.
func (s *session) resume(ctx context.Context) error {
	line, err := command.Parse(s.Args, s.catalog())
	if err != nil {
		return err
	}
	verb, id := line.Command.GetPath()[0], value(line, "id")
	if line.Globals.DryRun {
		return problem.New(problem.Usage, "cannot %s job %s with --dry-run: what a job has done cannot be rehearsed", verb, id).
			WithHint("litellm-proxy job show %s tells what is left", id)
	}
	store, err := s.jobs()
	if err != nil {
		return err
	}
	r, err := store.Show(ctx, id)
	if problem.CodeOf(err) == problem.Failed { // to open it for writing tells more of what is wrong
		j, failed := store.Resume(ctx, id)
		if failed == nil {
			_ = j.Close()
			return err
		}
		return failed
	}
	if err != nil {
		return err
	}
	s.resuming = &resuming{report: r, retry: verb == "retry", accept: isOn(line, "accept-changes")}
	if info, err := os.Stat(r.Meta.WorkDir); r.Meta.WorkDir != "" && (err != nil || !info.IsDir()) {
		return problem.New(problem.Usage, "cannot %s job %s: the directory where it was begun, %s, is not there", verb, id, r.Meta.WorkDir).WithState(problem.Unchanged)
	}
	s.WorkDir = r.Meta.WorkDir
	if f, err := os.Open(filepath.Join(r.Dir, inputName)); err == nil {
		defer f.Close()
		s.Streams.In, s.Streams.InTTY = f, false
	}
	s.Args = slices.Concat(flagsOf(s.Args), r.Meta.Args)
	if err = s.prepare(ctx, s.Args); err == nil {
		err = s.understand(ctx)
	}
	if s.resumed != nil {
		_ = s.resumed.Close() // where the run has ended it, it is closed
	}
	return err
}

// flagsOf are the words of a line of job resume that every command may have.
func flagsOf(args []string) []string {
	_, at := command.Words(args, 3)
	var out []string
	for i, a := range args {
		if !slices.Contains(at, i) && a != "--accept-changes" {
			out = append(out, a)
		}
	}
	return out
}

// reopen opens the job that is to be gone on with, unless what it works with has changed; nil if there is none.
func (s *session) reopen(ctx context.Context, sums func() ([]job.Sum, error)) (*job.Job, error) {
	if s.resuming == nil {
		return nil, nil
	}
	now, err := sums()
	if err != nil {
		return nil, err
	}
	id, changes := s.resuming.report.ID, s.resuming.report.Changed(now)
	if len(changes) > 0 && !s.resuming.accept {
		e := problem.New(problem.Refused, "cannot resume job %s: what it works with has changed", id).WithState(problem.Unchanged).
			WithHint("put it back, or go on all the same: --accept-changes")
		for _, c := range changes {
			e.Facts = append(e.Facts, problem.Fact{Label: "was", Text: c.What + "  " + c.Was}, problem.Fact{Label: "is", Text: c.What + "  " + c.Is})
		}
		return nil, e
	}
	store, err := s.jobs()
	if err != nil {
		return nil, err
	}
	open := store.Resume
	if s.resuming.retry {
		open = store.Retry
	}
	if s.resumed, err = open(ctx, id); err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		err = s.resumed.Accept(ctx, now)
	}
	return s.resumed, err
}
