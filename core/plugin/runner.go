package plugin

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// childRunner is a plugin's process. Its standard input is a pipe that carries the token and whose other end tells the
// child, by closing, that the host has ended. go-plugin speaks with it once it runs; it is started here because go-plugin
// would make a directory first, which a host that is killed at that moment would leave behind, and cannot be cancelled.
type childRunner struct {
	cmd            *exec.Cmd
	stdout, stderr io.ReadCloser
	// stdin is referenced for as long as the process may run: collected, it would close, and end the plugin.
	stdin *os.File
	done  chan struct{} // closed when the process has been waited for
}

// startChild starts the process.
func startChild(cmd *exec.Cmd, token string) (*childRunner, error) {
	r := &childRunner{cmd: cmd, done: make(chan struct{})}
	detach(cmd)
	cmd.Dir = string(os.PathSeparator)
	var err error
	if r.stdout, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if r.stderr, err = cmd.StderrPipe(); err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	cmd.Stdin, r.stdin = read, write
	if _, err := io.WriteString(write, token+"\n"); err != nil { // a pipe holds that much without a reader
		return nil, fmt.Errorf("write the token: %w", err)
	}
	return r, cmd.Start()
}

// wait waits for the process, and for all that it printed before.
func (r *childRunner) wait(printed <-chan struct{}) {
	defer close(r.done)
	defer r.stdin.Close()
	<-printed
	_ = r.cmd.Wait()
}

func (r *childRunner) kill() {
	if r.cmd.Process != nil {
		_ = r.cmd.Process.Kill() // an error means that it has ended
	}
}

// status says how the process ended, as "signal: killed" or "exit status 3".
func (r *childRunner) status() string {
	select {
	case <-r.done:
		return r.cmd.ProcessState.String()
	default:
		return "its connection ended"
	}
}

// settle gives a process that has just died a moment to be waited for, so that its last words have arrived.
func (r *childRunner) settle() {
	select {
	case <-r.done:
	case <-time.After(500 * time.Millisecond):
	}
}

// Wait, Kill, ID, PluginToHost and HostToPlugin make it a runner.AttachedRunner of go-plugin.

// Wait waits for the end of the process.
func (r *childRunner) Wait(context.Context) error {
	<-r.done
	return nil
}

// Kill ends the process.
func (r *childRunner) Kill(context.Context) error {
	r.kill()
	return nil
}

// ID is the process's.
func (r *childRunner) ID() string { return strconv.Itoa(r.cmd.Process.Pid) }

// PluginToHost leaves addresses as they are.
func (r *childRunner) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

// HostToPlugin leaves addresses as they are.
func (r *childRunner) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}
