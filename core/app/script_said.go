package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// who is the person whose key the run's own gateway gets, as far as it says.
func (s *scripted) who() string {
	s.asked.Do(func() { s.person = s.askWho() })
	return s.person
}

func (s *scripted) askWho() string {
	const unknown = "unknown"
	ctx, stop := context.WithTimeout(s.ctx, askWithin)
	defer stop()
	own, err := s.at("")
	if err != nil {
		return unknown
	}
	client, err := own.target.wait(ctx)
	if err != nil {
		return unknown
	}
	r, err := client.Do(ctx, transport.Request{Method: http.MethodGet, Path: litellm.WhoAmIPath, Attempt: "ask whose key this is", AnyStatus: true})
	if err != nil {
		return unknown
	}
	c := litellm.ReadCaller(r.Status, r.Body)
	switch name := c.UserID; {
	case name != "" && c.Role != "":
		return name + " (" + c.Role + ")"
	case c.Role != "":
		return c.Role
	case name != "":
		return name
	}
	return unknown
}

// header is what a run begins with: where, as whom, and the job.
func (s *scripted) header() string {
	return fmt.Sprintf("%s as %s · job %s", s.places[""].target.name(), s.who(), s.job.ID())
}

// saidJob says what a job has come to: counts, failures by their reasons, files, and the next command.
func (s *scripted) saidJob(sum *job.Summary) {
	c := sum.Counts
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %s done in %s: %d ok%s", c.OK+c.Failed, counted(c.Total, "item"), lasted(time.Since(s.since)), c.OK, effects(sum))
	if c.Failed > 0 {
		fmt.Fprintf(&b, " · %d failed", c.Failed)
	}
	fmt.Fprintf(&b, " · %d left", c.Left+c.Begun)
	s.say("%s", b.String())
	for _, f := range sum.Failures {
		s.say("  %d × %s     rows %s", f.N, f.Reason, rows(f))
	}
	for _, f := range sum.Files {
		s.say("%-11s %s   %s", labelOf(f), s.shortened(f.Path), s.holds(f))
	}
	switch {
	case sum.State != job.Done || c.Left+c.Begun > 0:
		s.say("%-11s litellm-proxy job resume %s", "go on", sum.ID)
	case c.Failed > 0:
		s.say("%-11s litellm-proxy job retry %s", "again", sum.ID)
	}
	if sum.Seed && sum.Secrets+sum.Unsaved > 0 {
		s.say("the seed of its secrets stays in clear in %s until it has ended well, or: litellm-proxy job export %s", s.shortened(sum.Dir), sum.ID)
	}
}

// effects are how many items made something, found it, or changed it.
func effects(sum *job.Summary) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{sum.Created, "created"}, {sum.Changed, "changed"}, {sum.Existed, "existed"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// rows are those of a failure, with neighbours together: 12, 31, 77–81.
func rows(f job.Failure) string {
	var parts []string
	for i := 0; i < len(f.Rows); {
		j := i
		for j+1 < len(f.Rows) && f.Rows[j+1] == f.Rows[j]+1 {
			j++
		}
		switch {
		case len(parts) == 8:
			return strings.Join(parts, ", ") + " …"
		case j > i+1:
			parts = append(parts, fmt.Sprintf("%d–%d", f.Rows[i], f.Rows[j]))
		case j > i:
			parts = append(parts, fmt.Sprint(f.Rows[i]), fmt.Sprint(f.Rows[j]))
		default:
			parts = append(parts, fmt.Sprint(f.Rows[i]))
		}
		i = j + 1
	}
	out := strings.Join(parts, ", ")
	if f.N > len(f.Rows) {
		out += " …"
	}
	return out
}

// labelOf is what a file holds: results, failed, unprocessed.
func labelOf(f job.File) string {
	name := filepath.Base(f.Path)
	return strings.SplitN(strings.SplitN(name, ".", 2)[0], "-", 2)[0]
}

func (s *scripted) holds(f job.File) string {
	text := fmt.Sprintf("0600, %s", counted(f.Rows, "row"))
	if f.Secrets > 0 {
		text += ", holds " + counted(f.Secrets, "secret")
	}
	if r := s.job.Meta().Recipient; r != "" && strings.HasSuffix(f.Path, ".age") {
		text += ", encrypted for " + r[:min(len(r), 8)] + "…"
	}
	return text
}

// shortened is a path with ~ in the place of the home directory.
func (s *session) shortened(path string) string {
	home := s.Dirs.Home()
	if rest, ok := strings.CutPrefix(path, home+string(os.PathSeparator)); ok && home != "" {
		return "~" + string(os.PathSeparator) + rest
	}
	return path
}

// saidPlanned says what a dry run would have sent, by kind.
func (s *scripted) saidPlanned() {
	if !s.line.Globals.DryRun {
		return
	}
	p := &s.planned
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.order) == 0 {
		s.say("nothing would be written")
		return
	}
	s.say("nothing was written; for real it would send:")
	for _, kind := range p.order {
		s.say("  %6d × %s", p.kinds[kind], kind)
	}
}

// lasted is a duration as people say it.
func lasted(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return d.Round(time.Second).String()
}
