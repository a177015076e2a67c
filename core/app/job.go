package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func jobCommands() own {
	id := func() *protocol.Parameter { return completed("jobs", required(text("id", "The job."))) }
	accept := switched("accept-changes", "Go on though the script, its arguments, its input or the gateway is not what it was.")
	const wouldRun = "It runs the job's own command line again, in the directory where it was begun. What is finished is not done again; what was begun is " +
		"settled by asking the gateway. A key that was given on the line is not kept: give it again."
	return ownCommands("job", "See and resume batch runs",
		ownCommand{&protocol.Command{
			Path: []string{"list"}, Summary: "List the jobs of this machine's user, the newest first.", Effect: protocol.Effect_EFFECT_READ,
			Record: listOf("jobs", "ID", "SCRIPT", "STATE", "ITEMS", "OK", "FAILED", "LEFT", "CREATED:time", "+PROFILE", "+GATEWAY", "+BY", "+REASON", "+UPDATED:time", "+SEED", "+DIR"),
		}, runJobList},
		ownCommand{&protocol.Command{
			Path: []string{"show"}, Summary: "Show one job: what is done, what was begun, what failed, and what to do next.", Effect: protocol.Effect_EFFECT_READ,
			Arguments: []*protocol.Parameter{id()}, Record: oneRecord("ID", "SCRIPT", "STATE", "ITEMS", "OK", "FAILED", "LEFT"),
		}, runJobShow},
		ownCommand{&protocol.Command{
			Path: []string{"resume"}, Summary: "Go on with a job that was interrupted.", Effect: protocol.Effect_EFFECT_WRITE, Help: wouldRun,
			Arguments: []*protocol.Parameter{id()}, Flags: []*protocol.Parameter{accept},
		}, nowhere},
		ownCommand{&protocol.Command{
			Path: []string{"retry"}, Summary: "Go on with a job, and try again what has failed.", Effect: protocol.Effect_EFFECT_WRITE, Help: wouldRun,
			Arguments: []*protocol.Parameter{id()}, Flags: []*protocol.Parameter{accept},
		}, nowhere},
		ownCommand{&protocol.Command{
			Path: []string{"export"}, Summary: "Write a job's results, failures and what is left as CSV, and close it.", Effect: protocol.Effect_EFFECT_WRITE,
			Help: "The files hold the secrets of the keys that were made, and only you can read them. Afterwards the seed that the secrets come " +
				"from is destroyed: the job cannot be resumed any more.",
			Arguments: []*protocol.Parameter{id()},
			Flags: []*protocol.Parameter{
				placed("DIR", text("to", "Write the files into this directory; the job's own if not given.")),
				placed("AGE1…", text("recipient", "Encrypt the results for this age recipient.")),
			},
			Record: oneRecord("ID", "STATE", "OK", "FAILED", "LEFT", "SECRETS"),
		}, runJobExport},
		ownCommand{&protocol.Command{
			Path: []string{"remove"}, Summary: "Remove a job with its files.", Effect: protocol.Effect_EFFECT_DESTROY,
			Arguments: []*protocol.Parameter{repeated(id())},
			Flags:     []*protocol.Parameter{switched("force", "Remove it though secrets of keys that it made are in no other file.")},
			Record:    oneRecord("ID", "RESULT"),
		}, runJobRemove},
	)
}

// nowhere is what resuming does where no process could be started for it: see resume.
func nowhere(context.Context, *session, *command.Line) error {
	return problem.New(problem.Failed, "cannot resume a job from here")
}

// jobRecord is a job as job list prints it.
type jobRecord struct {
	ID      string    `json:"id"`
	Script  string    `json:"script"`
	State   string    `json:"state"`
	Items   int       `json:"items"`
	OK      int       `json:"ok"`
	Failed  int       `json:"failed"`
	Left    int       `json:"left"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
	Profile string    `json:"profile,omitempty"`
	Gateway string    `json:"gateway"`
	By      string    `json:"by,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Seed    bool      `json:"seed"`
	Dir     string    `json:"dir"`
}

func recordOf(r *job.Report) jobRecord {
	return jobRecord{
		ID: r.ID, Script: r.Meta.Title, State: r.State, Items: r.Counts.Total, OK: r.Counts.OK, Failed: r.Counts.Failed,
		Left: r.Counts.Left + r.Counts.Begun, Created: r.Meta.Created, Updated: r.Since, Profile: r.Meta.Profile, Gateway: r.Meta.Gateway,
		By: r.Meta.By, Reason: r.Meta.Reason, Seed: r.Seed, Dir: r.Dir,
	}
}

func runJobList(ctx context.Context, s *session, line *command.Line) error {
	store, err := s.jobs()
	if err != nil {
		return err
	}
	reports, err := store.List(ctx)
	if err != nil {
		return err
	}
	rows := make([]jobRecord, len(reports))
	for i, r := range reports {
		rows[i] = recordOf(r)
	}
	return emit(ctx, s, line, rows...)
}

// shownJob is a job as job show prints it for programs.
type shownJob struct {
	jobRecord
	Killed   bool         `json:"killed,omitempty"`
	Begun    []job.Begun  `json:"begun,omitempty"`
	Failures []shownFails `json:"failures,omitempty"`
	Files    []string     `json:"files,omitempty"`
	Next     string       `json:"next,omitempty"`
}

