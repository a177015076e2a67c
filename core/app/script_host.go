package app

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// rememberedSecrets are how many of a job's secrets are known, and hidden, at one time; about twice as many at most.
const rememberedSecrets = 2000

// jobs is where the jobs of this user are.
func (s *session) jobs() (*job.Store, error) {
	state, err := s.Dirs.State()
	if err != nil {
		return nil, problem.Wrap(problem.Failed, err, "cannot find the directory for jobs")
	}
	return job.Open(filepath.Join(state, "jobs")), nil
}

// Job makes the job of this run, or opens that which is resumed; see script.Host.
func (s *scripted) Job(ctx context.Context) (*job.Job, error) {
	s.who() // asks the gateway: others need not wait for that
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.job != nil {
		s.begun.Do(s.jobBegins)
		return s.job, nil
	}
	if i := slices.IndexFunc(s.Args, protocol.IsKey); i >= 0 {
		return nil, problem.New(problem.Usage, "cannot make a job of %s: a key stands on its line, which would be kept", s.name).
			WithHint("give it in a file, or in a variable of the environment: --allow-env").WithState(problem.Unchanged)
	}
	store, err := s.jobs()
	if err != nil {
		return nil, err
	}
	sums, err := s.sums()
	if err != nil {
		return nil, err
	}
	recipient := value(s.line, "recipient")
	s.job, err = store.Create(ctx, job.Meta{
		Kind: "script", Title: s.title(), Args: repeatable(s.Args), WorkDir: s.WorkDir, Profile: s.gateway.Profile, Gateway: whereIs(s.gateway),
		By: s.who(), Reason: strings.TrimSpace(s.line.Globals.Reason), Sums: sums, Recipient: recipient, Created: time.Now().UTC(),
	})
	if err != nil {
		s.job = nil
		return nil, err
	}
	s.begun.Do(s.jobBegins)
	return s.job, nil
}

func (s *scripted) jobBegins() {
	s.secrets.KeepLatest(rememberedSecrets)
	s.tellParent(told{Script: s.name, Job: s.job.ID()})
	s.bar.Name(s.header())
}

// title is what the job is called: the script's name and its arguments.
func (s *scripted) title() string {
	words, at := command.Words(s.Args, 3)
	if len(words) < 3 {
		return s.name
	}
	return s.secrets.String(strings.Join(repeatable(s.Args[at[2]:]), " "))
}

// repeatable is a line that may be kept: without a key. Whoever resumes the job gives one in the way of any other command.
func repeatable(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			return append(out, args[i:]...)
		case a == "--api-key":
			i++
		case strings.HasPrefix(a, "--api-key="):
		default:
			out = append(out, a)
		}
	}
	return out
}

// Secret opens a secret for the script, and says so; see script.Host.
func (s *scripted) Secret(ref, why string) (string, error) {
	v, err := s.resolveRef(ref, why)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	if s.revealed == nil {
		s.revealed = map[string]string{}
	}
	s.revealed[v] = ref
	n := len(s.revealed)
	s.mu.Unlock()
	if n <= maxNotices {
		s.say("the script opens a secret: %s", why)
	}
	return v, nil
}

// resolveRef returns the secret that a reference stands for.
func (s *scripted) resolveRef(ref, why string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.kept[ref]; ok {
		return v, nil
	}
	if s.job != nil {
		if v, ok := s.job.Resolve(ref); ok {
			return v, nil
		}
	}
	return "", problem.New(problem.Script, "cannot reveal a secret (%s): it is not one of this run's", why)
}

// Hint is how a secret is shown; see script.Host.
func (s *scripted) Hint(ref string) string {
	v, err := s.resolveRef(ref, "to show its hint")
	if err != nil {
		return "[secret]"
	}
	return redact.Label(v)
}

// keep remembers the secrets of a call outside a job: nobody else can make them again.
func (s *scripted) keep(v *vault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v.mu.RLock()
	defer v.mu.RUnlock()
	for i, ref := range v.refs {
		if s.kept == nil {
			s.kept = map[string]string{}
		}
		s.kept[string(ref)] = string(v.values[i])
	}
}

// Record prints a record; see script.Host.
func (s *scripted) Record(json []byte) error {
	s.progress.Stop()
	return s.printed(s.out.record(json))
}

// Print prints text; see script.Host.
func (s *scripted) Print(text string) error {
	s.progress.Stop()
	return s.printed(s.out.text(text))
}

// printed ends a run whose output nobody reads any more, as the first interrupt does: what was made is no failure for that.
func (s *scripted) printed(err error) error {
	if err == nil || !s.out.out.closed.Load() {
		return err
	}
	s.halt(nil)
	return nil
}

// Veil puts references in the place of secrets that the script has opened, and hides all others that are known; see script.Host.
func (s *scripted) Veil(text []byte) []byte {
	s.mu.Lock()
	for secret, ref := range s.revealed {
		text = bytes.ReplaceAll(text, []byte(secret), []byte(ref))
	}
	s.mu.Unlock()
	return s.secrets.Values(text)
}

// Say tells the person something; see script.Host.
func (s *scripted) Say(text string) {
	s.out.settle()
	s.say("%s", text)
}

// Trouble is signalled when the gateway is hard pressed; see script.Host.
func (s *scripted) Trouble() <-chan struct{} { return s.trouble }

// Progress shows how far a batch is; see script.Host.
func (s *scripted) Progress(t script.Tally) {
	s.underWay.Store(int64(t.Running))
	s.bar.Show(t)
}
