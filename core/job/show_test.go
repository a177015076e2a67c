package job

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Show tells of a job in every state, also while it runs.
func TestShow(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	if r := show(t, s, j.ID()); r.State != Running || r.PID != os.Getpid() || !r.Seed || r.Counts != (Counts{}) {
		t.Errorf("%+v", r)
	}
	b := batch(t, j, 0)
	load(t, b, people(60))
	for n := range 40 {
		i := next(t, b)
		switch {
		case n == 0:
			key(t, i)
		case n == 1:
			ok(t, step(t, i, 0, `{"command":"users create"}`).Finish(t.Context(), []byte(`{}`), 0))
			_, _, err := step(t, i, 1, `{"command":"teams members add"}`).Intent(t.Context(), "member", "u-1")
			ok(t, err)
			st, err := i.Named(t.Context(), "ticket", 2)
			ok(t, err)
			ok(t, st.Send(t.Context(), "POST /x"))
			step(t, i, 2, generate)
		case n < 30:
			ok(t, i.Failed(t.Context(), problem.New(problem.Refused, "cannot create user %s: e-mail exists twice (2f81c09e7a44%04d)", i.Key, n)))
		case n < 32:
			e := problem.New(problem.Refused, "cannot generate key %q: the gateway refused it", i.Key+"/default")
			e.Said, e.Status = "max_budget must be positive", 422
			ok(t, i.Failed(t.Context(), e))
		case n == 32:
			ok(t, i.Failed(t.Context(), problem.New(problem.Unreachable, "cannot create user %s: it went away", i.Key)))
		}
	}
	want := &Report{
		ID: j.ID(), Dir: j.Dir(), State: Running, PID: os.Getpid(), Counts: Counts{60, 1, 31, 8, 20}, Batches: []Counts{{60, 1, 31, 8, 20}}, Secrets: 1, Seed: true,
		Failures: []Failure{
			{Reason: "cannot create user …: e-mail exists twice (…)", Key: "user-2@example.com", N: 28},
			{Reason: `cannot generate key "…/default": the gateway refused it · max_budget must be positive`, Key: "user-30@example.com", N: 2, Rows: []int{32, 33}},
			{Reason: "cannot create user user-32@example.com: it went away", Key: "user-32@example.com", N: 1, Rows: []int{34}},
		},
		Begun: []Begun{{Key: "user-1@example.com", Line: 3, Steps: []Progress{
			{"users create", StepDone}, {"teams members add", StepIntended}, {"ticket", StepSent}, {"keys generate", StepBegun},
		}}},
	}
	for n := 2; n < 30; n++ {
		want.Failures[0].Rows = append(want.Failures[0].Rows, n+2)
	}
	for n := 33; n < 40; n++ {
		want.Begun = append(want.Begun, Begun{Key: fmt.Sprintf("user-%d@example.com", n), Line: n + 2})
	}
	// What nobody waited for is there when something later is.
	ok(t, j.Accept(t.Context(), nil))
	check := func() {
		t.Helper()
		got := show(t, s, j.ID())
		for i, f := range got.Failures {
			if f.Error == nil || f.Error.Code == 0 {
				t.Errorf("%d: no error", i)
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Report{}, "Meta", "Since"), cmpopts.IgnoreFields(Failure{}, "Error")); diff != "" {
			t.Error(diff)
		}
	}
	check()
	ok(t, j.Close())
	want.State, want.PID, want.Killed = Interrupted, 0, true
	check()
	if r := show(t, s, j.ID()); time.Since(r.Since) > time.Hour {
		t.Errorf("since %v", r.Since) // the time of the journal's file
	}

	j = resume(t, s, j.ID())
	_, err := j.End(t.Context(), Ending{State: Failed, Error: problem.New(problem.Script, "onboard.ts:12:3: x is not a function")})
	ok(t, err)
	r := show(t, s, j.ID())
	if r.State != Failed || r.Killed || r.Error == nil || r.Error.Message != "onboard.ts:12:3: x is not a function" || len(r.Files) != 3 {
		t.Errorf("%+v", r)
	}
	if filepath.Base(r.Files[0]) != "results.csv" || filepath.Base(r.Files[2]) != "unprocessed.csv" {
		t.Error(r.Files)
	}
}

// Items that came from no file are told by their numbers.
func TestFailuresWithoutLines(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	load(t, b, []Entry{{Key: "k1"}, {Key: "k2"}, {Key: "k3"}})
	for i := next(t, b); i != nil; i = next(t, b) {
		if i.Key != "k1" {
			ok(t, i.Failed(t.Context(), problem.New(problem.Refused, "no")))
		}
	}
	if f := show(t, s, j.ID()).Failures; len(f) != 1 || !cmp.Equal(f[0].Rows, []int{2, 3}) {
		t.Errorf("%+v", f)
	}
}

// Telling about a job changes nothing in its directory, whether it runs, was killed or has ended.
func TestShowOnlyReads(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	load(t, batch(t, j, 0), people(3))
	files := func() map[string]string {
		out := map[string]string{}
		for _, name := range []string{"journal.db", "journal.db-wal", "seed", "lock"} {
			if exists(j.Dir(), name) {
				out[name] = read(t, j.Dir(), name)
			}
		}
		return out
	}
	check := func() {
		t.Helper()
		before := files()
		show(t, s, j.ID())
		if _, err := s.List(t.Context()); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(before, files()); diff != "" {
			t.Error(diff)
		}
	}
	check()
	// A copy of a job that runs is one that was killed.
	killed := filepath.Join(s.dir, "kkkk")
	ok(t, os.CopyFS(killed, os.DirFS(j.Dir())))
	before := files()
	if r := show(t, s, "kkkk"); r.State != Interrupted || !r.Killed || r.Counts.Total != 3 {
		t.Errorf("%+v", r)
	}
	for name, text := range before {
		if text != read(t, killed, name) {
			t.Errorf("%s was changed", name)
		}
	}
	end(t, j, Interrupted)
	check()
}

func TestList(t *testing.T) {
	s := newStore(t)
	if all, err := s.List(t.Context()); err != nil || len(all) > 0 {
		t.Error(all, err)
	}
	var want []string
	for range 3 {
		j := newJob(t, s)
		load(t, batch(t, j, 0), people(2))
		ok(t, j.Close())
		want = append([]string{j.ID()}, want...)
	}
	// What is no job does not matter; one that cannot be read is told.
	ok(t, os.Mkdir(filepath.Join(s.dir, "not-a-job"), 0o700))
	ok(t, os.WriteFile(filepath.Join(s.dir, "abcd"), nil, 0o600))
	ok(t, os.Mkdir(filepath.Join(s.dir, "zzzz"), 0o700))
	all, err := s.List(t.Context())
	ok(t, err)
	var got []string
	for _, r := range all {
		if r.ID == "zzzz" {
			if r.State != Unreadable || r.Error.Message != "cannot read the journal of job zzzz: it was never begun" {
				t.Errorf("%+v", r)
			}
			continue
		}
		got = append(got, r.ID)
		if r.State != Interrupted || r.Counts.Total != 2 || r.Meta.Title == "" {
			t.Errorf("%+v", r)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(all) != 4 {
		t.Error(diff, len(all))
	}
	ok(t, s.Remove(t.Context(), "zzzz", false))
}
