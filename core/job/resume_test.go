package job

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// What was begun comes first, then what is new; what is finished does not come again.
func TestResumeOrder(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	all := people(200) // more than a page
	load(t, b, all)
	var begun []string
	for n := range 150 {
		i := next(t, b)
		switch {
		case n == 3:
			ok(t, i.Failed(t.Context(), problem.New(problem.Refused, "cannot do it")))
		case n%2 == 0:
			begun = append(begun, i.Key)
		default:
			ok(t, i.Done(t.Context(), nil))
		}
	}
	if c := b.Counts(); c != (Counts{Total: 200, OK: 74, Failed: 1, Begun: 75, Left: 50}) {
		t.Errorf("%+v", c)
	}
	ok(t, j.Close())

	j = resume(t, s, j.ID())
	b = batch(t, j, 0)
	if is, err := b.Loaded(t.Context()); !is || err != nil {
		t.Error(is, err)
	}
	if c := b.Counts(); c != (Counts{Total: 200, OK: 74, Failed: 1, Begun: 75, Left: 50}) {
		t.Errorf("%+v", c)
	}
	want := begun
	for _, e := range all[150:] {
		want = append(want, e.Key)
	}
	var got []string
	for i := next(t, b); i != nil; i = next(t, b) {
		if i.Again() != slices.Contains(begun, i.Key) {
			t.Errorf("%s: again %v", i.Key, i.Again())
		}
		got = append(got, i.Key)
		ok(t, i.Done(t.Context(), nil))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if sum := end(t, j, Done); sum.Counts != (Counts{Total: 200, OK: 199, Failed: 1}) || !sum.Seed {
		t.Errorf("%+v", sum)
	}
}

// What a step has come to before the run was killed, and what it is in the next run.
func TestResumeSteps(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	load(t, b, people(1))
	i := next(t, b)
	first := step(t, i, 0, `{"command":"users create","values":{"email":"a"}}`)
	if first.Again() {
		t.Error("again in the first run")
	}
	use, again, err := first.Intent(t.Context(), "user", "u-1")
	if use != "u-1" || again || err != nil {
		t.Error(use, again, err)
	}
	ok(t, first.Finish(t.Context(), []byte(`{"records":[{"user_id":"u-1"}]}`), 0))
	named, err := i.Named(t.Context(), "ticket", 1)
	ok(t, err)
	ok(t, named.Finish(t.Context(), []byte(`"T-1"`), 1))
	lost := step(t, i, 1, generate)
	_, _, err = lost.Intent(t.Context(), "key", "k-1")
	ok(t, err)
	ok(t, lost.Send(t.Context(), "POST /key/generate"))
	ok(t, lost.Send(t.Context(), "POST /key/block"))
	if len(lost.Sent()) > 0 {
		t.Error("what this run has sent is known to this run")
	}
	ref, secret, err := lost.Secret(0, "sk-")
	ok(t, err)
	_, other, err := named.Secret(0, "sk-")
	ok(t, err)
	ok(t, j.Close())

	j = resume(t, s, j.ID())
	i = next(t, batch(t, j, 0))
	first = step(t, i, 0, `{"values": {"email":"a"}, "command":"users create"}`) // the same, written in another way
	if result, _, done := first.Finished(); !done || string(result) != `{"records":[{"user_id":"u-1"}]}` || !first.Again() {
		t.Errorf("%s %v", result, done)
	}
	named, err = i.Named(t.Context(), "ticket", 1)
	ok(t, err)
	if result, after, done := named.Finished(); !done || string(result) != `"T-1"` || after != 1 {
		t.Errorf("%s %d %v", result, after, done)
	}
	lost = step(t, i, 1, generate)
	if _, _, done := lost.Finished(); done || !lost.Again() {
		t.Error("done, or not begun")
	}
	if diff := cmp.Diff([]string{"POST /key/generate", "POST /key/block"}, lost.Sent()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"key": "k-1"}, lost.Intents()); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"key": "k-1", "another": "k-2"} {
		use, again, err := lost.Intent(t.Context(), name, "k-2")
		if use != want || again != (name == "key") || err != nil {
			t.Error(name, use, again, err)
		}
	}
	// A plugin that crashed and was started again within the run asks twice.
	if use, again, err := lost.Intent(t.Context(), "another", "k-3"); use != "k-2" || !again || err != nil {
		t.Error(use, again, err)
	}
	if r, s, err := lost.Secret(0, "sk-"); r != ref || s != secret || err != nil {
		t.Error("another secret", r, err)
	}
	if _, s, err := named.Secret(0, "sk-"); s != other || s == secret || err != nil {
		t.Error("the secrets of a write and of a named step are not as they were, or the same")
	}
	if got, is := j.Resolve(ref); got != secret || !is {
		t.Error("not resolved", is)
	}
	ok(t, lost.Finish(t.Context(), []byte(`{}`), 0))
	fresh := step(t, i, 2, generate)
	if fresh.Again() {
		t.Error("a step that no run has begun")
	}
}

