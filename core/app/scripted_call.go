package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

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
			if !slices.ContainsFunc(call.Command.Parameters(), func(p *protocol.Parameter) bool {
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
