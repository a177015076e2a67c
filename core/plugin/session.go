package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Host answers a running command. Output methods are called in the order in which the plugin speaks; HTTP and Input
// may be called at the same time as each other and as the output methods.
type Host interface {
	Records(json [][]byte) error
	Text(text string) error
	Plan(json []byte) error
	// Notice shows a line to the person; a faint one matters less.
	Notice(text string, faint bool)
	Progress(text string, done, total int64)
	Log(text string)
	// HTTP makes a request and passes the answer on through reply: a head, and chunks if the head says so.
	HTTP(ctx context.Context, r *protocol.HTTPRequest, reply func(*protocol.ToPlugin) error) error
	Input(name string, index int) ([]byte, error)
	// Confirm asks the person; nil is yes.
	Confirm(r *protocol.ConfirmRequest) error
	// Prompt asks the person for a line.
	Prompt(ctx context.Context, text string) (*protocol.PromptAnswer, error)
	// Secret makes a secret, of which the plugin gets a reference and the SHA-256.
	Secret(prefix string) (ref, sum string, err error)
	// Save appends to a file that a flag or, in the state directory, a name stands for, and returns its path.
	Save(flag, name string, data []byte) (path string, err error)
	// Lock waits for a lock, which is held until Unlock with the same id.
	Lock(ctx context.Context, id uint64, kind, name string) error
	Unlock(id uint64)
	Listed(l *protocol.Listed) error
	// Intent notes, in a job, what identifies the effect of a write.
	Intent(ctx context.Context, name, identity string) error
	// Targets makes a job of what is done to several things, if it can be one.
	Targets(ctx context.Context, member string, keys []string) (durable bool, err error)
	// Target begins with one of them, and TargetEnd is its end.
	Target(ctx context.Context, key string) (done bool, intents map[string]string, err error)
	TargetEnd(ctx context.Context, failed *problem.Error) error
	GatewayReady(socket, key string)
}

// maxOpen is how many requests of one command are under way at once; more wait in the stream.
const maxOpen = 64

// Invoke runs one command to its end and returns its failure, if any. When ctx is cancelled so are the command and all
// its requests. interrupts, which may be nil, are passed on to an interactive command.
func (p *Process) Invoke(ctx context.Context, start *protocol.Invocation, host Host, interrupts <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if start.GetServeGateway() {
		start.Socket = filepath.Join(p.dir, "gateway")
	}
	stream, err := p.client.Invoke(ctx)
	if err != nil {
		return p.crashed(ctx, err)
	}
	s := &session{name: p.name, host: host, stream: stream, slots: make(chan struct{}, maxOpen)}
	if err := s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: start}}); err != nil {
		return p.crashed(ctx, err)
	}
	if interrupts != nil {
		go s.passInterrupts(ctx, interrupts)
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return p.crashed(ctx, err)
		}
		if r := m.GetResult(); r != nil {
			return p.outcome(r)
		}
		if err := s.handle(ctx, m); err != nil {
			return err
		}
	}
}

// outcome is the failure that a result tells of, if any. A code that is none of the table's could end as any other:
// 256 as 0.
func (p *Process) outcome(r *protocol.Result) error {
	e := r.GetError().Problem()
	switch {
	case e == nil && r.GetCode() == 0:
		return nil
	case e == nil:
		e = problem.New(problem.Code(r.GetCode()), "")
	}
	if e.Message == "" {
		e.Message = fmt.Sprintf("plugin %q failed and did not say why", p.name)
	}
	if e.Code != problem.Interrupted && (e.Code < problem.Failed || e.Code > problem.TimedOut) {
		e.Code = problem.Failed
	}
	return e
}

// crashed explains a stream that ended without a result.
func (p *Process) crashed(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, io.EOF):
		return problem.New(problem.Plugin, "plugin %q ended its work without a result", p.name).WithHint(crashHint)
	case status.Code(err) == codes.ResourceExhausted:
		return problem.New(problem.Plugin, "plugin %q sent a message of more than %d MiB", p.name, protocol.MaxMessage>>20).WithHint(crashHint)
	}
	p.runner.settle()
	e := problem.New(problem.Plugin, "plugin %q ended in the middle of its work", p.name)
	if words := p.stderr.last(); words != "" {
		e.Facts = append(e.Facts, problem.Fact{Label: "last", Text: words})
	} else {
		e.Facts = append(e.Facts, problem.Fact{Label: "last", Text: "it printed nothing; " + p.runner.status()})
	}
	return e.WithHint(crashHint)
}

const crashHint = "run it again with --debug to see what it does; litellm-proxy itself is unharmed"

type session struct {
	name   string
	host   Host
	stream protocol.Plugin_InvokeClient
	slots  chan struct{}
	mu     sync.Mutex

	cancels sync.Map // of open requests: id to context.CancelFunc
	waiting atomic.Int64
}

func (s *session) send(m *protocol.ToPlugin) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stream.Send(m)
}

