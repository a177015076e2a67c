package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func TestFiles(t *testing.T) {
	dir := workDir(t, "in/a.txt", "\ufeffone\r\ntwo\nthree", "in/deep/b.txt", "b", "out/x", "", "secret.txt", "no", "given.txt", "given", "in/latin.txt", "\xe9")
	for link, to := range map[string]string{"in/out.txt": "secret.txt", "in/up": ".", "out/up.txt": "secret.txt", "in/same.txt": "in/a.txt"} {
		if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, link)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	if err := os.Symlink("a.txt", filepath.Join(dir, "in", "near.txt")); err != nil {
		t.Fatal(err)
	}
	ok := map[string]string{
		`await files.read("in/a.txt")`:                                    "one\r\ntwo\nthree",
		`await files.read("./in/deep/../deep/b.txt")`:                     "b",
		`await files.read("` + filepath.ToSlash(dir) + `/in/deep/b.txt")`: "b",
		`await files.read("in/near.txt")`:                                 "one\r\ntwo\nthree",
		`await files.read(opt.file)`:                                      "given",
		`await files.read(files.open("in/deep/b.txt"))`:                   "b",
		`files.open("in/deep/b.txt").path`:                                "in/deep/b.txt",
		`await (async () => { const out = []; for await (const l of files.lines("in/a.txt")) out.push(l); return out.join("|") })()`: "one|two|three",
		`(await files.lines("in/a.txt") as any).length`:                                          "3",
		`(await files.write("out/new.txt", "é"), await files.write("out/new.txt", "x"), "done")`: "done",
		`env.get("ALLOWED")`: "yes",
		`env.get("UNSET")`:   "undefined",
		`[run.dry_run, run.profile, run.gateway, Object.keys(run)].join()`: "false,prod,https://x,dry_run,gateway,profile",
	}
	bad := map[string]string{
		`await files.read("secret.txt")`:        "cannot read secret.txt: the script may not",
		`await files.read("in/../secret.txt")`:  "the script may not",
		`await files.read("/etc/passwd")`:       "cannot read /etc/passwd: the script may not",
		`await files.read("in/out.txt")`:        "cannot read in/out.txt: ",
		`await files.read("in/up/secret.txt")`:  "cannot read in/up/secret.txt: ",
		`await files.read("in/same.txt")`:       "cannot read in/same.txt: ", // an absolute link leads out of every directory
		`await files.read("in/none.txt")`:       "cannot read in/none.txt: no such file or directory",
		`await files.read("in/deep")`:           "cannot read in/deep: it is a directory",
		`await files.read("in/latin.txt")`:      "cannot read in/latin.txt: it is not UTF-8 text",
		`await files.lines("in/latin.txt")`:     "line 1 is not UTF-8 text",
		`await files.write("in/a.txt", "x")`:    "cannot write in/a.txt: the script may not",
		`await files.write("out/up.txt", "x")`:  "cannot write out/up.txt: ",
		`await files.write("out/n/a.txt", "x")`: "cannot write out/n/a.txt: no such file or directory",
		`await files.write(opt.file, "x")`:      "cannot write given.txt: the script may not",
		`files.write("out/a", 5)`:               "files.write() needs a text, not a number",
		`files.open("secret.txt")`:              "the script may not",
		`files.read(5)`:                         "files.read() needs a File or a path, not a number",
		`files.read({ path: "secret.txt" })`:    "files.read() needs a File or a path, not an object",
		`env.get("HOME")`:                       "cannot read the variable HOME: the script may not",
		`env.get(5)`:                            "env.get() needs a name, not a number",
	}
	o := RunOptions{
		WorkDir: dir, Grants: Grants{Read: []string{"in"}, Write: []string{"out"}, Env: []string{"ALLOWED", "UNSET"}}, Profile: "prod", Gateway: "https://x",
		Getenv: func(name string) string { return map[string]string{"ALLOWED": "yes", "HOME": "secret"}[name] }, Values: []*protocol.Value{value("file", "given.txt")},
	}
	const head = `import { args, env, files, run } from "litellm";
const opt = args({ file: { type: "file", help: "" } }) as any;
`
	for call, want := range ok {
		f := &fake{}
		if _, err := tryRun(t, f, o, head+"console.log("+call+")"); err != nil || f.said[0] != want {
			t.Errorf("%s: %v %q", call, err, f.said)
		}
	}
	rehearsal, f := o, &fake{}
	rehearsal.DryRun = true
	if _, err := tryRun(t, f, rehearsal, head+`await files.write("out/rehearsed.txt", "x"); console.log(run.dry_run);`); err != nil || strings.Join(f.said, ", ") != "would write out/rehearsed.txt, true" {
		t.Errorf("%v %q", err, f.said)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "rehearsed.txt")); err == nil {
		t.Error("a rehearsal has written a file")
	}
	for call, want := range bad {
		got := fails(t, &fake{}, o, head+call)
		if !strings.Contains(got.Error(), want) || got.Line != 3 {
			t.Errorf("%s: %s at %v", call, got, got.Problem.Facts)
		}
		if strings.Contains(want, "the script may not") && (got.Problem.Code != problem.Usage || !strings.Contains(got.Problem.Hint, "run it with --allow-")) {
			t.Errorf("%s: %d %s", call, got.Problem.Code, got.Problem.Hint)
		}
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "out/new.txt")); err != nil || string(raw) != "x" {
		t.Errorf("%q %v", raw, err)
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, "secret.txt")); string(raw) != "no" {
		t.Error("a link was followed out of the directory")
	}
}

