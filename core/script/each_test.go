package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// onboarding works on three people: each gets a user, and then a key.
const onboarding = `import { job, keys, users } from "litellm";
const people = ["a", "b", "c"].map((name) => ({ email: name + "@x", since: new Date(5), $date: "x", n: 1.5, none: null, list: [undefined, true] }));
console.log(await job.each(people, { key: (p) => p.email, concurrency: 2 }, async (p) => {
  if (p.since.getTime() !== 5 || p.$date !== "x" || p.list[0] !== null) throw new TypeError("the item is another one: " + JSON.stringify(p));
  const u = await users.create({ email: p.email });
  await new Promise((r) => setTimeout(r, 1));
  const k = await keys.generate({ user_id: u.user_id });
  return { email: p.email, n: p.n, key: k.key, done: true, none: null, left_out: undefined };
}));`

// answers is a host's: users have the ids u-a@x, keys are secrets.
func answers(_ context.Context, name string, c *Call, emit func(string) error) (string, error) {
	what := c.Values[0].GetValues()[0]
	switch name {
	case "users create":
		return "", emit(fmt.Sprintf(`{"user_id":"u-%s","result":"created"}`, what))
	case "keys generate":
		return "", emit(fmt.Sprintf(`{"key":"secret-ref:%s","result":"created"}`, what))
	}
	return "", emit(`{}`)
}

// ended is what has come of the items of a job's first batch, a line each.
func ended(t *testing.T, j *job.Job, keys ...string) string {
	t.Helper()
	b, err := j.Batch(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, key := range keys {
		i, err := b.Begin(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		switch row, failure, ok := i.Ended(); {
		case !ok:
			out = append(out, key+" open")
		case failure != nil:
			out = append(out, fmt.Sprintf("%s failed %d %s", key, failure.Code, failure.Message))
		default:
			out = append(out, key+" "+string(row))
		}
	}
	return strings.Join(out, "\n")
}

func TestEach(t *testing.T) {
	j, _ := journal(t)
	f := &fake{jobs: j, answer: answers}
	r := run(t, f, RunOptions{}, onboarding)
	if r != (Result{Batches: 1, OK: 3}) || f.said[0] != "{ ok: 3, failed: 0, left: 0 }" {
		t.Error(r, f.said)
	}
	slices.Sort(f.calls)
	if got := strings.Join(f.calls, "\n"); got != "keys generate user-id=u-a@x\nkeys generate user-id=u-b@x\nkeys generate user-id=u-c@x\nusers create email=a@x\nusers create email=b@x\nusers create email=c@x" {
		t.Error(got)
	}
	want := `a@x {"email":"a@x","n":1.5,"key":"secret-ref:u-a@x","done":true,"none":null}
b@x {"email":"b@x","n":1.5,"key":"secret-ref:u-b@x","done":true,"none":null}
c@x {"email":"c@x","n":1.5,"key":"secret-ref:u-c@x","done":true,"none":null}`
	if got := ended(t, j, "a@x", "b@x", "c@x"); got != want {
		t.Error(got)
	}
	first, last := f.tallies[0], f.tallies[len(f.tallies)-1]
	if (first != Tally{Total: 3, Left: 3, Limit: 2}) || (last != Tally{Total: 3, OK: 3, Limit: 2}) {
		t.Error(first, last)
	}
	for _, tally := range f.tallies {
		if tally.Running > 2 || tally.OK+tally.Failed+tally.Left+tally.Running != 3 {
			t.Errorf("%+v", tally)
		}
	}
}

// A run that is stopped dead goes on after its last write that happened, with the same items, and asks nothing of what comes before.
func TestEachResumes(t *testing.T) {
	j, store := journal(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	f := &fake{t: t, jobs: j}
	killed := errors.New("killed")
	f.answer = func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		if name == "keys generate" {
			if c.Step == nil || c.Step.Again() {
				t.Errorf("%s has no new step", name)
			}
			cancel(killed)
			<-ctx.Done()
			return "", context.Cause(ctx)
		}
		return answers(ctx, name, c, emit)
	}
	text := strings.Replace(onboarding, "concurrency: 2", "concurrency: 1", 1)
	if _, err := build(t, text).Run(ctx, RunOptions{Host: f}); !errors.Is(err, killed) {
		t.Fatal(err)
	}
	if got := strings.Join(f.calls, "\n"); got != "users create email=a@x\nkeys generate user-id=u-a@x" {
		t.Fatal(got)
	}
	j = again(t, store, j)
	repeated := &atomic.Int64{}
	f = &fake{t: t, jobs: j, answer: func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		if c.Step.Again() {
			repeated.Add(1)
		}
		return answers(ctx, name, c, emit)
	}}
	// The items are those of the journal, whatever the script would make them now.
	text = strings.Replace(text, `["a", "b", "c"]`, `["d"]`, 1)
	if r := run(t, f, RunOptions{}, text); r.OK != 3 || repeated.Load() != 1 {
		t.Error(r, repeated.Load())
	}
	if got := strings.Join(f.calls, "\n"); !strings.HasPrefix(got, "keys generate user-id=u-a@x\nusers create email=b@x\n") || len(f.calls) != 5 {
		t.Error(got)
	}
}

// Items fail for themselves, and say why.
func TestEachFailures(t *testing.T) {
	j, _ := journal(t)
	f := &fake{jobs: j}
	f.answer = func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		if spelt(c) == "email=b@x" {
			return "", problem.New(problem.Refused, "cannot create user b@x: no").WithState(problem.Unchanged)
		}
		return answers(ctx, name, c, emit)
	}
	r := run(t, f, RunOptions{}, strings.Replace(onboarding, "  const k =", "  if (p.email === \"c@x\") throw new Error(\"not c\");\n  const k =", 1))
	if r != (Result{Batches: 1, OK: 1, Failed: 2}) {
		t.Error(r)
	}
	want := `a@x {"email":"a@x","n":1.5,"key":"secret-ref:u-a@x","done":true,"none":null}
b@x failed 6 cannot create user b@x: no
c@x failed 11 not c`
	if got := ended(t, j, "a@x", "b@x", "c@x"); got != want {
		t.Error(got)
	}
}

