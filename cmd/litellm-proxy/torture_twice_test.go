//go:build linux

package main

import (
	"regexp"
	"strings"
	"testing"
)

// halfway kills the run in its middle, and returns the job's id.
func (r *torture) halfway() string {
	r.t.Helper()
	a := r.try(&kill{whom: "group", request: r.requests() / 2, phase: acted}, r.script...)
	if !a.struck {
		r.t.Fatalf("it was not killed: %s", a)
	}
	r.quiet()
	return r.job().ID
}

// TestTortureTwice resumes one job in two processes at once: one of them does it.
func TestTortureTwice(t *testing.T) {
	t.Parallel()
	s := sized(t).some()
	t.Run("one works", func(t *testing.T) {
		t.Parallel()
		r := newTorture(t, s, 1).makesKeys()
		id := r.halfway()
		working, goOn := make(chan struct{}), make(chan struct{})
		r.gate.set(1, arrived, func() {
			close(working)
			<-goOn
		})
		first := make(chan ended)
		go func() { first <- r.do(t, "job", "resume", id) }()
		<-working
		second := r.do(t, "job", "resume", id)
		close(goOn)
		by := regexp.MustCompile(`cannot resume job ` + id + `: process (\d+) runs it`).FindStringSubmatch(second.stderr)
		if second.code != 6 || by == nil {
			t.Errorf("the second one: exit %d: %s", second.code, second.stderr)
		}
		if e := <-first; e.code != 0 {
			t.Errorf("the first one: exit %d: %s", e.code, e.stderr)
		} else if lock := r.read(r.jobsDir() + "/" + id + "/lock"); by != nil && !strings.Contains(lock, by[1]) {
			t.Errorf("the second one names process %s, the lock says %q", by[1], lock)
		}
		r.check()
	})
	t.Run("both begin", func(t *testing.T) {
		t.Parallel()
		r := newTorture(t, s, 2).makesKeys()
		id := r.halfway()
		runs := r.together(t, 2, "job", "resume", id)
		if got := codes(runs); got[0] != 1 || got[6] != 1 {
			t.Errorf("exit codes %v: %+v", got, runs)
		}
		r.check()
	})
}

// TestTortureChanged resumes a job with which something is not as it was: that is refused with both, and done when it is accepted.
func TestTortureChanged(t *testing.T) {
	t.Parallel()
	s := sized(t).some()
	for i, c := range []struct {
		name   string
		change func(*torture)
		was    func(*torture) string
	}{
		{"script", func(r *torture) {
			r.write("keys.ts", strings.Replace(r.read(r.dir+"/keys.ts"), "return { n: p.n,", "return { n: p.n, again: true,", 1))
		}, func(*torture) string {
			return `was +script +\./keys\.ts \([0-9a-f]{12}…\)\n +is +script +\./keys\.ts \([0-9a-f]{12}…\)`
		}},
		{"file", func(r *torture) {
			r.write("numbers.csv", r.read(r.dir+"/numbers.csv")+"1000000\n")
		}, func(*torture) string {
			return `was +file numbers +numbers\.csv \([0-9a-f]{12}…\)\n +is +file numbers +numbers\.csv \([0-9a-f]{12}…\)`
		}},
		{"gateway", func(r *torture) {
			r.env = append(r.env, "LITELLM_PROXY_URL="+newGate(r.t, r.gate.behind).url())
		}, func(r *torture) string {
			return `was +gateway +` + r.gate.url() + `\n +is +gateway +http://127\.0\.0\.1:\d+`
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newTorture(t, s, 10+i).makesKeys()
			id := r.halfway()
			made := r.gate.made.Load()
			c.change(r)
			e := r.do(t, "job", "resume", id)
			if e.code != 6 || !regexp.MustCompile(c.was(r)).MatchString(e.stderr) || !strings.Contains(e.stderr, "--accept-changes") {
				t.Errorf("exit %d: %s", e.code, e.stderr)
			}
			if n := r.gate.made.Load(); n != made {
				t.Errorf("%d keys were asked for", n-made)
			}
			if e := r.do(t, "job", "resume", id, "--accept-changes"); e.code != 0 {
				t.Errorf("--accept-changes: exit %d: %s", e.code, e.stderr)
			}
			if next := r.next(); next != nil {
				t.Errorf("it wants %v", next)
			}
			r.check()
		})
	}
}
