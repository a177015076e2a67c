package script

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestEachMaxErrors(t *testing.T) {
	for _, dry := range []bool{false, true} {
		j, _ := journal(t)
		f := &fake{jobs: j}
		r := run(t, f, RunOptions{DryRun: dry}, `import { job } from "litellm";
console.log(await job.each(Array.from({ length: 100 }, (_, i) => String(i)), { key: String, concurrency: 1, max_errors: 3 }, async (p) => {
  if (Number(p) % 2) throw new Error("odd");
}));`)
		if r != (Result{Batches: 1, OK: 3, Failed: 3, Left: 94}) || f.said[0] != "{ ok: 3, failed: 3, left: 94 }" {
			t.Error(dry, r, f.said)
		}
	}
}

// Stop finishes what is under way, begins nothing, and ends the run.
func TestEachStop(t *testing.T) {
	j, store := journal(t)
	stop := make(chan struct{})
	var once sync.Once
	f := &fake{jobs: j, answer: func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		once.Do(func() { close(stop) })
		return answers(ctx, name, c, emit)
	}}
	text := `import { job, users } from "litellm";
await job.each(Array.from({ length: 1000 }, (_, i) => String(i)), { key: String, concurrency: 4 }, async (email) => {
  await users.create({ email });
  await new Promise((r) => setTimeout(r, 20));
  await users.create({ email: email + "/2" });
});
console.log("behind");`
	r, err := tryRun(t, f, RunOptions{Stop: stop}, text)
	if problem.CodeOf(err) != problem.Interrupted || len(f.said) > 0 || r.OK == 0 || r.OK+r.Left != 1000 || len(f.calls) != 2*r.OK {
		t.Error(r, err, f.said, len(f.calls))
	}
	if last := f.tallies[len(f.tallies)-1]; last.Running != 0 || last.Finishing || !slices.ContainsFunc(f.tallies, func(t Tally) bool { return t.Finishing }) {
		t.Errorf("%+v", last)
	}
	// Another run that is stopped before it has begun does nothing.
	f = &fake{jobs: again(t, store, j), answer: answers}
	if r2, err := tryRun(t, f, RunOptions{Stop: stop}, text); problem.CodeOf(err) != problem.Interrupted || r2.OK != r.OK && r2.OK != 0 {
		t.Error(r2, err)
	}
}

func TestEachDryRun(t *testing.T) {
	f := &fake{answer: func(_ context.Context, _ string, c *Call, emit func(string) error) (string, error) {
		if c.Step != nil {
			t.Error("a dry run has steps")
		}
		return "", emit(`{"result":"planned"}`)
	}}
	r := run(t, f, RunOptions{DryRun: true}, strings.Replace(onboarding, "  return {", "  console.log(k.result);\n  return {", 1))
	if r != (Result{Batches: 1, OK: 3}) || strings.Join(f.said, " ") != "planned planned planned { ok: 3, failed: 0, left: 0 }" {
		t.Error(r, f.said)
	}
}

// Batches are numbered as they are begun, one after the other or beside each other.
func TestEachBatches(t *testing.T) {
	j, _ := journal(t)
	f := &fake{jobs: j, answer: answers}
	r := run(t, f, RunOptions{}, `import { job, users } from "litellm";
const each = (...items: string[]) => job.each(items, { key: String }, async (email) => { await users.create({ email }) });
await each("a");
await Promise.all([each("a", "b"), each("a", "b", "c")]);`)
	if r != (Result{Batches: 3, OK: 6}) {
		t.Error(r)
	}
	for n, want := range []int{1, 2, 3} {
		if b, err := j.Batch(t.Context(), n); err != nil || b.Counts().OK != want {
			t.Error(n, err)
		}
	}
}

// A run that has no job fails before the first request.
func TestEachWithoutJob(t *testing.T) {
	f := &fake{}
	got := fails(t, f, RunOptions{}, onboarding)
	if got.Problem.Code != problem.Failed || got.Line != 3 || len(f.calls) > 0 {
		t.Error(got, f.calls)
	}
}

