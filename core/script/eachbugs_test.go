package script

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

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
		"a write behind the end": {`if (p === "b@x") { gate.then(() => users.create({ email: p })); return; }`, `users.create is called for the item "b@x", which has ended: await it before the item's function returns`, "s.ts:4:42"},
		"a read behind the end":  {`if (p === "b@x") { gate.then(() => 1).then(() => users.list()); return; }`, `users.list is called for the item "b@x", which has ended`, "s.ts:4:56"},
		"another job.each":       {`if (p === "b@x") await job.each([], { key: String }, async () => {});`, `job.each() is called within the item "b@x" of another one`, "s.ts:4:28"},
		"a step without a name":  {`if (p === "b@x") await (step as any)(async () => {});`, `step() needs a name and a function`, "s.ts:4:25"},
		"two steps of a name":    {`if (p === "b@x") { await step("x", async () => 1); await step("x", async () => 2); }`, `the item "b@x" has two steps "x"`, "s.ts:4:58"},
		"steps beside each other": {`if (p === "b@x") await Promise.all([step("x", () => new Promise<void>((r) => setTimeout(r, 5))), step("y", async () => 2)]);`,
			`step("y") is called while the step "x" is under way: await the step first`, "s.ts:4:98"},
		"a write beside a step": {`if (p === "b@x") await Promise.all([step("x", () => new Promise<void>((r) => setTimeout(r, 5))), users.create({ email: p })]);`,
			`users.create is called while the step "x" is under way: await the step first`, "s.ts:4:104"},
		"a write behind a step": {`if (p === "b@x") { let later: any; await step("x", async () => { later = gate.then(() => users.create({ email: p })); }); open(1); await later; }`,
			`users.create is called for the step "x", which has ended`, "s.ts:4:96"},
		"a value of a step that has no JSON": {`if (p === "b@x") await step("x", async () => new Map());`, `the value of a step cannot be kept in the journal: it is a Map`, ""},
		"a write of nobody": {`await 1; if (p === "b@x") await { then(ok: any) { users.create({ email: p }).then(ok) } };`,
			`users.create is called outside of the items while job.each is under way`, "s.ts:4:57"},
	} {
		t.Run(name, func(t *testing.T) {
			j, _ := journal(t)
			f := &fake{jobs: j, answer: answers}
			got := fails(t, f, RunOptions{}, `import { job, users } from "litellm"; let open: any; const gate = new Promise((r) => { open = r; });
try {
await job.each(["a@x", "b@x", "c@x", "d@x", "e@x"], { key: String, concurrency: 1 }, async (p, step) => {
`+c.work+`
  await users.create({ email: p });
});
open(1); // for what comes behind the end
await new Promise((r) => setTimeout(r, 50));
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
