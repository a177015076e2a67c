//go:build unix

package plugin_test

import (
	"bufio"
	"io"
	"os/exec"
	"testing"
)

// running is a run of the program that one speaks with.
type running struct {
	*exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr *end
}

// begin starts a run, which is killed when the test ends.
func (s surroundings) begin(t *testing.T, args ...string) running {
	t.Helper()
	cmd, _ := s.command(t.Context(), t, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r := running{cmd, in, bufio.NewReader(out), &end{}}
	cmd.Stderr = r.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _, _ = cmd.Process.Wait() })
	return r
}

// says waits for a line.
func (r running) says(t *testing.T, want string) {
	t.Helper()
	if got, err := r.stdout.ReadString('\n'); got != want+"\n" {
		t.Fatalf("it says %q (%v), want %q\n%s", got, err, want, r.stderr)
	}
}

// ends waits for the end and wants an exit code.
func (r running) ends(t *testing.T, code int) {
	t.Helper()
	_, _ = io.Copy(io.Discard, r.stdout)
	if _ = r.Wait(); r.ProcessState.ExitCode() != code {
		t.Fatalf("%v, want exit code %d\n%s", r.ProcessState, code, r.stderr)
	}
}
