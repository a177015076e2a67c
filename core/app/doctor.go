package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/doctor"
	"github.com/litellm-proxy/litellm-proxy/core/term"
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
	all := s.examine(ctx, line)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.progress.Stop()
	if s.Streams.OutTTY && !formatted(line.Globals) {
		if err := s.print(s.drawn(all)); err != nil {
			return err
		}
	} else if err := emit(ctx, s, line, all...); err != nil {
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

const configurationArea = "configuration"

// examineConfiguration reads the configuration; a broken one is left out from then on.
func (s *session) examineConfiguration() []doctor.Finding {
	var all []doctor.Finding
	add := func(level doctor.Level, hint, format string, args ...any) {
		all = append(all, doctor.Finding{Area: configurationArea, Level: level, Hint: hint, Text: fmt.Sprintf(format, args...)})
	}
	path, pathErr := s.configPath()
	_, err := s.settings()
	switch {
	case err != nil:
		f := doctor.FromError(configurationArea, err)
		f.Text, f.Hint = strings.TrimPrefix(problem.As(err).Message, "cannot use the configuration "), "edit the file; until then no profile and no setting counts"
		for _, fact := range problem.As(err).Facts {
			f.Text += "; " + fact.Text
		}
		all = append(all, f)
		s.file, s.fileErr = &config.File{}, nil
	case pathErr != nil:
		add(doctor.Warn, "set HOME or XDG_CONFIG_HOME", "there is none: %v", pathErr)
	default:
		if _, missing := os.Stat(path); errors.Is(missing, os.ErrNotExist) {
			add(doctor.OK, "", "none, which is fine (%s)", path)
		} else {
			add(doctor.OK, "", "%s, %s", path, counted(len(s.file.Profiles), "profile"))
		}
	}
	if state, err := s.Dirs.State(); err != nil {
		add(doctor.Warn, "set HOME or XDG_STATE_HOME", "no directory for the log, locks and sign-ins: %v", err)
	} else if err := writable(state); err != nil {
		add(doctor.Warn, "see to its owner and mode", "the log, locks and sign-ins cannot be written: %v", err)
	}
	if s.file != nil && s.file.NoAudit {
		add(doctor.Warn, "litellm-proxy config set audit on", "the log of your writes is switched off")
	}
	return all
}

// writable makes a directory, and a file in it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	_ = f.Close()
	return os.Remove(f.Name())
}

// examineGateway finds the gateway that is meant, and looks at it and the key.
func (s *session) examineGateway(ctx context.Context, line *command.Line) []doctor.Finding {
	const area = "gateway"
	gateway, err := s.resolve(lineOf(line.Globals))
	if err != nil {
		return []doctor.Finding{doctor.FromError(area, err)}
	}
	s.secrets.Add(gateway.Key)
	options, err := s.transportOptions(line, gateway)
	if err != nil {
		return []doctor.Finding{doctor.FromError(area, err)}
	}
	options.Retries, options.Journal = -1, nil
	me := s.credential(line.Globals, gateway, &options)
	target := s.open(ctx, gateway, options)
	defer target.close()
	all := []doctor.Finding{{Area: area, Level: doctor.OK, Text: target.name() + "  " + s.chosenBy(gateway)}}
	client, err := target.wait(ctx)
	if err != nil {
		return append(all, doctor.FromError(area, err))
	}
	if proxy := client.Proxy(); proxy != "" {
		all = append(all, doctor.Finding{Area: area, Level: doctor.OK, Text: "through the proxy " + proxy})
	}
	s.progress.Update("asking "+target.name(), 0, 0)
	g := &doctor.Gateway{Client: client, Now: time.Now}
	found, there := g.Reach(ctx)
	all = append(all, found...)
	all = append(all, s.unused(gateway)...)
	if !there {
		return all
	}
	if key, err := s.keptSign(ctx, gateway, options.Credential, me); err != nil {
		return append(all, doctor.FromError("key", err))
	} else if key != nil {
		g.Renews, g.KeyEnds = key.Renewable(), key.Expires
	}
	all = append(all, g.Key(ctx)...)
	return append(all, g.Models(ctx)...)
}

