//go:build linux

package main

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// outages are the ways in which the network and the gateway fail while a job runs.
var outages = []struct {
	name     string
	often    map[fault]int // in a thousand
	burst    int
	restarts int
	people   bool // the job is TestTortureOnboard's
}{
	{name: "lost answers", often: map[fault]int{lost: 60, half: 20}},
	{name: "outages", often: map[fault]int{down: 10}, burst: 12},
	{name: "too many requests", often: map[fault]int{busy: 8}},
	{name: "resets", often: map[fault]int{reset: 60}},
	{name: "restarts", restarts: 2},
	{name: "everything", often: map[fault]int{lost: 20, half: 5, down: 3, busy: 3, reset: 15}, burst: 6, restarts: 1},
	{name: "everything, people", often: map[fault]int{lost: 20, half: 5, down: 3, busy: 3, reset: 15}, burst: 6, restarts: 1, people: true},
}

// TestTortureNetwork is TestTorture on a network that loses answers, and a gateway that refuses, and goes away, in the middle of
// the run, with and without kills. What fails is tried again with job retry.
func TestTortureNetwork(t *testing.T) {
	t.Parallel()
	s, l := sized(t), newLedger(t)
	if os.Getenv("LITELLM_PROXY_CONTRACT") != "" {
		t.Skip("it restarts the gateway, and no live one is to be restarted")
	}
	s.keys, s.runs = max(s.keys/2, 1), max(s.runs/3, 1)
	for i, o := range outages {
		for _, kills := range []int{0, 2} {
			for run := range s.runs {
				t.Run(fmt.Sprintf("%s, %d kills, %d", o.name, kills, run), func(t *testing.T) {
					t.Parallel()
					r := newTorture(t, s, 1000*run+10*i+kills)
					if o.people {
						r.onboards()
					} else {
						r.makesKeys()
					}
					r.rough, r.unsteady = true, true
					r.gate.fail(&faults{dice: r.dice, often: o.often, burst: o.burst})
					for range o.restarts {
						how := []os.Signal{os.Interrupt, syscall.SIGKILL}[r.dice.below(2)]
						r.gate.set(1+r.dice.below(r.requests()), phase(r.dice.below(phases)), func() { r.gate.restart(r.box, how) })
					}
					r.drive(kills)
					r.check()
					if o.people {
						r.checkPeople()
					}
					l.add(r)
				})
			}
		}
	}
}
