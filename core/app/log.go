package app

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/audit"
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func logCommand() own {
	return ownCommands("log", "Show what you have written", ownCommand{&protocol.Command{
		Summary: "Show what you have written.", Effect: protocol.Effect_EFFECT_READ,
		Help: "The audit log of this user on this machine, newest first: every write that reached a gateway, whichever command or plugin made\n" +
			"it. The result is done, refused, failed, or unknown where no answer came. It holds no secret. --profile and --base-url show\n" +
			"the writes of one gateway; litellm-proxy config set audit off ends it.",
		Examples: []*protocol.Example{
			{Command: "log --since 7d --profile prod", Note: "a week of one profile"},
			{Command: `log --jq 'map(select(.result != "done"))'`, Note: "what did not succeed"},
		},
		Flags: []*protocol.Parameter{
			placed("WHEN", text("since", "Only from then on: 90m, 7d, 2w, or a date such as 2026-11-24.")),
			placed("N", number("limit", "Show no more than this many.")),
		},
		Record: listOf("writes", "TIME:time", "GATEWAY=where", "WHO", "COMMAND", "TARGETS=about", "RESULT", "REASON", "+STATUS", "+METHOD", "+PATH", "+KEY", "+SAID", "+ID"),
	}, runLog})
}

// logRecord is an entry with what people read.
type logRecord struct {
	audit.Entry
	Where string  `json:"where"` // the profile, or the address
	About string  `json:"about"` // all targets
	MS    float64 `json:"duration_ms,omitzero"`
}

func runLog(ctx context.Context, s *session, line *command.Line) error {
	from, err := since(value(line, "since"), time.Now())
	if err != nil {
		return err
	}
	limit := -1
	if text := value(line, "limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 {
			return problem.New(problem.Usage, "cannot use --limit %s: it is a number from 1 on", text)
		}
	}
	dir, err := s.auditDir()
	if err != nil {
		return err
	}
	keep, err := only(line.Globals)
	if err != nil {
		return err
	}
	out, err := s.newOutput(ctx, line)
	if err != nil {
		return err
	}
	for e, err := range audit.Read(dir) {
		switch {
		case err != nil:
			return problem.Wrap(problem.Failed, err, "cannot read the log")
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		if e.Time.Before(from) || limit == 0 {
			break
		}
		if !keep(e) {
			continue
		}
		limit--
		where := e.Profile
		if where == "" {
			where = e.Gateway
		}
		raw, err := json.Marshal(logRecord{e, where, strings.Join(e.Targets, " "), float64(e.Duration) / float64(time.Millisecond)})
		if err != nil {
			return fmt.Errorf("print an entry: %w", err)
		}
		if err := out.record(raw); err != nil {
			return err
		}
	}
	return s.finishOwn(line, out)
}

// auditDir is where the log is.
func (s *session) auditDir() (string, error) {
	state, err := s.Dirs.State()
	if err != nil {
		return "", problem.Wrap(problem.Failed, err, "cannot find the directory of the log")
	}
	return filepath.Join(state, "audit"), nil
}

// only selects the writes of the gateway that the line names.
func only(g command.Globals) (func(audit.Entry) bool, error) {
	line := lineOf(g)
	if line.BaseURL == nil && line.Profile == nil {
		return func(audit.Entry) bool { return true }, nil
	}
	if g.Profile != nil { // it may be gone by now
		return func(e audit.Entry) bool { return e.Profile == *g.Profile }, nil
	}
	u, err := config.ParseURL(*line.BaseURL)
	if err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot use --base-url")
	}
	return func(e audit.Entry) bool { return e.Gateway == u.String() }, nil
}

// since reads a moment: a duration before now, or a date of this place.
func since(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	unit := units[text[len(text)-1]]
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || unit == 0 || n < 0 || time.Duration(n) > 100*365*24*time.Hour/unit {
		return time.Time{}, problem.New(problem.Usage, "cannot use --since %q: it is a time ago such as 90m, 7d or 2w, or a date such as 2026-11-24", text)
	}
	return now.Add(-time.Duration(n) * unit), nil
}