func (s *session) handle(ctx context.Context, m *protocol.ToHost) error {
	switch m := m.GetMessage().(type) {
	case *protocol.ToHost_Records:
		return s.host.Records(m.Records.GetJson())
	case *protocol.ToHost_Text:
		return s.host.Text(m.Text.GetText())
	case *protocol.ToHost_Plan:
		return s.host.Plan(m.Plan.GetJson())
	case *protocol.ToHost_Notice:
		s.host.Notice(m.Notice.GetText(), m.Notice.GetFaint())
	case *protocol.ToHost_Progress:
		s.host.Progress(m.Progress.GetText(), m.Progress.GetDone(), m.Progress.GetTotal())
	case *protocol.ToHost_Log:
		s.host.Log(m.Log.GetText())
	case *protocol.ToHost_GatewayReady:
		s.host.GatewayReady(m.GatewayReady.GetSocket(), m.GatewayReady.GetKey())
	case *protocol.ToHost_Listed:
		return s.host.Listed(m.Listed)
	case *protocol.ToHost_Unlock:
		s.host.Unlock(m.Unlock.GetId())
	case *protocol.ToHost_Cancel:
		if cancel, ok := s.cancels.Load(m.Cancel.GetId()); ok {
			cancel.(context.CancelFunc)()
		}
	case *protocol.ToHost_Http:
		ctx, cancel := context.WithCancel(ctx)
		s.cancels.Store(m.Http.GetId(), cancel)
		s.concurrently(ctx, func() {
			s.http(ctx, m.Http)
			s.cancels.Delete(m.Http.GetId())
			cancel()
		})
	case *protocol.ToHost_Input:
		s.concurrently(ctx, func() { s.input(m.Input) })
	case *protocol.ToHost_Confirm:
		return s.beside(func() { s.confirm(m.Confirm) })
	case *protocol.ToHost_Prompt:
		return s.beside(func() { s.prompt(ctx, m.Prompt) })
	case *protocol.ToHost_Secret:
		s.concurrently(ctx, func() { s.secret(m.Secret) })
	case *protocol.ToHost_Save:
		s.concurrently(ctx, func() { s.save(m.Save) })
	case *protocol.ToHost_Lock:
		return s.beside(func() { s.lock(ctx, m.Lock) })
	case *protocol.ToHost_Intent:
		s.concurrently(ctx, func() { s.intent(ctx, m.Intent) })
	case *protocol.ToHost_Targets:
		s.targets(ctx, m.Targets)
	case *protocol.ToHost_Target:
		s.target(ctx, m.Target)
	case *protocol.ToHost_TargetEnd:
		s.targetEnd(ctx, m.TargetEnd)
	default:
		return problem.New(problem.Plugin, "plugin %q sent a message that this version of litellm-proxy does not know", s.name).
			WithHint("upgrade litellm-proxy")
	}
	return nil
}

// maxBeside is how many questions and locks one command may wait for.
const maxBeside = 1024

// beside runs f beside the conversation, without a slot: what waits for another message of the plugin, as a lock does for an
// unlock, must not keep it from being read. Beyond maxBeside the command is ended.
func (s *session) beside(f func()) error {
	if s.waiting.Add(1) > maxBeside {
		return problem.New(problem.Plugin, "plugin %q waits for more than %d locks and answers at once", s.name, maxBeside)
	}
	go func() {
		defer s.waiting.Add(-1)
		f()
	}()
	return nil
}

// concurrently runs f beside the conversation; when too many are open it waits, and so does the plugin.
func (s *session) concurrently(ctx context.Context, f func()) {
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	go func() {
		defer func() { <-s.slots }()
		f()
	}()
}

func (s *session) http(ctx context.Context, r *protocol.HTTPRequest) {
	err := s.host.HTTP(ctx, r, s.send)
	if err == nil {
		return
	}
	if errors.Is(err, context.Canceled) {
		err = problem.New(problem.Interrupted, "interrupted")
	}
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: &protocol.HTTPHead{
		Id: r.GetId(), Error: protocol.FromError(err)}}})
}

func (s *session) input(r *protocol.InputRequest) {
	data, err := s.host.Input(r.GetName(), int(r.GetIndex()))
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Input{Input: &protocol.InputAnswer{
		Id: r.GetId(), Data: data, Error: protocol.FromError(err)}}})
}

func (s *session) confirm(r *protocol.ConfirmRequest) {
	err := s.host.Confirm(r)
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Confirm{Confirm: &protocol.ConfirmAnswer{
		Id: r.GetId(), Error: protocol.FromError(err)}}})
}

func (s *session) prompt(ctx context.Context, r *protocol.Prompt) {
	answer, err := s.host.Prompt(ctx, r.GetText())
	if err != nil {
		answer = &protocol.PromptAnswer{Error: protocol.FromError(err)}
	}
	answer.Id = r.GetId()
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Prompt{Prompt: answer}})
}

func (s *session) secret(r *protocol.NewSecret) {
	ref, sum, err := s.host.Secret(r.GetPrefix())
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Secret{Secret: &protocol.SecretAnswer{
		Id: r.GetId(), Ref: ref, Sha256: sum, Error: protocol.FromError(err)}}})
}

func (s *session) save(r *protocol.Save) {
	path, err := s.host.Save(r.GetFlag(), r.GetName(), r.GetData())
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Save{Save: &protocol.SaveAnswer{
		Id: r.GetId(), Path: path, Error: protocol.FromError(err)}}})
}

func (s *session) lock(ctx context.Context, r *protocol.Lock) {
	err := s.host.Lock(ctx, r.GetId(), r.GetKind(), r.GetName())
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Lock{Lock: &protocol.LockAnswer{
		Id: r.GetId(), Error: protocol.FromError(err)}}})
}

func (s *session) passInterrupts(ctx context.Context, interrupts <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-interrupts:
			_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Interrupt{Interrupt: &protocol.Interrupt{}}})
		}
	}
}