// A call that has failed is made again when the item is retried.
func TestEachRetries(t *testing.T) {
	j, _ := journal(t)
	n := &atomic.Int64{}
	f := &fake{jobs: j, answer: func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error) {
		if name == "users create" && n.Add(1) == 1 {
			return "", problem.New(problem.Unreachable, "it broke off")
		}
		return answers(ctx, name, c, emit)
	}}
	run(t, f, RunOptions{}, `import { job, users } from "litellm";
await job.each(["a@x"], { key: String }, async (email) => {
  for (let n = 0; ; n++) {
    try { return { id: (await users.create({ email })).user_id, n } } catch (e) { if (n > 3) throw e }
  }
});`)
	if len(f.calls) != 2 {
		t.Error(f.calls)
	}
}

// The script's own mistakes are the same for every item: none is begun any more, those under way are finished, and the run fails.
func TestEachBugs(t *testing.T) {
	for name, c := range map[string]struct{ work, want, at string }{
		"a TypeError":            {`if (p === "b@x") (null as any).x;`, "TypeError: Cannot read property 'x' of", "s.ts:4:32"},
		"a ReferenceError":       {`if (p === "b@x") foo();`, "ReferenceError: foo is not defined", "s.ts:4:18"},
		"a RangeError":           {`if (p === "b@x") "x".repeat(-1);`, "RangeError", "s.ts:4:22"},
		"a misspelt field":       {`if (p === "b@x") await users.create({ email: p, rol: "x" });`, `users.create has no field "rol"; did you mean role?`, "s.ts:4:30"},
		"a row that is a list":   {`if (p === "b@x") return [1] as any;`, `the item "b@x" must end with an object of cells, or with nothing, and not with a list`, ""},
		"a row that is a text":   {`if (p === "b@x") return "x" as any;`, `and not with a text`, ""},
		"a cell that is a list":  {`if (p === "b@x") return { x: [1] } as any;`, `the item "b@x" ends with a list in the cell "x": a cell is a text, a number, true or false, null, or a Secret`, ""},
		"a cell that is a date":  {`if (p === "b@x") return { x: new Date() } as any;`, `ends with a Date in the cell "x"`, ""},
		"a cell that is NaN":     {`if (p === "b@x") return { x: NaN } as any;`, `x: it is NaN, which has no JSON`, ""},
		"a write not awaited":    {`if (p === "b@x") { users.create({ email: p }); return; }`, `the item "b@x" has ended while a write of it was under way: await it`, ""},
		"a step not awaited":     {`if (p === "b@x") { step("x", async () => { await 1; }); return; }`, `the item "b@x" has ended while a write of it was under way: await it`, ""},
		"a write behind the end": {`if (p === "b@x") { setTimeout(() => users.create({ email: p }), 1); return; }`, `users.create is called for the item "b@x", which has ended: await it before the item's function returns`, "s.ts:4:43"},
		"a read behind the end":  {`if (p === "b@x") { Promise.resolve().then(() => new Promise((r) => setTimeout(r, 1))).then(() => users.list()); return; }`, `users.list is called for the item "b@x", which has ended`, "s.ts:4:104"},
		"another job.each":       {`if (p === "b@x") await job.each([], { key: String }, async () => {});`, `job.each() is called within the item "b@x" of another one`, "s.ts:4:28"},
		"a step without a name":  {`if (p === "b@x") await (step as any)(async () => {});`, `step() needs a name and a function`, "s.ts:4:25"},
		"two steps of a name":    {`if (p === "b@x") { await step("x", async () => 1); await step("x", async () => 2); }`, `the item "b@x" has two steps "x"`, "s.ts:4:58"},
		"steps beside each other": {`if (p === "b@x") await Promise.all([step("x", () => new Promise<void>((r) => setTimeout(r, 5))), step("y", async () => 2)]);`,
			`step("y") is called while the step "x" is under way: await the step first`, "s.ts:4:98"},
		"a write beside a step": {`if (p === "b@x") await Promise.all([step("x", () => new Promise<void>((r) => setTimeout(r, 5))), users.create({ email: p })]);`,
			`users.create is called while the step "x" is under way: await the step first`, "s.ts:4:104"},
		"a write behind a step": {`if (p === "b@x") { let later: any; await step("x", async () => { later = new Promise((r) => setTimeout(r, 5)).then(() => users.create({ email: p })); }); await later; }`,
			`users.create is called for the step "x", which has ended`, "s.ts:4:128"},
		"a value of a step that has no JSON": {`if (p === "b@x") await step("x", async () => new Map());`, `the value of a step cannot be kept in the journal: it is a Map`, ""},
		"a write of nobody": {`await 1; if (p === "b@x") await { then(ok: any) { users.create({ email: p }).then(ok) } };`,
			`users.create is called outside of the items while job.each is under way`, "s.ts:4:57"},
	} {
		t.Run(name, func(t *testing.T) {
			j, _ := journal(t)
			f := &fake{jobs: j, answer: answers}
			got := fails(t, f, RunOptions{}, `import { job, users } from "litellm";
try {
await job.each(["a@x", "b@x", "c@x", "d@x", "e@x"], { key: String, concurrency: 1 }, async (p, step) => {
`+c.work+`
  await users.create({ email: p });
});
await new Promise((r) => setTimeout(r, 50)); // for what comes behind the end
} catch (e) { console.log("the script goes on") ; throw e }`)
			at := ""
			if got.File != "" {
				at = place(got.File, got.Line, got.Column)
			}
			if got.Problem.Code != problem.Script || !strings.Contains(got.Error(), c.want) || at != c.at {
				t.Errorf("%d %s, at %s\n%s", got.Problem.Code, got, at, got.Frame)
			}
			if strings.HasSuffix(name, "behind the end") || len(f.said) > 0 {
				return
			}
			// The first is done, the second is open, and no other one was begun.
			if text := ended(t, j, "a@x", "b@x", "c@x"); text != "a@x \nb@x open\nc@x open" {
				t.Error(text)
			}
			b, _ := j.Batch(t.Context(), 0)
			if c := b.Counts(); c.OK != 1 || c.Left != 2 {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestEachRefuses(t *testing.T) {
	for text, c := range map[string]struct {
		code problem.Code
		want string
	}{
		`job.each([], undefined as any, async () => {})`:                                                   {problem.Script, "job.each() needs options with a key"},
		`job.each([], {} as any, async () => {})`:                                                          {problem.Script, "job.each() needs a key that tells the items apart"},
		`job.each([], { key: String, concurency: 5 } as any, async () => {})`:                              {problem.Script, `job.each() has no option "concurency"; did you mean concurrency?`},
		`job.each([], { key: String, concurrency: 0 }, async () => {})`:                                    {problem.Script, "concurrency must be a whole number from 1, not 0"},
		`job.each([], { key: String, concurrency: 1000 }, async () => {})`:                                 {problem.Script, "concurrency must not be more than 256"},
		`job.each([], { key: String, max_errors: 1.5 }, async () => {})`:                                   {problem.Script, "max_errors must be a whole number from 1, not 1.5"},
		`job.each([], { key: String, rate: "100" as any }, async () => {})`:                                {problem.Script, `rate must be a number of items a second, minute or hour, such as "100/m", not "100"`},
		`job.each([], { key: String, rate: "0/s" }, async () => {})`:                                       {problem.Script, `rate must be more than none`},
		`job.each([], { key: String }, 5 as any)`:                                                          {problem.Script, "job.each() needs a function that works on an item, not a number"},
		`job.each(5 as any, { key: String }, async () => {})`:                                              {problem.Script, "job.each() works on a list, a listing, or what can be iterated otherwise, and not on a number"},
		`job.each([1], { key: () => 5 as any }, async () => {})`:                                           {problem.Script, "the key of an item must be a text, not a number"},
		`job.each([""], { key: String }, async () => {})`:                                                  {problem.Script, "the key of an item must be a text, not an empty one"},
		`job.each([{}], { key: (p: any) => p.a.b }, async () => {})`:                                       {problem.Script, "Cannot read property 'b' of undefined"},
		`job.each([{ a: { b: new Map() } }], { key: () => "k" }, async () => {})`:                          {problem.Script, `the item "k" cannot be kept in the journal: a.b: it is a Map, which has no JSON; use a plain object`},
		`job.each([{ f() {} }], { key: () => "k" }, async () => {})`:                                       {problem.Script, `the item "k" cannot be kept in the journal: f: it is a function`},
		`job.each([new (class P {})()], { key: () => "k" }, async () => {})`:                               {problem.Script, `the item "k" cannot be kept in the journal: it is a P`},
		`job.each([{ s: Symbol() }], { key: () => "k" }, async () => {})`:                                  {problem.Script, `s: it is a symbol`},
		`job.each([{ n: 5n }], { key: () => "k" }, async () => {})`:                                        {problem.Script, `n: it is a BigInt, which has no JSON; use a text`},
		`job.each([{ d: new Date(NaN) }], { key: () => "k" }, async () => {})`:                             {problem.Script, `d: it is a Date without a time`},
		`job.each([await keys.generate({})], { key: () => "k" }, async () => {})`:                          {problem.Script, `key: it is a Secret, which only results may hold`},
		`job.each(["a", "b", "a", "c", "b"], { key: String }, async () => {})`:                             {problem.Usage, "cannot begin: "},
		`job.each(["a", "b", "c"], { key: String, max_items: 2 }, async () => {})`:                         {problem.Guarded, "cannot begin: there are more than 2 items"},
		`job.each((function* () { yield 1; throw new Error("gen"); })(), { key: String }, async () => {})`: {problem.Script, "Error: gen"},
		`job.each(users.list(), { key: String }, async () => {})`:                                          {problem.Unreachable, "cannot list users"},
	} {
		for _, dry := range []bool{false, true} {
			j, _ := journal(t)
			f := &fake{jobs: j, answer: func(_ context.Context, name string, _ *Call, emit func(string) error) (string, error) {
				if name == "users list" {
					return "", problem.New(problem.Unreachable, "cannot list users")
				}
				return "", emit(`{"key":"secret-ref:1"}`)
			}}
			got := fails(t, f, RunOptions{DryRun: dry}, `import { job, keys, users } from "litellm";`+"\nawait null; await "+strings.ReplaceAll(text, "async () => {}", "async () => { await users.create({ email: 'x' }) }"))
			if got.Problem.Code != c.code || !strings.Contains(got.Error(), c.want) || !dry && slices.ContainsFunc(f.calls, func(s string) bool { return strings.HasPrefix(s, "users create") }) {
				t.Errorf("%s: %d %s, after %q", text, got.Problem.Code, got, f.calls)
			}
			if got.Line != 2 && !strings.Contains(text, "users.list") {
				t.Errorf("%s: at %v", text, got.Problem.Facts)
			}
		}
	}
}

// Whatever can be iterated has items.
func TestEachItems(t *testing.T) {
	for items, want := range map[string]string{
		`["a", "b"]`: "a b", `new Set(["a", "b"])`: "a b", `(function* () { yield "a"; yield "b"; })()`: "a b", `(async function* () { yield "a"; await 1; yield "b"; })()`: "a b",
		`keys.list()`: "k0 k1", `"ab"`: "a b", `[Promise.resolve("a")]`: "a", `[]`: "", `new Map([["a", 1]]).keys()`: "a",
	} {
		for _, dry := range []bool{false, true} {
			j, _ := journal(t)
			f := &fake{jobs: j, answer: func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
				return "", errors.Join(emit(`"k0"`), emit(`"k1"`))
			}}
			run(t, f, RunOptions{DryRun: dry}, `import { job, keys } from "litellm";
await job.each<any>(`+items+`, { key: String }, async (x) => { console.log(x) });`)
			slices.Sort(f.said)
			if got := strings.Join(f.said, " "); got != want {
				t.Errorf("%s: %s", items, got)
			}
		}
	}
}

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
function* items() { for (let i = 0; i < 40_000; i++) yield { email: "p" + i + "@example.com", text: "x".repeat(2000) }; }
const r = await job.each(items(), { key: (p) => p.email, concurrency: 64 }, async (p, step) => {
  if (p.email === "p39900@example.com") console.log("late");
  await step("s", async () => 1);
  return { email: p.email };
});
if (r.ok !== 40_000) throw new Error("not all");`
	before := inUse()
	if _, err := build(t, text).Run(t.Context(), RunOptions{Host: f, DryRun: true, Limits: Limits{Memory: before + 64<<20, Turn: time.Minute}}); err != nil {
		t.Error(err)
	}
}

// An item, a step, or an iterator that waits for nothing does not hang the run.
func TestEachWaitsForNothing(t *testing.T) {
	for text, items := range map[string]string{
		`await job.each(["a", "b", "c"], { key: String, concurrency: 2 }, async (p) => { if (p !== "a") await new Promise(() => {}); await users.create({ email: p }); })`: "b c",
		`job.each(["a"], { key: String }, async (p, step) => { await step("x", () => new Promise(() => {})); })`:                                                           "a",
		`await job.each((async function* () { yield "a"; await new Promise(() => {}); })(), { key: String }, async () => {})`:                                              "",
		`await csv.write("x.csv", (async function* () { await new Promise(() => {}); yield {}; })())`:                                                                      "",
	} {
		j, _ := journal(t)
		f := &fake{jobs: j, answer: answers}
		got := fails(t, f, RunOptions{WorkDir: t.TempDir(), Grants: Grants{Write: []string{"."}}}, `import { csv, job, users } from "litellm"; csv;`+"\n"+text)
		var keys []string
		for _, fact := range got.Problem.Facts {
			keys = append(keys, fact.Text)
		}
		if got.Problem.Code != problem.Script || !strings.Contains(got.Error(), "it waits for a promise that nothing will ever settle") || strings.Join(keys, " ") != items {
			t.Errorf("%s: %v %q", text, got, keys)
		}
	}
}
