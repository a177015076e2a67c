package sdk

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// FuzzToPlugin lets a host say anything: messages are cut from the input at its length bytes.
func FuzzToPlugin(f *testing.F) {
	add := func(messages ...*protocol.ToPlugin) {
		var seed []byte
		for _, m := range messages {
			raw, err := proto.Marshal(m)
			if err != nil {
				f.Fatal(err)
			}
			seed = append(append(seed, byte(len(raw))), raw...)
		}
		f.Add(seed)
	}
	start := &protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: &protocol.Invocation{Path: []string{"go"}}}}
	add()
	add(start)
	add(start, &protocol.ToPlugin{Message: &protocol.ToPlugin_HttpHead{HttpHead: &protocol.HTTPHead{Id: 1, Status: 200}}},
		&protocol.ToPlugin{Message: &protocol.ToPlugin_HttpChunk{HttpChunk: &protocol.HTTPChunk{Id: 1, Data: []byte("{}"), Last: true}}})
	add(start, &protocol.ToPlugin{Message: &protocol.ToPlugin_Input{Input: &protocol.InputAnswer{Id: 1}}}, start)
	add(&protocol.ToPlugin{Message: &protocol.ToPlugin_Invocation{Invocation: &protocol.Invocation{ServeGateway: true}}})
	add(&protocol.ToPlugin{Message: &protocol.ToPlugin_Confirm{Confirm: &protocol.ConfirmAnswer{Id: 1}}})
	f.Fuzz(func(t *testing.T, input []byte) {
		h := &script{ctx: t.Context(), spoken: make(chan struct{})}
		for len(input) > 0 {
			n := min(int(input[0]), len(input)-1)
			m := &protocol.ToPlugin{}
			if proto.Unmarshal(input[1:1+n], m) == nil {
				h.says = append(h.says, m)
			}
			input = input[1+n:]
		}
		_ = Converse(doing(func(ctx context.Context, inv *Invocation) error {
			var out any
			err := inv.Get(ctx, "/x", nil, &out)
			_, inputErr := inv.Input(ctx, "x", 0)
			return errors.Join(err, inputErr, inv.Confirm(ctx, "sure?"))
		}), h)
	})
}

// script is a host that says its words: the first at once, the others when the plugin has spoken; then it is gone.
type script struct {
	ctx    context.Context
	says   []*protocol.ToPlugin
	said   int
	spoken chan struct{}
	once   sync.Once
}

func (s *script) Context() context.Context { return s.ctx }

func (s *script) Send(*protocol.ToHost) error {
	s.once.Do(func() { close(s.spoken) })
	return nil
}

func (s *script) Recv() (*protocol.ToPlugin, error) {
	if s.said > 0 {
		<-s.spoken
	}
	if s.said == len(s.says) {
		return nil, io.ErrUnexpectedEOF
	}
	s.said++
	return s.says[s.said-1], nil
}
