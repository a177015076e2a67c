//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// size is how much is asked of a torture run: by the environment, for `make torture`.
type size struct {
	runs, keys int
	seed       uint64 // of all that is random
}

// sized reads TORTURE_RUNS, TORTURE_KEYS (of one run) and TORTURE_SEED.
func sized(t *testing.T) size {
	t.Helper()
	s := size{runs: 3, keys: 60, seed: uint64(time.Now().UnixNano())}
	if testing.Short() {
		s.runs, s.keys = 1, 30
	}
	for name, to := range map[string]*int{"TORTURE_RUNS": &s.runs, "TORTURE_KEYS": &s.keys} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				t.Fatalf("%s is %q", name, text)
			}
			*to = n
		}
	}
	if text := os.Getenv("TORTURE_SEED"); text != "" {
		var err error
		if s.seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TORTURE_SEED is %q", text)
		}
	}
	t.Logf("TORTURE_SEED=%d", s.seed)
	return s
}

// some is for what needs no volume: a few more keys than are made at once.
func (s size) some() size {
	s.keys = 60
	return s
}

// longest is how long one process may take: a real LiteLLM proxy makes three keys a second on a busy machine.
func (s size) longest() time.Duration {
	return time.Minute + time.Duration(s.keys)*time.Second
}

// mostKills of one run.
const mostKills = 5

// torture is one run: a gateway, a gate in front of it, a home, and a script that is a job.
type torture struct {
	home
	t      *testing.T
	size   size
	dice   *dice
	box    *box // nil: the gateway is a live one
	gate   *gate
	key    string // of the gateway
	prefix string // of all that the run makes
	script []string
	each   int // requests that an item takes, about
	begin  func(*exec.Cmd) error

	mu       sync.Mutex
	groups   map[int]bool // of the processes that were started
	rough    bool         // items may fail: a plugin was killed, or the network fails
	unsteady bool         // the gateway may be away when a process begins
	story    []*attempt
	took     time.Duration
	asked    int64           // requests before the job
	sent     int64           // and of the job
	before   map[string]bool // hashes of keys that were there
	seeds    map[string]bool // that secrets were made from
}

// newTorture has a gateway of its own, or, with LITELLM_PROXY_CONTRACT, the live one.
func newTorture(t *testing.T, s size, run int) *torture {
	t.Helper()
	r := &torture{t: t, size: s, dice: newDice(s.seed, uint64(run)), each: 4, groups: map[int]bool{}, seeds: map[string]bool{}, begin: (*exec.Cmd).Start}
	r.prefix = fmt.Sprintf("t%x", time.Now().UnixNano())
	url, key := os.Getenv("LITELLM_PROXY_URL"), os.Getenv("LITELLM_PROXY_API_KEY")
	if os.Getenv("LITELLM_PROXY_CONTRACT") == "" {
		r.box = newBox(t)
		url, key = r.box.url, r.box.key
	}
	r.rough, r.unsteady = r.box == nil, r.box == nil // nobody knows what else it is doing
	r.key = key
	r.gate = newGate(t, strings.TrimSuffix(url, "/"))
	r.home = newHome(t, r.gate.url())
	r.env = append(r.env, "LITELLM_PROXY_API_KEY="+key)
	t.Cleanup(func() {
		if t.Failed() {
			for _, a := range r.story {
				t.Log(a)
			}
		}
	})
	r.before = r.hashes()
	t.Cleanup(r.tidy)
	return r
}

// makesKeys gives the run a script that makes keys and nothing else.
func (r *torture) makesKeys() *torture {
	var numbers strings.Builder
	numbers.WriteString("n\n")
	for n := range r.size.keys {
		fmt.Fprintln(&numbers, n+1)
	}
	r.write("numbers.csv", numbers.String())
	r.write("keys.ts", r.read("testdata/torture/keys.ts"))
	r.script = []string{"script", "run", "./keys.ts", "numbers.csv", "--run", r.prefix}
	return r
}

func (r *torture) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// requests are how many are left until the end of the job, about.
func (r *torture) requests() int {
	return max(1, r.each*r.size.keys-int(r.gate.requests.Load()-r.asked))
}

// ledger sums up what the runs of a test have come to.
type ledger struct {
	mu                     sync.Mutex
	runs, processes, items int
	requests               int64
	kills                  map[string]int
	faults                 map[string]int
	took                   time.Duration
}

func newLedger(t *testing.T) *ledger {
	l := &ledger{kills: map[string]int{}, faults: map[string]int{}}
	t.Cleanup(func() {
		t.Logf("%d runs, %d items, %d processes, kills %v, %d requests, faults %v, %.1f s in all",
			l.runs, l.items, l.processes, l.kills, l.requests, l.faults, l.took.Seconds())
	})
	return l
}

func (l *ledger) add(r *torture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.runs, l.items, l.processes, l.took = l.runs+1, l.items+r.size.keys, l.processes+len(r.story), l.took+r.took
	l.requests += r.sent
	for kind, n := range r.gate.dealt {
		if kind != none {
			l.faults[kind.String()] += n
		}
	}
	for _, a := range r.story {
		if a.struck {
			l.kills[a.kill.whom]++
		}
	}
}

// TestTorture has a job make keys, kills it at random moments, up to five times, and resumes it: every key is made once, works,
// and its secret is in results.csv and in no other place. TORTURE_RUNS, TORTURE_KEYS and TORTURE_SEED say how; with
// LITELLM_PROXY_CONTRACT it runs on the gateway of LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY.
func TestTorture(t *testing.T) {
	t.Parallel()
	s, l := sized(t), newLedger(t)
	for run := range s.runs {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			t.Parallel()
			r := newTorture(t, s, run).makesKeys()
			r.drive(1 + r.dice.below(mostKills))
			r.check()
			l.add(r)
		})
	}
}

// TestTortureOnboard is TestTorture with accounts, memberships and keys: an item is a chain of writes, of which the gateway knows
// each by another name.
func TestTortureOnboard(t *testing.T) {
	t.Parallel()
	s, l := sized(t), newLedger(t)
	s.keys = max(s.keys/3, 1)
	for run := range s.runs {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			t.Parallel()
			r := newTorture(t, s, run).onboards()
			r.drive(1 + r.dice.below(mostKills))
			r.check()
			r.checkPeople()
			l.add(r)
		})
	}
}
