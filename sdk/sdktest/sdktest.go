// Package sdktest runs a plugin's commands in the test's own process, against a gateway that is an http.Handler.
//
//	result := sdktest.Run(t, plugin, sdktest.Host{Gateway: handler}, "request", "gpt-4", "--team", "eng")
package sdktest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Host is the fake host of one run. The zero value has no gateway, no input, and is no terminal.
type Host struct {
	Gateway http.Handler      // answers the plugin's requests
	DryRun  bool              // hold writes back, as --dry-run does
	Inputs  map[string][]byte // content behind flags and arguments, by their names
	Refuse  bool              // answer questions with no
	DataDir string            // where the plugin keeps its state
	Lines   []string          // what the person answers to prompts, until the input ends
	// Others are the second gateways, by the flags that name them.
	Others map[string]http.Handler
	// Terminal is the user's; the zero value is none.
	Terminal sdk.Terminal
	// Formatted says that the line asks for a format, a filter or columns.
	Formatted bool
	// Interrupt says, of all that was printed so far, whether the person interrupts there; nil for never.
	Interrupt func(printed string) bool
	// Lose says whether the answer to a request is lost after the gateway has acted; nil loses none.
	Lose func(Request) bool
	// Job says that the run is part of a job: intents are noted, and several targets are begun and ended one by one.
	Job bool
	// After is the run that this one goes on with, in a job, because that one or one of its answers was lost: its intents come
	// back, and its secrets.
	After *Result
}

// Result is what a run did.
type Result struct {
	Records  []json.RawMessage // in the order they were emitted, those delivered by the host included
	Text     string            // printed as it is
	Notices  []string          // shown to the person
	Requests []Request         // made to the gateway
	Planned  []Request         // held back by DryRun
	Plans    []json.RawMessage // added to the plan
	Asked    [][]string        // what was to be confirmed
	Prompts  []string          // what stood before the cursor
	Saved    map[string]string // what was saved, by flag or name, with the secrets in it
	Locks    []string          // "kind name" of each lock
	Listing  *protocol.Listed  // what was said of the list
	Intents  map[string]string // what identifies the effect of writes, by the names of the intents
	Targets  []string          // that were begun
	Err      error             // nil when the run succeeded

	secrets secrets
}

// Request is one request of the plugin's.
type Request struct {
	Method, Path, Query string
	Body                []byte
	Gateway             string // the flag of a second gateway
	As                  string // the argument whose value is the key
}

// Code returns the exit code of the run.
func (r *Result) Code() problem.Code { return problem.CodeOf(r.Err) }

// Run runs one command line of the plugin, without the plugin's name. Like the real host it refuses requests that the
// plugin has no grant for, and makes an error of an answer that is not 2xx. A broken grammar fails the test.
func Run(t testing.TB, p *sdk.Plugin, h Host, args ...string) *Result {
	t.Helper()
	m, err := p.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	start, err := sdk.ParseArgs(p, args)
	if err != nil {
		return &Result{Err: problem.Wrap(problem.Usage, err, "cannot run %s %s", p.Name, strings.Join(args, " "))}
	}
	start.DryRun, start.DataDir, start.Formatted = h.DryRun, h.DataDir, h.Formatted
	if start.Durable = h.Job || h.After != nil; h.After != nil {
		start.Intents = h.intents()
	}
	hideKeys(m, start)
	start.Terminal = &protocol.Terminal{
		Stdin: h.Terminal.Stdin, Stdout: h.Terminal.Stdout, Stderr: h.Terminal.Stderr,
		Width: int32(h.Terminal.Width), Color: h.Terminal.Color,
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := &conversation{host: h, manifest: m, ctx: ctx, toPlugin: make(chan *protocol.ToPlugin, 64), result: &Result{}}
	if h.After != nil {
		c.before = h.After.secrets
	}
	c.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: start}}
	err = sdk.Converse(p, c)
	cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended, c.result.secrets = true, c.secrets
	if err != nil {
		c.result.Err = err
	}
	return c.result
}

// conversation is the host's end; it is also the plugin's stream.
type conversation struct {
	host     Host
	manifest *protocol.Manifest
	ctx      context.Context
	toPlugin chan *protocol.ToPlugin

	secrets secrets
	before  secrets // of the run that this one goes on with, and that it has not asked for

	mu      sync.Mutex
	cancels map[uint64]context.CancelFunc // of the requests whose answers are streams
	result  *Result
	ended   bool // the result is the test's, and no longer written to
}

