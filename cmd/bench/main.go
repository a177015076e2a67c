// Command bench measures litellm-proxy against curl on the same local server: whole processes, interleaved, so that
// noise of the machine meets both alike. It prints ratios of medians, peak memory, the size of the binary, and counts
// of instructions where valgrind is installed.
//
//	go run ./cmd/bench [-runs 60] [-binary FILE]
//
// With -scripts it measures scripts instead, against loops in Go that make the same requests with as many in flight on a
// server that takes its time: bare writes, and keys that are made and read back in a job, whose loop keeps a journal that is
// synced in groups. With -large it also prints how much memory jobs of 10,000 and 100,000 items take.
//
//	go run ./cmd/bench -scripts 7 [-large] [-binary FILE]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

func main() {
	runs := flag.Int("runs", 60, "how often each command is run")
	binary := flag.String("binary", "", "the program to measure; built afresh if empty")
	instructions := flag.Bool("instructions", true, "count instructions with valgrind")
	scripts := flag.Int("scripts", 0, "measure scripts against loops in Go instead, and run each so often")
	large := flag.Bool("large", false, "with -scripts: measure the memory of 10,000 and 100,000 items, too")
	loop := flag.String("loop", "", "be one of those loops")
	url := flag.String("url", "", "with -loop: the gateway")
	dir := flag.String("dir", "", "with -loop: where its journal is")
	n := flag.Int("n", 0, "with -loop: how much is to be done")
	flag.Parse()
	ctx := context.Background()
	var err error
	if *loop != "" {
		err = runLoop(ctx, *loop, *url, *dir, *n)
	} else {
		err = run(ctx, *runs, *binary, *instructions, *scripts, *large)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, runs int, binary string, instructions bool, scripts int, large bool) error {
	dir, err := os.MkdirTemp("", "litellm-proxy-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if binary == "" {
		binary = filepath.Join(dir, "litellm-proxy")
		build := exec.CommandContext(ctx, "go", "build", "-tags", "grpcnotrace", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/litellm-proxy")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build: %w\n%s", err, out)
		}
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	fmt.Printf("binary: %.1f MB (%s)\n", float64(info.Size())/1e6, filepath.Base(binary))
	if scripts > 0 {
		return measureScripts(ctx, binary, dir, scripts, large)
	}
	servers, err := startServers(dir)
	if err != nil {
		return err
	}
	defer servers.close()
	for _, c := range cases(binary, servers) {
		if err := c.measure(ctx, runs); err != nil {
			return err
		}
	}
	if instructions {
		return countInstructions(ctx, binary, dir)
	}
	return nil
}

// pair is one measurement: ours beside a reference.
type pair struct {
	name            string
	ours, reference []string
	limit           float64 // the ratio of medians that is aimed at; 0: the difference is, in milliseconds
	difference      float64
	env             []string
}

func cases(binary string, s *servers) []pair {
	curl := func(url string) []string {
		return []string{"curl", "-sS", "--cacert", s.ca, "-H", "Authorization: Bearer " + key, url + "/v1/models"}
	}
	list := func(url string, more ...string) pair {
		return pair{
			ours:      append([]string{binary, "models", "list", "-o", "json", "--ca-cert", s.ca}, more...),
			reference: curl(url), env: []string{"LITELLM_PROXY_URL=" + url, "LITELLM_PROXY_API_KEY=" + key},
		}
	}
	named := func(name string, limit float64, p pair) pair { p.name, p.limit = name, limit; return p }
	return []pair{
		named("models list, 5 KB, http", 1.9, list(s.http+"/small")),
		named("models list, 5 KB, https", 1.4, list(s.https+"/small")),
		named("models list, 5 MB, http", 1.6, list(s.http+"/large")),
		named("models list, 5 MB, https", 1.6, list(s.https+"/large")),
		named("models list, 5 MB, http, --jq length", 0, list(s.http+"/large", "--jq", "length")),
		{name: "--help against true", ours: []string{binary, "--help"}, reference: []string{"true"}, difference: 10},
	}
}

// measure runs both commands by turns and prints how they compare.
func (p pair) measure(ctx context.Context, runs int) error {
	var ours, reference []time.Duration
	var memory int64
	for i := range runs + 2 {
		a, peak, err := timed(ctx, p.ours, p.env)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		b, _, err := timed(ctx, p.reference, p.env)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if i < 2 {
			continue // warm the caches
		}
		ours, reference, memory = append(ours, a), append(reference, b), max(memory, peak)
	}
	a, b := median(ours), median(reference)
	line := fmt.Sprintf("%-38s ours %6.2f ms  %-4s %6.2f ms  ratio %.2f  peak %.0f MB", p.name, ms(a), filepath.Base(p.reference[0]), ms(b), float64(a)/float64(b), float64(memory)/1024)
	switch {
	case p.limit > 0:
		line += fmt.Sprintf("  (aim %.2f)", p.limit)
	case p.difference > 0:
		line += fmt.Sprintf("  difference %.2f ms (aim %.0f)", ms(a-b), p.difference)
	}
	fmt.Println(line)
	return nil
}

// timed runs a command with its output in a pipe, and returns how long it took and how much memory it held at most, in
// KiB.
func timed(ctx context.Context, line, env []string) (time.Duration, int64, error) {
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	read, write, err := os.Pipe()
	if err != nil {
		return 0, 0, err
	}
	defer read.Close()
	cmd.Stdout = write
	start := time.Now()
	err = cmd.Start()
	write.Close()
	if err != nil {
		return 0, 0, err
	}
	if _, err := io.CopyBuffer(io.Discard, onlyReader{read}, make([]byte, 64<<10)); err != nil {
		return 0, 0, err
	}
	err = cmd.Wait()
	took := time.Since(start)
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", filepath.Base(line[0]), err)
	}
	return took, peakMemory(cmd.ProcessState), nil
}

// onlyReader hides every faster way to copy: both programs are read alike.
type onlyReader struct{ io.Reader }

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
