package script

import (
	"context"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// RunOptions say how a program is run.
type RunOptions struct {
	Host Host
	// Manifests are the plugins' whose commands the script may call; those that it was built with if nil.
	Manifests []*protocol.Manifest
	// Values are those of the script's own arguments, by the names of the signature. What is missing has the default of its spec.
	Values []*protocol.Value
	Grants Grants
	Getenv func(name string) string
	// WorkDir is what relative paths begin at.
	WorkDir string
	// DryRun says that the host holds writes back. Items are then worked on without a journal, and their rows are dropped.
	DryRun           bool
	Profile, Gateway string // the run's own, as `run` shows them
	Limits           Limits
	// Stop is closed when no new items are to be begun: those under way are finished, and the run then ends as interrupted.
	Stop <-chan struct{}
	// Stuck is called, from another goroutine, when the script does not heed the end of its time or memory. Run does not return
	// then: the process has to end.
	Stuck func(error)
	// Width of standard output in characters, 80 if 0, and whether it shows ASCII alone: for pictures.
	Width int
	ASCII bool

	clock func() time.Time // time.Now if nil
	sleep func(ctx context.Context, d time.Duration) error
}

// Grants are what the person allows the script beyond the commands of plugins.
type Grants struct {
	Read, Write []string // directories
	Env         []string // names
	Profiles    []string // names; those that the person gives as values of the script's arguments are allowed by that
}

// Result is what has come of a run's items.
type Result struct {
	Batches          int // job.each calls
	OK, Failed, Left int // items of all batches, those of earlier runs included
}

// Run runs the program until nothing is left to do. What the script has thrown, or what was wrong with it, is a *Failure; an end
// from outside is ctx's cause. Items that have failed are no error.
func (p *Program) Run(ctx context.Context, o RunOptions) (Result, error) {
	s := newSession(ctx, p, o)
	err := s.main()
	return s.sum(), err
}

// Describe evaluates the program until it asks for its arguments, and returns what they are. A script that asks the host for
// something else first, or for nothing, has none. When the script does not heed the end of its time or memory, Describe returns the
// error all the same, and the process has to end soon: the script goes on.
func (p *Program) Describe(ctx context.Context, l Limits) (*Signature, error) {
	if !strings.Contains(p.Code, `$litellm("args")`) {
		return &Signature{}, nil
	}
	type outcome struct {
		signature *Signature
		err       error
	}
	end := make(chan outcome, 2)
	s := newSession(ctx, p, RunOptions{Limits: l, Stuck: func(err error) { end <- outcome{err: err} }})
	s.describing = true
	go func() {
		err := s.main()
		if s.signature == nil {
			s.signature = &Signature{}
		}
		end <- outcome{s.signature, err}
	}()
	o := <-end
	if o.err != nil {
		return nil, o.err
	}
	return o.signature, nil
}

// interrupted is the end of a run that was told to stop.
func (s *session) interrupted(left int) error {
	e := problem.New(problem.Interrupted, "%s was interrupted", s.program.Name)
	if left > 0 {
		e = problem.New(problem.Interrupted, "%s was interrupted: %s not begun", s.program.Name, counted(left, "item"))
	}
	return e
}
