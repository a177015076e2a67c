package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// countInstructions counts instructions of host and plugins together. The same binary gives nearly the same count on
// any machine, so that a change can be judged where clocks are noisy.
func countInstructions(ctx context.Context, binary string, s *servers, dir string) error {
	if path, _ := exec.LookPath("valgrind"); path == "" {
		fmt.Println("instructions: not counted, valgrind is not installed")
		return nil
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"--help", []string{"--help"}},
		{"models list, 5 KB", []string{"models", "list", "-o", "json", "--base-url", s.http + "/small"}},
		{"models list, 5 MB", []string{"models", "list", "-o", "json", "--base-url", s.http + "/large"}},
	} {
		out := filepath.Join(dir, "callgrind")
		line := append([]string{"--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=" + out + ".%p", binary}, c.args...)
		cmd := exec.CommandContext(ctx, "valgrind", line...)
		cmd.Env = append(os.Environ(), "LITELLM_PROXY_API_KEY="+key)
		if err := cmd.Run(); err != nil {
			fmt.Printf("instructions of %s: not counted: %v\n", c.name, err)
			continue
		}
		total, processes, err := sum(out + ".*")
		if err != nil {
			return err
		}
		fmt.Printf("instructions of %-20s %7.1f million in %d processes\n", c.name, float64(total)/1e6, processes)
	}
	return nil
}

// sum adds up the totals of callgrind's files and removes them.
func sum(pattern string) (total int64, files int, err error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return 0, 0, err
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return 0, 0, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			text, ok := strings.CutPrefix(lines.Text(), "totals: ")
			if !ok {
				continue
			}
			n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
			if err != nil {
				return 0, 0, err
			}
			total += n
		}
		_ = f.Close()
		_ = os.Remove(path)
	}
	return total, len(paths), nil
}