// A step that is not the one that was recorded stops its item, with an error that shows both.
func TestStepsThatDiffer(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	load(t, batch(t, j, 0), people(1))
	i := next(t, batch(t, j, 0))
	ok(t, step(t, i, 0, generate).Finish(t.Context(), []byte(`{}`), 0))
	ok(t, j.Close())
	j = resume(t, s, j.ID())
	i = next(t, batch(t, j, 0))
	for _, c := range []struct {
		call  string
		facts []problem.Fact
	}{
		{`{"command":"keys generate","values":{"key_alias":"x","max_budget":60,"models":["a"]}}`, []problem.Fact{
			{Label: "was", Text: "keys generate"}, {Label: "is", Text: "keys generate"}, {Label: "max_budget", Text: "50 → 60"}, {Label: "models", Text: `not given → ["a"]`},
		}},
		{`{"command":"keys block","values":{"key_alias":"x"}}`, []problem.Fact{
			{Label: "was", Text: "keys generate"}, {Label: "is", Text: "keys block"}, {Label: "max_budget", Text: "50 → not given"},
		}},
		{`{"command":"keys generate","profile":"b","values":{"key_alias":"x","max_budget":50}}`, []problem.Fact{
			{Label: "was", Text: "keys generate"}, {Label: "is", Text: "keys generate"}, {Label: "profile", Text: `not given → "b"`},
		}},
	} {
		_, err := i.Step(t.Context(), 0, []byte(c.call))
		refused(t, err, problem.Refused, `item "user-0@example.com"`, "write 1 is not the one that was recorded", "nothing was sent")
		if diff := cmp.Diff(c.facts, problem.As(err).Facts); diff != "" {
			t.Error(diff)
		}
	}
	if got := step(t, i, 0, generate); got == nil {
		t.Error("the recorded one is refused too")
	}
}

func TestNamedSteps(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	load(t, batch(t, j, 0), people(1))
	i := next(t, batch(t, j, 0))
	for n, name := range []string{"a", "b"} {
		st, err := i.Named(t.Context(), name, n)
		ok(t, err)
		if _, _, done := st.Finished(); done {
			t.Error(name, "is finished")
		}
	}
	_, err := i.Named(t.Context(), "a", 2)
	refused(t, err, problem.Script, `the item has one of that name`)
	ok(t, j.Close())
	j = resume(t, s, j.ID())
	i = next(t, batch(t, j, 0))
	_, err = i.Named(t.Context(), "b", 4)
	refused(t, err, problem.Refused, `step "b" is not the one that was recorded`, "behind 1 writes", "behind 4 writes")
	st, err := i.Named(t.Context(), "a", 0)
	ok(t, err)
	if !st.Again() {
		t.Error("not begun before")
	}
}

