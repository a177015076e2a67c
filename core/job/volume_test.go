package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"
)

// many are n items that are made as they are asked for.
func many(n int) func(context.Context) ([]Entry, error) {
	at := 0
	return func(context.Context) ([]Entry, error) {
		var page []Entry
		for ; at < n && len(page) < 500; at++ {
			page = append(page, Entry{
				Key: fmt.Sprintf("user-%d@example.com", at), Line: at + 2,
				Data: fmt.Appendf(nil, `{"email":"user-%d@example.com","name":"User %d","team":"eng","cost_center":"4711"}`, at, at),
			})
		}
		if at == n {
			return page, io.EOF
		}
		return page, nil
	}
}

// work does the items of a batch, each with some writes, by several workers.
func work(ctx context.Context, b *Batch, atOnce, writes int, also func(n int)) error {
	failures := make(chan error, atOnce)
	var mu sync.Mutex
	count := 0
	one := func(i *Item) error {
		for n := range writes {
			s, err := i.Step(ctx, n, []byte(generate))
			if err != nil {
				return err
			}
			if err := s.Finish(ctx, []byte(`{"records":[{"token":"2f81c09e7a44aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","result":"created"}]}`), 0); err != nil {
				return err
			}
		}
		if err := i.Done(ctx, fmt.Appendf(nil, `{"email":%q,"key":"sk-...x"}`, i.Key)); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		count++
		also(count)
		return nil
	}
	for range atOnce {
		go func() {
			for {
				i, err := b.Next(ctx)
				if err == nil {
					err = one(i)
				}
				if err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	var first error
	for range atOnce {
		if err := <-failures; first == nil && !errors.Is(err, io.EOF) {
			first = err
		}
	}
	return first
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A hundred thousand items need as much memory as a thousand.
func TestVolume(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it takes some seconds, and half a minute with the race detector")
	}
	const items = 100_000
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	before, most := heap(), int64(0)
	watch := func() { most = max(most, heap()-before) }
	pages := many(items)
	ok(t, b.Load(t.Context(), 0, func(ctx context.Context) ([]Entry, error) {
		page, err := pages(ctx)
		if page[0].Line%(10_000) == 2 {
			watch()
		}
		return page, err
	}))
	ok(t, work(t.Context(), b, 64, 1, func(n int) {
		if n%10_000 == 0 {
			watch()
		}
	}))
	sum := end(t, j, Done)
	watch()
	if want := (Counts{Total: items, OK: items}); sum.Counts != want || sum.Files[0].Rows != items || sum.Created != items {
		t.Errorf("%+v", sum)
	}
	r := show(t, s, j.ID())
	watch()
	if r.Counts.OK != items {
		t.Errorf("%+v", r)
	}
	t.Logf("at most %d KiB more", most>>10)
	if most > 8<<20 {
		t.Errorf("the heap grew by %d bytes", most)
	}
}

func TestManyAtOnce(t *testing.T) {
	const items = 1500
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	ok(t, b.Load(t.Context(), 0, many(items)))
	ok(t, work(t.Context(), b, 32, 3, func(int) { b.Counts() }))
	sum := end(t, j, Done)
	if sum.Counts.OK != items || len(sum.Outcomes) != 1 || sum.Outcomes[0].N != 3*items {
		t.Errorf("%+v", sum)
	}
}

// BenchmarkSteps is steps with their results, of 64 items at once.
func BenchmarkSteps(b *testing.B) {
	j, err := Open(b.TempDir()).Create(b.Context(), Meta{Kind: "script"})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	of, err := j.Batch(b.Context(), 0)
	if err != nil {
		b.Fatal(err)
	}
	const writes = 3
	if err := of.Load(b.Context(), 0, many(b.N/writes+1)); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := work(b.Context(), of, 64, writes, func(int) {}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
}