func TestOutput(t *testing.T) {
	f := &fake{}
	run(t, f, RunOptions{Width: 40}, `import { output } from "litellm";
output.record({ a: 1, b: [null, "é"], c: new Date(0), d: undefined });
output.text("line"); output.text("two\n"); output.text("");
output.bars([{ team: "eng", spend: 1234.5 }, { team: "data", spend: 0.01 }, { team: null, spend: 0 }], { label: "team", value: "spend", title: "Spend", unit: "$" });
for (const bad of [() => output.record(5 as any), () => output.record(null as any), () => output.record(Promise.resolve()), () => output.text(Promise.resolve() as any), () => output.bars([], undefined as any), () => output.bars([{ a: "x" }], { label: "a", value: "a" }), () => output.bars([5] as any, { label: "a", value: "a" } as any)]) {
  try { bad(); console.log("no"); } catch (e: any) { console.log(e.name, e.message); }
}`)
	if len(f.records) != 1 || f.records[0] != `{"a":1,"b":[null,"é"],"c":"1970-01-01T00:00:00.000Z"}` {
		t.Error(f.records)
	}
	want := "line\ntwo\n\nSpend\neng  " + strings.Repeat("█", 26) + " $1234.50\ndata ▏" + strings.Repeat(" ", 25) + "    $0.01\n–    " + strings.Repeat(" ", 26) + "    $0.00\n"
	if got := f.printed.String(); got != want {
		t.Errorf("\n%s\n%s", got, want)
	}
	if got := strings.Join(f.said, "\n"); got != `TypeError output.record() needs an object, not a number
TypeError output.record() needs an object, not null
TypeError output.record() was given a promise: await it
TypeError output.text() was given a promise: await it
TypeError output.bars() needs to know what to show, as in {label: "team", value: "spend"}
TypeError output.bars(): a must be a number, not a text
TypeError output.bars(): each row must be an object, not a number` {
		t.Error(got)
	}
}

func TestBars(t *testing.T) {
	for _, c := range []struct {
		b    bars
		want string
	}{
		{bars{rows: []bar{{"a", 2}, {"b", 1}}, width: 20, ascii: true}, "a ################ 2\nb ########         1\n"},
		{bars{rows: []bar{{"a", 2}, {"b", -1}}, width: 20, unit: "keys"}, "a ██████████  2 keys\nb █████      -1 keys\n"},
		{bars{rows: []bar{{"名前が長い", 1}}, width: 20}, "名前が…  █████████ 1\n"},
		{bars{rows: []bar{{"a\x1b[31m\n", 0}}, width: 20, title: "t\x07"}, "t?\na?[31m?            0\n"},
		{bars{width: 20, title: "none"}, "none\n"},
		{bars{rows: []bar{{"a", 1234567.891}, {"b", 1}}, width: 4}, "a █ 1,234,567.89\nb ▏         1.00\n"},
		{bars{rows: []bar{{"é", 1}}, width: 20, ascii: true}, "? ################ 1\n"},
	} {
		if got := c.b.String(); got != c.want {
			t.Errorf("\n%q\n%q", got, c.want)
		}
	}
}

