package sdk

import (
	"context"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Batch is what a command does to several things, one after the other. The host may make a job of it; see Each, which uses one.
type Batch struct {
	inv     *Invocation
	durable bool
}

// Batch begins with several things. keys tell them apart, in every run of the same command line; member is the member of the
// records that holds them.
func (inv *Invocation) Batch(ctx context.Context, member string, keys []string) (*Batch, error) {
	durable, err := inv.targets(ctx, member, keys)
	return &Batch{inv, durable}, err
}

// Do runs do for one of them, unless an earlier run has finished it; the records that do emits are that target's. It returns the
// error of do; where over is true the batch itself cannot go on.
func (b *Batch) Do(ctx context.Context, key string, do func() error) (over bool, err error) {
	if b.durable {
		err = b.inv.durably(ctx, key, do)
	} else {
		err = do()
	}
	var end *fatal
	switch {
	case errors.As(err, &end):
		return true, end.err
	case err != nil && ctx.Err() != nil:
		return true, err
	}
	return false, err
}

// targets tells the host what the command is about to act on; durable says that the host has made a job of it, and wants to
// know where each begins and ends.
func (inv *Invocation) targets(ctx context.Context, member string, keys []string) (durable bool, err error) {
	answer, err := inv.link.ask(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Targets{Targets: &protocol.Targets{Id: id, Member: member, Keys: keys}}}
	})
	if err != nil {
		return false, err
	}
	if e := answer.GetTargets().GetError(); e != nil {
		return false, e.Problem()
	}
	return answer.GetTargets().GetDurable(), nil
}

// durably runs do for one target of a job, unless an earlier run has finished it.
func (inv *Invocation) durably(ctx context.Context, target string, do func() error) error {
	answer, err := inv.ofTarget(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_Target{Target: &protocol.Target{Id: id, Key: target}}}
	})
	if err != nil || answer.GetDone() {
		return err
	}
	inv.link.target.Store(answer)
	defer inv.link.target.Store(nil)
	failed := do()
	if ctx.Err() != nil || errors.Is(failed, ErrPlanned) {
		return failed
	}
	_, err = inv.ofTarget(ctx, func(id uint64) *protocol.ToHost {
		return &protocol.ToHost{Message: &protocol.ToHost_TargetEnd{TargetEnd: &protocol.TargetEnd{Id: id, Error: protocol.FromError(failed)}}}
	})
	if err != nil {
		return &fatal{problem.As(err)}
	}
	return failed
}

// fatal is a failure of the job itself: no other target is begun after it.
type fatal struct{ err *problem.Error }

// Error returns the message.
func (f *fatal) Error() string { return f.err.Message }

func (inv *Invocation) ofTarget(ctx context.Context, message func(id uint64) *protocol.ToHost) (*protocol.TargetAnswer, error) {
	answer, err := inv.link.ask(ctx, message)
	if err != nil {
		return nil, err
	}
	if e := answer.GetTarget().GetError(); e != nil {
		return nil, &fatal{e.Problem()}
	}
	return answer.GetTarget(), nil
}