type shownFails struct {
	Reason string `json:"reason"`
	N      int    `json:"n"`
	Rows   []int  `json:"rows"`
}

func runJobShow(ctx context.Context, s *session, line *command.Line) error {
	store, err := s.jobs()
	if err != nil {
		return err
	}
	r, err := store.Show(ctx, value(line, "id"))
	if err != nil {
		return err
	}
	if s.Streams.OutTTY && !formatted(line.Globals) {
		return s.drawJob(r)
	}
	out := shownJob{jobRecord: recordOf(r), Killed: r.Killed, Begun: r.Begun, Files: r.Files, Next: nextOf(r)}
	for _, f := range r.Failures {
		out.Failures = append(out.Failures, shownFails{f.Reason, f.N, f.Rows})
	}
	return emit(ctx, s, line, out)
}

// drawJob prints a job for a person.
func (s *session) drawJob(r *job.Report) error {
	var b strings.Builder
	head := []string{"job " + r.ID, r.Meta.Title}
	for _, part := range []string{r.Meta.Profile, prefixed("by ", r.Meta.By), prefixed("reason ", r.Meta.Reason)} {
		if part != "" {
			head = append(head, part)
		}
	}
	fmt.Fprintf(&b, "%s\n", strings.Join(head, " · "))
	state := r.State
	switch {
	case r.Killed:
		state += " " + r.Since.Local().Format("2006-01-02 15:04") + " (its process was killed)"
	case r.State == job.Running && r.PID > 0:
		state += fmt.Sprintf(" in process %d", r.PID)
	case !r.Since.IsZero():
		state += " " + r.Since.Local().Format("2006-01-02 15:04")
	}
	labelledJob(&b, "state", state)
	c := r.Counts
	labelledJob(&b, "items", fmt.Sprintf("%d: %d ok · %d failed · %d begun · %d not begun", c.Total, c.OK, c.Failed, c.Begun, c.Left))
	for _, item := range r.Begun {
		labelledJob(&b, "begun", item.Key+"   "+stepsOf(item))
	}
	for _, f := range r.Failures {
		labelledJob(&b, "failed", fmt.Sprintf("%d × %s   rows %s", f.N, f.Reason, rows(f)))
	}
	if r.Error != nil {
		labelledJob(&b, "error", r.Error.Message)
	}
	for _, f := range r.Files {
		labelledJob(&b, "file", s.shortened(f))
	}
	if r.Seed {
		labelledJob(&b, "seed", "in clear in "+s.shortened(r.Dir)+", until the job has ended well or was exported")
	}
	labelledJob(&b, "next", nextOf(r))
	return s.print(s.secrets.String(b.String()))
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func labelledJob(b *strings.Builder, label, text string) {
	if text != "" {
		fmt.Fprintf(b, "%-9s %s\n", label, text)
	}
}

// stepsOf are the steps of an item, with what is known of each.
func stepsOf(item job.Begun) string {
	var parts []string
	for _, step := range item.Steps {
		switch step.State {
		case job.StepDone:
			parts = append(parts, step.Name+" ✓")
		case job.StepSent:
			parts = append(parts, step.Name+" ? nobody can tell what it did")
		default:
			parts = append(parts, step.Name+" ? will be settled by asking the gateway")
		}
	}
	return strings.Join(parts, "  ")
}

// nextOf is the command that comes next.
func nextOf(r *job.Report) string {
	switch left := r.Counts.Left + r.Counts.Begun; {
	case r.State == job.Running, r.State == job.Closed, r.State == job.Unreadable:
		return ""
	case left > 0 || r.State != job.Done:
		return "litellm-proxy job resume " + r.ID
	case r.Counts.Failed > 0:
		return "litellm-proxy job retry " + r.ID
	}
	return ""
}

// exported is the record of an export.
type exported struct {
	ID      string   `json:"id"`
	State   string   `json:"state"`
	OK      int      `json:"ok"`
	Failed  int      `json:"failed"`
	Left    int      `json:"left"`
	Secrets int      `json:"secrets"`
	Files   []string `json:"files"`
}

func runJobExport(ctx context.Context, s *session, line *command.Line) error {
	store, err := s.jobs()
	if err != nil {
		return err
	}
	to := value(line, "to")
	if to != "" {
		to = s.inWorkDir(to)
	}
	sum, err := store.Export(ctx, value(line, "id"), job.ExportOptions{To: to, Recipient: value(line, "recipient")})
	if err != nil {
		return err
	}
	out := exported{ID: sum.ID, State: sum.State, OK: sum.Counts.OK, Failed: sum.Counts.Failed, Left: sum.Counts.Left + sum.Counts.Begun, Secrets: sum.Secrets}
	for _, f := range sum.Files {
		out.Files = append(out.Files, f.Path)
	}
	return emit(ctx, s, line, out)
}

// removed is the record of a job that is gone.
type removed struct {
	ID     string `json:"id"`
	Result string `json:"result"`
}

func runJobRemove(ctx context.Context, s *session, line *command.Line) error {
	store, err := s.jobs()
	if err != nil {
		return err
	}
	var out []removed
	var failed error
	for _, id := range values(line, "id") {
		if failed = store.Remove(ctx, id, isOn(line, "force")); failed != nil {
			break
		}
		out = append(out, removed{id, "deleted"})
	}
	if len(out) > 0 {
		if err := emit(ctx, s, line, out...); err != nil {
			return err
		}
	}
	return failed
}
