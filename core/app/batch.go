package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// batch is the job of a command that acts on several things.
type batch struct {
	job    *job.Job
	items  *job.Batch
	member string // of the records that holds a target's key

	mu      sync.Mutex
	item    *job.Item // that is being worked on
	records [][]byte  // of it
}

// inputName is the file of a job that holds what was read from standard input.
const inputName = "input"

// collects takes the records of a target: they are printed when they are on disk.
func (b *batch) collects(records [][]byte) bool {
	if b == nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.item == nil {
		return false
	}
	for _, r := range records {
		b.records = append(b.records, slices.Clone(r))
	}
	return true
}

// Targets makes a job of what is done to things that a filter, a file or standard input has selected. What is named one by one
// is not: it is as quickly named again.
func (h *host) Targets(ctx context.Context, member string, keys []string) (bool, error) {
	if h.script != nil || h.policy.DryRun || h.policy.Effect == transport.Read || !h.repeatable() {
		return false, nil
	}
	b := &batch{member: member, job: h.resumed}
	if b.job == nil {
		if !h.selected.Load() && !h.imports() {
			return false, nil
		}
		store, err := h.jobs()
		if err == nil {
			b.job, err = h.newJob(ctx, store)
		}
		if err != nil {
			return false, problem.As(err).WithState(h.state())
		}
		h.tellParent(told{Script: words(h.line), Job: b.job.ID()})
	}
	var err error
	if b.items, err = b.job.Batch(ctx, 0); err != nil {
		return false, err
	}
	entries := make([]job.Entry, len(keys))
	for i, key := range keys {
		raw, err := json.Marshal(map[string]string{member: key})
		if err != nil {
			return false, fmt.Errorf("note target %s: %w", key, err)
		}
		entries[i] = job.Entry{Key: key, Data: raw}
	}
	given := false
	err = b.items.Load(ctx, 0, func(context.Context) ([]job.Entry, error) {
		if given {
			return nil, io.EOF
		}
		given = true
		return entries, nil
	})
	if err != nil {
		return false, err
	}
	h.batch = b
	return true, nil
}

// imports says whether the line names a file or a gateway to take things from.
func (h *host) imports() bool {
	for _, p := range append(slices.Clone(h.line.Command.GetFlags()), h.line.Command.GetArguments()...) {
		kind := p.GetKind()
		if (kind == protocol.Kind_KIND_INPUT || kind == protocol.Kind_KIND_GATEWAY) && len(values(h.line, p.GetName())) > 0 {
			return true
		}
	}
	return false
}

