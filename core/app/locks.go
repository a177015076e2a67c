package app

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/lock"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// locks are those that one run holds. The processes of this user on this machine share them.
type locks struct {
	mu     sync.Mutex
	held   map[uint64]*lock.Lock
	taking sync.WaitGroup
	ended  bool // the run is over: no more are taken
}

// begin reports whether a lock may still be taken; taking.Done follows then.
func (l *locks) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.taking.Add(1)
	}
	return !l.ended
}

// Lock waits for the lock over the gateway, kind and name. A dry run writes nothing and needs none.
func (h *host) Lock(ctx context.Context, id uint64, kind, name string) error {
	if h.line.Globals.DryRun {
		return nil
	}
	if !h.locks.begin() {
		return context.Canceled
	}
	defer h.locks.taking.Done()
	state, err := h.Dirs.State()
	dir := filepath.Join(state, "locks")
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil { // a machine without a place to write has no second process that would write there
		h.noLocks.Do(func() {
			h.Notice(fmt.Sprintf("without a directory for locks (%v) another process of yours may do the same at the same time", err), false)
		})
		return nil
	}
	h.Progress("waiting for another litellm-proxy that works on "+name, 0, 0)
	timed, stop := h.timed(ctx)
	defer stop()
	taken, err := lock.Acquire(timed, dir, h.where()+"\x00"+kind+"\x00"+name)
	switch {
	case err == nil:
		return h.locks.keep(ctx, id, taken)
	case ctx.Err() != nil:
		return ctx.Err()
	case timed.Err() != nil:
		return problem.New(problem.TimedOut, "cannot go on: another litellm-proxy works on %s, and %s", name, h.timeUp()).WithState(h.state())
	}
	return problem.Wrap(problem.Failed, err, "cannot lock %s", name)
}

// where is the gateway that locks are over, however this machine is spelled.
func (h *host) where() string {
	u, err := url.Parse(h.target.config.URL)
	if err != nil || u.Host == "" {
		return h.target.config.Profile
	}
	if host := u.Hostname(); host == "localhost" || host == "::1" || host == "127.0.0.1" {
		u.Host = net.JoinHostPort("localhost", u.Port())
	}
	return u.String()
}

// keep remembers a lock that was acquired, for the end of the run. One that comes too late is given back, as is a second one
// with the same id.
func (l *locks) keep(ctx context.Context, id uint64, taken *lock.Lock) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil {
		taken.Release()
		return ctx.Err()
	}
	if l.held[id] != nil {
		taken.Release()
		return problem.New(problem.Plugin, "a plugin asked twice for a lock with one id")
	}
	if l.held == nil {
		l.held = map[uint64]*lock.Lock{}
	}
	l.held[id] = taken
	return nil
}

// Unlock gives a lock back.
func (h *host) Unlock(id uint64) {
	h.locks.mu.Lock()
	defer h.locks.mu.Unlock()
	if held := h.locks.held[id]; held != nil {
		held.Release()
		delete(h.locks.held, id)
	}
}

// releaseLocks gives back what a run has left.
func (h *host) releaseLocks() {
	h.locks.mu.Lock()
	h.locks.ended = true
	h.locks.mu.Unlock()
	h.locks.taking.Wait() // their context has ended
	h.locks.mu.Lock()
	defer h.locks.mu.Unlock()
	for id, held := range h.locks.held {
		held.Release()
		delete(h.locks.held, id)
	}
}