func TestEachConcurrencyAndTrouble(t *testing.T) {
	j, _ := journal(t)
	clock := &clock{}
	clock.add(time.Hour)
	f := &fake{jobs: j, trouble: make(chan struct{})}
	var most atomic.Int64
	var n atomic.Int64
	f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
		now := f.running.Add(1)
		defer f.running.Add(-1)
		for most.Load() < now && !most.CompareAndSwap(most.Load(), now) {
		}
		if n.Add(1) == 200 {
			f.trouble <- struct{}{} // both are taken before this item ends
			f.trouble <- struct{}{}
		}
		return "", emit(`{}`)
	}
	r, err := func() (Result, error) {
		f.t = t
		return build(t, `import { job, users } from "litellm";
await job.each(Array.from({ length: 400 }, (_, i) => String(i)), { key: String, concurrency: 10 }, async (email) => { await users.create({ email }) });`).
			Run(t.Context(), RunOptions{Host: f, clock: clock.now})
	}()
	if err != nil || r.OK != 400 || most.Load() > 10 {
		t.Error(r, err, most.Load())
	}
	low := 10
	for _, tally := range f.tallies {
		low = min(low, tally.Limit)
	}
	if low != 5 || f.tallies[len(f.tallies)-1].Limit != 10 {
		t.Errorf("the limit was %d, and is %d in the end", low, f.tallies[len(f.tallies)-1].Limit)
	}
}

func TestLimiter(t *testing.T) {
	l := limiter{wished: 8, limit: 8}
	now := time.Unix(1000, 0)
	step := func(want int, what string) {
		t.Helper()
		if l.limit != want {
			t.Errorf("%s: the limit is %d, and not %d", what, l.limit, want)
		}
	}
	l.trouble(now)
	step(4, "trouble")
	l.trouble(now.Add(999 * time.Millisecond))
	step(4, "trouble within a second")
	l.trouble(now.Add(time.Second))
	step(2, "more trouble")
	l.trouble(now.Add(2 * time.Second))
	l.trouble(now.Add(3 * time.Second))
	step(1, "the least")
	for _, c := range []struct{ n, want int }{{1, 2}, {1, 2}, {1, 3}, {3, 4}, {4 + 5 + 6 + 7, 8}, {100, 8}} {
		for range c.n {
			l.success()
		}
		step(c.want, fmt.Sprintf("%d went well", c.n))
	}
}

func TestPace(t *testing.T) {
	clock := &clock{}
	var slept []time.Duration
	p := &pace{every: 600 * time.Millisecond, clock: clock.now, sleep: func(_ context.Context, d time.Duration) error {
		slept = append(slept, d)
		clock.add(d)
		return nil
	}}
	for i := range 4 {
		if i == 3 {
			clock.add(10 * time.Second) // what was not used is not made up for
		}
		if err := p.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_ = p.wait(t.Context())
	if !slices.Equal(slept, []time.Duration{6e8, 6e8, 6e8}) {
		t.Error(slept)
	}
}

// The rate is asked for as the options say.
func TestEachRate(t *testing.T) {
	var waits []time.Duration
	var mu sync.Mutex
	clock := &clock{}
	f := &fake{t: t}
	_, err := build(t, `import { job } from "litellm";
await job.each(["a", "b", "c"], { key: String, rate: "120/m" }, async () => {});`).Run(t.Context(), RunOptions{Host: f, DryRun: true, clock: clock.now, sleep: func(_ context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		waits = append(waits, d)
		clock.add(d)
		return nil
	}})
	if err != nil || len(waits) != 3 || waits[0] != 500*time.Millisecond { // the third is before the end is known
		t.Error(err, waits)
	}
}

// Memory does not grow with the number of items.
func TestEachMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	f := &quiet{fake{t: t}}
	text := `import { job, keys } from "litellm";
function* items() { for (let i = 0; i < 6_000; i++) yield { email: "p" + i + "@example.com", text: "x".repeat(12_000) }; }
const r = await job.each(items(), { key: (p) => p.email, concurrency: 64 }, async (p, step) => {
  if (p.email === "p5900@example.com") console.log("late");
  await step("s", async () => 1);
  return { email: p.email };
});
if (r.ok !== 6_000) throw new Error("not all");`
	before := inUse()
	if _, err := build(t, text).Run(t.Context(), RunOptions{Host: f, DryRun: true, Limits: Limits{Memory: before + 32<<20, Turn: time.Minute}}); err != nil {
		t.Error(err)
	}
}
