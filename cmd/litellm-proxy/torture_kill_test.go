//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// kill is one that is to come: whom, and when.
type kill struct {
	whom    string
	after   time.Duration // from the start of the program, unless one of the following is given
	request int           // its n-th request
	phase   phase
	file    string        // a file that appears among those of the jobs
	delay   time.Duration // behind the request or the file
}

// victims are whom a kill may hit. The group is the parent with its child.
var victims = []string{"parent", "child", "group", "plugin"}

// files are what the program writes at moments that no request shows: when it makes the job, and when it ends it.
var files = []string{"*/seed", "*/journal.db", "*/journal.db-wal", "*/.tmp-*", "*/results.csv"}

func (k *kill) String() string {
	when := fmt.Sprintf("%s after its start", k.after)
	switch {
	case k.file != "":
		when = fmt.Sprintf("%s after the file %s", k.delay, k.file)
	case k.request > 0:
		when = fmt.Sprintf("%s after its request %d had %s", k.delay, k.request, [phases]string{"arrived", "been acted on", "been answered"}[k.phase])
	}
	return fmt.Sprintf("the %s killed %s", k.whom, when)
}

// newKill chooses one. requests is how many may be left until the end of the run.
func newKill(d *dice, requests int) *kill {
	k := &kill{whom: victims[d.below(len(victims))]}
	if d.below(2) == 0 {
		k.delay = time.Duration(d.below(int(20 * time.Millisecond)))
	}
	switch n := d.below(100); {
	case n < 15:
		k.after = time.Duration(d.below(int(300 * time.Millisecond)))
	case n < 30:
		k.file = files[d.below(len(files))]
		k.delay /= 5
	default:
		k.request, k.phase = 1+d.below(requests), phase(d.below(phases))
	}
	return k
}

// arm has strike called when the moment of a kill comes, at most until disarm.
func (r *torture) arm(k *kill, strike func()) (disarm func()) {
	then := func() { time.AfterFunc(k.delay, strike) }
	if k.delay == 0 {
		then = strike
	}
	switch {
	case k.file != "":
		stop := make(chan struct{})
		go func() {
			for {
				if there, _ := filepath.Glob(filepath.Join(r.jobsDir(), k.file)); len(there) > 0 {
					then()
					return
				}
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
				}
			}
		}()
		return func() { close(stop) }
	case k.request > 0:
		return r.gate.set(k.request, k.phase, then)
	}
	timer := time.AfterFunc(k.after, strike)
	return func() { timer.Stop() }
}

// strike kills who is meant, or, where there is none of that kind yet, the parent.
func (r *torture) strike(k *kill, parent int) {
	r.look(parent)
	whom := []int{parent}
	switch k.whom {
	case "group":
		whom = []int{-parent}
	case "child":
		if child := childOf(parent); child > 0 {
			whom = []int{child}
		}
	case "plugin":
		if plugins := r.plugins(); len(plugins) > 0 {
			whom = plugins
		}
	}
	for _, pid := range whom {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
	}
}

// look writes down what others can see of the processes: a secret must not be in it.
func (r *torture) look(parent int) {
	var seen bytes.Buffer
	for _, pid := range append(r.plugins(), parent, childOf(parent)) {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		seen.Write(line)
	}
	for _, pid := range r.plugins() {
		env, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		seen.Write(env)
	}
	if err := os.WriteFile(filepath.Join(r.dir, fmt.Sprintf("seen-%d", parent)), seen.Bytes(), 0o600); err != nil {
		r.t.Error(err)
	}
}

// process is a line of /proc.
type process struct {
	pid, parent, group int
	zombie             bool // it has ended, and nobody has asked
}

func processes() (out []process) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		text, _ := os.ReadFile(path) // it may have ended
		_, rest, _ := bytes.Cut(text, []byte(") "))
		f := strings.Fields(string(rest))
		if len(f) < 3 {
			continue
		}
		var p process
		p.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(path)))
		p.parent, _ = strconv.Atoi(f[1])
		p.group, _ = strconv.Atoi(f[2])
		p.zombie = f[0] == "Z" || f[0] == "X"
		out = append(out, p)
	}
	return out
}

// childOf is the process of the script; 0 if there is none.
func childOf(parent int) int {
	for _, p := range processes() {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.pid))
		if p.parent == parent && !p.zombie && bytes.Contains(line, []byte("__script")) {
			return p.pid
		}
	}
	return 0
}

// started says whether a group of processes is one that the run has started.
func (r *torture) started(group int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.groups[group]
}

// alive are the living processes of all that the run has started.
func (r *torture) alive() (out []int) {
	for _, p := range processes() {
		if r.started(p.group) && !p.zombie {
			out = append(out, p.pid)
		}
	}
	return append(out, r.plugins()...)
}

// quiet waits until none of them is left.
func (r *torture) quiet() {
	r.t.Helper()
	var left []int
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if left = r.alive(); len(left) == 0 {
			return
		}
	}
	r.t.Fatalf("the processes %v are left", left)
}
