package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
)

// scripted runs commands for a script: one process a plugin and one client a gateway, for as long as the script runs.
type scripted struct {
	*session
	line     *command.Line // of the script
	name     string        // the script's
	gateway  config.Gateway
	ctx      context.Context
	out      *output
	deadline time.Time
	timeout  time.Duration
	since    time.Time
	planned  planned
	noticed  noticed
	trouble  chan struct{}
	bar      *runBar
	stop     chan struct{} // closed when no more items are to be begun
	underWay atomic.Int64  // items
	asked    sync.Once     // whose key it is
	person   string

	mu        sync.Mutex
	halted    bool  // stop is closed
	why       error // it is; nil for an interrupt
	job       *job.Job
	begun     sync.Once         // the job has
	kept      map[string]string // secrets that were made outside a job, by their references
	revealed  map[string]string // references of the secrets that the script has opened
	processes map[string]*running
	places    map[string]*place
}

// running is the process of a plugin.
type running struct {
	started chan struct{} // closed when the rest is set
	process *plugin.Process
	err     error
}

// place is a gateway that a script works on.
type place struct {
	target *target
	guard  guard
	rows   *plannedRows // of a dry run
	err    error
}

// process is the plugin's, started at its first command.
func (s *scripted) process(ctx context.Context, name string) (*plugin.Process, error) {
	s.mu.Lock()
	r := s.processes[name]
	if r == nil {
		r = &running{started: make(chan struct{})}
		s.processes[name] = r
		go func() {
			r.process, r.err = s.start(s.ctx, name)
			close(r.started)
		}()
	}
	s.mu.Unlock()
	select {
	case <-r.started:
		return r.process, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// forget lets the next command of a plugin that has crashed start it again.
func (s *scripted) forget(name string, process *plugin.Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.processes[name]; r != nil && r.process == process {
		delete(s.processes, name)
		process.Close()
	}
}

// at is a gateway by its profile; the run's own has none.
func (s *scripted) at(profile string) (*place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.places[profile]; p != nil {
		return p, p.err
	}
	gateway, err := s.resolve(config.Line{Profile: &profile})
	return s.opened(profile, gateway, err)
}

// opened opens a gateway for the script; s.mu is held.
func (s *scripted) opened(profile string, gateway config.Gateway, err error) (*place, error) {
	p := &place{err: err}
	if s.line.Globals.DryRun {
		p.rows = &plannedRows{}
	}
	s.places[profile] = p
	if err != nil {
		return nil, err
	}
	s.secrets.Add(gateway.Key)
	options, _, err := s.transportOptions(s.line, gateway)
	if err != nil {
		p.err = err
		return nil, err
	}
	options.Concurrency = max(64, options.Limit)
	options.OnWait = func(reason string, d time.Duration) {
		s.troubled()
		s.bar.Wait(reason, d)
	}
	p.target = s.open(s.ctx, gateway, options)
	return p, nil
}

// troubled tells the script's batches that the gateway is hard pressed.
func (s *scripted) troubled() {
	select {
	case s.trouble <- struct{}{}:
	default:
	}
}

// close ends the plugins and the gateways' processes.
func (s *scripted) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.processes {
		select {
		case <-r.started:
			if r.process != nil {
				r.process.Close()
			}
		default: // it ends with the context
		}
	}
	for _, p := range s.places {
		if p.target != nil {
			p.target.close()
		}
	}
}
