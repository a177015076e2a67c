package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/job"
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