// Context is the run's.
func (c *conversation) Context() context.Context { return c.ctx }

// Recv gives the plugin its next message.
func (c *conversation) Recv() (*protocol.ToPlugin, error) {
	select {
	case m := <-c.toPlugin:
		return m, nil
	case <-c.ctx.Done():
		return nil, io.EOF
	}
}

// Send takes a message of the plugin's and answers it. After the run has ended the stream is closed, as the real one is.
func (c *conversation) Send(m *protocol.ToHost) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return io.EOF
	}
	r := c.result
	switch m := m.GetMessage().(type) {
	case *protocol.ToHost_Records:
		for _, record := range m.Records.GetJson() {
			r.Records = append(r.Records, json.RawMessage(record))
		}
	case *protocol.ToHost_Text:
		r.Text += m.Text.GetText()
		if c.host.Interrupt != nil && c.host.Interrupt(r.Text) {
			c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Interrupt{Interrupt: &protocol.Interrupt{}}})
		}
	case *protocol.ToHost_Notice:
		r.Notices = append(r.Notices, m.Notice.GetText())
	case *protocol.ToHost_Plan:
		r.Plans = append(r.Plans, json.RawMessage(m.Plan.GetJson()))
	case *protocol.ToHost_Http:
		c.http(m.Http)
	case *protocol.ToHost_Cancel:
		if cancel := c.cancels[m.Cancel.GetId()]; cancel != nil {
			cancel()
		}
	case *protocol.ToHost_Input:
		answer := &protocol.InputAnswer{Id: m.Input.GetId(), Data: protocol.HideKeys(c.host.Inputs[m.Input.GetName()])}
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Input{Input: answer}})
	case *protocol.ToHost_Confirm:
		r.Asked = append(r.Asked, m.Confirm.GetLines())
		answer := &protocol.ConfirmAnswer{Id: m.Confirm.GetId()}
		if c.host.Refuse {
			answer.Error = protocol.FromError(problem.New(problem.Guarded, "not confirmed").WithState(problem.Unchanged))
		}
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Confirm{Confirm: answer}})
	case *protocol.ToHost_Prompt:
		r.Prompts = append(r.Prompts, m.Prompt.GetText())
		answer := &protocol.PromptAnswer{Id: m.Prompt.GetId(), End: len(c.host.Lines) == 0}
		if !answer.End {
			answer.Text, c.host.Lines = c.host.Lines[0], c.host.Lines[1:]
			answer.Interrupted = answer.GetText() == CtrlC
		}
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Prompt{Prompt: answer}})
	case *protocol.ToHost_Secret:
		ref, sum := c.secrets.next(&c.before, m.Secret.GetPrefix())
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Secret{Secret: &protocol.SecretAnswer{
			Id: m.Secret.GetId(), Ref: ref, Sha256: sum}}})
	case *protocol.ToHost_Save:
		name := m.Save.GetFlag() + m.Save.GetName()
		if r.Saved == nil {
			r.Saved = map[string]string{}
		}
		r.Saved[name] += string(c.secrets.reveal(m.Save.GetData()))
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Save{Save: &protocol.SaveAnswer{Id: m.Save.GetId(), Path: "/saved/" + name}}})
	case *protocol.ToHost_Lock:
		r.Locks = append(r.Locks, m.Lock.GetKind()+" "+m.Lock.GetName())
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Lock{Lock: &protocol.LockAnswer{Id: m.Lock.GetId()}}})
	case *protocol.ToHost_Listed:
		r.Listing = m.Listed
	case *protocol.ToHost_Intent:
		c.intent(m.Intent)
	case *protocol.ToHost_Targets:
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Targets{Targets: &protocol.TargetsAnswer{
			Id: m.Targets.GetId(), Durable: c.host.Job || c.host.After != nil}}})
	case *protocol.ToHost_Target:
		r.Targets = append(r.Targets, m.Target.GetKey())
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Target{Target: &protocol.TargetAnswer{
			Id: m.Target.GetId(), Intents: c.host.intents()}}})
	case *protocol.ToHost_TargetEnd:
		c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Target{Target: &protocol.TargetAnswer{Id: m.TargetEnd.GetId()}}})
	case *protocol.ToHost_Result:
		if e := m.Result.GetError().Problem(); e != nil {
			r.Err = e
		}
	}
	return nil
}

// reply gives the plugin a message, unless the run has ended and nobody takes it.
func (c *conversation) reply(m *protocol.ToPlugin) {
	select {
	case c.toPlugin <- m:
	case <-c.ctx.Done():
	}
}

