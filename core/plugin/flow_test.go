//go:build unix

package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// TestCancel cancels a run: the host's requests for it end, Invoke returns, and the plugin's own context ends.
func TestCancel(t *testing.T) {
	t.Parallel()
	p := start(t, "bad", runDir(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	h := &testHost{http: func(ctx context.Context, _ *protocol.HTTPRequest, _ func(*protocol.ToPlugin) error) error {
		cancel()
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}}
	file := filepath.Join(t.TempDir(), "cancelled")
	err := p.Invoke(ctx, invocation("wait", value("file", file)), h, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Invoke = %v, want context.Canceled", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the request ended with %v", err)
	}
	eventually(t, "the plugin was cancelled", func() bool {
		said, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(said), "canceled")
	})
}

// TestRefusingHost ends a run whose output the host does not take: the plugin's context ends too.
func TestRefusingHost(t *testing.T) {
	t.Parallel()
	p := start(t, "bad", runDir(t))
	full := errors.New("no space left")
	h := &testHost{records: func([][]byte) error { return full }}
	if err := p.Invoke(t.Context(), invocation("count", value("n", "100000")), h, nil); !errors.Is(err, full) {
		t.Errorf("Invoke = %v, want %v", err, full)
	}
	h = &testHost{}
	if err := p.Invoke(t.Context(), invocation("print"), h, nil); err != nil {
		t.Errorf("the next run: %v", err)
	}
}

// TestLargeInput hands a plugin more than gRPC's own limit of 4 MiB in one message.
func TestLargeInput(t *testing.T) {
	t.Parallel()
	p := start(t, "bad", runDir(t))
	h := &testHost{input: make([]byte, protocol.MaxInput)}
	if err := p.Invoke(t.Context(), invocation("read"), h, nil); err != nil || h.said.String() != fmt.Sprint(protocol.MaxInput) {
		t.Errorf("Invoke = %v, the plugin read %q bytes", err, h.said.String())
	}
}

// TestOpenRequests holds that a plugin's requests do not pile up in the host.
func TestOpenRequests(t *testing.T) {
	t.Parallel()
	p := start(t, "bad", runDir(t))
	var open, most atomic.Int32
	h := &testHost{http: func(_ context.Context, r *protocol.HTTPRequest, reply func(*protocol.ToPlugin) error) error {
		most.Store(max(most.Load(), open.Add(1)))
		time.Sleep(time.Millisecond)
		open.Add(-1)
		return errors.New("no")
	}}
	if err := p.Invoke(t.Context(), invocation("many", value("n", "1000")), h, nil); err != nil {
		t.Fatal(err)
	}
	if n := most.Load(); n > 64 || n < 2 {
		t.Errorf("%d requests were open at once", n)
	}
}
