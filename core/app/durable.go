package app

import (
	"bytes"
	"context"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// durable is the step of a job that a command is working on.
type durable struct {
	step *job.Step

	mu       sync.Mutex
	secrets  int  // that were made
	intended bool // the command has said what identifies its writes
}

// begin refuses a step whose earlier run has sent a write that nothing identifies: nobody can tell what it did.
func (d *durable) begin(attempt string) error {
	sent := d.step.Sent()
	if len(sent) == 0 {
		return nil
	}
	return (&problem.Error{
		Code: problem.Failed, Message: "cannot " + attempt + " again: an earlier run sent " + strings.Join(sent, ", ") + ", and its answer was lost",
		State: problem.Unknown,
	}).WithHint("see what the gateway has, and do by hand what is missing")
}

// secret is the step's next one.
func (d *durable) secret(v *vault, h *host, prefix string) (ref, sum string, err error) {
	d.mu.Lock()
	n := d.secrets
	d.secrets++
	d.mu.Unlock()
	ref, value, err := d.step.Secret(n, prefix)
	if err != nil {
		return "", "", err
	}
	h.secrets.Add(value)
	v.put(ref, value)
	return ref, protocol.KeyHash(value), nil
}

// Intent notes what identifies the effect of a write.
func (h *host) Intent(ctx context.Context, name, identity string) error {
	d := h.durable()
	if d == nil || h.policy.DryRun {
		return nil
	}
	if _, _, err := d.step.Intent(ctx, name, identity); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.intended = true
	return nil
}

// sending notes a write that nothing identifies, before it is sent: sent twice it would have two effects.
func (h *host) sending(ctx context.Context, r transport.Request) error {
	d := h.durable()
	if d == nil || !changes(r) {
		return nil
	}
	d.mu.Lock()
	known := d.intended || r.Identified && d.secrets > 0
	d.mu.Unlock()
	if known {
		return nil
	}
	return d.step.Send(ctx, r.Method+" "+r.Path)
}

// durable is the step that the command is working on; nil outside a job.
func (h *host) durable() *durable { return h.step.Load() }

// put adds a secret that is known already.
func (v *vault) put(ref, value string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, have := range v.refs {
		if bytes.Equal(have, []byte(ref)) {
			return
		}
	}
	v.refs, v.values = append(v.refs, []byte(ref)), append(v.values, []byte(value))
	v.sent, v.saved = append(v.sent, false), append(v.saved, false)
}
