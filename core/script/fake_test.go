package script

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/job"
)

// fake is a host in memory. Commands that it has no answer for give one record, {"result": "created"}.
type fake struct {
	t testing.TB

	// answer runs a command: its name is "keys generate".
	answer  func(ctx context.Context, name string, c *Call, emit func(string) error) (string, error)
	jobs    *job.Job
	trouble chan struct{}

	mu       sync.Mutex
	calls    []string
	records  []string
	printed  strings.Builder
	said     []string
	tallies  []Tally
	revealed []string
	running  atomic.Int64
}

func (f *fake) Call(ctx context.Context, c *Call, emit func([]byte) error) (string, error) {
	name := strings.Join(append([]string{c.Plugin}, c.Command.GetPath()...), " ")
	f.note(name + " " + spelt(c))
	if f.answer != nil {
		return f.answer(ctx, name, c, func(record string) error { return emit([]byte(record)) })
	}
	return "", emit([]byte(`{"result":"created"}`))
}

// spelt is what a call was given, defaults left aside: "key-alias=a models=x,y".
func spelt(c *Call) string {
	var words []string
	for _, v := range c.Values {
		if v.GetGiven() {
			words = append(words, v.GetName()+"="+strings.Join(v.GetValues(), ","))
		}
	}
	if c.Profile != "" {
		words = append(words, "@"+c.Profile)
	}
	return strings.Join(words, " ")
}

func (f *fake) note(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, strings.TrimSpace(call))
}

func (f *fake) Job(context.Context) (*job.Job, error) {
	if f.jobs == nil {
		return nil, errors.New("this run has no job")
	}
	return f.jobs, nil
}

func (f *fake) Secret(ref, why string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revealed = append(f.revealed, ref+" "+why)
	return "sk-revealed", nil
}

func (f *fake) Hint(string) string { return "sk-…9Qx2" }

func (f *fake) Veil(text []byte) []byte { return text }

func (f *fake) Record(raw []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !json.Valid(raw) {
		f.t.Errorf("a record is no JSON: %s", raw)
	}
	f.records = append(f.records, string(raw))
	return nil
}

func (f *fake) Print(text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.printed.WriteString(text)
	return nil
}

func (f *fake) Say(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, text)
}

func (f *fake) Progress(t Tally) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tallies = append(f.tallies, t)
}

func (f *fake) Trouble() <-chan struct{} { return f.trouble }

// clock is one that tests set.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time      { return time.Unix(1, c.at.Load()) }
func (c *clock) add(d time.Duration) { c.at.Add(int64(d)) }

// slow is a host whose reader takes its time.
type slow struct {
	fake
	wait func()
}

func (s *slow) Print(text string) error { s.wait(); return s.fake.Print(text) }
func (s *slow) Record(raw []byte) error { s.wait(); return s.fake.Record(raw) }
func (s *slow) Say(text string)         { s.wait(); s.fake.Say(text) }

// quiet is a host that keeps nothing.
type quiet struct{ fake }

func (q *quiet) Progress(Tally) {}