// intents are those of the run that this one goes on with.
func (h Host) intents() map[string]string {
	if h.After == nil {
		return nil
	}
	return h.After.Intents
}

// intent notes an intent.
func (c *conversation) intent(m *protocol.Intent) {
	if c.result.Intents == nil {
		c.result.Intents = map[string]string{}
	}
	c.result.Intents[m.GetName()] = m.GetIdentity()
	c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_Intent{Intent: &protocol.IntentAnswer{Id: m.GetId()}}})
}

// http answers a request: refused, held back, or from the gateway.
func (c *conversation) http(q *protocol.HTTPRequest) {
	head := &protocol.HTTPHead{Id: q.GetId()}
	answer := func() { c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: head}}) }
	fail := func(e *problem.Error) { head.Error = protocol.FromError(e); answer() }
	request := Request{Method: q.GetMethod(), Path: q.GetPath(), Query: q.GetQuery(), Body: q.GetBody(), Gateway: q.GetGateway(), As: q.GetAs()}
	if err := grant.Check(c.manifest.GetGrants(), request.Method, request.Path); err != nil {
		fail(problem.New(problem.Plugin, "plugin %q asked for %s %s: %v", c.manifest.GetName(), request.Method, request.Path, err))
		return
	}
	if c.host.DryRun && request.Method != http.MethodGet && request.Method != http.MethodHead {
		c.result.Planned = append(c.result.Planned, request)
		head.Planned = "1"
		answer()
		return
	}
	c.result.Requests = append(c.result.Requests, request)
	gateway := c.host.Gateway
	if request.Gateway != "" {
		gateway = c.host.Others[request.Gateway]
	}
	if gateway == nil {
		fail(problem.New(problem.Unreachable, "cannot send %s %s: the test has no gateway", request.Method, request.Path))
		return
	}
	if q.GetStream() {
		c.stream(gateway, q)
		return
	}
	response := c.ask(gateway, q)
	if c.host.Lose != nil && c.host.Lose(request) {
		e := problem.New(problem.Unreachable, "cannot send %s %s: the answer was lost", request.Method, request.Path)
		if request.Method != http.MethodGet && request.Method != http.MethodHead {
			e.State = problem.Unknown
		}
		fail(e)
		return
	}
	head = headOf(q, response.Code, response.Header())
	if response.Code/100 != 2 && !q.GetAnyStatus() {
		fail(refusal(q, response.Code, response.Body.String()))
		return
	}
	body := c.secrets.veil(response.Body.Bytes())
	if d := q.GetDeliver(); d != nil {
		if !c.deliver(d, body) {
			fail(problem.New(problem.Unreachable, "cannot %s: the answer is no list", q.GetAttempt()))
			return
		}
		answer()
		return
	}
	answer()
	c.reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpChunk{HttpChunk: &protocol.HTTPChunk{Id: q.GetId(), Data: body, Last: true}}})
}

func (c *conversation) ask(gateway http.Handler, q *protocol.HTTPRequest) *httptest.ResponseRecorder {
	response := httptest.NewRecorder()
	gateway.ServeHTTP(response, c.request(c.ctx, q))
	return response
}

// request is what the gateway gets.
func (c *conversation) request(ctx context.Context, q *protocol.HTTPRequest) *http.Request {
	target := q.GetPath()
	if q.GetQuery() != "" {
		target += "?" + q.GetQuery()
	}
	request := httptest.NewRequestWithContext(ctx, q.GetMethod(), target, bytes.NewReader(c.secrets.reveal(q.GetBody())))
	if q.GetAs() != "" {
		request.Header.Set("Authorization", "Bearer "+q.GetAs())
	}
	for _, h := range q.GetHeaders() {
		request.Header.Add(h.GetName(), h.GetValue())
	}
	return request
}

// deliver records what the real host would print; false if it would find no list in the answer.
func (c *conversation) deliver(d *protocol.Deliver, body []byte) bool {
	if d.GetWhole() {
		c.result.Records = append(c.result.Records, body)
		return true
	}
	var object map[string]json.RawMessage
	var items []json.RawMessage
	if json.Unmarshal(body, &object) != nil || json.Unmarshal(object[d.GetItems()], &items) != nil || items == nil {
		return false
	}
	c.result.Records = append(c.result.Records, items...)
	return true
}

func codeOf(status int) problem.Code {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return problem.Denied
	case status == http.StatusNotFound:
		return problem.NotFound
	case status >= 500:
		return problem.Unreachable
	}
	return problem.Refused
}
