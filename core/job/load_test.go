package job

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Keys that are there twice are all found, and nothing is kept.
func TestLoadDuplicates(t *testing.T) {
	all := people(1200)
	all[700].Key, all[900].Key, all[1199].Key = all[3].Key, all[3].Key, all[1000].Key
	b := batch(t, newJob(t, newStore(t)), 0)
	err := b.Load(t.Context(), 0, feed(500, all))
	refused(t, err, problem.Usage, "3 items have the key of another", problem.Unchanged)
	want := []problem.Fact{
		{Label: "line 702", Text: "user-3@example.com, as line 5"}, {Label: "line 902", Text: "user-3@example.com, as line 5"},
		{Label: "line 1201", Text: "user-1000@example.com, as line 1002"},
	}
	if diff := cmp.Diff(want, problem.As(err).Facts); diff != "" {
		t.Error(diff)
	}
	if is, err := b.Loaded(t.Context()); is || err != nil || b.Counts() != (Counts{}) {
		t.Error(is, err, b.Counts())
	}
	load(t, b, people(3))
	if b.Counts().Total != 3 {
		t.Errorf("%+v", b.Counts())
	}
}

func TestLoadManyDuplicates(t *testing.T) {
	var all []Entry
	for n := range 50 {
		all = append(all, Entry{Key: fmt.Sprint(n % 10), Data: []byte(`1`)})
	}
	err := batch(t, newJob(t, newStore(t)), 0).Load(t.Context(), 0, feed(7, all))
	refused(t, err, problem.Usage, "40 items have the key of another")
	facts := problem.As(err).Facts
	if len(facts) != 21 || facts[0] != (problem.Fact{Label: "twice", Text: "0"}) || facts[20] != (problem.Fact{Label: "more", Text: "20"}) {
		t.Error(facts)
	}
}

// The same key may be in several batches.
func TestLoadBatches(t *testing.T) {
	j := newJob(t, newStore(t))
	for n := range 3 {
		load(t, batch(t, j, n), people(2))
	}
	key(t, next(t, batch(t, j, 1)))
	for n, want := range []Counts{{Total: 2, Left: 2}, {Total: 2, OK: 1, Left: 1}, {Total: 2, Left: 2}} {
		if got := batch(t, j, n).Counts(); got != want {
			t.Errorf("%d: %+v", n, got)
		}
	}
}

func TestLoadLimit(t *testing.T) {
	b := batch(t, newJob(t, newStore(t)), 0)
	err := b.Load(t.Context(), 9, feed(4, people(10)))
	refused(t, err, problem.Guarded, "more than 9 items", problem.Unchanged)
	if is, _ := b.Loaded(t.Context()); is {
		t.Error("loaded")
	}
	ok(t, b.Load(t.Context(), 10, feed(4, people(10))))
}

// A source that fails leaves nothing, and its error is the one that is seen.
func TestLoadFails(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	broken := errors.New("the gateway is gone")
	pages := 0
	err := b.Load(t.Context(), 0, func(context.Context) ([]Entry, error) {
		if pages++; pages == 3 {
			return nil, broken
		}
		return people(pages * 5)[(pages-1)*5:], nil
	})
	if err != broken {
		t.Error(err)
	}
	gone, cancel := contextWithCause(t)
	err = b.Load(gone, 0, func(context.Context) ([]Entry, error) {
		cancel(errStopped)
		return people(1), nil
	})
	if err != errStopped {
		t.Error(err)
	}
	if c := show(t, s, j.ID()).Counts; c != (Counts{}) {
		t.Errorf("%+v", c)
	}
	load(t, b, people(2))
	if i := next(t, b); i.Key != "user-0@example.com" {
		t.Error(i.Key)
	}
}

// What a run that was killed has loaded in part counts for nothing, and the next run loads anew.
func TestLoadKilled(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	pages := 0
	_ = batch(t, j, 0).Load(t.Context(), 0, func(context.Context) ([]Entry, error) {
		if pages++; pages == 2 {
			ok(t, j.Close()) // as a kill would
			return nil, errStopped
		}
		return people(5), nil
	})
	if r := show(t, s, j.ID()); r.Counts != (Counts{}) || len(r.Batches) > 0 {
		t.Errorf("%+v", r)
	}
	j = resume(t, s, j.ID())
	b := batch(t, j, 0)
	if is, _ := b.Loaded(t.Context()); is || next(t, b) != nil {
		t.Error("a part is loaded")
	}
	b = batch(t, j, 1)
	load(t, b, people(3))
	if b.Counts().Total != 3 {
		t.Errorf("%+v", b.Counts())
	}
}

func TestLoadNothing(t *testing.T) {
	j := newJob(t, newStore(t))
	b := batch(t, j, 0)
	load(t, b, nil)
	if next(t, b) != nil {
		t.Error("an item")
	}
	if sum := end(t, j, Done); sum.Seed || len(sum.Files) > 0 {
		t.Errorf("%+v", sum)
	}
}
