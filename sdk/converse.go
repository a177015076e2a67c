package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Stream is the plugin's end of a conversation.
type Stream interface {
	Context() context.Context
	Send(*protocol.ToHost) error
	Recv() (*protocol.ToPlugin, error)
}

// Converse runs one Invoke conversation of plugin p to its end. Serve does it over gRPC, package sdktest in memory.
func Converse(p *Plugin, stream Stream) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	start := first.GetInvocation()
	if start == nil {
		return fmt.Errorf("the conversation began with %T, not with an invocation", first.GetMessage())
	}
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	l := &link{stream: stream, waiting: map[uint64]*waiter{}, interrupts: make(chan struct{}, 1), ctx: ctx}
	go l.receive(cancel)
	result := &protocol.Result{}
	if err := p.run(ctx, &Invocation{link: l, start: start}); err != nil && !errors.Is(err, ErrPlanned) {
		result.Error = protocol.FromError(err)
		result.Code = result.Error.Code
	}
	return l.send(&protocol.ToHost{Message: &protocol.ToHost_Result{Result: result}})
}

// run finds the command, fills it and runs it.
func (p *Plugin) run(ctx context.Context, inv *Invocation) error {
	if inv.start.GetServeGateway() {
		if p.Gateway == nil {
			return problem.New(problem.Plugin, "plugin %q provides no gateway", p.Name)
		}
		socket := inv.start.GetSocket()
		return p.Gateway(ctx, inv.DataDir(), socket, func(key string) error {
			return inv.link.send(&protocol.ToHost{Message: &protocol.ToHost_GatewayReady{
				GatewayReady: &protocol.GatewayReady{Socket: socket, Key: key}}})
		})
	}
	if asked := inv.start.GetComplete(); asked != nil {
		return p.complete(ctx, inv, asked.GetKind(), asked.GetPrefix())
	}
	g, err := p.grammar(inv.start.GetPath())
	if err != nil {
		return problem.Wrap(problem.Plugin, err, "plugin %q", p.Name)
	}
	defer g.release()
	command, err := g.bind(inv.start.GetPath(), inv.start.GetValues())
	if err != nil {
		return problem.Wrap(problem.Usage, err, "cannot run %s", p.Name)
	}
	return command.Run(ctx, inv)
}

// link is the conversation as the invocation uses it: one sender at a time, answers by id.
type link struct {
	stream     Stream
	ctx        context.Context
	interrupts chan struct{}

	sending sync.Mutex
	target  atomic.Pointer[protocol.TargetAnswer] // of a job, that is being worked on

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]*waiter
}

// waiter is where the answers to one request go until it is gone.
type waiter struct {
	answers chan *protocol.ToPlugin
	gone    chan struct{}
}

func (l *link) send(m *protocol.ToHost) error {
	l.sending.Lock()
	defer l.sending.Unlock()
	if err := l.stream.Send(m); err != nil {
		return fmt.Errorf("speak to the host: %w", err)
	}
	return nil
}

// tell sends what nobody waits for; if it fails the stream is at its end, and the next request says so.
func (l *link) tell(m *protocol.ToHost) { _ = l.send(m) }

// open sends a request under a new id. wait returns its answers one after the other; done forgets it.
func (l *link) open(message func(id uint64) *protocol.ToHost) (wait func(context.Context) (*protocol.ToPlugin, error), done func()) {
	w := &waiter{make(chan *protocol.ToPlugin, 1), make(chan struct{})}
	l.mu.Lock()
	l.next++
	id := l.next
	l.waiting[id] = w
	l.mu.Unlock()
	err := l.send(message(id))
	wait = func(ctx context.Context) (*protocol.ToPlugin, error) {
		if err != nil {
			return nil, err
		}
		select {
		case answer := <-w.answers:
			return answer, nil
		case <-w.gone:
			return nil, io.ErrClosedPipe
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.ctx.Done():
			return nil, l.ctx.Err()
		}
	}
	return wait, sync.OnceFunc(func() {
		l.mu.Lock()
		delete(l.waiting, id)
		l.mu.Unlock()
		close(w.gone)
	})
}

func (l *link) ask(ctx context.Context, message func(id uint64) *protocol.ToHost) (*protocol.ToPlugin, error) {
	wait, done := l.open(message)
	defer done()
	return wait(ctx)
}

// receive hands answers to who waits for them until the stream ends, and then ends the run.
func (l *link) receive(cancel context.CancelFunc) {
	defer cancel()
	for {
		m, err := l.stream.Recv()
		if err != nil {
			if errors.Is(err, io.EOF) {
				<-l.ctx.Done() // the host has said all it has to say
			}
			return
		}
		var id uint64
		switch m := m.GetMessage().(type) {
		case *protocol.ToPlugin_HttpHead:
			id = m.HttpHead.GetId()
		case *protocol.ToPlugin_HttpChunk:
			id = m.HttpChunk.GetId()
		case *protocol.ToPlugin_Input:
			id = m.Input.GetId()
		case *protocol.ToPlugin_Confirm:
			id = m.Confirm.GetId()
		case *protocol.ToPlugin_Secret:
			id = m.Secret.GetId()
		case *protocol.ToPlugin_Lock:
			id = m.Lock.GetId()
		case *protocol.ToPlugin_Prompt:
			id = m.Prompt.GetId()
		case *protocol.ToPlugin_Save:
			id = m.Save.GetId()
		case *protocol.ToPlugin_Intent:
			id = m.Intent.GetId()
		case *protocol.ToPlugin_Targets:
			id = m.Targets.GetId()
		case *protocol.ToPlugin_Target:
			id = m.Target.GetId()
		case *protocol.ToPlugin_Interrupt:
			l.interrupt()
			continue
		}
		l.mu.Lock()
		w := l.waiting[id]
		l.mu.Unlock()
		if w == nil {
			continue
		}
		select {
		case w.answers <- m:
		case <-w.gone:
		case <-l.ctx.Done():
			return
		}
	}
}

// interrupt tells of an interrupt; one that nobody has looked at yet stands for those after it.
func (l *link) interrupt() {
	select {
	case l.interrupts <- struct{}{}:
	default:
	}
}
