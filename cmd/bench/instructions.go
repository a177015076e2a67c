package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// countInstructions counts instructions, which are nearly the same for one binary on any machine, so that a change can be
// judged where clocks are noisy. valgrind cannot follow a program that runs itself again by /proc/self/exe, so the two
// processes of a command are counted apart: the program up to a parsed line, and a plugin up to the moment when it listens.
func countInstructions(ctx context.Context, binary, dir string) error {
	if path, _ := exec.LookPath("valgrind"); path == "" {
		fmt.Println("instructions: not counted, valgrind is not installed")
		return nil
	}
	out := filepath.Join(dir, "callgrind.out")
	for _, c := range []struct {
		name   string
		args   []string
		listen bool
	}{
		{"--help", []string{"--help"}, false},
		{"a parsed line", []string{"models", "list", "-o", "json", "--timeout", "none"}, false}, // refused once it is parsed
		{"a completion", []string{"__complete", "models", "add", "--"}, false},
		{"a plugin's start", []string{"__plugin", "models"}, true},
	} {
		line := append([]string{"--tool=callgrind", "--callgrind-out-file=" + out, binary}, c.args...)
		count, err := int64(0), error(nil)
		for try := 0; try < 8 && count == 0; try++ { // valgrind 3.19 crashes now and then on programs of Go
			cmd := exec.CommandContext(ctx, "valgrind", line...)
			cmd.Env = append(os.Environ(), "PLUGIN_HOST=litellm-proxy", "PLUGIN_PROTOCOL_VERSIONS=1", fmt.Sprintf("PLUGIN_UNIX_SOCKET_DIR=%s/%d", dir, try))
			if err = run1(cmd, c.listen); err == nil {
				count, err = total(out)
			}
		}
		if err != nil {
			fmt.Printf("instructions of %-18s not counted: %v\n", c.name, err)
			continue
		}
		fmt.Printf("instructions of %-18s %6.2f million\n", c.name, float64(count)/1e6)
	}
	return nil
}

// run1 runs a command to its end, whatever its exit code; one that listens ends when it has said where and its standard
// input is closed.
func run1(cmd *exec.Cmd, listens bool) error {
	if !listens {
		_ = cmd.Run() // its exit code says nothing here
		return nil
	}
	cmd.Stderr = io.Discard
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := io.WriteString(in, "token\n"); err != nil {
		return err
	}
	_, err = bufio.NewReader(said).ReadString('\n')
	_ = in.Close()
	_ = cmd.Wait()
	return err
}

// total reads the sum from callgrind's file and removes it.
func total(path string) (int64, error) {
	defer os.Remove(path)
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		for _, label := range []string{"totals: ", "summary: "} {
			if text, ok := strings.CutPrefix(line, label); ok {
				return strconv.ParseInt(strings.TrimSpace(text), 10, 64)
			}
		}
	}
	return 0, fmt.Errorf("%s has no total", path)
}
