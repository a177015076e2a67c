package auth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/docker/docker-credential-helpers/client"
)

const (
	// maxHelperOutput is the most bytes that are taken from a helper's standard output, and from its standard error.
	maxHelperOutput = 1 << 20
	// helperGrace is how long the output of a helper that has ended, or was ended, is waited for: a child that it has started
	// may hold it open for ever.
	helperGrace = time.Second
)

// helperRun is one run of a helper, as the library's client drives it.
type helperRun struct {
	helper  *helperStore
	ctx     context.Context
	verb    []string
	input   io.Reader
	out     limitedBuffer
	errout  limitedBuffer
	failure error // of the process; the library's own error would repeat what was printed
}

// start is the library's way to make a program.
func (r *helperRun) start(verb ...string) client.Program {
	r.verb = verb
	return r
}

// Input sets what the program reads.
func (r *helperRun) Input(in io.Reader) { r.input = in }

// Output runs the program and returns what it prints.
func (r *helperRun) Output() ([]byte, error) {
	ctx, stop := context.WithTimeoutCause(r.ctx, r.helper.limit, waitError(r.helper.limit))
	defer stop()
	cmd := exec.CommandContext(ctx, r.helper.path, append(append([]string{}, r.helper.args...), r.verb...)...)
	cmd.Env = r.helper.environ
	if cmd.Env == nil {
		cmd.Env = []string{} // nil would be this process's own
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = r.input, &r.out, &r.errout, helperGrace
	err := cmd.Run()
	switch {
	case ctx.Err() != nil && r.ctx.Err() == nil:
		err = context.Cause(ctx)
	case ctx.Err() != nil:
		err = r.ctx.Err()
	case r.out.over || r.errout.over:
		err = errTooMuch
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil // it has ended well, and left a child behind
	}
	r.failure = err
	return r.out.kept.Bytes(), err
}

// said is what the program gave as a reason: on standard output by the protocol, else on standard error. What one that did
// not fail has printed is an answer.
func (r *helperRun) said() string {
	if s := strings.TrimSpace(r.out.kept.String()); s != "" && r.failure != nil && !strings.HasPrefix(s, "{") {
		return s
	}
	return strings.TrimSpace(r.errout.kept.String())
}

// limitedBuffer keeps the beginning of what is written to it. It does not embed the buffer, whose ReadFrom has no limit.
type limitedBuffer struct {
	kept bytes.Buffer
	over bool // there was more
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	room := maxHelperOutput - b.kept.Len()
	if len(p) > room {
		b.over = true
		_, _ = b.kept.Write(p[:room])
		return len(p), nil
	}
	return b.kept.Write(p)
}
