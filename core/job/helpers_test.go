package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// clock is a time that goes on by a second each time it is asked.
func clock() func() time.Time {
	t := time.Date(2026, 11, 24, 2, 14, 0, 0, time.UTC)
	return func() time.Time {
		t = t.Add(time.Second)
		return t
	}
}

// newStore is one that does not wait for jobs that are just ending.
func newStore(t testing.TB) *Store {
	t.Helper()
	s := Open(filepath.Join(t.TempDir(), "jobs"))
	s.patience, s.now = 0, clock()
	return s
}

func newJob(t testing.TB, s *Store) *Job {
	t.Helper()
	j, err := s.Create(t.Context(), Meta{Kind: "script", Title: "onboard people.csv"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func resume(t testing.TB, s *Store, id string) *Job {
	t.Helper()
	j, err := s.Resume(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func batch(t testing.TB, j *Job, n int) *Batch {
	t.Helper()
	b, err := j.Batch(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// feed is a source of items that gives size of them at a time.
func feed(size int, all []Entry) func(context.Context) ([]Entry, error) {
	return func(context.Context) ([]Entry, error) {
		n := min(size, len(all))
		page := all[:n]
		if all = all[n:]; len(all) == 0 {
			return page, io.EOF
		}
		return page, nil
	}
}

// people are n items with lines from 2.
func people(n int) (out []Entry) {
	for i := range n {
		out = append(out, Entry{
			Key: fmt.Sprintf("user-%d@example.com", i), Line: i + 2,
			Data: fmt.Appendf(nil, `{"email":"user-%d@example.com","team":"eng","limit":%d.50}`, i, i),
		})
	}
	return out
}

func load(t testing.TB, b *Batch, all []Entry) {
	t.Helper()
	if err := b.Load(t.Context(), 0, feed(500, all)); err != nil {
		t.Fatal(err)
	}
}

// next is the next item; nil behind the last.
func next(t testing.TB, b *Batch) *Item {
	t.Helper()
	i, err := b.Next(t.Context())
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func step(t testing.TB, i *Item, n int, call string) *Step {
	t.Helper()
	s, err := i.Step(t.Context(), n, []byte(call))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const generate = `{"command":"keys generate","values":{"key_alias":"x","max_budget":50}}`

// key does a write that makes a key, and ends the item with its reference. It returns the secret.
func key(t testing.TB, i *Item) string {
	t.Helper()
	s := step(t, i, 0, generate)
	ref, secret, err := s.Secret(0, "sk-")
	ok(t, err)
	ok(t, s.Finish(t.Context(), fmt.Appendf(nil, `{"records":[{"key":%q,"result":"created"}]}`, ref), 0))
	ok(t, i.Done(t.Context(), fmt.Appendf(nil, `{"email":%q,"key":%q}`, i.Key, ref)))
	return secret
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func end(t testing.TB, j *Job, state string) *Summary {
	t.Helper()
	s, err := j.End(t.Context(), Ending{State: state})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func show(t testing.TB, s *Store, id string) *Report {
	t.Helper()
	r, err := s.Show(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t testing.TB, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(path ...string) bool {
	_, err := os.Lstat(filepath.Join(path...))
	return err == nil
}

// refused checks that an error is a problem of a code, whose texts hold some words.
func refused(t testing.TB, err error, code problem.Code, words ...string) {
	t.Helper()
	var e *problem.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("%#v, want code %d", err, code)
	}
	text := fmt.Sprint(e.Message, e.Facts, e.Hint, e.State)
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q does not say %q", text, w)
		}
	}
}

// holders are the files below a directory that hold a text.
func holders(t testing.TB, dir, text string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), text) {
			out = append(out, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var errStopped = errors.New("stopped")

func contextWithCause(t testing.TB) (context.Context, context.CancelCauseFunc) {
	return context.WithCancelCause(t.Context())
}

// second is the error of a call.
func second[T any](_ T, err error) error { return err }
