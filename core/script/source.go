package script

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// source gives the items to work on, and io.EOF behind the last one. It is called from a goroutine, once at a time.
type source interface {
	next(ctx context.Context) (w *working, data []byte, err error)
}

// journaled takes them from the journal.
type journaled struct{ batch *job.Batch }

func (j journaled) next(ctx context.Context) (*working, []byte, error) {
	item, err := j.batch.Next(ctx)
	if err != nil {
		return nil, nil, err
	}
	return &working{key: item.Key, entry: item}, item.Data, nil
}

// straight takes them from the script, for a dry run.
type straight struct {
	entries *entries
	page    []job.Entry
	begun   bool
}

func (d *straight) next(ctx context.Context) (*working, []byte, error) {
	for len(d.page) == 0 {
		n, most := pageSize, d.entries.e.options.maxItems
		if !d.begun && most > 0 {
			n = most + 1 // all of them are counted before the first one is begun
		}
		page, err := d.entries.some(ctx, n)
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return nil, nil, err
		case !d.begun && most > 0 && len(page) > most:
			return nil, nil, problem.New(problem.Guarded, "cannot begin: there are more than %d items", most).WithState(problem.Unchanged)
		case len(page) == 0 && err != nil:
			return nil, nil, io.EOF
		}
		d.begun, d.page = true, page
		for _, e := range page {
			hash := maphash.String(d.entries.seed(), e.Key)
			if d.entries.seen[hash] {
				return nil, nil, problem.New(problem.Usage, "cannot begin: 2 items have the key %q", e.Key).
					WithHint("keys tell the items apart: choose another key, or remove what is there twice").WithState(problem.Unchanged)
			}
			d.entries.seen[hash] = true
		}
	}
	e := d.page[0]
	d.page = d.page[1:]
	return &working{key: e.Key}, e.Data, nil
}

// entries makes entries of the journal from the script's items.
type entries struct {
	e     *each
	items *puller
	over  bool
	seen  map[uint64]bool // hashes of keys, in a dry run
	hash  maphash.Seed
}

func (x *entries) seed() maphash.Seed {
	if x.hash == (maphash.Seed{}) {
		x.hash = maphash.MakeSeed()
	}
	return x.hash
}

// next gives the next page of entries, for job.Batch.Load.
func (x *entries) next(ctx context.Context) ([]job.Entry, error) { return x.some(ctx, pageSize) }

// some gives up to n entries, and io.EOF with the last ones or behind them.
func (x *entries) some(ctx context.Context, n int) ([]job.Entry, error) {
	if x.over {
		return nil, io.EOF
	}
	var page []job.Entry
	more, err := x.items.page(ctx, n, func(v goja.Value) error {
		entry, err := x.entry(v)
		page = append(page, entry)
		return err
	})
	if err != nil {
		return nil, err
	}
	if x.over = !more; x.over {
		return page, io.EOF
	}
	return page, nil
}

// entry is an item as the journal has it: its work gets it back from there, so that a run that is resumed gets the same.
func (x *entries) entry(v goja.Value) (job.Entry, error) {
	s := x.e.s
	key, err := x.e.options.key(goja.Undefined(), v)
	if err != nil {
		return job.Entry{}, err
	}
	if !goja.IsString(key) || key.String() == "" {
		return job.Entry{}, wrongf("job.each(): the key of an item must be a text, not %s", s.keyShown(key))
	}
	e := job.Entry{Key: key.String()}
	encoder := encoder{s: s}
	if e.Data, err = encoder.encode(v); err != nil {
		var bad *unfit
		if errors.As(err, &bad) {
			return e, wrongf("job.each(): the item %q cannot be kept in the journal: %v", e.Key, bad)
		}
		return e, fmt.Errorf("keep the item %q: %w", e.Key, err)
	}
	if obj, ok := v.(*goja.Object); ok {
		if hidden := obj.GetSymbol(s.prelude.line); hidden != nil {
			if from, ok := hidden.Export().(*origin); ok {
				e.Line, e.Source = from.line, from.source()
			}
		}
	}
	return e, nil
}

func (s *session) keyShown(v goja.Value) string {
	if goja.IsString(v) {
		return "an empty one"
	}
	return s.kindOf(v)
}
