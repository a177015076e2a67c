//go:build linux

package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// phase is how far a request has come.
type phase int

const (
	arrived  phase = iota // the gateway has not seen it
	acted                 // the gateway has answered, and the program has not seen that
	answered              // the answer is on its way to the program
	phases   = 3
)

// gate stands in front of a gateway, at one address for all of its life: it counts the requests, tells when one has come so
// far that something is to be done to the program, and loses requests and answers.
type gate struct {
	t    *testing.T
	addr string
	wire *http.Transport

	requests atomic.Int64
	made     atomic.Int64 // requests that make a key

	life sync.Mutex // is held while the gateway is away

	mu     sync.Mutex
	server *http.Server
	behind string  // address of the gateway
	faults *faults // nil: none
	dealt  map[fault]int
	traps  []*trap
}

// trap is what happens at a request.
type trap struct {
	at    int64
	phase phase
	do    func()
}

func newGate(t *testing.T, behind string) *gate {
	t.Helper()
	g := &gate{t: t, addr: "127.0.0.1:0", behind: behind, dealt: map[fault]int{}, wire: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	g.open()
	t.Cleanup(func() {
		g.close()
		g.wire.CloseIdleConnections()
	})
	return g
}

func (g *gate) url() string { return "http://" + g.addr }

// open listens, at the same address as before.
func (g *gate) open() {
	listener, err := net.Listen("tcp", g.addr)
	if err != nil {
		g.t.Errorf("open the gate: %v", err)
		return
	}
	g.addr = listener.Addr().String()
	server := &http.Server{Handler: g}
	g.mu.Lock()
	g.server = server
	g.mu.Unlock()
	go func() { _ = server.Serve(listener) }() // it ends with close
}

// close cuts every connection, and lets none in.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.server.Close()
}

// lead says where the gateway is, and how it fails from now on.
func (g *gate) lead(behind string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.behind = behind
}

func (g *gate) fail(f *faults) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = f
}

// hold lets no request go on while something is done.
func (g *gate) hold(do func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	do()
}

// clear has nothing more happen: no faults, and nothing at a request. The gateway is there when it returns.
func (g *gate) clear() {
	g.mu.Lock()
	g.faults, g.traps = nil, nil
	g.mu.Unlock()
	g.wait()
}

// wait waits until the gateway is there.
func (g *gate) wait() {
	g.life.Lock()
	defer g.life.Unlock()
}

// set has something done once, at the n-th request from now.
func (g *gate) set(n int, at phase, do func()) (unset func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := &trap{g.requests.Load() + int64(n), at, do}
	g.traps = append(g.traps, t)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.traps = slices.DeleteFunc(g.traps, func(one *trap) bool { return one == t })
	}
}

func (g *gate) reached(n int64, at phase) {
	g.mu.Lock()
	i := slices.IndexFunc(g.traps, func(t *trap) bool { return t.at == n && t.phase == at })
	var t *trap
	if i >= 0 {
		t = g.traps[i]
		g.traps = slices.Delete(g.traps, i, i+1)
	}
	g.mu.Unlock()
	if t != nil {
		t.do()
	}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := g.requests.Add(1)
	if r.Method == http.MethodPost && r.URL.Path == "/key/generate" {
		g.made.Add(1)
	}
	g.reached(n, arrived)
	g.mu.Lock()
	behind, fault := g.behind, g.faults.next()
	g.dealt[fault]++
	g.mu.Unlock()
	if fault.before(w) {
		return
	}
	resp, body, err := g.ask(behind, r)
	if err != nil || fault == lost {
		g.reached(n, acted)
		panic(http.ErrAbortHandler) // the connection is cut
	}
	g.reached(n, acted)
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	if fault == half {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body) // the program may have been killed
	_ = http.NewResponseController(w).Flush()
	g.reached(n, answered)
}

// ask passes a request on.
func (g *gate) ask(behind string, r *http.Request) (*http.Response, []byte, error) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, nil, err
	}
	out, err := http.NewRequestWithContext(r.Context(), r.Method, behind+r.URL.RequestURI(), bytes.NewReader(sent))
	if err != nil {
		return nil, nil, err
	}
	out.Header = r.Header.Clone()
	out.Header.Del("Connection")
	resp, err := g.wire.RoundTrip(out)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}
