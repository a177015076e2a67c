package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// own is the core's own commands behind one first word. They are described as plugins' are, so that help and completion
// know them.
type own struct {
	manifest *protocol.Manifest
	runs     map[string]runner // by the words behind the first
}

type runner func(ctx context.Context, s *session, line *command.Line) error

// run runs one of them; it ends with --timeout and at an interrupt.
func (o own) run(parent context.Context, s *session, line *command.Line) error {
	if words(line) == "script run" { // what an interrupt means there is its own affair
		return s.runScriptLine(parent, line)
	}
	if changes := line.Command.GetEffect() != protocol.Effect_EFFECT_READ; changes && line.Globals.DryRun && (line.Name == "script" || line.Name == "job") {
		return problem.New(problem.Usage, "cannot rehearse %s: it writes files of this machine, and nothing to the gateway", words(line)).
			WithHint("leave out --dry-run").WithState(problem.Unchanged)
	}
	ctx, stop, err := s.bounded(parent, line)
	if err != nil {
		return err
	}
	defer stop()
	return cause(ctx, o.runs[strings.Join(line.Command.GetPath(), " ")](ctx, s, line))
}

// ownCommand is one of them.
type ownCommand struct {
	*protocol.Command
	run runner
}

// ownCommands puts commands behind a first word.
func ownCommands(name, summary string, commands ...ownCommand) own {
	o := own{&protocol.Manifest{Name: name, Summary: summary}, map[string]runner{}}
	for _, c := range commands {
		o.manifest.Commands = append(o.manifest.Commands, c.Command)
		o.runs[strings.Join(c.GetPath(), " ")] = c.run
	}
	return o
}

// ownOrder is the order of the core's own commands in the help.
var ownOrder = []string{"login", "logout", "whoami", "auth", "profile", "config", "log", "doctor", "script", "job", "completion", "help", "version"}

// ownDefaults fills in what a line of the core's own leaves open. Those commands that explain a broken configuration, mend
// one, or need none, take no notice of it.
func (s *session) ownDefaults(line *command.Line) error {
	switch words(line) {
	case "help", "version", "completion", "doctor", "config path", "config set", "config unset":
		return nil
	case "config get": // one value is for programs, and bare unless the line itself asks for a format
		if value(line, "key") != "" {
			return nil
		}
	}
	if _, err := s.settings(); err != nil {
		return err
	}
	gateway, err := s.resolve(lineOf(line.Globals))
	if err != nil {
		gateway = config.Gateway{} // whoever needs one says so
	}
	return s.defaults(&line.Globals, gateway.Profile)
}

// OwnManifests describe the core's own commands, in the order of the help.
func OwnManifests() []*protocol.Manifest {
	var out []*protocol.Manifest
	for _, name := range ownOrder {
		o, _ := ownNamed(name)
		out = append(out, o.manifest)
	}
	return out
}

// ownNamed finds the core's own commands behind a word.
func ownNamed(name string) (own, bool) {
	switch name {
	case "login":
		return loginCommand(), true
	case "logout":
		return logoutCommand(), true
	case "whoami":
		return whoamiCommand(), true
	case "auth":
		return authCommands(), true
	case "profile":
		return profileCommands(), true
	case "config":
		return configCommands(), true
	case "log":
		return logCommand(), true
	case "doctor":
		return doctorCommand(), true
	case "script":
		return scriptCommand(nil), true
	case "job":
		return jobCommands(), true
	case "completion":
		return completionCommand(), true
	case "help":
		return helpCommand(), true
	case "version":
		return versionCommand(), true
	}
	return own{}, false
}

// ownNamed is the same, with the arguments of the script that the line runs.
func (s *session) ownNamed(name string) (own, bool) {
	if name == "script" && s.taken != nil {
		return scriptCommand(s.taken), true
	}
	return ownNamed(name)
}

// text, flag, switched and their like describe parameters.
func text(name, help string) *protocol.Parameter {
	return &protocol.Parameter{Name: name, Kind: protocol.Kind_KIND_STRING, Help: help}
}

func required(p *protocol.Parameter) *protocol.Parameter {
	p.Required = true
	return p
}

func repeated(p *protocol.Parameter) *protocol.Parameter {
	p.Repeated = true
	return p
}

func completed(by string, p *protocol.Parameter) *protocol.Parameter {
	p.Completion = by
	return p
}

func placed(placeholder string, p *protocol.Parameter) *protocol.Parameter {
	p.Placeholder = placeholder
	return p
}

