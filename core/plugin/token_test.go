//go:build unix

package plugin_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// methods are all that a plugin's server answers, go-plugin's services included. An empty message is one of each.
var methods = []struct {
	name   string
	stream bool
}{
	{"/litellm_proxy.plugin.v1.Plugin/Describe", false},
	{"/litellm_proxy.plugin.v1.Plugin/Invoke", true},
	{"/grpc.health.v1.Health/Check", false},
	{"/grpc.health.v1.Health/List", false},
	{"/grpc.health.v1.Health/Watch", true},
	{"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", true},
	{"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", true},
	{"/plugin.GRPCBroker/StartStream", true},
	{"/plugin.GRPCStdio/StreamStdio", true},
	{"/plugin.GRPCController/Shutdown", false},
}

// stranger connects to the only plugin below a run directory.
func stranger(t *testing.T, dir string) *grpc.ClientConn {
	t.Helper()
	sockets, _ := filepath.Glob(filepath.Join(dir, "*", "plugin*"))
	if len(sockets) != 1 {
		t.Fatalf("the sockets are %v, want one", sockets)
	}
	connection, err := grpc.NewClient("unix:"+sockets[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

func call(ctx context.Context, c *grpc.ClientConn, method string, stream bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if !stream {
		return c.Invoke(ctx, method, &emptypb.Empty{}, &emptypb.Empty{})
	}
	s, err := c.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err != nil {
		return err
	}
	_ = s.SendMsg(&emptypb.Empty{})
	_ = s.CloseSend()
	return s.RecvMsg(&emptypb.Empty{})
}

// TestToken holds that a plugin answers nobody but its host, and lives on when others try.
func TestToken(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	p := start(t, "bad", dir)
	for what, ctx := range map[string]context.Context{
		"no token":      t.Context(),
		"a wrong token": metadata.AppendToOutgoingContext(t.Context(), protocol.TokenHeader, strings.Repeat("0", 32)),
		"an empty one":  metadata.AppendToOutgoingContext(t.Context(), protocol.TokenHeader, ""),
	} {
		connection := stranger(t, dir)
		for _, m := range methods {
			if err := call(ctx, connection, m.name, m.stream); status.Code(err) != codes.Unauthenticated {
				t.Errorf("%s with %s: %v, want Unauthenticated", m.name, what, err)
			}
		}
		_ = connection.Close()
		h := &testHost{}
		if err := p.Invoke(t.Context(), invocation("print"), h, nil); err != nil || h.said.String() != "the output\n" {
			t.Fatalf("after a stranger with %s: %v, %q", what, err, h.said.String())
		}
	}
	if m, err := p.Describe(t.Context(), "test"); err != nil || m.GetName() != "bad" {
		t.Errorf("Describe = %v, %v", m.GetName(), err)
	}
}

// TestTokenNowhere has a plugin look for its token where other processes could read it.
func TestTokenNowhere(t *testing.T) {
	t.Parallel()
	p := start(t, "token", runDir(t))
	h := &testHost{}
	if err := p.Invoke(t.Context(), invocation("print"), h, nil); err != nil {
		t.Fatal(err)
	}
	if got := h.said.String(); got != "32 characters" {
		t.Errorf("the token is in: %s", got)
	}
}

// TestStrangerFirst holds that a stranger's connection does not count as the host's: not as one that comes, and not as
// one that ends.
func TestStrangerFirst(t *testing.T) {
	t.Parallel()
	c := startChild(t, "bad")
	connection := stranger(t, c.dir)
	if err := call(t.Context(), connection, methods[0].name, false); status.Code(err) != codes.Unauthenticated {
		t.Errorf("Describe = %v", err)
	}
	_ = connection.Close()
	began := time.Now()
	c.wait(t)
	if took := time.Since(began); took < 2*time.Second {
		t.Errorf("the plugin ended %s after a stranger had left", took)
	}
	wants(t, "stderr", c.stderr.String(), "no host has connected")
}
