package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// host answers one running command: it is the only way from a plugin to the gateway, the terminal and files.
type host struct {
	*session
	line     *command.Line
	output   sink
	vault    *vault
	target   *target
	policy   transport.Policy
	run      context.Context
	timeout  time.Duration // --timeout; 0 for none
	deadline time.Time     // of requests, by --timeout; the command has a little longer, to report

	step   atomic.Pointer[durable] // of a job; nil outside one
	batch  *batch                  // of a command that acts on several things; nil for any other
	script *scripted               // the script that the command runs for; nil for none
	rows   *plannedRows            // what a script's dry run has held back; nil for any other run

	selected   atomic.Bool // the person was asked about a selection
	inputs     inputs
	prefetched *prefetched
	named      sync.Once
	outcome    outcome
	rehearsal  rehearsal
	guard      *guard
	locks      locks
	noLocks    sync.Once
	saves      saves
	others     others
	listed     *protocol.Listed
	asking     sync.Mutex // one question at a time
	prompter   *term.Prompter
	prompted   atomic.Int64 // when a line was last asked for, in nanoseconds since 1970
	prompting  atomic.Bool  // a line is being asked for at a terminal
}

func (h *host) Records(records [][]byte) error {
	if h.script == nil {
		h.progress.Stop()
	}
	if h.batch.collects(records) {
		return nil
	}
	for _, r := range records {
		if err := h.output.record(r); err != nil {
			return err
		}
	}
	return nil
}

func (h *host) Text(text string) error {
	if h.script == nil {
		h.progress.Stop()
	}
	return h.output.text(text)
}

func (h *host) Plan(json []byte) error { return h.output.plan(json) }

// Notice shows a line; a faint one where there is colour is dimmed.
func (h *host) Notice(text string, faint bool) {
	h.output.settle()
	if h.script != nil {
		h.script.notice(text)
		return
	}
	if h.Streams.ErrTTY {
		text = term.VisibleLine(text)
		if faint && h.Streams.Color {
			text = "\x1b[2m" + text + "\x1b[0m"
		}
	}
	fmt.Fprintf(h.stderr, "%s\n", text)
}

func (h *host) Progress(text string, done, total int64) {
	if h.script != nil {
		return
	}
	h.progress.Update(term.VisibleLine(text), done, total)
}

func (h *host) Log(text string) {
	if h.debug {
		fmt.Fprintf(h.stderr, "# %s\n", term.VisibleLine(text))
	}
}

func (h *host) GatewayReady(string, string) {}

// Listed remembers what a list is a list of, for its end.
func (h *host) Listed(l *protocol.Listed) error {
	var around map[string]json.RawMessage
	if len(l.GetAround()) > 0 && (json.Unmarshal(l.GetAround(), &around) != nil || around == nil) {
		return problem.New(problem.Plugin, "plugin %q described its list with something that is no JSON object", h.policy.Plugin)
	}
	h.listed = l
	h.output.around(l.GetAround())
	return nil
}

// gatewayName is the gateway for messages: its address and profile.
func (h *host) gatewayName() string { return h.target.name() }

func (t *target) name() string {
	switch c := t.config; {
	case c.Profile == config.Sandbox:
		return "the sandbox"
	case c.Profile != "":
		return c.URL + " (" + c.Profile + ")"
	default:
		return c.URL
	}
}

