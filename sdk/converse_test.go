package sdk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// pipe is a conversation in memory. What the plugin says goes to answer, which may say things to it.
type pipe struct {
	durable  bool // answer speaks of targets, too
	ctx      context.Context
	toPlugin chan *protocol.ToPlugin
	answer   func(*protocol.ToHost)
	mu       sync.Mutex
	result   *protocol.Result
}

func (p *pipe) Context() context.Context { return p.ctx }

func (p *pipe) Recv() (*protocol.ToPlugin, error) {
	select {
	case m, ok := <-p.toPlugin:
		if !ok {
			return nil, io.EOF
		}
		return m, nil
	case <-p.ctx.Done():
		return nil, p.ctx.Err()
	}
}

func (p *pipe) Send(m *protocol.ToHost) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := m.GetResult(); r != nil {
		p.result = r
	} else if t := m.GetTargets(); t != nil && !p.durable {
		p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Targets{Targets: &protocol.TargetsAnswer{Id: t.GetId()}}}
	} else if p.answer != nil {
		p.answer(m)
	}
	return nil
}

func (p *pipe) head(id uint64, h *protocol.HTTPHead) {
	h.Id = id
	p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: h}}
}

func (p *pipe) chunk(id uint64, data string, last bool) {
	p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_HttpChunk{HttpChunk: &protocol.HTTPChunk{Id: id, Data: []byte(data), Last: last}}}
}

// does is a plugin with one command, go, that does what it says.
type does func(ctx context.Context, inv *Invocation) error

func (d does) Run(ctx context.Context, inv *Invocation) error { return d(ctx, inv) }

func doing(run func(ctx context.Context, inv *Invocation) error) *Plugin {
	type command struct{ does }
	return &Plugin{Name: "pets", Commands: &struct {
		Go command `cmd:"" effect:"write"`
	}{command{run}}}
}

// converse runs the command and returns its result.
func converse(t *testing.T, p *pipe, run func(ctx context.Context, inv *Invocation) error) *protocol.Result {
	t.Helper()
	p.ctx = t.Context()
	p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: &protocol.Invocation{Path: []string{"go"}}}}
	if err := Converse(doing(run), p); err != nil {
		t.Fatal(err)
	}
	return p.result
}

func newPipe() *pipe { return &pipe{toPlugin: make(chan *protocol.ToPlugin, 1024)} }

// Fifty requests at once are answered in another order, in pieces that alternate. Each gets its own answer.
func TestAnswersById(t *testing.T) {
	const n = 50
	p := newPipe()
	var asked []*protocol.HTTPRequest
	p.answer = func(m *protocol.ToHost) {
		if asked = append(asked, m.GetHttp()); len(asked) < n {
			return
		}
		for i := n - 1; i >= 0; i-- {
			p.head(asked[i].GetId(), &protocol.HTTPHead{Status: 200})
		}
		for _, q := range asked {
			p.chunk(q.GetId(), "is ", false)
		}
		for _, q := range asked {
			p.chunk(q.GetId(), q.GetPath(), true)
		}
	}
	result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
		var group sync.WaitGroup
		errs := make(chan error, n)
		for i := range n {
			group.Go(func() {
				path := fmt.Sprintf("/%d", i)
				response, err := inv.Do(ctx, Request{Method: "GET", Path: path})
				if err != nil || string(response.Body) != "is "+path {
					errs <- fmt.Errorf("%s: %v, %v", path, response, err)
				}
			})
		}
		group.Wait()
		close(errs)
		return <-errs
	})
	if result.GetCode() != 0 {
		t.Error(result)
	}
}

// An answer that nobody waits for any more, or that nobody asked for, does not hold up the others.
func TestAnswersNobodyWaitsFor(t *testing.T) {
	p := newPipe()
	p.answer = func(m *protocol.ToHost) {
		id := m.GetHttp().GetId()
		if m.GetHttp().GetPath() == "/slow" {
			return
		}
		for range 20 {
			p.chunk(id-1, "late", false) // for the one that has been given up
			p.chunk(99, "never asked", false)
		}
		p.head(id, &protocol.HTTPHead{Status: 200})
		p.chunk(id, "{}", true)
	}
	result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		if _, err := inv.Do(short, Request{Method: "GET", Path: "/slow"}); !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("the slow one: %w", err)
		}
		return inv.Get(ctx, "/quick", nil, nil)
	})
	if result.GetCode() != 0 {
		t.Error(result)
	}
}

func TestLargeAnswer(t *testing.T) {
	p := newPipe()
	piece := bytes.Repeat([]byte("x"), protocol.ChunkSize)
	p.answer = func(m *protocol.ToHost) {
		id := m.GetHttp().GetId()
		p.head(id, &protocol.HTTPHead{Status: 200, Headers: []*protocol.Header{{Name: "A", Value: "b"}}})
		for range 8 {
			p.chunk(id, string(piece), false)
		}
		p.chunk(id, "", true)
	}
	converse(t, p, func(ctx context.Context, inv *Invocation) error {
		response, err := inv.Do(ctx, Request{Method: "GET", Path: "/"})
		if err != nil || len(response.Body) != 8*len(piece) || response.Headers[0] != (Header{"A", "b"}) {
			t.Errorf("%d bytes, %v", len(response.Body), err)
		}
		return err
	})
}

