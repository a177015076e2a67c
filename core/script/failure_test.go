package script

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Each way in which a script can fail: with the author's place where the language can know it, and the right exit code.
func TestFailures(t *testing.T) {
	deep := "import { keys } from \"litellm\";\ninterface P { a: { b: string } }\n\nasync function work(p: P) {\n  await keys.generate({});\n  return inner(p);\n}\n" +
		"function inner(p: P) {\n  return p.a.b;\n}\nasync function main() {\n  await work({} as P);\n}\nawait main();\n"
	for name, c := range map[string]struct {
		text, want, at string
		code           problem.Code
		stack          []string
	}{
		"a throw deep in TypeScript": {deep, "TypeError: Cannot read property 'b' of undefined", "s.ts:9:14", problem.Script, []string{"inner (s.ts:9:14)", "work (s.ts:6:10)", "main (s.ts:12:9)"}},
		"a throw at the top":         {"\nthrow new Error(\"é😀\");", "cannot run s.ts: Error: é😀", "s.ts:2:7", problem.Script, nil},
		"a class of its own":         {"class Own extends Error { name = \"Own\" }\nfunction f() { throw new Own(\"x\") }\nf();", "Own: x", "", problem.Script, nil},
		"what is no error":           {"throw { reason: 5 }", `it threw { reason: 5 }`, "", problem.Script, nil},
		"nothing":                    {"throw undefined", `it threw undefined`, "", problem.Script, nil},
		"a reference to nothing":     {"let a = 1;\nfoo(a)", "ReferenceError: foo is not defined", "s.ts:2:1", problem.Script, nil},
		"a rejection that nobody awaits": {"import { keys } from \"litellm\";\nasync function f() {\n  await keys.generate({});\n  throw new Error(\"late\");\n}\nf();\nawait new Promise((r) => setTimeout(r, 600_000));",
			"Error: late", "s.ts:4:9", problem.Script, nil},
		"a rejected promise":             {"Promise.reject(\"no\");", `it threw "no"`, "s.ts:1:9", problem.Script, nil},
		"a throw in a timer":             {"setTimeout(() => {\n  throw new Error(\"tick\");\n}, 1);\nawait new Promise((r) => setTimeout(r, 600_000));", "Error: tick", "s.ts:2:9", problem.Script, nil},
		"a throw in an interval":         {"setInterval(function tick() {\n  throw new Error(\"tick\");\n}, 1);", "Error: tick", "s.ts:2:9", problem.Script, []string{"tick (s.ts:2:9)"}},
		"a throw in a microtask":         {"queueMicrotask(() => { throw new Error(\"micro\") });", "Error: micro", "s.ts:1:30", problem.Script, nil},
		"a throw in an async generator":  {"async function* g() {\n  yield 1;\n  throw new Error(\"gen\");\n}\nfor await (const x of g()) console.log(x);", "Error: gen", "s.ts:3:9", problem.Script, nil},
		"a promise that nothing settles": {"await new Promise(() => {});", "it waits for a promise that nothing will ever settle", "", problem.Script, nil},
		"endless recursion":              {"function f() {\n  f();\n}\nf();", "RangeError: more than 4000 calls are nested", "s.ts:2:3", problem.Script, nil},
		"endless recursion in a getter":  {"const o = { get a() { return o.a } };\no.a;", "RangeError: more than 4000 calls are nested", "s.ts:1:32", problem.Script, nil},
		"endless async recursion":        {"async function f() {\n  await f();\n}\nawait f();", "RangeError: more than 4000 calls are nested", "s.ts:2:9", problem.Script, nil},
		"an endless loop":                {"let n = 0;\nfor (;;) {\n  n++;\n}", "it computed for 50ms without a pause", "", problem.TimedOut, nil},
		"an endless loop of promises":    {"const f = () => Promise.resolve().then(f);\nawait f();", "it computed for 50ms without a pause", "", problem.TimedOut, nil},
		"an endless loop that catches":   {"let n = 0;\nfor (;;) {\n  try { for (;;) n++; } catch { n-- } finally { n++ }\n}", "it computed for 50ms without a pause", "", problem.TimedOut, nil},
		"an error of the gateway":        {"import { users } from \"litellm\";\n\nawait users.get({ id: \"x\" });", "there is no user x", "s.ts:3:13", problem.NotFound, []string{"s.ts:3:13"}},
		"one that is thrown on":          {"import { users, NotFound } from \"litellm\";\ntry { await users.get({ id: \"x\" }); }\ncatch (e) { if (!(e instanceof NotFound)) throw new Error(\"no\"); throw e; }", "there is no user x", "s.ts:2:19", problem.NotFound, nil},
		"one in a listing":               {"import { users } from \"litellm\";\nawait users.list({ role: \"internal_user\" });", "cannot list users: it broke off", "s.ts:2:13", problem.Unreachable, nil},
		"a value that is refused":        {"import { users } from \"litellm\";\nawait users.create({ email: \"a\", role: \"admin\" as any });", `role: it must be one of`, "s.ts:2:13", problem.Usage, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			f.answer = func(_ context.Context, name string, _ *Call, _ func(string) error) (string, error) {
				switch name {
				case "users get":
					return "", problem.New(problem.NotFound, "there is no user x").WithHint("look")
				case "users list":
					return "", problem.New(problem.Unreachable, "cannot list users: it broke off")
				}
				return "", nil
			}
			limits := Limits{}
			if c.code == problem.TimedOut {
				limits.Turn = 50 * time.Millisecond
			}
			got := fails(t, f, RunOptions{Limits: limits}, c.text)
			if got.Problem.Code != c.code || !strings.Contains(got.Error(), c.want) {
				t.Errorf("%d %s", got.Problem.Code, got)
			}
			at := ""
			if got.File != "" {
				at = place(got.File, got.Line, got.Column)
			}
			switch {
			case c.at != "" && at != c.at:
				t.Errorf("it is at %s, and not at %s\n%s", at, c.at, got.Frame)
			case at != "" && (got.Problem.Facts[0] != problem.Fact{Label: "at", Text: at} || !strings.Contains(got.Frame, "^")):
				t.Errorf("%v\n%s", got.Problem.Facts, got.Frame)
			case c.code == problem.TimedOut && got.File != "s.ts":
				t.Errorf("it is at %q", at)
			}
			if c.stack != nil && !slices.Equal(got.Stack[:min(len(c.stack), len(got.Stack))], c.stack) {
				t.Errorf("the stack is %q", got.Stack)
			}
		})
	}
}

