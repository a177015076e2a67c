// Package doctor says what is wrong between here and a gateway. It takes all that it needs, changes nothing, and returns
// findings, which hold no secret that the client's redactor knows.
package doctor

import (
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Bad  Level = "bad"
)

// Finding is one thing that was looked at. Only Bad ones have a code.
type Finding struct {
	Area  string       `json:"area"` // configuration, gateway, key, models, plugins
	Level Level        `json:"level"`
	Text  string       `json:"finding"`
	Hint  string       `json:"hint,omitempty"` // what to do
	Code  problem.Code `json:"code,omitempty"`
}

func good(area, format string, args ...any) Finding {
	return Finding{Area: area, Level: OK, Text: fmt.Sprintf(format, args...)}
}

func doubtful(area, hint, format string, args ...any) Finding {
	return Finding{Area: area, Level: Warn, Text: fmt.Sprintf(format, args...), Hint: hint}
}

func bad(area string, code problem.Code, hint, format string, args ...any) Finding {
	return Finding{Area: area, Level: Bad, Text: fmt.Sprintf(format, args...), Hint: hint, Code: code}
}

// FromError is the finding for a failure: without what was attempted, which the area says.
func FromError(area string, err error) Finding {
	e := problem.As(err)
	text := e.Message
	if rest, ok := strings.CutPrefix(text, "cannot "); ok {
		if _, why, ok := strings.Cut(rest, ": "); ok {
			text = why
		}
	}
	if e.Said != "" && !strings.Contains(text, e.Said) {
		text += " (it said: " + e.Said + ")"
	}
	for _, f := range e.Facts {
		text += "; " + f.Label + " " + f.Text
	}
	return bad(area, e.Code, e.Hint, "%s", text)
}

// worst is the order of codes: what keeps everything else from being looked at comes first.
var worst = []problem.Code{problem.Usage, problem.Unreachable, problem.TimedOut, problem.Denied, problem.Plugin}

// Worst is the exit code of some findings: that of the worst; OK if none is bad.
func Worst(all []Finding) problem.Code {
	found := problem.OK
	rank := len(worst) + 1
	for _, f := range all {
		if f.Level != Bad {
			continue
		}
		mine := len(worst)
		for i, code := range worst {
			if f.Code == code {
				mine = i
			}
		}
		if mine < rank {
			found, rank = f.Code, mine
		}
	}
	return found
}

// Count is how many findings have a level.
func Count(all []Finding, level Level) int {
	n := 0
	for _, f := range all {
		if f.Level == level {
			n++
		}
	}
	return n
}

// Cut makes of findings about what was ended before it had an answer ones that say so, one an area: they know only that
// something had ended them. why completes "the time was up".
func Cut(all []Finding, why string) []Finding {
	var out []Finding
	told := map[string]bool{}
	for _, f := range all {
		if f.Level == Bad && (f.Code == problem.Interrupted || f.Code == problem.TimedOut) {
			if told[f.Area] {
				continue
			}
			told[f.Area] = true
			f = bad(f.Area, problem.TimedOut, "allow more time", "the time was up (%s)", why)
		}
		out = append(out, f)
	}
	if len(told) == 0 {
		out = append(out, bad(gatewayArea, problem.TimedOut, "allow more time", "the time was up before all was looked at (%s)", why))
	}
	return out
}

// oneLine is a text of the gateway's in a sentence of ours.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 160 {
		return string(r[:159]) + "…"
	}
	return s
}

// span is how long something lasts, for people: 45 s, 12 min, 3 h, 5 days.
func span(d time.Duration) string {
	switch d = d.Abs(); {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Round(time.Hour).Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours())/24)
}