func TestTimers(t *testing.T) {
	got := output(t, `
const log: string[] = [];
const t = setTimeout(() => log.push("cleared"), 1);
clearTimeout(t); clearTimeout(t); clearTimeout(undefined as any); clearTimeout(999);
setTimeout((a: number, b: number) => log.push("args " + (a + b)), 0, 1, 2);
let n = 0;
await new Promise<void>((done) => { const i = setInterval(() => { if (++n === 3) { clearInterval(i); done(); } }, 1); });
log.push("interval " + n);
setImmediate((x: string) => log.push(x), "immediate");
queueMicrotask(() => log.push("micro"));
log.push("sync");
await new Promise((r) => setTimeout(r, 5));
for (const bad of [() => setTimeout("x" as any, 1), () => queueMicrotask(5 as any)]) try { bad() } catch (e: any) { log.push(e.name) }
setTimeout(() => console.log("behind the top"), 1);
console.log(log.join("|"));
`)
	if got != "args 3|interval 3|sync|micro|immediate|TypeError|TypeError\nbehind the top" {
		t.Error(got)
	}
}

func TestGlobals(t *testing.T) {
	for expression, want := range map[string]string{
		`[typeof fetch, typeof process, typeof (globalThis as any).require, typeof Buffer].join()`: "undefined,undefined,undefined,undefined",
		`new URL("https://u:p%40@Example.com:443/a b/é?x=1&y=é#h").href`:                           "https://u:p%40@example.com/a%20b/%C3%A9?x=1&y=é#h",
		`new URL("../c?d", "http://h:8080/a/b/").href`:                                             "http://h:8080/a/c?d",
		`(() => { const u = new URL("http://h/a"); u.searchParams.append("x", "a b&"); u.searchParams.set("y", "1"); u.pathname = "b"; u.hash = "z"; u.port = "90"; return [u, u.search, u.host, u.origin, JSON.stringify(u)].join(" ") })()`: `http://h:90/b?x=a+b%26&y=1#z ?x=a+b%26&y=1 h:90 http://h:90 "http://h:90/b?x=a+b%26&y=1#z"`,
		`["nothing", "http://", "/a", ""].map((u) => { try { return new URL(u).href } catch (e: any) { return e.name } }).join()`:                                                                                                             "TypeError,TypeError,TypeError,TypeError",
		`new URL("mailto:a@b").href + new URL("http://[::1]:8080/").host`: "mailto:a@b[::1]:8080",
		`[...new URLSearchParams("?a=1&b=x%20y+z&a=2&c")].join("|")`:      "a,1|b,x y z|a,2|c,",
		`new URLSearchParams({ a: "1", b: "ü '~" }).toString()`:           "a=1&b=%C3%BC+%27%7E",
		`(() => { const p = new URLSearchParams([["b", "1"], ["a", "2"], ["b", "3"]]); p.sort(); const first = p.toString(); p.set("b", "9"); p.delete("a"); return [first, p, p.get("x"), p.getAll("b").length, p.has("b"), [...p.keys()], [...p.values()]].join(" ") })()`: "a=2&b=1&b=3 b=9  1 true b 9",
		`Array.from(new TextEncoder().encode("é😀")).join()`: "195,169,240,159,152,128",
		`new TextDecoder().decode(new Uint8Array([0, 195, 169, 255]).subarray(1)) + new TextDecoder("utf8").decode(new Uint8Array([65]).buffer) + new TextDecoder().decode()`: "é\ufffdA",
		`(() => { try { new TextDecoder("utf-8", { fatal: true } as any).decode(new Uint8Array([255])); } catch (e: any) { return e.name } })()`:                              "TypeError",
		`(() => { try { new TextDecoder("latin1" as any) } catch (e: any) { return e.name } })()`:                                                                             "RangeError",
		`(() => { const o: any = { d: new Date(5), m: new Map([[1, { a: 1 }]]), s: new Set([1]), r: /x/g, b: new Uint8Array([1, 2]), e: new RangeError("x"), u: undefined }; o.self = o; const c = structuredClone(o); return [c !== o, c.self === c, c.d.getTime(), c.m.get(1).a, c.s.has(1), c.r, c.b, c.e instanceof RangeError, "u" in c].join() })()`: "true,true,5,1,true,/x/g,1,2,true,true",
		`(() => { try { structuredClone({ f() {} }) } catch (e: any) { return e.name } })()`: "DataCloneError",
		`(() => { const c = new AbortController(); let n = 0; const f = () => n++; c.signal.addEventListener("abort", f); c.signal.addEventListener("abort", () => n += 10); c.signal.removeEventListener("abort", f); c.abort(); c.abort(); try { c.signal.throwIfAborted() } catch (e: any) { return [n, c.signal.aborted, e.name].join() } })()`: "10,true,AbortError",
		`typeof Symbol.asyncIterator`:                                       "symbol",
		`[1, 2, 3].at(-1) + Object.fromEntries([["a", 1]]).a + (null ?? 5)`: "9",
	} {
		if got := output(t, "console.log("+expression+")"); got != want {
			t.Errorf("%s\nis   %s\nwant %s", expression, got, want)
		}
	}
}