// The error that an error was made from is told, too.
func TestCause(t *testing.T) {
	got := fails(t, &fake{}, RunOptions{}, `try { null.x } catch (cause) { throw new Error("no team", { cause }) }`)
	if want := (problem.Fact{Label: "cause", Text: "Cannot read property 'x' of undefined"}); !slices.Contains(got.Problem.Facts, want) {
		t.Error(got.Problem.Facts)
	}
}

// A handler that is added in the same turn, or a promise that is awaited later in it, is in time.
func TestHandledInTime(t *testing.T) {
	got := output(t, `
const p = Promise.reject(new Error("a"));
await null;
await null;
try { await p } catch (e) { console.log("caught", e.message) }
const q = (async () => { throw new Error("b") })();
queueMicrotask(() => q.catch((e) => console.log("late", e.message)));
const all = await Promise.allSettled([Promise.reject(1), 2]);
console.log(all.map((r) => r.status).join());
`)
	if got != "caught a\nlate b\nrejected,fulfilled" {
		t.Error(got)
	}
}

func TestApiErrors(t *testing.T) {
	f := &fake{}
	codes := []problem.Code{problem.Usage, problem.Partial, problem.Denied, problem.NotFound, problem.Refused, problem.Unreachable, problem.Guarded, problem.Plugin, problem.TimedOut, problem.Interrupted, problem.Failed, problem.Different}
	f.answer = func(_ context.Context, _ string, c *Call, _ func(string) error) (string, error) {
		n := int(c.Values[0].GetValues()[0][0] - 'a')
		if n == len(codes) {
			e := problem.New(problem.Failed, "it may be any of 2 keys")
			e.Type = litellm.Ambiguous
			return "", e
		}
		e := problem.New(codes[n], "no").WithState("nothing was changed").WithHint("do")
		e.Status, e.Said, e.Retryable = 400+n, "said", n%2 == 0
		return "", e
	}
	run(t, f, RunOptions{}, `import { keys, ApiError, NotFound, Denied, Ambiguous } from "litellm";
for (const c of "abcdefghijklm") {
  try { await keys.info({ key: c }); }
  catch (e: any) {
    console.log(e.name, e.code, e.status, e.retryable, e.hint, e.said, e.state, e.message, e instanceof ApiError, e instanceof Error, e instanceof NotFound, e instanceof Denied, e instanceof Ambiguous);
    if (c === "a") console.log(e.stack), console.log(Object.prototype.toString.call(e));
  }
}`)
	want := `ApiError usage 400 true do said nothing was changed no true true false false false
ApiError: no
    at s.ts:3:20
[object Error]
ApiError partial 401 false do said nothing was changed no true true false false false
Denied denied 402 true do said nothing was changed no true true false true false
NotFound not_found 403 false do said nothing was changed no true true true false false
ApiError refused 404 true do said nothing was changed no true true false false false
ApiError unreachable 405 false do said nothing was changed no true true false false false
ApiError guarded 406 true do said nothing was changed no true true false false false
ApiError plugin 407 false do said nothing was changed no true true false false false
ApiError timed_out 408 true do said nothing was changed no true true false false false
ApiError interrupted 409 false do said nothing was changed no true true false false false
ApiError failed 410 true do said nothing was changed no true true false false false
ApiError failed 411 false do said nothing was changed no true true false false false
Ambiguous failed 0 false undefined undefined undefined it may be any of 2 keys true true false false true`
	if got := strings.Join(f.said, "\n"); got != want {
		t.Error(got)
	}
}

