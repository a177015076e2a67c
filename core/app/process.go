// Package app is the program from its arguments to its exit code: composition, signals, and the core's own commands.
package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Version of the program; set when it is built.
var Version = "0.1.0"

// Process is what the program gets from its surroundings.
type Process struct {
	Args     []string // without the program's name
	Getenv   func(string) string
	Environ  []string // all of the environment, for programs that are started for the person; plugins get none of it
	Dirs     config.Dirs
	WorkDir  string // the user's; empty if it is not known
	Streams  *term.Streams
	Builtins []plugin.Builtin
	Scripts  fs.FS    // those that ship with the program
	Parent   *os.File // of the process that runs a script: it is told what to say when this one dies; nil for none
	child    bool     // this is that process
	// Interrupts carries one element for each interrupt or request to end.
	Interrupts <-chan os.Signal
}

// Main runs the program on this process's own surroundings and returns its exit code.
func Main(builtins []plugin.Builtin, scripts fs.FS) int {
	_ = plugin.Harden() // it is tried again, and must succeed, before a plugin is started
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	signal.Ignore(syscall.SIGPIPE) // a closed pipe is an error to notice, not a death
	dir, _ := os.Getwd()           // a directory that is gone matters to relative paths only
	p := &Process{
		Args: os.Args[1:], Getenv: os.Getenv, Environ: os.Environ(), Dirs: config.SystemDirs(os.Getenv), WorkDir: dir,
		Streams: term.System(os.Getenv), Builtins: builtins, Scripts: scripts, Interrupts: interrupts,
	}
	if len(os.Args) == 2 && os.Args[1] == scriptRole {
		// Nobody is left to print for, or to end this process when it must be ended.
		if err := p.adopt(os.Stdin, os.Stdout, func() { os.Exit(int(problem.Interrupted)) }); err != nil {
			return int(problem.Failed)
		}
	}
	return p.Run(context.Background())
}

// Run runs the program and returns its exit code. Errors are printed here and nowhere else.
func (p *Process) Run(ctx context.Context) int {
	secrets := &redact.Redactor{}
	secrets.AddArgs(p.Args)
	secrets.Add(p.Getenv("LITELLM_PROXY_API_KEY"))
	s := &session{Process: p, secrets: secrets, progress: term.NewProgress(p.Streams, progressAfter)}
	s.plain = s.progress.Writer()
	s.stderr = secrets.Writer(s.plain)
	err := s.dispatch(ctx)
	s.progress.Stop()
	var quiet *silent
	switch {
	case err == nil || closedPipe(err):
		return int(problem.OK)
	case errors.As(err, &quiet):
		return int(quiet.code)
	}
	s.report(err)
	return int(problem.CodeOf(err))
}
