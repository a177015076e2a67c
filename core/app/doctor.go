package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/doctor"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func doctorCommand() own {
	return ownCommands("doctor", "Say what is wrong between here and the gateway", ownCommand{&protocol.Command{
		Summary: "Say what is wrong between here and the gateway.", Effect: protocol.Effect_EFFECT_READ,
		Help: "Looks at the configuration, the gateway, the key, the models' last health checks and the plugins, and changes nothing. It works\n" +
			"with a broken configuration too. Its exit code is that of the worst finding.",
		Examples: []*protocol.Example{{Command: "--profile prod doctor", Note: "the gateway of a profile"}},
		Record:   listOf("findings", "AREA", "LEVEL", "FINDING", "HINT", "+CODE"),
	}, runDoctor})
}

func runDoctor(ctx context.Context, s *session, line *command.Line) error {
	out, err := s.newOutput(ctx, line)
	if err != nil {
		return err
	}
	all := s.examine(ctx, line)
	if ctx.Err() != nil {
		over := context.Cause(ctx)
		if problem.CodeOf(over) != problem.TimedOut {
			return over
		}
		// What was found until then is worth the most now. It is printed in a time of its own.
		all = doctor.Cut(all, "--timeout "+*line.Globals.Timeout)
		printing, stop := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer stop()
		if out, err = s.newOutput(printing, line); err != nil {
			return err
		}
	}
	for i := range all { // what a provider told the gateway may hold a key of somebody else's
		all[i].Text, all[i].Hint = s.secrets.String(all[i].Text), s.secrets.String(all[i].Hint)
	}
	s.progress.Stop()
	if err := s.printFindings(out, all); err != nil {
		return err
	}
	bad, doubtful := doctor.Count(all, doctor.Bad), doctor.Count(all, doctor.Warn)
	switch {
	case bad > 0:
		s.say("%s", counted(bad, "problem"))
	case doubtful > 0:
		s.say("%s", counted(doubtful, "warning"))
	default:
		s.say("nothing is wrong")
	}
	if code := doctor.Worst(all); code != problem.OK {
		return &silent{code}
	}
	return nil
}

// printFindings prints a drawing for people, and records for programs.
func (s *session) printFindings(out *output, all []doctor.Finding) error {
	if s.Streams.OutTTY && !out.formatted() {
		return s.print(drawn(all, s.Streams.Width, s.Streams.Color))
	}
	for _, f := range all {
		raw, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("print a finding: %w", err)
		}
		if err := out.record(raw); err != nil {
			return err
		}
	}
	return out.close()
}

// examine looks at everything, the plugins beside the gateway.
func (s *session) examine(ctx context.Context, line *command.Line) []doctor.Finding {
	var plugins []doctor.Finding
	var beside sync.WaitGroup
	beside.Go(func() { plugins = s.examinePlugins(ctx) })
	all := s.examineConfiguration()
	all = append(all, s.examineGateway(ctx, line)...)
	beside.Wait()
	return append(all, plugins...)
}

// examinePlugins starts each plugin and has it describe itself. Who speaks another version of the protocol does not start.
func (s *session) examinePlugins(ctx context.Context) []doctor.Finding {
	const area, atOnce = "plugins", 4
	failures := make([]error, len(s.Builtins))
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, b := range s.Builtins {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			failures[i] = s.examinePlugin(ctx, b.Name)
		})
	}
	all.Wait()
	var found []doctor.Finding
	for _, err := range failures {
		if err != nil {
			f := doctor.FromError(area, err)
			f.Text, f.Code = problem.As(err).Message, problem.Plugin
			if ctx.Err() != nil {
				f.Code = problem.Interrupted
			}
			found = append(found, f)
		}
	}
	if n := len(failures) - len(found); n > 0 {
		found = append([]doctor.Finding{{Area: area, Level: doctor.OK, Text: fmt.Sprintf("%d built in", n)}}, found...)
	}
	return found
}

func (s *session) examinePlugin(ctx context.Context, name string) error {
	ctx, stop := context.WithTimeout(ctx, doctorLimit)
	defer stop()
	p, err := s.start(ctx, name)
	if err != nil {
		return err
	}
	defer p.Close()
	m, err := p.Describe(ctx, Version)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return problem.New(problem.Plugin, "plugin %q did not describe itself in %s", name, doctorLimit)
	case err == nil && m.GetName() != name:
		return problem.New(problem.Plugin, "plugin %q calls itself %q", name, m.GetName())
	}
	return err
}
