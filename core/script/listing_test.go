package script

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// pages is a host that lists n keys, and counts what it has given.
func pages(n int, fail error) (*fake, *atomic.Int64, chan error) {
	f, given, ended := &fake{}, &atomic.Int64{}, make(chan error, 100)
	f.answer = func(_ context.Context, _ string, _ *Call, emit func(string) error) (string, error) {
		for i := range n {
			if err := emit(fmt.Sprintf(`{"n":%d}`, i)); err != nil {
				ended <- err
				return "", err
			}
			given.Add(1)
		}
		ended <- fail
		return "", fail
	}
	return f, given, ended
}

func TestListing(t *testing.T) {
	f, _, _ := pages(5001, nil)
	run(t, f, RunOptions{}, `import { keys } from "litellm";
const all = await keys.list();
console.log(Array.isArray(all), all.length, all[5000].n);
let n = 0, sum = 0;
const again = keys.list();
for await (const k of again) { n++; sum += k.n; }
console.log(n, sum);
console.log((await again).length, (await again).length);
const [a, b] = await Promise.all([keys.list(), keys.list().then((rows) => rows.length)]);
console.log(a.length, b);
const it = again[Symbol.asyncIterator]();
const many = await Promise.all(Array.from({ length: 5003 }, () => it.next()));
console.log(many.map((s) => s.value?.n).slice(-4), many.map((s) => s.done).slice(-3));
keys.list();
console.log(await keys.list().finally(() => console.log("last")).then((r) => r.length), String(keys.list()));
`)
	want := "true 5001 5000\n5001 12502500\n5001 5001\n5001 5001\n[4999, 5000, undefined, undefined] [false, true, true]\nlast\n5001 [object Object]"
	if got := strings.Join(f.said, "\n"); got != want {
		t.Error(got)
	}
	if len(f.calls) != 8 { // the listing that nobody awaits was not asked for
		t.Errorf("%d calls", len(f.calls))
	}
}

// An iteration holds a page, and the command waits until the next one is asked for.
func TestListingBackPressure(t *testing.T) {
	f, given, ended := pages(100_000, nil)
	run(t, f, RunOptions{}, `import { keys } from "litellm";
for await (const k of keys.list()) { if (k.n === 1200) break; }
`)
	if err := <-ended; err == nil || given.Load() > 2000 {
		t.Errorf("the command gave %d, and ended with %v", given.Load(), err)
	}
	if len(f.calls) != 1 {
		t.Error(f.calls)
	}
}

// One that is neither read to its end nor closed does not keep the run alive.
func TestListingAbandoned(t *testing.T) {
	f, _, ended := pages(100_000, nil)
	run(t, f, RunOptions{}, `import { keys } from "litellm";
const it = keys.list()[Symbol.asyncIterator]();
console.log((await it.next()).value);`)
	if err := <-ended; err == nil {
		t.Error("the command went on to its end")
	}
}

// What breaks off is an error, and never a part.
func TestListingBreaksOff(t *testing.T) {
	f, _, _ := pages(700, problem.New(problem.Unreachable, "it broke off"))
	run(t, f, RunOptions{}, `import { keys } from "litellm";
try { await keys.list(); console.log("no") } catch (e) { console.log(e.code) }
let n = 0;
try { for await (const k of keys.list()) n++; console.log("no") } catch (e) { console.log(n, e.code) }
const it = keys.list()[Symbol.asyncIterator]();
await it.next();
await it.return!();
console.log((await it.next()).done);
await keys.list().catch((e: any) => console.log("caught", e.code));
`)
	if got := strings.Join(f.said, "\n"); got != "unreachable\n500 unreachable\ntrue\ncaught unreachable" {
		t.Error(got)
	}
}

// A list that a write gives is asked for once, when it is called, and can be iterated all the same.
func TestListingOfWrite(t *testing.T) {
	f, _, _ := pages(3, nil)
	run(t, f, RunOptions{WorkDir: workDir(t, "m.yaml", "x"), Grants: Grants{Read: []string{"."}}}, `import { models, files } from "litellm";
const made = models.import({ file: files.open("m.yaml") });
let n = 0;
for await (const m of made) n += m.n;
console.log(n, (await made).length);
for await (const m of made) n += m.n;
console.log(n);`)
	if got := strings.Join(f.said, "\n"); got != "3 3\n6" || len(f.calls) != 1 {
		t.Error(got, f.calls)
	}
}
