package plugin

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func (s *session) intent(ctx context.Context, r *protocol.Intent) {
	err := s.host.Intent(ctx, r.GetName(), r.GetIdentity())
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Intent{Intent: &protocol.IntentAnswer{
		Id: r.GetId(), Error: protocol.FromError(err)}}})
}

// targets, target and targetEnd are done in the order in which the plugin speaks: the records between them are a target's.
func (s *session) targets(ctx context.Context, r *protocol.Targets) {
	durable, err := s.host.Targets(ctx, r.GetMember(), r.GetKeys())
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Targets{Targets: &protocol.TargetsAnswer{
		Id: r.GetId(), Durable: durable, Error: protocol.FromError(err)}}})
}

func (s *session) target(ctx context.Context, r *protocol.Target) {
	done, intents, err := s.host.Target(ctx, r.GetKey())
	s.answerTarget(&protocol.TargetAnswer{Id: r.GetId(), Done: done, Intents: intents, Error: protocol.FromError(err)})
}

func (s *session) targetEnd(ctx context.Context, r *protocol.TargetEnd) {
	var failed *problem.Error
	if r.GetError() != nil {
		failed = r.GetError().Problem()
	}
	s.answerTarget(&protocol.TargetAnswer{Id: r.GetId(), Error: protocol.FromError(s.host.TargetEnd(ctx, failed))})
}

func (s *session) answerTarget(a *protocol.TargetAnswer) {
	_ = s.send(&protocol.ToPlugin{Message: &protocol.ToPlugin_Target{Target: a}})
}
