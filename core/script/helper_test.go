package script

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// manifests are those of the built-in plugins.
var manifests = sync.OnceValue(func() []*protocol.Manifest {
	files, err := filepath.Glob("../../plugins/builtin/manifests/*.pb")
	if err != nil || len(files) == 0 {
		panic(fmt.Sprint("no manifests: ", err))
	}
	var out []*protocol.Manifest
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			panic(err)
		}
		m := &protocol.Manifest{}
		if err := proto.Unmarshal(raw, m); err != nil {
			panic(err)
		}
		out = append(out, m)
	}
	return out
})

// build builds a script that is called s.ts. files are further ones, "name", "text", ….
func build(t testing.TB, text string, files ...string) *Program {
	t.Helper()
	p, err := tryBuild(t, text, files...)
	if err != nil {
		t.Fatalf("build: %v\n%s", err, frame(err))
	}
	return p
}

func tryBuild(t testing.TB, text string, files ...string) (*Program, error) {
	dir := fstest.MapFS{"s.ts": {Data: []byte(text)}}
	for i := 0; i < len(files); i += 2 {
		dir[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return Build(t.Context(), BuildOptions{Path: "s.ts", FS: dir, Manifests: manifests()})
}

func frame(err error) string {
	var f *Failure
	if errors.As(err, &f) {
		return f.Frame
	}
	return ""
}

// run runs a script that must end well.
func run(t testing.TB, f *fake, o RunOptions, text string) Result {
	t.Helper()
	r, err := tryRun(t, f, o, text)
	if err != nil {
		t.Fatalf("run: %v %v\n%s", err, problem.As(err).Facts, frame(err))
	}
	return r
}

func tryRun(t testing.TB, f *fake, o RunOptions, text string) (Result, error) {
	t.Helper()
	f.t, o.Host = t, f
	return build(t, text).Run(t.Context(), o)
}

// output runs a script and returns what it says by console.log, a line each.
func output(t testing.TB, text string) string {
	t.Helper()
	f := &fake{}
	run(t, f, RunOptions{}, text)
	return strings.Join(f.said, "\n")
}

// journal is a job of its own, in a directory that the test removes.
func journal(t testing.TB) (*job.Job, *job.Store) {
	t.Helper()
	store := job.Open(filepath.Join(t.TempDir(), "jobs"))
	j, err := store.Create(t.Context(), job.Meta{Kind: "script", Title: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j, store
}

// again resumes a job.
func again(t testing.TB, store *job.Store, j *job.Job) *job.Job {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := store.Resume(t.Context(), j.ID())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { next.Close() })
	return next
}

// fails runs a script that must fail, and returns the failure.
func fails(t testing.TB, f *fake, o RunOptions, text string) *Failure {
	t.Helper()
	_, err := tryRun(t, f, o, text)
	var failure *Failure
	if !errors.As(err, &failure) {
		t.Fatalf("the run ended with %v (%T), and not with a failure", err, err)
	}
	return failure
}

// files are those of a file system: "name", "text", ….
func files(list ...string) fstest.MapFS {
	dir := fstest.MapFS{}
	for i := 0; i < len(list); i += 2 {
		dir[list[i]] = &fstest.MapFile{Data: []byte(list[i+1])}
	}
	return dir
}

// workDir is a directory with these files.
func workDir(t testing.TB, list ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(list); i += 2 {
		path := filepath.Join(dir, list[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(list[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
