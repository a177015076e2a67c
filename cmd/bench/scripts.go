package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// scriptTexts are the scripts that are measured, by the loops that they are measured against.
var scriptTexts = map[string]string{
	"writes": `// Sends bare writes.
import { args, http } from "litellm";
const opt = args({ n: { type: "number", positional: true } });
let next = 0;
const worker = async () => { while (next < opt.n) await http.post("/x", { n: next++ }); };
await Promise.all(Array.from({ length: 64 }, worker));
`,
	"items": `// Makes keys in a job.
import { args, job, keys } from "litellm";
const opt = args({ n: { type: "number", positional: true } });
function* items() { for (let i = 0; i < opt.n; i++) yield { i }; }
await job.each(items(), { key: (item) => String(item.i), concurrency: 64 }, async (item) => {
  const key = await keys.generate({ max_budget: 1 });
  return { i: item.i, key: key.key };
});
`,
}

// scriptsBench measures scripts against loops in Go.
type scriptsBench struct {
	binary, self, dir string
	runs              int
}

// aim is how much of the loop's rate a script must reach where the gateway takes its time.
const aim = 0.8

// latency is that of a gateway whose database is near.
const latency = 20 * time.Millisecond

func measureScripts(ctx context.Context, binary, dir string, runs int, large bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b := &scriptsBench{binary: binary, self: self, dir: dir, runs: runs}
	for name, text := range scriptTexts {
		if err := os.WriteFile(filepath.Join(dir, name+".ts"), []byte(text), 0o600); err != nil {
			return err
		}
	}
	for _, c := range []struct {
		name     string
		script   string
		n        int // of writes or items
		requests int // for each of them
		latency  time.Duration
	}{
		{"writes, 20 ms", "writes", 10_000, 1, latency},
		{"items, 20 ms", "items", 5_000, 2, latency},
		{"writes, 0 ms", "writes", 10_000, 1, 0},
		{"items, 0 ms", "items", 5_000, 2, 0},
	} {
		if err := b.compare(ctx, c.name, c.script, c.n, c.requests, c.latency); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	if !large {
		return nil
	}
	for _, n := range []int{10_000, 100_000} {
		if err := b.memory(ctx, n); err != nil {
			return fmt.Errorf("memory: %w", err)
		}
	}
	return nil
}

// compare runs a script and its loop by turns and prints how their rates compare.
func (b *scriptsBench) compare(ctx context.Context, name, script string, n, requests int, latency time.Duration) error {
	g := startGateway(latency)
	defer g.Close()
	var ours, loop []time.Duration
	var pairs []float64
	for range b.runs {
		a, _, err := b.script(ctx, g, script, n, n*requests)
		if err != nil {
			return err
		}
		l, err := b.loop(ctx, g, script, n, n*requests)
		if err != nil {
			return err
		}
		ours, loop, pairs = append(ours, a), append(loop, l), append(pairs, l.Seconds()/a.Seconds())
	}
	a, l := median(ours), median(loop)
	rate := func(d time.Duration) float64 { return float64(n) / d.Seconds() }
	// Ratios far apart are those of a machine that has something else to do.
	line := fmt.Sprintf("%-14s script %6.0f/s  loop %6.0f/s  ratio %.2f  (of pairs %.2f to %.2f)", name, rate(a), rate(l), rate(a)/rate(l), slices.Min(pairs), slices.Max(pairs))
	if latency > 0 {
		line += fmt.Sprintf("  (aim %.1f)", aim)
	}
	fmt.Println(line)
	return nil
}

// memory prints how much memory a job of n items takes.
func (b *scriptsBench) memory(ctx context.Context, n int) error {
	g := startGateway(0)
	defer g.Close()
	took, peak, err := b.script(ctx, g, "items", n, 2*n)
	if err != nil {
		return err
	}
	fmt.Printf("%7d items, 0 ms: %6.0f/s  peak of the script %d MB, of its plugin %d MB, of the parent %d MB\n", n, float64(n)/took.Seconds(),
		peak["script"]>>10, peak["plugin"]>>10, peak["parent"]>>10)
	return nil
}

// script runs a script in a state of its own, and returns how long the whole process took.
func (b *scriptsBench) script(ctx context.Context, g *gateway, name string, n, requests int) (time.Duration, peaks, error) {
	state, err := os.MkdirTemp(b.dir, "state")
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(state)
	cmd := exec.CommandContext(ctx, b.binary, "script", "run", filepath.Join(b.dir, name+".ts"), strconv.Itoa(n))
	cmd.Env = append(os.Environ(), "LITELLM_PROXY_URL="+g.URL, "LITELLM_PROXY_API_KEY="+key, "XDG_STATE_HOME="+state, "XDG_CONFIG_HOME="+state)
	return b.timed(cmd, g, requests)
}

// loop runs the loop of a script, and returns how long the whole process took.
func (b *scriptsBench) loop(ctx context.Context, g *gateway, name string, n, requests int) (time.Duration, error) {
	state, err := os.MkdirTemp(b.dir, "state")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(state)
	took, _, err := b.timed(exec.CommandContext(ctx, b.self, "-loop", name, "-url", g.URL, "-dir", state, "-n", strconv.Itoa(n)), g, requests)
	return took, err
}

// timed runs a process that makes so many requests.
func (b *scriptsBench) timed(cmd *exec.Cmd, g *gateway, requests int) (time.Duration, peaks, error) {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	before := g.requests.Load()
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	stop, watched := make(chan struct{}), make(chan peaks, 1)
	go func() { watched <- watchPeaks(cmd.Process.Pid, stop) }()
	err := cmd.Wait()
	took := time.Since(start)
	close(stop)
	if err != nil {
		return 0, nil, fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	if made := g.requests.Load() - before; made != int64(requests) {
		return 0, nil, fmt.Errorf("%d requests were made, and not %d\n%s", made, requests, said.Bytes())
	}
	return took, <-watched, nil
}
