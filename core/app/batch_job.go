package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// imports says whether the line names a file or a gateway to take things from.
func (h *host) imports() bool {
	for _, p := range h.line.Command.Parameters() {
		kind := p.GetKind()
		if (kind == protocol.Kind_KIND_INPUT || kind == protocol.Kind_KIND_GATEWAY) && len(values(h.line, p.GetName())) > 0 {
			return true
		}
	}
	return false
}

// repeatable says whether the line can be kept and run again: not with a secret on it, which nobody may keep.
func (h *host) repeatable() bool {
	for _, p := range h.line.Command.Parameters() {
		given := values(h.line, p.GetName())
		if len(given) > 0 && (p.GetSensitive() || h.opensGateway(p.GetName())) {
			return false
		}
		if p.GetKind() == protocol.Kind_KIND_INPUT && slices.Contains(given, "-") { // what comes from there may hold keys of providers
			return false
		}
	}
	return true
}

// newJob makes the job of a command.
func (h *host) newJob(ctx context.Context, store *job.Store) (*job.Job, error) {
	sums, err := h.sums()
	if err != nil {
		return nil, err
	}
	args := repeatable(h.Args)
	for i, a := range args {
		if protocol.IsKey(a) { // a key that is named by its secret
			args[i] = protocol.KeyHash(a)
		}
	}
	j, err := store.Create(ctx, job.Meta{
		Kind: "command", Title: h.secrets.String(strings.Join(args, " ")), Args: args, WorkDir: h.WorkDir, Profile: h.target.config.Profile,
		Gateway: whereIs(h.target.config), Reason: strings.TrimSpace(h.line.Globals.Reason), Sums: sums, Created: time.Now().UTC(),
	})
	if err != nil {
		return nil, err
	}
	h.inputs.mu.Lock()
	data := h.inputs.data
	h.inputs.mu.Unlock()
	if len(data) > 0 {
		if err := os.WriteFile(filepath.Join(j.Dir(), inputName), protocol.HideKeys(data), 0o600); err != nil {
			_ = j.Close()
			return nil, problem.Wrap(problem.Failed, err, "cannot keep the input of job %s", j.ID())
		}
	}
	return j, nil
}

// sums are what must be the same when the job is resumed: the gateway, and the files that are imported.
func (h *host) sums() ([]job.Sum, error) {
	out := []job.Sum{{What: "gateway", Value: whereIs(h.target.config)}}
	for _, p := range h.line.Command.Parameters() {
		if p.GetKind() != protocol.Kind_KIND_INPUT {
			continue
		}
		for _, path := range values(h.line, p.GetName()) {
			if path == "-" {
				continue
			}
			sum, err := h.sumOf(p.GetName(), path)
			if err != nil {
				return nil, err
			}
			out = append(out, sum)
		}
	}
	return out, nil
}
