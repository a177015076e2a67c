package script

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// The item that a call belongs to is known however deep in the script it is made, and whatever runs beside it.
func TestEachKnowsTheItem(t *testing.T) {
	j, store := journal(t)
	f := &fake{jobs: j, answer: answers}
	text := `import { job, users } from "litellm";
const tick = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));
class Deep { async make(email: string) { await tick(1); return (await Promise.all([users.create({ email })]))[0]; } }
async function* several(p: string) { for (let i = 0; i < 3; i++) { await tick(i); yield await new Deep().make(p + "/" + i); } }
await job.each(Array.from({ length: 40 }, (_, i) => "p" + i), { key: String, concurrency: 16 }, async (p, step) => {
  for await (const u of several(p)) if (!u.user_id.startsWith("u-" + p + "/")) throw new TypeError("mixed up");
  await step("s", () => new Promise((ok, no) => queueMicrotask(() => setImmediate(() => users.create({ email: p + "/s" }).then(ok, no)))));
  await Promise.resolve().then(() => tick(1)).then(() => users.create({ email: p + "/t" })).finally(() => users.create({ email: p + "/f" }));
});`
	if r := run(t, f, RunOptions{}, text); r.OK != 40 || len(f.calls) != 40*6 {
		t.Fatal(r, len(f.calls))
	}
	f.jobs = again(t, store, j)
	b, err := f.jobs.Batch(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	// Each item has its own steps, in their order.
	for i := range 40 {
		item, err := b.Begin(t.Context(), fmt.Sprintf("p%d", i))
		if err != nil {
			t.Fatal(err)
		}
		for n, word := range []string{"0", "1", "2", "s", "t", "f"} {
			call := fmt.Sprintf(`{"command":"users create","values":{"email":["p%d/%s"]}}`, i, word)
			if _, err := item.Step(t.Context(), n, []byte(call)); err != nil {
				t.Errorf("step %d of item %d: %v", n, i, problem.As(err).Facts)
			}
		}
	}
}

// A step that is not the one that was recorded ends the item, whatever the script makes of it.
func TestEachOtherStep(t *testing.T) {
	j, store := journal(t)
	text := `import { job, users } from "litellm";
await job.each(["a@x"], { key: String }, async (email) => {
  try { await users.create({ email: ADDRESS }) } catch (e) { console.log("caught", e.message) }
  try { await users.create({ email: "another" }) } catch (e) { console.log("again", e.message) }
  throw new Error("at last");
});`
	f := &fake{jobs: j, answer: answers}
	ctx, cancel := context.WithCancel(t.Context())
	f.answer = func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		if spelt(c) == "email=another" {
			cancel()
			<-ctx.Done()
			return "", ctx.Err()
		}
		return answers(ctx, name, c, emit)
	}
	if _, err := build(t, strings.Replace(text, "ADDRESS", "email", 1)).Run(ctx, RunOptions{Host: f}); err == nil {
		t.Fatal("it was not interrupted")
	}
	f = &fake{jobs: again(t, store, j), answer: answers}
	if r := run(t, f, RunOptions{}, strings.Replace(text, "ADDRESS", `"other@x"`, 1)); r.Failed != 1 || len(f.calls) != 0 {
		t.Error(r, f.calls)
	}
	if len(f.said) != 2 || !strings.HasPrefix(f.said[0], "caught") || strings.TrimPrefix(f.said[0], "caught") != strings.TrimPrefix(f.said[1], "again") {
		t.Error(f.said)
	}
	b, _ := f.jobs.Batch(t.Context(), 0)
	item, _ := b.Begin(t.Context(), "a@x")
	if _, failure, _ := item.Ended(); failure == nil || strings.Contains(failure.Message, "at last") {
		t.Error(failure)
	}
}

// The value of a named step is kept, and is again what it was.
func TestNamedSteps(t *testing.T) {
	j, store := journal(t)
	text := `import { job, keys, users } from "litellm";
await job.each(["a@x"], { key: String }, async (p, step) => {
  await users.create({ email: "0" });
  const v = await step("make", async () => {
    console.log("make");
    await users.create({ email: "1" });
    const inner = await step("inner", async () => { await users.create({ email: "2" }); return "i"; });
    return { at: new Date(7), key: (await keys.generate({ user_id: "3" })).key, inner, $x: undefined };
  });
  const none = await step("none", () => {});
  try { await step("bad", async () => { await users.create({ email: "4" }); throw new Error("bad"); }) } catch (e) { console.log(e.message) }
  console.log(v.at.getTime(), v.key.hint, v.inner, none, Object.keys(v).join());
  await users.create({ email: "5" });
  STOP
  return { key: v.key };
});`
	f := &fake{jobs: j, answer: answers}
	fails(t, f, RunOptions{}, strings.Replace(text, "STOP", "foo();", 1))
	first := strings.Join(f.said, "|")
	if first != "make|bad|7 sk-…9Qx2 i undefined at,key,inner" || len(f.calls) != 6 {
		t.Fatal(first, f.calls)
	}
	f = &fake{jobs: again(t, store, j), answer: answers}
	if r := run(t, f, RunOptions{}, strings.Replace(text, "STOP", "", 1)); r.OK != 1 || len(f.calls) != 0 {
		t.Error(r, f.calls)
	}
	if got := strings.Join(f.said, "|"); got != strings.TrimPrefix(first, "make|") {
		t.Error(got)
	}
	if got := ended(t, f.jobs, "a@x"); got != `a@x {"key":"secret-ref:3"}` {
		t.Error(got)
	}
}

// What a step is known by holds no secret, and neither defaults nor the order in which the script names the fields.
func TestCanonical(t *testing.T) {
	var calls []string
	f := &fake{answer: func(_ context.Context, _ string, c *Call, emit func(string) error) (string, error) {
		for _, m := range types.Modules(manifests()) {
			if f := m.Find(c.Command.GetPath()...); m.Name == c.Plugin && f != nil {
				calls = append(calls, string(canonical(newCommand(f), c)))
			}
		}
		return "", emit(`{}`)
	}}
	run(t, f, RunOptions{Grants: Grants{Profiles: []string{"b"}}}, imports+`
await credentials.create({ name: "c", values: { api_key: "hunter2" }, region: "hunter3" });
await gateway("b").credentials.create({ region: "hunter3", values: { api_key: "hunter2" }, name: "c" });`)
	if len(calls) != 2 || strings.Contains(calls[0], "hunter") || !strings.Contains(calls[0], `"set":["region:=sha256:`) || !strings.Contains(calls[0], `"values":["sha256:`) {
		t.Fatal(calls)
	}
	if calls[1] != strings.Replace(calls[0], `,"values"`, `,"profile":"b","values"`, 1) {
		t.Error(calls)
	}
}
