package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
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
