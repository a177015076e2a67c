package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// progressAfter is how long something lasts before it is worth a word.
const progressAfter = 500 * time.Millisecond

// session is one run of the program.
type session struct {
	*Process
	secrets  *redact.Redactor
	progress *term.Progress
	stderr   io.Writer // redacted, and in step with the progress line
	plain    io.Writer // the same, but not redacted: for what the person needs whole
	asJSON   bool      // errors are printed as JSON
	debug    bool      // plugins may speak

	completing bool // a shell asks for names

	ctx      context.Context   // of all that the program does
	program  *script.Program   // that the line runs
	taken    *script.Signature // what arguments it takes
	resuming *resuming         // the job that is to be gone on with
	resumed  *job.Job          // that is gone on with

	file    *config.File // what settings has read
	fileErr error
}

// dispatch understands the command line and runs what it asks for.
func (s *session) dispatch(ctx context.Context) error {
	s.ctx = ctx
	if s.completing = len(s.Args) > 0 && s.Args[0] == completeRole; s.completing {
		return s.complete(ctx, s.Args[1:])
	}
	if len(s.Args) > 0 && s.Args[0] == renewRole {
		return s.runRenew(ctx, s.Args[1:])
	}
	s.asJSON = wantsJSON(s.Args)
	switch {
	case s.child:
		return s.alone(ctx)
	case supervised(s.Args):
		return s.supervise(ctx)
	}
	if err := s.prepare(ctx, s.Args); err != nil { // for its help
		return err
	}
	return s.understand(ctx)
}

// understand reads the command line and does what it says.
func (s *session) understand(ctx context.Context) error {
	line, err := command.Parse(s.Args, s.catalog())
	if err != nil {
		var incomplete *command.ErrIncomplete
		if errors.As(err, &incomplete) {
			return s.incomplete(incomplete)
		}
		return s.retired(err)
	}
	switch {
	case line.HelpFor != nil:
		return s.help(line.HelpFor)
	case line.Globals.Version:
		return s.print("litellm-proxy " + Version + "\n")
	case line.Name == "":
		fmt.Fprintln(s.stderr, "litellm-proxy: no command given; there is no interactive shell. Commands: litellm-proxy --help")
		return &silent{problem.Usage}
	}
	return s.run(ctx, line)
}

// run runs a command with its timeout.
func (s *session) run(ctx context.Context, line *command.Line) error {
	if o, ok := s.ownNamed(line.Name); ok {
		if err := s.ownDefaults(line); err != nil {
			return err
		}
		return o.run(ctx, s, line)
	}
	gateway, err := s.resolve(lineOf(line.Globals))
	if err == nil {
		err = s.defaults(&line.Globals, gateway.Profile)
	}
	if err != nil {
		return err
	}
	timeout, err := timeoutOf(line.Globals.Timeout)
	if err != nil {
		return err
	}
	s.secrets.Add(gateway.Key)
	s.learn(line)
	return s.runPlugin(ctx, line, gateway, timeout)
}

// learn registers the secrets in the values of flags that are declared to hold them.
func (s *session) learn(line *command.Line) {
	sensitive := map[string]*protocol.Parameter{}
	for _, p := range line.Command.Parameters() {
		if p.GetSensitive() {
			sensitive[p.GetName()] = p
		}
	}
	for _, v := range line.Values {
		for _, text := range v.GetValues() {
			if protocol.IsKey(text) {
				s.secrets.Add(text)
			}
		}
		p := sensitive[v.GetName()]
		if p == nil {
			continue
		}
		for _, text := range v.GetValues() {
			name, value, isHeader := strings.Cut(text, ":")
			switch {
			case p.GetKind() == protocol.Kind_KIND_ASSIGNMENT:
				s.secrets.AddAssignment(text)
			case p.GetName() == "header" && isHeader:
				s.secrets.AddHeader(strings.TrimSpace(name), strings.TrimSpace(value))
			default:
				s.secrets.AddText(text)
			}
		}
	}
}

// timeoutOf reads --timeout; 0 is none.
func timeoutOf(text *string) (time.Duration, error) {
	if text == nil {
		return 0, nil
	}
	d, err := time.ParseDuration(*text)
	if err != nil || d <= 0 {
		return 0, problem.New(problem.Usage, "cannot use --timeout %q: it must be a duration such as 500ms, 30s or 2m", *text)
	}
	return d, nil
}

func (s *session) print(text string) error {
	_, err := io.WriteString(s.Streams.Out, text)
	return err
}

// wantsJSON looks for -o json before the line has been understood, so that a line that cannot be is reported in it too.
func wantsJSON(args []string) bool {
	for i, a := range args {
		if a == "--" {
			return false
		}
		if a == "-ojson" || a == "--output=json" || (a == "-o" || a == "--output") && i+1 < len(args) && args[i+1] == "json" {
			return true
		}
	}
	return false
}

// closedPipe reports that whoever read our output has stopped: that is how `| head` ends a program, and no failure.
func closedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// silent is a failure that has been explained already.
type silent struct{ code problem.Code }

func (e *silent) Error() string { return fmt.Sprintf("exit %d", e.code) }

// exitOf is the exit code that an error means.
func exitOf(err error) problem.Code {
	var quiet *silent
	if errors.As(err, &quiet) {
		return quiet.code
	}
	return problem.CodeOf(err)
}

// incomplete shows the help of a group of commands of which none was named.
func (s *session) incomplete(e *command.ErrIncomplete) error {
	text, err := command.Help(e.Words, s.catalog(), s.Streams.Width)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stderr, "litellm-proxy: %v\n\n%s", e, text)
	return &silent{problem.Usage}
}

// retiredWords are commands of the tool that we succeed which we do not have.
var retiredWords = strings.Fields("claude codex opencode pi configure reconfigure unconfigure up down autoroute debug encryption")

// retired explains a word of the older tool; "did you mean" would only mislead.
func (s *session) retired(err error) error {
	if word := command.FirstWord(s.Args); slices.Contains(retiredWords, word) {
		return problem.New(problem.Usage, "there is no command %q: the older tool of this name had it, this one does not", word).
			WithHint("litellm-proxy --help lists what there is")
	}
	return err
}