func switched(name, help string) *protocol.Parameter {
	return &protocol.Parameter{Name: name, Kind: protocol.Kind_KIND_BOOL, Help: help}
}

func number(name, help string) *protocol.Parameter {
	return &protocol.Parameter{Name: name, Kind: protocol.Kind_KIND_INTEGER, Help: help}
}

// columns describes a table: "NAME", "NAME=path", each with ":FORMAT" behind it where it is not text, and with "+" before it
// where only -o wide shows it.
func columns(names ...string) []*protocol.Column {
	formats := map[string]protocol.Format{"time": protocol.Format_FORMAT_TIME, "dollars": protocol.Format_FORMAT_DOLLARS, "ago": protocol.Format_FORMAT_AGO}
	var out []*protocol.Column
	for _, n := range names {
		n, format, _ := strings.Cut(n, ":")
		n, wide := strings.CutPrefix(n, "+")
		header, path, other := strings.Cut(n, "=")
		if !other {
			path = strings.ToLower(strings.ReplaceAll(header, " ", "_"))
		}
		out = append(out, &protocol.Column{Name: path, Header: header, Path: path, Format: formats[format], Wide: wide})
	}
	return out
}

func oneRecord(names ...string) *protocol.Record {
	return &protocol.Record{Shape: protocol.Shape_SHAPE_ONE, Columns: columns(names...)}
}

func listOf(noun string, names ...string) *protocol.Record {
	return &protocol.Record{Shape: protocol.Shape_SHAPE_LIST, Noun: noun, Columns: columns(names...)}
}

// values are what the line gives a flag or an argument.
func values(line *command.Line, name string) []string {
	for _, v := range line.Values {
		if v.GetName() == name {
			return v.GetValues()
		}
	}
	return nil
}

func value(line *command.Line, name string) string {
	if v := values(line, name); len(v) > 0 {
		return v[0]
	}
	return ""
}

func isOn(line *command.Line, name string) bool { return slices.Contains(values(line, name), "true") }

// emit prints records as the line asks for it.
func emit[T any](ctx context.Context, s *session, line *command.Line, records ...T) error {
	out, err := s.newOutput(ctx, line)
	if err != nil {
		return err
	}
	for _, r := range records {
		raw, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("print a record: %w", err)
		}
		if err := out.record(raw); err != nil {
			return err
		}
	}
	return s.finishOwn(line, out)
}

// finishOwn closes the output of one of the core's commands; a list on a terminal ends with how many there are.
func (s *session) finishOwn(line *command.Line, out *output) error {
	if err := out.close(); err != nil {
		return err
	}
	if r := line.Command.GetRecord(); s.Streams.ErrTTY && r.GetShape() == protocol.Shape_SHAPE_LIST {
		s.say("%s", counted(out.count(), strings.TrimSuffix(r.GetNoun(), "s")))
	}
	return nil
}

// counted is how many there are of something, whose name in the singular is noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// bounded is the context of one of the core's commands: it ends with --timeout and at an interrupt.
func (s *session) bounded(parent context.Context, line *command.Line) (context.Context, context.CancelFunc, error) {
	timeout, err := timeoutOf(line.Globals.Timeout)
	if err != nil {
		return nil, nil, err
	}
	timed, over := parent, func() {}
	if timeout > 0 {
		timed, over = context.WithTimeoutCause(parent, timeout, problem.New(problem.TimedOut, "%s: the time is up (--timeout %s)", words(line), timeout))
	}
	ctx, cancel := context.WithCancelCause(timed)
	stop := func() { cancel(nil); over() }
	go func() {
		select {
		case <-s.Interrupts:
			cancel(problem.New(problem.Interrupted, "%s was interrupted", words(line)))
		case <-ctx.Done():
		}
	}()
	return ctx, stop, nil
}

// say tells the person something, on standard error.
func (s *session) say(format string, args ...any) { s.tell("", format, args...) }

// tell is say with a mark before the line, which may have a colour.
func (s *session) tell(mark, format string, args ...any) {
	s.progress.Stop()
	if s.completing { // in the middle of a line is no place for a word
		return
	}
	line := fmt.Sprintf(format, args...)
	indent := ""
	if mark != "" {
		mark, indent = mark+" ", "  "
	}
	if s.Streams.ErrTTY {
		line = term.Wrap(term.Visible(line), s.Streams.Width, indent)
	}
	fmt.Fprintln(s.stderr, mark+line)
}