// How a command ends is the run's result.
func TestResults(t *testing.T) {
	planned := func(p *pipe) func(*protocol.ToHost) {
		return func(m *protocol.ToHost) { p.head(m.GetHttp().GetId(), &protocol.HTTPHead{Planned: "p1"}) }
	}
	refused := func(p *pipe) func(*protocol.ToHost) {
		return func(m *protocol.ToHost) {
			e := problem.New(problem.Refused, "cannot add").WithHint("do not").WithState(problem.Unchanged)
			e.Status = 400
			p.head(m.GetHttp().GetId(), &protocol.HTTPHead{Error: protocol.FromError(e)})
		}
	}
	post := func(ctx context.Context, inv *Invocation) error {
		return inv.Post(ctx, "/x", map[string]int{"a": 1}, nil)
	}
	for _, c := range []struct {
		name   string
		answer func(*pipe) func(*protocol.ToHost)
		run    func(context.Context, *Invocation) error
		code   problem.Code
		hint   string
	}{
		{"success", nil, func(context.Context, *Invocation) error { return nil }, problem.OK, ""},
		{"a held-back write is none of failure", planned, post, problem.OK, ""},
		{"wrapped, too", planned, func(ctx context.Context, inv *Invocation) error { return fmt.Errorf("x: %w", post(ctx, inv)) }, problem.OK, ""},
		{"the host's error is kept", refused, post, problem.Refused, "do not"},
		{"wrapped, too", refused, func(ctx context.Context, inv *Invocation) error { return fmt.Errorf("x: %w", post(ctx, inv)) }, problem.Refused, "do not"},
		{"any error", nil, func(context.Context, *Invocation) error { return io.ErrUnexpectedEOF }, problem.Failed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPipe()
			if c.answer != nil {
				p.answer = c.answer(p)
			}
			result := converse(t, p, c.run)
			if problem.Code(result.GetCode()) != c.code || result.GetError().GetHint() != c.hint {
				t.Errorf("%v", result)
			}
		})
	}
}

// The end of the stream ends the run and every request of it.
func TestCancelledStream(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newPipe()
	p.ctx = ctx
	p.answer = func(*protocol.ToHost) { cancel() }
	p.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: &protocol.Invocation{Path: []string{"go"}}}}
	var got error
	_ = Converse(doing(func(ctx context.Context, inv *Invocation) error {
		got = inv.Get(ctx, "/x", nil, nil)
		return got
	}), p)
	if !errors.Is(got, context.Canceled) {
		t.Errorf("the request ended with %v", got)
	}
}

func TestInterrupt(t *testing.T) {
	p := newPipe()
	interrupt := &protocol.ToPlugin{Message: &protocol.ToPlugin_Interrupt{Interrupt: &protocol.Interrupt{}}}
	p.answer = func(*protocol.ToHost) { p.toPlugin <- interrupt; p.toPlugin <- interrupt }
	result := converse(t, p, func(ctx context.Context, inv *Invocation) error {
		inv.Notice("ready")
		<-inv.Interrupts()
		return ctx.Err()
	})
	if result.GetCode() != 0 {
		t.Error(result)
	}
}

// TestConcurrent runs one command many times at once, each with values of its own.
func TestConcurrent(t *testing.T) {
	p := &Plugin{Name: "many", Commands: &struct {
		Go echoCmd `cmd:"" effect:"read"`
	}{}}
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			want := fmt.Sprint("name-", i)
			pipe := newPipe()
			pipe.ctx = t.Context()
			var got string
			pipe.answer = func(m *protocol.ToHost) { got += m.GetText().GetText() }
			values := []*protocol.Value{{Name: "name", Values: []string{want}, Given: true}}
			if i%2 == 0 {
				values = append(values, &protocol.Value{Name: "flag", Values: []string{"f-" + want}, Given: true})
				want += "[f-" + want + "]"
			} else {
				want += "[]"
			}
			pipe.toPlugin <- &protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: &protocol.Invocation{Path: []string{"go"}, Values: values}}}
			if err := Converse(p, pipe); err != nil || got != want+" 1" {
				t.Errorf("%v: %q, want %q", err, got, want)
			}
		})
	}
	all.Wait()
}

type echoCmd struct {
	Name string   `arg:""`
	Flag []string `name:"flag"`
	runs int
}

func (c *echoCmd) Run(_ context.Context, inv *Invocation) error {
	c.runs++ // what a command keeps for itself is not there the next time
	return inv.Print(fmt.Sprint(c.Name, c.Flag, " ", c.runs))
}
