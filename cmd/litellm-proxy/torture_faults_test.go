//go:build linux

package main

import (
	"math/rand/v2"
	"net/http"
	"sync"
)

// dice are random numbers for several goroutines. The same seed gives the same numbers; which goroutine gets which is left to
// the machine.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func newDice(seed, run uint64) *dice { return &dice{r: rand.New(rand.NewPCG(seed, run))} }

// below is a number from 0 to n-1.
func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(max(n, 1))
}

// fault is what happens to a request.
type fault int

const (
	none  fault = iota
	reset       // the connection is cut before the gateway sees the request
	down        // 503, and the gateway does not see it
	busy        // 429 with Retry-After, and the gateway does not see it
	lost        // the gateway acts, and the connection is cut before its answer
	half        // the gateway acts, and half of its answer comes
	gone        // the gateway is restarted
)

func (f fault) String() string {
	return [...]string{"none", "reset", "503", "429", "lost", "half", "restart"}[f]
}

// faults are how often requests fail, in a thousand.
type faults struct {
	*dice
	often map[fault]int
	burst int // how many requests an outage answers with 503; 0 = 1
	left  int // of the outage
}

// next is the fault of one request. The gate holds its lock.
func (f *faults) next() fault {
	if f == nil {
		return none
	}
	if f.left > 0 {
		f.left--
		return down
	}
	at := f.below(1000)
	for kind := reset; kind <= half; kind++ {
		if at -= f.often[kind]; at >= 0 {
			continue
		}
		if kind == down {
			f.left = max(f.burst, 1) - 1
		}
		return kind
	}
	return none
}

// before does what happens in place of the gateway's work; it reports whether anything does.
func (f fault) before(w http.ResponseWriter) bool {
	status, body := http.StatusServiceUnavailable, `{"detail":"Service Unhealthy"}`
	switch f {
	case reset:
		panic(http.ErrAbortHandler)
	case down:
	case busy:
		status, body = http.StatusTooManyRequests, `{"error":{"message":"Rate limit exceeded","type":"throttling_error","param":null,"code":"429"}}`
		w.Header().Set("Retry-After", "1")
	default:
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // the program may have been killed
	return true
}