// The stack that a script sees has the author's places.
func TestStackOfTheScript(t *testing.T) {
	got := output(t, "function inner() {\n  throw new Error(\"x\");\n}\ntry { inner() } catch (e: any) { console.error(e); console.log({ e }) }")
	if want := "Error: x\n\tat inner (s.ts:2:9)\n\tat s.ts:4:7"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n{ e: [Error: x] }") {
		t.Error(got)
	}
}

func TestMemoryLimit(t *testing.T) {
	for name, text := range map[string]string{
		"an allocation without end": "const all: unknown[] = [];\nfor (;;) {\n  all.push(new Array(1000).fill(0));\n}",
		"a text without end":        "let s = \"x\".repeat(1000);\nfor (;;) {\n  s += s.slice(0, 100_000) + s.length;\n}",
	} {
		t.Run(name, func(t *testing.T) {
			got := fails(t, &fake{}, RunOptions{Limits: Limits{Memory: inUse() + 64<<20, Turn: time.Hour}}, text)
			if got.Problem.Code != problem.Script || !strings.Contains(got.Error(), "MiB of memory") || got.File != "s.ts" || got.Line != 3 {
				t.Errorf("%d %s, at %v", got.Problem.Code, got, got.Problem.Facts)
			}
		})
	}
}

// Recursion through built-in functions is as deep as without them, and Go's own stack holds it.
func TestDepthThroughBuiltins(t *testing.T) {
	for name, text := range map[string]string{
		"map":       "const f = (n: number): any => [n].map(f);\nf(0)",
		"sort":      "const f = (): any => [1, 2].sort(f);\nf()",
		"replace":   "const f = (): any => \"a\".replace(/a/, f);\nf()",
		"toJSON":    "const o = { toJSON() { return JSON.stringify(o) } };\nJSON.stringify(o)",
		"toString":  "const o: any = { toString() { return `${o}` } };\n`${o}`",
		"proxy":     "const p: any = new Proxy({}, { get: (t, k) => p[k] });\np.x",
		"iterator":  "const o: any = { [Symbol.iterator]() { return [...o] } };\n[...o]",
		"apply":     "function f(): any { return Reflect.apply(f, null, []) }\nf()",
		"construct": "class A { constructor() { new A() } }\nnew A()",
		"promise":   "const f = (): any => new Promise(f);\nf()",
	} {
		t.Run(name, func(t *testing.T) {
			got := fails(t, &fake{}, RunOptions{Limits: Limits{Turn: time.Hour, Memory: 4 << 30, Depth: 1000}}, text)
			if got.Problem.Code != problem.Script || !strings.Contains(got.Error(), "RangeError") || got.File == "" {
				t.Errorf("%d %s", got.Problem.Code, got)
			}
		})
	}
}

// TestStuck is about a regular expression without end: nothing but the end of the process stops it, which is this test's child.
func TestStuck(t *testing.T) {
	const sign = "SCRIPT_TEST_STUCK"
	const endless = `import { args } from "litellm"; console.log(/^(?:(a+)+)\1?$/.test("a".repeat(60) + "!")); args({})`
	limits := Limits{Turn: 100 * time.Millisecond}
	tell := func(err error) {
		e := problem.As(err)
		_, _ = os.Stdout.WriteString("stuck: " + e.Message + " " + e.Facts[0].Label + " " + e.Facts[0].Text + "\n")
		os.Exit(int(e.Code))
	}
	switch os.Getenv(sign) {
	case "run":
		_, err := build(t, endless).Run(t.Context(), RunOptions{Host: &fake{t: t}, Limits: limits, Stuck: tell})
		t.Fatal("it ended by itself: ", err)
	case "describe":
		_, err := build(t, endless).Describe(t.Context(), limits)
		tell(err)
	}
	for _, what := range []string{"run", "describe"} {
		child := exec.Command(os.Args[0], "-test.run=^TestStuck$")
		child.Env = append(os.Environ(), sign+"="+what)
		out, err := child.CombinedOutput()
		exit, ok := err.(*exec.ExitError)
		if !ok || exit.ExitCode() != int(problem.TimedOut) || !strings.Contains(string(out), "stuck: cannot run s.ts: it computed for 100ms without a pause in a built-in function") {
			t.Errorf("%s: %v: %s", what, err, out)
		}
	}
}

// The time that the host takes is not the script's.
func TestTimeOfOthers(t *testing.T) {
	f := &slow{fake: fake{t: t}}
	clock := &clock{}
	f.wait = func() { clock.add(time.Hour) }
	p := build(t, `import { output, keys } from "litellm"; output.text("x"); await keys.generate({}); output.record({ a: 1 }); console.log("x")`)
	s := newSession(t.Context(), p, RunOptions{Host: f, clock: clock.now})
	if err := s.main(); err != nil {
		t.Error(err)
	}
}
