package plugin

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/grpc"
)

// Process is a running plugin.
type Process struct {
	name   string
	client protocol.PluginClient
	wire   goplugin.ClientProtocol
	runner *childRunner
	dir    string
	stderr *tail
	// released says that Close has nothing to do.
	released bool
}

// Options of a start.
type Options struct {
	RunDir string // see RunDir
	// Getenv reads the host's environment, of which a plugin gets a short allow-list.
	Getenv func(string) string
	// Stderr gets what the plugin prints; nil discards it. The last lines are kept for a crash's message.
	Stderr io.Writer
	// StartTimeout is how long a plugin may take to say where it listens; 0 = 10 s.
	StartTimeout time.Duration
}

const defaultStartTimeout = 10 * time.Second

// passed are the only variables of the host's environment that a plugin gets: none can hold a credential.
var passed = []string{"TZ", "LANG", "LC_ALL", "SystemRoot"}

// StartBuiltin runs one of this binary's own plugins in a process of its own.
func StartBuiltin(ctx context.Context, name string, o Options) (*Process, error) {
	exe, err := Self()
	if err != nil {
		return nil, fmt.Errorf("find this program's own file: %w", err)
	}
	cmd := exec.Command(exe, Role, name) //nolint:noctx // it ends with this process, not with a context
	cmd.Args[0] = "litellm-proxy"
	return Start(ctx, name, cmd, o)
}

// Start runs cmd as a plugin and connects to it. The child gets no environment but an allow-list, no standard input
// but a one-time token, a process group and a working directory of its own. It ends by itself when this process does.
// The end of ctx ends a start that is under way, and nothing after it.
func Start(ctx context.Context, name string, cmd *exec.Cmd, o Options) (*Process, error) {
	if err := Harden(); err != nil {
		return nil, fmt.Errorf("protect this process from its plugins: %w", err)
	}
	dir, err := socketDir(o.RunDir)
	if err != nil {
		return nil, problem.Wrap(problem.Plugin, err, "cannot start plugin %q", name)
	}
	var secret [16]byte
	_, _ = rand.Read(secret[:])
	token := hex.EncodeToString(secret[:])
	cmd.Env = environment(dir, o.Getenv)
	p := &Process{name: name, dir: dir, stderr: &tail{to: o.Stderr}}
	address, err := p.launch(ctx, cmd, token, cmp.Or(o.StartTimeout, defaultStartTimeout))
	if err != nil {
		p.Close()
		return nil, p.failure("cannot start", err)
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  protocol.Handshake(),
		Plugins:          goplugin.PluginSet{protocol.ServiceName: dispenser{}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
		Reattach: &goplugin.ReattachConfig{
			Protocol: goplugin.ProtocolGRPC, ProtocolVersion: protocol.Version, Addr: address,
			ReattachFunc: func() (runner.AttachedRunner, error) { return p.runner, nil },
		},
		GRPCDialOptions: []grpc.DialOption{
			grpc.WithPerRPCCredentials(bearer(token)),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(protocol.MaxMessage+1024), grpc.MaxCallSendMsgSize(protocol.MaxMessage+1024)),
			grpc.WithDisableServiceConfig(),
		},
	})
	p.wire, err = client.Client()
	if err != nil {
		p.Close()
		return nil, p.failure("cannot speak with", err)
	}
	dispensed, err := p.wire.Dispense(protocol.ServiceName)
	if err != nil {
		p.Close()
		return nil, p.failure("cannot speak with", err)
	}
	p.client = dispensed.(protocol.PluginClient)
	return p, nil
}

// environment is all that a plugin gets of one: what go-plugin's handshake needs, and the allow-list.
func environment(dir string, getenv func(string) string) []string {
	handshake := protocol.Handshake()
	env := []string{
		handshake.MagicCookieKey + "=" + handshake.MagicCookieValue,
		fmt.Sprintf("PLUGIN_PROTOCOL_VERSIONS=%d", protocol.Version),
		protocol.SocketDirEnv + "=" + dir,
	}
	for _, key := range passed {
		if v := getenv(key); v != "" {
			env = append(env, key+"="+v)
		}
	}
	return env
}

// Describe asks for the plugin's manifest.
func (p *Process) Describe(ctx context.Context, hostVersion string) (*protocol.Manifest, error) {
	m, err := p.client.Describe(ctx, &protocol.DescribeRequest{HostVersion: hostVersion})
	if err != nil {
		return nil, p.failure("cannot describe", err)
	}
	return m, nil
}

// Release is for a plugin that has done its work in a process that is about to end: it ends by itself, and removes what is
// its own, when this process does. That costs nothing here; Close takes a tenth of a whole command.
func (p *Process) Release() { p.released = true }

// Close ends the plugin without waiting for it, unless somebody wants to read what it prints, and removes what it may
// have left.
func (p *Process) Close() {
	if p.released {
		return
	}
	if p.runner != nil {
		p.runner.kill()
		if p.stderr.to != nil {
			p.runner.settle()
		}
	}
	_ = os.RemoveAll(p.dir)
	if p.wire != nil {
		go p.wire.Close() // it may wait for an answer; what it frees matters to a long-lived host only
	}
}

// failure is a plugin that could not run: its name and its last words.
func (p *Process) failure(attempt string, err error) *problem.Error {
	if p.runner != nil {
		p.runner.settle()
	}
	e := problem.Wrap(problem.Plugin, err, "%s plugin %q", attempt, p.name)
	if words := p.stderr.last(); words != "" {
		e.Facts = append(e.Facts, problem.Fact{Label: "last", Text: words})
	}
	return e
}

// dispenser makes go-plugin hand out the gRPC client.
type dispenser struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (dispenser) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("the host is not a plugin")
}

func (dispenser) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return protocol.NewPluginClient(c), nil
}

// bearer adds the token to every call, go-plugin's own included.
type bearer string

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{protocol.TokenHeader: string(b)}, nil
}

// RequireTransportSecurity is false: the connection is a socket in a directory of this user alone.
func (bearer) RequireTransportSecurity() bool { return false }
