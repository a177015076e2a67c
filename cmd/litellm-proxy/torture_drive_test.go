//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// attempt is one process of the program, from its start to its end.
type attempt struct {
	args   []string
	kill   *kill // that was meant; nil for none
	struck bool  // it came to that
	code   int   // -1: a signal
	stderr string
	stdout string
}

// mostSaid is how many bytes of what a process has said are shown.
const mostSaid = 4000

func (a *attempt) String() string {
	end := "ended by itself"
	if a.struck {
		end = a.kill.String()
	}
	return fmt.Sprintf("%s: %s, exit %d\n%s", strings.Join(a.args, " "), end, a.code, a.stderr[:min(len(a.stderr), mostSaid)])
}

// try runs the program, and kills as it is told.
func (r *torture) try(k *kill, args ...string) *attempt {
	r.t.Helper()
	a := &attempt{args: args, kill: k}
	ctx, stop := context.WithTimeout(r.t.Context(), r.size.longest())
	defer stop()
	cmd := r.command(ctx, args...)
	cmd.Dir, cmd.SysProcAttr = r.dir, &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGQUIT) }
	// Files, for a child that lives longer than its parent would keep a pipe open.
	var out [2]*os.File
	for i, name := range []string{"out", "err"} {
		f, err := os.Create(filepath.Join(r.dir, fmt.Sprintf("%s-%d", name, len(r.story))))
		if err != nil {
			r.t.Fatal(err)
		}
		defer f.Close()
		out[i] = f
	}
	cmd.Stdout, cmd.Stderr = out[0], out[1]
	if err := r.begin(cmd); err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	r.groups[cmd.Process.Pid] = true
	r.mu.Unlock()
	var mu sync.Mutex
	over := false
	disarm := func() {}
	if k != nil {
		disarm = r.arm(k, func() {
			mu.Lock()
			defer mu.Unlock()
			if !over && !a.struck {
				a.struck = true
				r.strike(k, cmd.Process.Pid)
			}
		})
	}
	err := cmd.Wait()
	mu.Lock()
	over = true
	mu.Unlock()
	disarm()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	a.code = cmd.ProcessState.ExitCode()
	a.stdout, a.stderr = r.read(out[0].Name()), r.read(out[1].Name())
	r.story = append(r.story, a)
	seeds, _ := filepath.Glob(filepath.Join(r.jobsDir(), "*", "seed"))
	for _, path := range seeds {
		if seed, err := os.ReadFile(path); err == nil && strings.Trim(string(seed), "\x00") != "" { // the child may live, and destroy it
			r.seeds[string(seed)] = true
		}
	}
	if ctx.Err() != nil {
		r.t.Fatalf("%s takes longer than %s", strings.Join(args, " "), r.size.longest())
	}
	return a
}

// printed is what a command prints, whose failure is the test's; it also runs when the test ends. On a live gateway, where others
// write at the same time, a command is tried again.
func (r *torture) printed(args ...string) []byte {
	r.t.Helper()
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.t.Context()), r.size.longest())
	defer stop()
	for left := 10; ; left-- {
		var said strings.Builder
		cmd := r.command(ctx, args...)
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err == nil {
			return out
		}
		if r.box != nil || left == 0 || ctx.Err() != nil {
			r.t.Fatalf("%q: %v: %s", args, err, said.String())
		}
	}
}

func (r *torture) read(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// known is a job as job list prints it.
type known struct {
	ID     string `json:"id"`
	State  string `json:"state"`
	Items  int    `json:"items"`
	OK     int    `json:"ok"`
	Failed int    `json:"failed"`
	Left   int    `json:"left"`
	Seed   bool   `json:"seed"`
}

func (k *known) done() bool { return k.State == "done" && k.OK == k.Items && !k.Seed }

func (r *torture) jobsDir() string { return filepath.Join(r.dir, "state", "litellm-proxy", "jobs") }

// job is the one that there is; nil if none was begun. One that was killed before it was anything is removed.
func (r *torture) job() *known {
	r.t.Helper()
	var all []*known
	if err := json.Unmarshal([]byte(r.must(r.t, "job", "list", "-o", "json")), &all); err != nil {
		r.t.Fatal(err)
	}
	var out *known
	for _, j := range all {
		switch {
		case j.State == "unreadable":
			r.must(r.t, "job", "remove", j.ID)
		case out != nil:
			r.t.Fatalf("there are two jobs: %+v, %+v", out, j)
		default:
			out = j
		}
	}
	return out
}

// next is the command line that goes on; nil where the job is done.
func (r *torture) next() []string {
	r.t.Helper()
	switch j := r.job(); {
	case j == nil:
		return r.script
	case j.done():
		return nil
	case j.State == "done" && j.Failed > 0 && j.Left == 0:
		return []string{"job", "retry", j.ID}
	default:
		return []string{"job", "resume", j.ID}
	}
}

// longest is how many processes a run may take, beside those that are killed.
const longest = 40

// drive runs the script and goes on with its job until all is done, and kills it some times on the way.
func (r *torture) drive(kills int) {
	r.t.Helper()
	began := time.Now()
	r.asked = r.gate.requests.Load()
	code := -1
	for round := 0; ; round++ {
		r.gate.wait()
		args := r.next()
		if args == nil {
			break
		}
		if code == 0 {
			r.t.Fatalf("it ended well, and there is still something to do: %v", args)
		}
		if round > longest+kills {
			r.t.Fatalf("the job is not done after %d processes", round)
		}
		var k *kill
		if kills > 0 {
			k = newKill(r.dice, 2*r.requests()/(kills+1))
			kills--
		}
		a := r.try(k, args...)
		r.judge(a)
		code = a.code
		if !a.struck || r.dice.below(2) == 0 {
			r.quiet()
		}
	}
	r.quiet()
	r.gate.clear()
	r.took, r.sent = time.Since(began), r.gate.requests.Load()-r.asked
}

// judge looks at how a process has ended.
func (r *torture) judge(a *attempt) {
	r.t.Helper()
	if a.struck && a.kill.whom == "plugin" {
		r.rough = true
	}
	switch refused := a.code == 6 && a.args[0] == "job"; {
	case a.code == 0 || a.code == 3 && r.rough || a.code == 7 && r.unsteady:
	case a.struck && (a.kill.whom == "parent" || a.kill.whom == "group") && a.code == -1:
	case a.struck && a.code == -1: // there was no child, or no plugin, yet
	case a.struck && a.kill.whom == "child" && a.code == 11 && strings.Contains(a.stderr, "its process died (signal: killed)"):
	case a.struck && a.kill.whom == "plugin" && a.code == 10:
	case refused && strings.Contains(a.stderr, "runs it"): // the child of a parent that was killed a moment ago
	case refused && strings.Contains(a.stderr, "items are finished"): // it was killed at its very end
	default:
		r.t.Fatalf("it ended unexpectedly: %s", a)
	}
	if strings.Contains(a.stderr, "goroutine ") {
		r.t.Errorf("it panicked: %s", a)
	}
}