// HTTP makes one request of the plugin's, if it may.
func (h *host) HTTP(ctx context.Context, r *protocol.HTTPRequest, reply func(*protocol.ToPlugin) error) error {
	request := requestOf(r)
	if h.script != nil {
		request.Command, request.Plugin = words(h.line)+" ("+h.script.name+")", h.policy.Plugin
	}
	target, policy, err := h.addressed(r.GetGateway())
	if err != nil {
		return err
	}
	if r.GetAs() != "" {
		if r.GetGateway() != "" {
			return policy.Refuse(request, "a key that is named is one of the command's own gateway")
		}
		if request.Key, err = h.namedKey(r.GetAs(), r.GetAsHash()); err != nil {
			return err
		}
		policy = h.reading()
	}
	verdict, err := policy.Check(request)
	if err != nil {
		return err
	}
	if (r.GetGateway() != "" || r.GetAs() != "") && transport.IsSpending(request.Method, grant.Decode(request.Path)) {
		return policy.Refuse(request, "a second gateway, and a key that is named, are for reading")
	}
	if request.Body, err = h.vault.fill(request.Body, verdict == transport.Send); err != nil {
		return err
	}
	transport.Learn(h.secrets, request)
	if verdict == transport.Send && target == h.target {
		if err := h.pass(request); err != nil {
			return err
		}
	}
	if verdict == transport.Hold {
		id, err := h.output.hold(request)
		if err != nil {
			return err
		}
		h.rehearsal.held(request)
		return reply(head(&protocol.HTTPHead{Id: r.GetId(), Planned: id}))
	}
	if planned := h.plannedAnswer(request); planned != nil {
		return h.answerPlanned(target, r, request, planned, reply)
	}
	ctx, stop := h.timed(ctx)
	defer stop()
	if err := h.sending(ctx, request); err != nil {
		return err
	}
	begun, err := h.send(ctx, target, request)
	if err != nil {
		return err
	}
	h.revise(request, begun.response)
	return h.garbled(request, h.answer(target, r, request, begun, reply))
}

// send makes a request, or takes the answer of one that was begun beforehand.
func (h *host) send(ctx context.Context, target *target, request transport.Request) (*prefetched, error) {
	client, err := target.wait(ctx)
	if err != nil {
		return nil, h.ended(err, request)
	}
	if changes(request) {
		h.nameGateway()
		done := h.outcome.begin()
		defer func() { done(err) }()
	}
	var begun *prefetched
	if target == h.target && request.Key == "" {
		begun, err = h.prefetched.take(ctx, request)
	}
	if begun == nil && err == nil {
		begun = &prefetched{}
		begun.response, err = client.Do(ctx, request)
	}
	return begun, h.ended(err, request)
}

// ended explains the end of a context before its request was sent.
func (h *host) ended(err error, request transport.Request) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return problem.New(problem.TimedOut, "cannot %s: %s", request.Purpose(), h.timeUp())
	case errors.Is(err, context.Canceled):
		return problem.New(problem.Interrupted, "cannot %s: interrupted", request.Purpose())
	}
	return err
}

// timeUp says that --timeout has passed.
func (h *host) timeUp() string { return fmt.Sprintf("the time is up (--timeout %s)", h.timeout) }

// timed returns ctx with the deadline of --timeout. After a write whose effect is not known there is a reserve, so that
// the command can ask what became of it.
func (h *host) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	if h.deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	deadline := h.deadline
	if h.outcome.isUnknown() {
		deadline = deadline.Add(reserve)
	}
	return context.WithDeadline(ctx, deadline)
}

// nameGateway says on a terminal, before the first write, where it goes.
func (h *host) nameGateway() {
	h.named.Do(func() {
		if h.Streams.ErrTTY {
			fmt.Fprintf(h.stderr, "On %s\n", h.gatewayName())
		}
	})
}

func requestOf(r *protocol.HTTPRequest) transport.Request {
	out := transport.Request{
		Method: r.GetMethod(), Path: r.GetPath(), Query: r.GetQuery(), Body: r.GetBody(),
		Identified: r.GetIdentified(), Attempt: r.GetAttempt(), AnyStatus: r.GetAnyStatus(),
		Stream: r.GetDeliver().GetWhole() || r.GetStream(),
	}
	for _, h := range r.GetHeaders() {
		if out.Header == nil {
			out.Header = map[string][]string{}
		}
		out.Header.Add(h.GetName(), h.GetValue())
	}
	return out
}

// interrupted is the failure of a run that the person ended.
func (h *host) interrupted() error {
	return problem.New(problem.Interrupted, "%s was interrupted", words(h.line)).WithState(h.state())
}

// state says what is true of a command that was ended, or ended itself, before it could say so.
func (h *host) state() string {
	if h.policy.Effect == transport.Read {
		return ""
	}
	state := h.outcome.state()
	if hashes := h.vault.hashes(); state == problem.Unknown && len(hashes) > 0 {
		state += "; the new key has the hash " + hashes[len(hashes)-1]
	}
	return state
}