func TestConsole(t *testing.T) {
	f := &fake{}
	run(t, f, RunOptions{}, `
const o: any = { a: 1, "b-c": [1, "x", null, undefined], f() {}, n: -0, big: 5n, s: Symbol("x"), d: new Date(NaN), r: /x/, m: new Map([["k", 1]]), set: new Set([1]), p: Promise.resolve(), none: {}, deep: { a: { b: { c: { d: 1 } } } } };
o.self = o;
console.log("text", o); console.info(); console.warn(new Array(150).fill(0)); console.error(null); console.debug("multi\nline");
class Thing { x = 1 } console.log(new Thing(), Object.create(null), [Thing], () => {});
`)
	want := `text { a: 1, "b-c": [1, "x", null, undefined], f: [function f], n: -0, big: 5n, s: Symbol(x), d: [no date], r: /x/, m: Map {"k" => 1}, set: Set {1}, p: [promise], none: {}, deep: { a: { b: { c: {…} } } }, self: [circular] }`
	if f.said[0] != want || f.said[1] != "" || !strings.HasSuffix(f.said[2], "… 50 more]") || f.said[3] != "null" || f.said[4] != "multi\nline" || f.said[5] != "Thing { x: 1 } {} [[function Thing]] [function without a name]" {
		t.Error(strings.Join(f.said, "\n"))
	}
}

// A script cannot get at what the runtime keeps with its objects, nor break it by changing the language's own.
func TestHostile(t *testing.T) {
	f := &fake{}
	_, err := tryRun(t, f, RunOptions{}, `import { keys, files } from "litellm";
const real = Promise.prototype.then;
Promise.prototype.then = function (this: any, ...a: any[]) { return real.apply(this, a as any) } as any;
Array.prototype.map = () => { throw new Error("map") };
JSON.parse = () => { throw new Error("parse") };
(globalThis as any).Date = 5; (globalThis as any).TypeError = 5; (globalThis as any).Symbol = undefined;
Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
await keys.generate({ key_alias: "a" });
console.log = undefined as any;
const bad = new Proxy({}, { get() { throw new Proxy({}, { get() { throw 1 } }) }, ownKeys() { throw 2 } });
for (const f of [() => keys.list(bad as any), () => files.read(bad as any), () => keys.generate({ metadata: bad as any })]) { try { f() } catch {} }
throw bad;
`)
	if problem.CodeOf(err) != problem.Script || !slices.Equal(f.calls, []string{"keys generate key-alias=a"}) {
		t.Error(err, f.calls)
	}
}

// The host's functions can be handed to promises as they are.
func TestFunctionsAsCallbacks(t *testing.T) {
	f := &fake{}
	run(t, f, RunOptions{}, `import { http, keys, output } from "litellm";
const log: string[] = [];
const all = Promise.all([1, 2, 3].map(async (n) => { await null; log.push("a" + n); await null; log.push("b" + n); }));
await Promise.resolve("/x").then(http.get);
await Promise.resolve({ key_alias: "a" }).then(keys.generate).then(output.record);
await Promise.resolve().then(keys.list).then(console.log);
await all;
console.log(log.join());`)
	if got := strings.Join(f.said, "|"); got != `[{ result: "created" }]|a1,a2,a3,b1,b2,b3` || len(f.calls) != 3 || f.calls[0] != "http request method=GET path=/x" {
		t.Error(got, f.calls)
	}
}
