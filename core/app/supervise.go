package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// scriptRole is the argument of the process that runs a script. That process is the program, with key, plugins and script; the
// one that started it only waits: a script that needs too much memory ends its own process, and somebody is left to say so.
const scriptRole = "__script"

// Files of that process beyond the standard ones. Its standard error is a pipe, into which the Go runtime prints when it dies.
const (
	orderFD = 3 // the command line as JSON, which may hold a key and so is no argument; it ends when the parent does
	tellFD  = 4 // what the parent needs to know when it dies: lines of JSON
	errorFD = 5 // the person's standard error
)

// told is what the child tells its parent.
type told struct {
	Script string `json:"script,omitempty"`
	Job    string `json:"job,omitempty"`
}

// supervised says whether a line runs a script, and so a process of its own.
func supervised(args []string) bool {
	words, _ := command.Words(args, 2)
	runs := slices.Equal(words, []string{"script", "run"}) || slices.Equal(words, []string{"job", "resume"}) || slices.Equal(words, []string{"job", "retry"})
	return runs && !asksHelp(args)
}

// asksHelp says whether --help or -h stands in a line.
func asksHelp(args []string) bool {
	for _, a := range args {
		if a == "--" {
			return false
		}
		if a == "--help" || a == "-h" {
			return true
		}
	}
	return false
}

// supervise runs the line in a child and waits for it.
func (s *session) supervise(ctx context.Context) error {
	stderr, isFile := s.Streams.Err.(*os.File)
	if !isFile || !canSupervise {
		return s.alone(ctx)
	}
	exe, err := plugin.Self()
	if err != nil {
		return problem.Wrap(problem.Failed, err, "cannot run the script in a process of its own")
	}
	cmd := exec.Command(exe, scriptRole) //nolint:noctx // it ends by itself at an interrupt, and with this process
	cmd.Args[0], cmd.Env, cmd.Dir, cmd.Stdin, cmd.Stdout = "litellm-proxy", s.Environ, s.WorkDir, s.Streams.In, s.Streams.Out
	child, err := startChild(cmd, stderr)
	if err != nil {
		return problem.Wrap(problem.Failed, err, "cannot run the script in a process of its own")
	}
	defer child.close()
	if err := child.order(s.Args); err != nil {
		return problem.Wrap(problem.Failed, err, "cannot tell the script's process what to do")
	}
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case signal := <-s.Interrupts:
				_ = cmd.Process.Signal(signal) // it may have ended
			case <-ended:
				return
			}
		}
	}()
	err = cmd.Wait()
	close(ended)
	return s.ended(err, child)
}

// ended explains the end of the child, unless it has done so itself.
func (s *session) ended(err error, c *child) error {
	c.reading.Wait()
	words := c.words.String()
	died := strings.Contains(words, "fatal error: ") || strings.Contains(words, "panic: ")
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &exit):
		return problem.Wrap(problem.Failed, err, "cannot wait for the script's process")
	case exit.Exited() && !died:
		if words != "" && s.debug {
			fmt.Fprint(s.stderr, words)
		}
		return &silent{problem.Code(exit.ExitCode())}
	}
	name := c.last.Script
	if name == "" {
		name = "the script"
	}
	e := problem.New(problem.Script, "%s was ended: its process died (%s)", name, exit)
	switch line, _, _ := strings.Cut(words, "\n"); {
	case strings.Contains(words, "out of memory") || strings.Contains(words, "cannot allocate memory"):
		e = problem.New(problem.Script, "%s was ended: it needs more memory than it may have (--memory)", name)
	case line != "":
		e.Facts = append(e.Facts, problem.Fact{Label: "last", Text: line})
	}
	return s.lastBegun(e, c.last.Job)
}

// lastBegun says which item of a job was begun when its process died, and how to go on.
func (s *session) lastBegun(e *problem.Error, id string) error {
	if id == "" {
		return e
	}
	if store, err := s.jobs(); err == nil {
		if r, err := store.Show(s.ctx, id); err == nil && len(r.Begun) > 0 {
			e.Facts = append(e.Facts, problem.Fact{Label: "item", Text: r.Begun[len(r.Begun)-1].Key + " was begun last"})
		}
	}
	return e.WithHint("litellm-proxy job resume %s", id)
}
