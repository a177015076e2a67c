package sdk

import (
	"bufio"
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// connectWithin is how long a plugin waits for its host before it ends.
const connectWithin = 10 * time.Second

// Serve is the main function of a plugin: it speaks with the host that started it, and ends when the host does. It
// does not return.
func Serve(p *Plugin) {
	handshake := protocol.Handshake()
	if os.Getenv(handshake.MagicCookieKey) != handshake.MagicCookieValue {
		fmt.Fprintf(os.Stderr, "%s is a plugin of litellm-proxy and is started by it: litellm-proxy %s --help\n", p.Name, p.Name)
		os.Exit(1)
	}
	// A host that has just died must not end this process, by a broken pipe, before it has cleared up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	s := &server{plugin: p, stderr: os.Stderr}
	if err := s.start(); err != nil {
		fmt.Fprintf(os.Stderr, "plugin %s: %v\n", p.Name, err)
		s.exit(1)
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: handshake,
		Plugins:         goplugin.PluginSet{protocol.ServiceName: endpoint{server: s}},
		Logger:          hclog.NewNullLogger(),
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options,
				grpc.MaxRecvMsgSize(protocol.MaxMessage), grpc.MaxSendMsgSize(protocol.MaxMessage),
				grpc.StatsHandler(s), grpc.UnaryInterceptor(s.checkUnary), grpc.StreamInterceptor(s.checkStream))...)
		},
	})
	s.exit(0)
}

// server is the process of a plugin: it ends when its standard input or its connection does, and takes its socket's
// directory with it.
type server struct {
	plugin    *Plugin
	stderr    *os.File
	socketDir string   // "" until this process has made it
	lock      *os.File // held for life: tells the host's sweep that the directory is in use
	token     string
	connected atomic.Bool
	printing  sync.Once
}

// start reads the token, makes the socket's directory and arranges for the end.
func (s *server) start() error {
	in := bufio.NewReader(os.Stdin)
	token, err := in.ReadString('\n')
	if err != nil {
		return fmt.Errorf("read the token from standard input: %w", err)
	}
	if s.token = strings.TrimSpace(token); s.token == "" {
		return fmt.Errorf("the host gave an empty token")
	}
	dir := os.Getenv(protocol.SocketDirEnv)
	if !filepath.IsAbs(dir) {
		return fmt.Errorf("$%s is %q, not an absolute path", protocol.SocketDirEnv, dir)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make the socket's directory: %w", err)
	}
	s.socketDir = dir
	if s.lock, err = lockDir(s.socketDir); err != nil {
		return fmt.Errorf("lock the socket's directory: %w", err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		s.exit(0)
	}()
	time.AfterFunc(connectWithin, func() {
		if !s.connected.Load() {
			fmt.Fprintf(s.stderr, "plugin %s: no host has connected within %s\n", s.plugin.Name, connectWithin)
			s.exit(1)
		}
	})
	return nil
}

func (s *server) exit(code int) {
	// What go-plugin is making there at this moment would keep the directory alive.
	for tries := 0; s.socketDir != "" && os.RemoveAll(s.socketDir) != nil && tries < 100; tries++ {
	}
	os.Exit(code)
}

func (s *server) check(ctx context.Context) error {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, given := range md.Get(protocol.TokenHeader) {
		if subtle.ConstantTimeCompare([]byte(given), []byte(s.token)) == 1 {
			s.connected.Store(true)
			if c, ok := ctx.Value(connectionKey{}).(*connection); ok {
				c.host.Store(true)
			}
			return nil
		}
	}
	return status.Error(codes.Unauthenticated, "the call carries no valid token of this plugin's host")
}

func (s *server) checkUnary(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	return handle(ctx, request)
}

func (s *server) checkStream(service any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	if err := s.check(stream.Context()); err != nil {
		return err
	}
	return handle(service, stream)
}

// TagRPC does nothing: with HandleConn it makes server a stats.Handler, which is how gRPC tells of its connections.
func (s *server) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC does nothing.
func (s *server) HandleRPC(context.Context, stats.RPCStats) {}

// connection is one connection to this process; host is set once a call with the token came over it.
type connection struct{ host atomic.Bool }

type connectionKey struct{}

// TagConn remembers the connection in the context of its calls.
func (s *server) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{})
}

// HandleConn ends the process when the host's connection ends.
func (s *server) HandleConn(ctx context.Context, e stats.ConnStats) {
	if _, ended := e.(*stats.ConnEnd); !ended {
		return
	}
	if c, ok := ctx.Value(connectionKey{}).(*connection); ok && c.host.Load() {
		s.exit(0)
	}
}

// endpoint registers the service with go-plugin.
type endpoint struct {
	goplugin.NetRPCUnsupportedPlugin
	server *server
}

func (e endpoint) GRPCServer(_ *goplugin.GRPCBroker, g *grpc.Server) error {
	protocol.RegisterPluginServer(g, service{server: e.server})
	return nil
}

func (endpoint) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, fmt.Errorf("a plugin does not call itself")
}

type service struct {
	protocol.UnimplementedPluginServer
	server *server
}

// Describe answers with the plugin's manifest.
func (s service) Describe(context.Context, *protocol.DescribeRequest) (*protocol.Manifest, error) {
	m, err := s.server.plugin.Manifest()
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return m, nil
}

// Invoke runs one command.
func (s service) Invoke(stream grpc.BidiStreamingServer[protocol.ToPlugin, protocol.ToHost]) error {
	// go-plugin has put lossy pipes in place of these. What an author prints is for the host's --debug alone.
	s.server.printing.Do(func() { os.Stdout, os.Stderr = s.server.stderr, s.server.stderr })
	return Converse(s.server.plugin, stream)
}