// Failed items are done again, with the steps that they have finished.
func TestRetry(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	b := batch(t, j, 0)
	load(t, b, people(3))
	for n := range 3 {
		i := next(t, b)
		if n != 1 {
			key(t, i)
			continue
		}
		ok(t, step(t, i, 0, generate).Finish(t.Context(), []byte(`{"records":[{"result":"exists"}]}`), 0))
		ok(t, i.Failed(t.Context(), problem.New(problem.Refused, "cannot add member: no such team")))
	}
	if sum := end(t, j, Done); !sum.Seed || sum.Created != 2 || sum.Existed != 0 {
		t.Errorf("%+v", sum)
	}
	_, err := s.Resume(t.Context(), j.ID())
	refused(t, err, problem.Refused, "all of its 3 items are finished, 1 of them failed", "job retry")
	j, err = s.Retry(t.Context(), j.ID())
	ok(t, err)
	b = batch(t, j, 0)
	if c := b.Counts(); c != (Counts{Total: 3, OK: 2, Left: 1}) {
		t.Errorf("%+v", c)
	}
	i := next(t, b)
	if _, _, done := step(t, i, 0, generate).Finished(); !done || !i.Again() || i.Key != "user-1@example.com" {
		t.Errorf("%s %v", i.Key, done)
	}
	ok(t, i.Done(t.Context(), []byte(`{"email":"x"}`)))
	if next(t, b) != nil {
		t.Error("another item")
	}
	sum := end(t, j, Done)
	if sum.Seed || sum.Created != 2 || sum.Existed != 1 || sum.Secrets != 2 || sum.Files[0].Rows != 3 || exists(j.Dir(), "failed.csv") {
		t.Errorf("%+v", sum)
	}
	_, err = s.Retry(t.Context(), j.ID())
	refused(t, err, problem.Refused, "no item of it failed")
	_, err = s.Resume(t.Context(), j.ID())
	refused(t, err, problem.Refused, "all of its 3 items are finished, 0 of them failed")
}

// A command says itself with which of its targets it begins.
func TestBegin(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	load(t, batch(t, j, 0), people(3))
	do := func(j *Job, key string) *Item {
		i, err := batch(t, j, 0).Begin(t.Context(), key)
		ok(t, err)
		return i
	}
	ok(t, do(j, "user-2@example.com").Done(t.Context(), []byte(`{"a":1}`)))
	ok(t, do(j, "user-0@example.com").Failed(t.Context(), problem.New(problem.NotFound, "no such key").WithHint("look")))
	ok(t, step(t, do(j, "user-1@example.com"), 0, generate).Send(t.Context(), "x"))
	_, err := batch(t, j, 0).Begin(t.Context(), "nobody")
	refused(t, err, problem.NotFound, "no such item")
	ok(t, j.Close())
	j = resume(t, s, j.ID())
	row, failure, is := do(j, "user-2@example.com").Ended()
	if string(row) != `{"a":1}` || failure != nil || !is {
		t.Error(string(row), failure, is)
	}
	row, failure, is = do(j, "user-0@example.com").Ended()
	if row != nil || failure == nil || failure.Code != problem.NotFound || failure.Hint != "look" || !is {
		t.Error(string(row), failure, is)
	}
	i := do(j, "user-1@example.com")
	if _, _, is := i.Ended(); is || !i.Again() || len(step(t, i, 0, generate).Sent()) != 1 {
		t.Error("ended, or not begun before")
	}
}

func TestChanges(t *testing.T) {
	hash := func(c string) string { return fmt.Sprintf("%064s", c) }
	was := []Sum{{"script", hash("a"), "onboard.ts"}, {"file people", hash("b"), "people.csv"}, {"gateway", "https://a", ""}, {"gone", "1", ""}}
	is := []Sum{{"script", hash("a"), "./onboard.ts"}, {"file people", "c" + hash("b")[1:], "people.csv"}, {"gateway", "https://b", ""}, {"new", "2", "two"}}
	want := []Change{
		{"file people", "people.csv (000000000000…)", "people.csv (c00000000000…)"}, {"gateway", "https://a", "https://b"}, {"gone", "1", ""}, {"new", "", "two"},
	}
	s := newStore(t)
	j, err := s.Create(t.Context(), Meta{Sums: was})
	ok(t, err)
	ok(t, j.Close())
	j = resume(t, s, j.ID())
	if len(j.Changed(was)) > 0 {
		t.Error("changed")
	}
	if diff := cmp.Diff(want, j.Changed(is)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, show(t, s, j.ID()).Changed(is)); diff != "" {
		t.Error(diff)
	}
	ok(t, j.Accept(t.Context(), is))
	ok(t, j.Close())
	j = resume(t, s, j.ID())
	if len(j.Changed(is)) > 0 || len(j.Changed(was)) != 4 {
		t.Error("not accepted")
	}
}
