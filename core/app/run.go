package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

const (
	// reserve is how long a command whose time is up may still ask what became of a write.
	reserve = 2 * time.Second
	// grace is how long it may then take to say so.
	grace = time.Second
)

// runPlugin runs one command of a plugin: its process and the gateway's are started side by side, and neither is
// waited for at the end.
func (s *session) runPlugin(parent context.Context, line *command.Line, gateway config.Gateway, timeout time.Duration) error {
	manifest := line.Manifest
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	output, err := s.newOutput(ctx, line)
	if err != nil {
		return err
	}
	h := &host{session: s, line: line, output: output, vault: output.vault, guard: &guard{}, run: ctx, policy: policyOf(manifest, line)}
	if timeout > 0 {
		h.timeout, h.deadline = timeout, time.Now().Add(timeout)
		overtime := time.AfterFunc(timeout+reserve+grace, func() {
			cancel(problem.New(problem.TimedOut, "%s: %s", words(line), h.timeUp()).WithState(h.state()))
		})
		defer overtime.Stop()
	}
	interrupts := s.watchInterrupts(ctx, line.Command.GetInteractive(), h, cancel)
	if len(manifest.GetGrants()) > 0 {
		options, _, err := s.transportOptions(line, gateway)
		if err != nil {
			return err
		}
		h.target = s.open(ctx, gateway, options)
		defer h.target.close()
	} else {
		h.target = &target{config: gateway}
	}
	if _, err := h.reopen(ctx, h.sums); err != nil {
		return err
	}
	if err := h.nameTargets(ctx); err != nil {
		return err
	}
	defer h.restored()
	defer cancel(nil)
	defer h.closeOthers()
	defer h.releaseLocks()
	h.prefetch(ctx, output)
	process, err := s.start(ctx, line.Name)
	if process != nil {
		defer process.Close()
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	start := s.invocation(line, gateway)
	s.progress.Update("waiting for "+h.gatewayName(), 0, 0)
	err = process.Invoke(ctx, start, h, interrupts)
	if err == nil && !s.debug { // under --debug the plugin's last words are waited for
		process.Release()
		h.target.release()
	}
	return h.endBatch(ctx, h.finish(ctx, output, err))
}

func words(line *command.Line) string {
	out := line.Name
	for _, w := range line.Command.GetPath() {
		out += " " + w
	}
	return out
}

// start starts one of the plugins.
func (s *session) start(ctx context.Context, name string) (*plugin.Process, error) {
	dir, err := plugin.RunDir(s.Getenv)
	if err != nil {
		return nil, problem.Wrap(problem.Plugin, err, "cannot start plugin %q", name)
	}
	go plugin.Sweep(dir)
	return plugin.StartBuiltin(ctx, name, plugin.Options{RunDir: dir, Getenv: s.Getenv, Stderr: s.pluginStderr()})
}

// pluginStderr is where a plugin's own words go: nowhere, unless --debug asks for them.
func (s *session) pluginStderr() io.Writer {
	switch {
	case !s.debug:
		return nil
	case s.Streams.ErrTTY:
		return visible{s.stderr}
	}
	return s.stderr
}

// visible makes what is written harmless to a terminal.
type visible struct{ w io.Writer }

func (v visible) Write(b []byte) (int, error) {
	if _, err := io.WriteString(v.w, term.Visible(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// transportOptions are how a gateway is spoken with, but for its address and a key that is known, and whose key it is.
func (s *session) transportOptions(line *command.Line, gateway config.Gateway) (transport.Options, *caller, error) {
	tls, limit, err := s.connection(line.Globals, gateway)
	if err != nil {
		return transport.Options{}, nil, err
	}
	o := transport.Options{
		Redact: s.secrets, UserAgent: "litellm-proxy/" + Version, TLS: tls, Limit: limit,
		OnWait: func(reason string, d time.Duration) {
			s.progress.Update(fmt.Sprintf("waiting %s: %s", d.Round(time.Millisecond), reason), 0, 0)
		},
	}
	if line.Globals.Debug {
		o.Debug = s.stderr
	}
	me := s.credential(line.Globals, gateway, &o)
	return o, me, s.audit(line, gateway, me, &o)
}

func (s *session) invocation(line *command.Line, gateway config.Gateway) *protocol.Invocation {
	dir, err := s.dataDir(line.Name)
	if err != nil {
		dir = "" // most plugins keep no state; one that does says that it cannot
	}
	return &protocol.Invocation{
		Path: line.Command.GetPath(), Values: withoutKeys(line), Profile: gateway.Profile, Gateway: gateway.URL,
		DryRun: line.Globals.DryRun, Formatted: formatted(line.Globals), DataDir: dir, WorkDir: s.WorkDir, HostVersion: Version,
		Terminal: &protocol.Terminal{
			Stdin: s.Streams.InTTY, Stdout: s.Streams.OutTTY, Stderr: s.Streams.ErrTTY,
			Width: int32(s.Streams.Width), Color: s.Streams.Color,
		},
	}
}

// withoutKeys are the values of a line as the plugin gets them: without the keys of second gateways, and with the hashes of
// keys that are named by their secrets. Both are the host's alone.
func withoutKeys(line *command.Line) []*protocol.Value {
	gateways, names := map[string]bool{}, map[string]bool{}
	for _, p := range line.Command.Parameters() {
		if flag := p.GetGatewayKey(); flag != "" {
			gateways[flag] = true
		}
		names[p.GetName()] = p.GetKeyName()
	}
	var out []*protocol.Value
	for _, v := range line.Values {
		if gateways[v.GetName()] {
			continue
		}
		if names[v.GetName()] {
			hidden := &protocol.Value{Name: v.GetName(), Given: v.GetGiven()}
			for _, text := range v.GetValues() {
				hidden.Values = append(hidden.Values, protocol.HideKey(text))
			}
			v = hidden
		}
		out = append(out, v)
	}
	return out
}

// watchInterrupts ends the run at the first interrupt, or tells an interactive command of it and ends the run at a
// second one that follows within two seconds, with no question to the person between them. While the person is asked at a
// terminal, a request to end does.
func (s *session) watchInterrupts(ctx context.Context, interactive bool, h *host, cancel context.CancelCauseFunc) <-chan struct{} {
	told := make(chan struct{}, 1)
	go func() {
		var last time.Time
		for {
			var signal os.Signal
			select {
			case <-ctx.Done():
				return
			case signal = <-s.Interrupts:
			}
			switch {
			case !interactive, h.prompting.Load() && signal == syscall.SIGTERM:
				cancel(h.interrupted())
				return
			case h.prompting.Load(): // there Ctrl-C is a key: this was pressed a moment before, when it had lost its meaning
				continue
			case !last.IsZero() && time.Since(last) < 2*time.Second && h.prompted.Load() < last.UnixNano():
				cancel(h.interrupted())
				return
			}
			last = time.Now()
			select {
			case told <- struct{}{}:
			default:
			}
		}
	}()
	return told
}

// policyOf is what the manifest lets the command do.
func policyOf(m *protocol.Manifest, line *command.Line) transport.Policy {
	p := transport.Policy{Plugin: m.GetName(), Grants: m.GetGrants(), DryRun: line.Globals.DryRun}
	switch line.Command.GetEffect() {
	case protocol.Effect_EFFECT_WRITE:
		p.Effect = transport.Write
	case protocol.Effect_EFFECT_DESTROY:
		p.Effect = transport.Destroy
	default:
		p.Effect = transport.Read
	}
	return p
}

// cause is the reason that ctx ended with, or err.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return context.Cause(ctx)
	}
	return err
}
