package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
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
	halting  sync.Once
	why      error        // it was closed; nil for an interrupt
	underWay atomic.Int64 // items
	person   string       // whose key it is

	mu        sync.Mutex
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

// Call runs a command of a plugin; see script.Host.
func (s *scripted) Call(ctx context.Context, call *script.Call, emit func([]byte) error) (string, error) {
	at, err := s.at(call.Profile)
	if err != nil {
		return "", err
	}
	manifest, err := s.catalog().Manifest(call.Plugin)
	if err != nil {
		return "", err
	}
	if err := s.named(call); err != nil {
		return "", err
	}
	line := &command.Line{Globals: s.line.Globals, Name: call.Plugin, Manifest: manifest, Command: call.Command, Values: call.Values}
	s.learn(line)
	out := &collector{emit: emit, secrets: s.secrets, vault: &vault{}}
	h := &host{
		session: s.session, line: line, output: out, vault: out.vault, target: at.target, guard: &at.guard,
		policy: policyOf(manifest, line), run: ctx, timeout: s.timeout, deadline: s.deadline, script: s, rows: at.rows,
	}
	out.held = h.plans
	h.named.Do(func() {}) // the run has named it
	if call.Step != nil {
		d := &durable{step: call.Step}
		if err := d.begin(words(line)); err != nil {
			return "", err
		}
		h.step.Store(d)
	}
	defer h.closeOthers()
	defer h.releaseLocks()
	process, err := s.process(ctx, call.Plugin)
	if err != nil {
		return "", err
	}
	start := s.invocation(line, at.target.config)
	if call.Step != nil {
		start.Intents = call.Step.Intents()
	}
	start.Durable, start.Formatted, start.Terminal = call.Step != nil, true, &protocol.Terminal{Width: 80}
	err = cause(ctx, process.Invoke(ctx, start, h, nil))
	if err == nil && out.planned != nil {
		err = emit(out.planned)
	}
	h.closeSaves(err)
	if call.Step == nil {
		s.keep(out.vault)
	}
	if err == nil {
		return out.said(), nil
	}
	var e *problem.Error
	if !errors.As(err, &e) {
		return "", err
	}
	if e.Code == problem.Plugin {
		s.forget(call.Plugin, process)
	}
	if e.Status >= 500 || e.Status == 429 {
		s.troubled()
	}
	if e.State == "" {
		e.State = h.state()
	}
	return "", e
}

// named puts a secret in the place of its reference where the script names a key by it. The plugin gets the hash.
func (s *scripted) named(call *script.Call) error {
	for i, v := range call.Values {
		for j, text := range v.GetValues() {
			if !strings.HasPrefix(text, refPrefix) {
				continue
			}
			if !slices.ContainsFunc(append(slices.Clone(call.Command.GetFlags()), call.Command.GetArguments()...), func(p *protocol.Parameter) bool {
				return p.GetName() == v.GetName() && p.GetKeyName()
			}) {
				return problem.New(problem.Script, "cannot give a secret as %s: it can name a key, and nothing else", v.GetName()).WithState(problem.Unchanged)
			}
			secret, err := s.resolveRef(text, "to name a key")
			if err != nil {
				return err
			}
			if v == call.Values[i] {
				v = proto.CloneOf(v)
				call.Values[i] = v
			}
			v.Values[j] = secret
		}
	}
	return nil
}

// noticed holds back what commands say again and again.
type noticed struct {
	mu   sync.Mutex
	seen map[string]bool
}

// maxNotices of one run are shown, each once.
const maxNotices = 20

func (s *scripted) notice(text string) {
	s.noticed.mu.Lock()
	n, again := len(s.noticed.seen), s.noticed.seen[text]
	if s.noticed.seen == nil {
		s.noticed.seen = map[string]bool{}
	}
	if n <= maxNotices {
		s.noticed.seen[text] = true
	}
	s.noticed.mu.Unlock()
	switch {
	case again, n > maxNotices:
	case n == maxNotices:
		s.say("further remarks of commands are left out")
	default:
		s.say("%s", text)
	}
}
