package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// childRunner starts a plugin's process for go-plugin with a standard input of ours: a pipe that carries the token
// and whose other end tells the child, by closing, that the host has ended.
type childRunner struct {
	cmd            *exec.Cmd
	stdout, stderr io.ReadCloser
	// stdin is referenced for as long as the process may run: collected, it would close, and end the plugin.
	stdin *os.File
	dir   string        // the only directory in which the plugin may listen
	done  chan struct{} // closed when the process has been waited for
}

func newRunner(cmd *exec.Cmd, token, dir string) (*childRunner, error) {
	r := &childRunner{cmd: cmd, dir: dir, done: make(chan struct{})}
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
	cmd.Stdin, r.stdin = read, write
	if _, err := io.WriteString(write, token+"\n"); err != nil { // a pipe holds that much without a reader
		return nil, fmt.Errorf("write the token: %w", err)
	}
	return r, nil
}

func (r *childRunner) Start(context.Context) error {
	err := r.cmd.Start()
	_ = r.cmd.Stdin.(*os.File).Close()
	return err
}

func (r *childRunner) Wait(context.Context) error {
	defer close(r.done)
	defer r.stdin.Close()
	return r.cmd.Wait()
}

func (r *childRunner) Kill(context.Context) error {
	if r.cmd.Process == nil {
		return nil
	}
	if err := r.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Stdout hands out the handshake alone.
func (r *childRunner) Stdout() io.ReadCloser { return &firstLine{ReadCloser: r.stdout} }

func (r *childRunner) Stderr() io.ReadCloser { return r.stderr }

func (r *childRunner) Name() string { return r.cmd.Path }

func (r *childRunner) ID() string {
	if r.cmd.Process == nil {
		return ""
	}
	return strconv.Itoa(r.cmd.Process.Pid)
}

func (r *childRunner) Diagnose(context.Context) string { return "" }

// PluginToHost refuses an address that is not the plugin's own: what it names, this process connects to.
func (r *childRunner) PluginToHost(network, address string) (string, string, error) {
	if !owns(r.dir, network, address) {
		return "", "", fmt.Errorf("it listens on %s %q, which is not its own socket", network, address)
	}
	return network, address, nil
}

func (r *childRunner) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// settle gives a process that has just died a moment to be waited for, so that its last words have arrived.
func (r *childRunner) settle() {
	select {
	case <-r.done:
	case <-time.After(500 * time.Millisecond):
	}
}

// firstLine is the first line of a stream; the rest is read and dropped. go-plugin would stop reading at a long line,
// and the plugin stop at its next word.
type firstLine struct {
	io.ReadCloser
	whole bool
}

func (f *firstLine) Read(b []byte) (int, error) {
	if f.whole {
		if _, err := io.Copy(io.Discard, f.ReadCloser); err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	n, err := f.ReadCloser.Read(b)
	if i := bytes.IndexByte(b[:n], '\n'); i >= 0 {
		f.whole = true
		return i + 1, nil
	}
	return n, err
}
