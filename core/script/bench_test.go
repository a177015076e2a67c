package script

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// record is what a key's generation gives, about as long as the gateway's.
const record500 = `{"token":"2f81c09e7a4488d0b1f34c21c4a97e5510be2f81c09e7a4488d0b1f34c21c4a9","key_name":"sk-...9Qx2","key_alias":"ada@example.com/default","user_id":"u-17","team_id":"t-1","models":["gpt-4o-mini"],"spend":0,"max_budget":50,"budget_duration":"1mo","expires":null,"blocked":null,"created_at":"2026-11-24T02:14:00Z","metadata":{"cost_center":"4711"},"result":"created","key":"secret-ref:2f81c09e7a4488d0"}`

// BenchmarkCalls measures one call of the host, 64 at once: what it costs the script and the loop.
func BenchmarkCalls(b *testing.B) {
	f := &fake{}
	f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
		return "", emit(record500)
	}
	p := build(b, fmt.Sprintf(`import { keys } from "litellm";
let left = %d;
await Promise.all(Array.from({ length: 64 }, async (_, w) => {
  while (left-- > 0) await keys.generate({ key_alias: "ada/" + left, user_id: "u-17", models: ["gpt-4o-mini"], max_budget: 50, metadata: { cost_center: "4711" } });
}));`, b.N))
	f.t = b
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := p.Run(b.Context(), RunOptions{Host: f}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkItems measures an item with two writes, each a step in a journal on disk, 64 at once.
func BenchmarkItems(b *testing.B) {
	j, _ := journal(b)
	f := &fake{t: b, jobs: j}
	f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
		return "", emit(record500)
	}
	p := build(b, fmt.Sprintf(`import { job, keys, users } from "litellm";
function* items() { for (let i = 0; i < %d; i++) yield { email: "p" + i + "@example.com", name: "P " + i }; }
await job.each(items(), { key: (p) => p.email, concurrency: 64 }, async (p) => {
  const user = await users.create({ email: p.email, alias: p.name });
  const key = await keys.generate({ user_id: user.user_id, key_alias: p.email });
  return { email: p.email, key: key.key };
});`, b.N))
	b.ReportAllocs()
	b.ResetTimer()
	r, err := p.Run(b.Context(), RunOptions{Host: f, Limits: Limits{Turn: time.Minute}})
	if err != nil || r.OK != b.N {
		b.Fatal(r, err)
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkBuild measures what a script costs before it begins.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		build(b, `import { job, keys, users } from "litellm"; await job.each(["a"], { key: String }, async (p) => { await users.create({ email: p }); });`)
	}
}

// BenchmarkStart measures an empty run.
func BenchmarkStart(b *testing.B) {
	p := build(b, `import { keys } from "litellm"; keys.list();`)
	for b.Loop() {
		if _, err := p.Run(b.Context(), RunOptions{Host: &fake{t: b}}); err != nil {
			b.Fatal(err)
		}
	}
}