// repeatable says whether the line can be kept and run again: not with a secret on it, which nobody may keep.
func (h *host) repeatable() bool {
	for _, p := range append(slices.Clone(h.line.Command.GetFlags()), h.line.Command.GetArguments()...) {
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
	for _, p := range append(slices.Clone(h.line.Command.GetFlags()), h.line.Command.GetArguments()...) {
		if p.GetKind() != protocol.Kind_KIND_INPUT {
			continue
		}
		for _, path := range values(h.line, p.GetName()) {
			if path == "-" {
				continue
			}
			text, err := os.ReadFile(h.inWorkDir(path))
			if err != nil {
				return nil, problem.Wrap(problem.Usage, err, "cannot read the file for %s", p.GetName())
			}
			out = append(out, job.Sum{What: "file " + p.GetName(), Value: fmt.Sprintf("%x", sha256.Sum256(text)), Shown: path})
		}
	}
	return out, nil
}

// nameTargets puts the targets of a job that is resumed in the place of what had selected them: a filter would find others by now.
func (h *host) nameTargets(ctx context.Context) error {
	if h.resumed == nil {
		return nil
	}
	at := slices.IndexFunc(h.line.Command.GetArguments(), func(p *protocol.Parameter) bool { return p.GetStdin() && p.GetRepeated() })
	if at < 0 { // an import reads its source again
		return nil
	}
	items, err := h.resumed.Batch(ctx, 0)
	if err != nil {
		return err
	}
	keys, err := items.Keys(ctx)
	if err == nil && len(keys) == 0 {
		err = problem.New(problem.Refused, "cannot resume job %s: it was ended before it had begun with anything", h.resumed.ID()).
			WithHint("run the command again: litellm-proxy %s", h.resumed.Meta().Title).WithState(problem.Unchanged)
	}
	if err != nil {
		return err
	}
	selects := map[string]bool{h.line.Command.GetArguments()[at].GetName(): true}
	for _, p := range h.line.Command.GetFlags() {
		selects[p.GetName()] = p.GetSelects()
	}
	h.line.Values = slices.DeleteFunc(h.line.Values, func(v *protocol.Value) bool { return selects[v.GetName()] })
	h.line.Values = append(h.line.Values, &protocol.Value{Name: h.line.Command.GetArguments()[at].GetName(), Values: keys, Given: true})
	return nil
}

// Target begins with one of them. What an earlier run has finished is printed again from the journal; what was not there when
// the job began is left out.
func (h *host) Target(ctx context.Context, key string) (done bool, intents map[string]string, err error) {
	b := h.batch
	item, err := b.items.Begin(ctx, key)
	if problem.CodeOf(err) == problem.NotFound { // it has been made since, perhaps by this very job
		return true, nil, nil
	}
	if err != nil {
		return false, nil, err
	}
	if row, failure, ended := item.Ended(); ended {
		return true, nil, h.repeat(key, row, failure)
	}
	call, err := json.Marshal(map[string]string{"command": words(h.line), "target": key})
	if err != nil {
		return false, nil, fmt.Errorf("note target %s: %w", key, err)
	}
	step, err := item.Step(ctx, 0, call)
	if err != nil {
		return false, nil, err
	}
	d := &durable{step: step}
	if unknown := d.begin(words(h.line)); unknown != nil {
		e := problem.As(unknown)
		if err := item.Failed(ctx, e); err != nil {
			return false, nil, err
		}
		return true, nil, h.repeat(key, nil, e)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.item, b.records = item, nil
	h.step.Store(d)
	return false, step.Intents(), nil
}

// repeat prints what an earlier run has ended a target with.
func (h *host) repeat(key string, row []byte, failure *problem.Error) error {
	if failure != nil {
		record, err := json.Marshal(map[string]string{h.batch.member: key, "result": "failed", "error": failure.Message})
		if err != nil {
			return fmt.Errorf("print target %s: %w", key, err)
		}
		return h.output.record(record)
	}
	for _, r := range recordsOf(row) {
		if err := h.output.record(h.batch.job.Reveal(r)); err != nil {
			return err
		}
	}
	return nil
}

// severalName is the member of a row that holds the records of a target that gave several.
const severalName = "records"

// rowOf is the row of the results that stands for a target's records: the record itself, if there is one.
func rowOf(records [][]byte) ([]byte, error) {
	if len(records) == 1 && bytes.HasPrefix(bytes.TrimSpace(records[0]), []byte("{")) {
		return records[0], nil
	}
	raw := make([]json.RawMessage, len(records))
	for i, r := range records {
		raw[i] = r
	}
	return json.Marshal(map[string]any{severalName: raw})
}

// recordsOf are the records that a row stands for.
func recordsOf(row []byte) []json.RawMessage {
	var several map[string]json.RawMessage
	var records []json.RawMessage
	switch {
	case len(row) == 0:
		return nil
	case json.Unmarshal(row, &several) == nil && len(several) == 1 && json.Unmarshal(several[severalName], &records) == nil:
		return records
	}
	return []json.RawMessage{row}
}

// TargetEnd is its end: on disk, and then printed.
func (h *host) TargetEnd(ctx context.Context, failed *problem.Error) error {
	b := h.batch
	b.mu.Lock()
	item, records := b.item, b.records
	b.item, b.records = nil, nil
	b.mu.Unlock()
	h.step.Store(nil)
	if item == nil {
		return problem.New(problem.Plugin, "plugin %q ended a target that it had not begun", h.policy.Plugin)
	}
	var err error
	if failed != nil {
		err = item.Failed(ctx, failed)
	} else {
		var row []byte
		if row, err = rowOf(records); err == nil {
			err = item.Done(ctx, row)
		}
	}
	if err != nil {
		return err
	}
	h.progress.Stop()
	for _, r := range records {
		if err := h.output.record(r); err != nil {
			return err
		}
	}
	return nil
}

// endBatch ends the job of a command: one that went well throughout is no longer needed, and removed; of any other the person is
// told how to go on.
func (h *host) endBatch(ctx context.Context, err error) error {
	j := h.resumed
	if h.batch != nil {
		j = h.batch.job
	}
	if j == nil {
		return err
	}
	ending := job.Ending{State: job.Done}
	switch exitOf(err) {
	case problem.OK, problem.Partial:
	case problem.Interrupted, problem.TimedOut:
		ending = job.Ending{State: job.Interrupted, Error: problem.As(err)}
	default:
		ending = job.Ending{State: job.Failed, Error: problem.As(err)}
	}
	sum, ended := j.End(context.WithoutCancel(ctx), ending)
	if ended != nil {
		return ended
	}
	switch left := sum.Counts.Left + sum.Counts.Begun; {
	case left > 0:
		h.say("%d of %s done · job %s. Go on: litellm-proxy job resume %s", sum.Counts.OK+sum.Counts.Failed, counted(sum.Counts.Total, "target"), sum.ID, sum.ID)
		if exitOf(err) == problem.OK {
			return &silent{problem.Partial} // nobody reads what is printed any more
		}
	case sum.Counts.Failed > 0:
		h.say("job %s. Try again what failed: litellm-proxy job retry %s", sum.ID, sum.ID)
		if err == nil {
			return &silent{problem.Partial}
		}
	case ending.State == job.Done:
		if store, err := h.jobs(); err == nil {
			_ = store.Remove(context.WithoutCancel(ctx), sum.ID, true)
		}
	}
	return err
}
