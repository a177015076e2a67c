package plugin

import (
	"context"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// FuzzToHost takes any bytes as a plugin's message: the host refuses or answers them, and lives.
func FuzzToHost(f *testing.F) {
	for _, m := range []*protocol.ToHost{
		{},
		{Message: &protocol.ToHost_Records{Records: &protocol.Records{Json: [][]byte{[]byte("{}"), nil}}}},
		{Message: &protocol.ToHost_Text{Text: &protocol.Text{Text: "text"}}},
		{Message: &protocol.ToHost_Progress{Progress: &protocol.Progress{Text: "half", Done: -1, Total: 2}}},
		{Message: &protocol.ToHost_Log{Log: &protocol.Log{Text: "log"}}},
		{Message: &protocol.ToHost_Http{Http: &protocol.HTTPRequest{Id: 1, Method: "GET", Path: "/", Deliver: &protocol.Deliver{Whole: true}}}},
		{Message: &protocol.ToHost_Input{Input: &protocol.InputRequest{Id: 2, Name: "x", Index: -1}}},
		{Message: &protocol.ToHost_Plan{Plan: &protocol.Plan{Json: []byte("1")}}},
		{Message: &protocol.ToHost_GatewayReady{GatewayReady: &protocol.GatewayReady{Socket: "/", Key: "k"}}},
		{Message: &protocol.ToHost_Notice{Notice: &protocol.Notice{Text: "notice"}}},
		{Message: &protocol.ToHost_Confirm{Confirm: &protocol.ConfirmRequest{Id: 3, Lines: []string{"line"}}}},
		{Message: &protocol.ToHost_Result{Result: &protocol.Result{Code: -1, Error: &protocol.Error{Code: 1 << 30}}}},
	} {
		raw, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte{0x2a, 0x00})
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := &protocol.ToHost{}
		if proto.Unmarshal(raw, m) != nil {
			return
		}
		p := &Process{name: "fuzz"}
		if r := m.GetResult(); r != nil {
			if code := p.outcome(r); code == nil && (r.GetCode() != 0 || r.GetError() != nil) {
				t.Errorf("a failure is a success: %v", r)
			}
			return
		}
		h := &fuzzHost{}
		s := &session{name: p.name, host: h, stream: &fuzzStream{host: h}, slots: make(chan struct{}, 1)}
		h.open.Add(answers(m))
		_ = s.handle(t.Context(), m)
		h.open.Wait()
	})
}

// answers is how many answers a message gets.
func answers(m *protocol.ToHost) int {
	switch m.GetMessage().(type) {
	case *protocol.ToHost_Http, *protocol.ToHost_Input, *protocol.ToHost_Confirm, *protocol.ToHost_Prompt,
		*protocol.ToHost_Secret, *protocol.ToHost_Save, *protocol.ToHost_Lock:
		return 1
	}
	return 0
}

// fuzzHost answers everything.
type fuzzHost struct {
	Refuser
	open sync.WaitGroup
}

func (*fuzzHost) Records([][]byte) error        { return nil }
func (*fuzzHost) Text(string) error             { return nil }
func (*fuzzHost) Plan([]byte) error             { return nil }
func (*fuzzHost) Listed(*protocol.Listed) error { return nil }

func (*fuzzHost) Intent(context.Context, string, string) error            { return nil }
func (*fuzzHost) Targets(context.Context, string, []string) (bool, error) { return true, nil }
func (*fuzzHost) Target(context.Context, string) (done bool, intents map[string]string, err error) {
	return false, nil, nil
}
func (*fuzzHost) TargetEnd(context.Context, *problem.Error) error { return nil }

func (*fuzzHost) Prompt(context.Context, string) (*protocol.PromptAnswer, error) {
	return &protocol.PromptAnswer{}, nil
}

func (*fuzzHost) HTTP(_ context.Context, r *protocol.HTTPRequest, reply func(*protocol.ToPlugin) error) error {
	return reply(&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: &protocol.HTTPHead{Id: r.GetId()}}})
}

// fuzzStream counts the answers.
type fuzzStream struct {
	grpc.BidiStreamingClient[protocol.ToPlugin, protocol.ToHost]
	host *fuzzHost
}

func (s *fuzzStream) Send(*protocol.ToPlugin) error {
	s.host.open.Done()
	return nil
}