// keptSign is the sign-in that the client uses; nil if it uses another key.
func (s *session) keptSign(ctx context.Context, gateway config.Gateway, credential func(context.Context) (string, error), me *caller) (*auth.SignIn, error) {
	if credential == nil || gateway.Key != "" {
		return nil, nil
	}
	_, err := credential(ctx)
	return me.sign.Load(), err
}

// chosenBy says why this gateway is meant.
func (s *session) chosenBy(gateway config.Gateway) string {
	from := "from " + gateway.URLFrom
	if gateway.Profile != "" && s.file != nil {
		if origin := s.file.Origin("profiles", gateway.Profile); origin != "" {
			from += ", " + origin
		}
	}
	if gateway.Protected {
		from += ", protected"
	}
	return from
}

// unused names the key of the environment where something nearer outranks it.
func (s *session) unused(gateway config.Gateway) []doctor.Finding {
	if s.Getenv("LITELLM_PROXY_API_KEY") == "" || gateway.KeyFrom == "$LITELLM_PROXY_API_KEY" {
		return nil
	}
	why := "it is for another gateway"
	if gateway.Named {
		why = "a profile is given on the line"
	} else if gateway.Key != "" {
		why = "a key is given on the line"
	}
	return []doctor.Finding{{Area: "key", Level: doctor.OK, Text: "the environment's key is NOT used: " + why}}
}

// examinePlugins starts each plugin and has it describe itself.
func (s *session) examinePlugins(ctx context.Context) []doctor.Finding {
	const area, atOnce = "plugins", 4
	failures := make([]error, len(s.Builtins))
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, b := range s.Builtins {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			ctx, stop := context.WithTimeout(ctx, 10*time.Second)
			defer stop()
			p, err := s.start(ctx, b.Name)
			if err == nil {
				_, err = p.Describe(ctx, Version)
				p.Close()
			}
			failures[i] = err
		})
	}
	all.Wait()
	var found []doctor.Finding
	for _, err := range failures {
		if err != nil {
			f := doctor.FromError(area, err)
			f.Text, f.Code = problem.As(err).Message, problem.Plugin
			found = append(found, f)
		}
	}
	if n := len(failures) - len(found); n > 0 {
		found = append([]doctor.Finding{{Area: area, Level: doctor.OK, Text: fmt.Sprintf("%d built in", n)}}, found...)
	}
	return found
}

// drawn is the findings for a terminal: the area once, a mark, the text, and below it what to do.
func (s *session) drawn(all []doctor.Finding) string {
	left := 0
	for _, f := range all {
		left = max(left, len(f.Area))
	}
	marks := map[doctor.Level]string{doctor.OK: "✓", doctor.Warn: "!", doctor.Bad: "✗"}
	if s.Streams.Color {
		marks = map[doctor.Level]string{doctor.OK: "\x1b[32m✓\x1b[0m", doctor.Warn: "\x1b[33m!\x1b[0m", doctor.Bad: "\x1b[31m✗\x1b[0m"}
	}
	indent := strings.Repeat(" ", left+4)
	if s.Streams.Width < 60 { // the area has a line of its own there
		indent = "  "
	}
	var b strings.Builder
	area := ""
	for _, f := range all {
		name := ""
		if f.Area != area {
			area, name = f.Area, f.Area
		}
		switch {
		case s.Streams.Width >= 60:
			fmt.Fprintf(&b, "%-*s  %s ", left, name, marks[f.Level])
		case name != "":
			fmt.Fprintf(&b, "%s\n%s ", name, marks[f.Level])
		default:
			b.WriteString(marks[f.Level] + " ")
		}
		write := func(text, indent string) {
			b.WriteString(term.Wrap(term.VisibleLine(s.secrets.String(text)), s.Streams.Width, indent) + "\n")
		}
		write(f.Text, indent)
		if f.Hint != "" {
			b.WriteString(indent + "→ ")
			write(f.Hint, indent+"  ")
		}
	}
	return b.String()
}
