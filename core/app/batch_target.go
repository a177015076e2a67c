package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

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
