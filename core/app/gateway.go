package app

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// sandboxURL stands for the sandbox, which has no address but a socket.
const sandboxURL = "http://sandbox"

// target is the gateway of one run: its client, and, for the sandbox, the process behind it.
type target struct {
	config config.Gateway
	ready  chan struct{} // closed when client or err is set
	once   sync.Once
	client *transport.Client
	err    error
	own    *plugin.Process
}

// open begins to open the gateway: a connection to it, or the sandbox's process. It does not wait.
func (s *session) open(ctx context.Context, gateway config.Gateway, options transport.Options) *target {
	t := &target{config: gateway, ready: make(chan struct{})}
	if gateway.Profile != config.Sandbox {
		options.BaseURL = gateway.URL
		if gateway.Key != "" {
			options.Key, options.KeyFrom = gateway.Key, gateway.KeyFrom
		}
		t.connect(ctx, options)
		return t
	}
	go s.startSandbox(ctx, t, options)
	return t
}

func (t *target) connect(ctx context.Context, options transport.Options) {
	t.once.Do(func() {
		if t.client, t.err = transport.New(options); t.err == nil {
			t.client.Preconnect(ctx)
		}
		close(t.ready)
	})
}

func (t *target) fail(err error) {
	t.once.Do(func() { t.err = err; close(t.ready) })
}

// wait returns the client when the gateway is open.
func (t *target) wait(ctx context.Context) (*transport.Client, error) {
	select {
	case <-t.ready:
		return t.client, t.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// close ends the sandbox's process, if there is one.
func (t *target) close() {
	if p := t.process(); p != nil {
		p.Close()
	}
}

// release lets the sandbox's process end by itself, after a run that went well.
func (t *target) release() {
	if p := t.process(); p != nil {
		p.Release()
	}
}

// process is the sandbox's, once it is ready; until then it ends with the context that it was started with.
func (t *target) process() *plugin.Process {
	select {
	case <-t.ready:
		return t.own
	default:
		return nil
	}
}

// startSandbox runs the plugin that provides a gateway for as long as ctx lives.
func (s *session) startSandbox(ctx context.Context, t *target, options transport.Options) {
	process, err := s.start(ctx, config.Sandbox)
	if err != nil {
		t.fail(err)
		return
	}
	t.own = process
	dir, err := s.dataDir(config.Sandbox)
	if err != nil {
		t.fail(err)
		return
	}
	key, from := t.config.Key, t.config.KeyFrom
	err = process.Invoke(ctx, &protocol.Invocation{ServeGateway: true, DataDir: dir, HostVersion: Version},
		&gatewayHost{plugin.Refuser{Purpose: "serves the gateway"}, func(socket, own string) {
			if key == "" {
				key, from = own, "the sandbox"
			}
			options.BaseURL, options.Socket, options.Key, options.KeyFrom = sandboxURL, socket, key, from
			t.connect(ctx, options)
		}}, nil)
	if err == nil {
		err = problem.New(problem.Plugin, "the sandbox ended before it was ready")
	}
	t.fail(err)
}

// dataDir is where a plugin keeps its state.
func (s *session) dataDir(name string) (string, error) {
	state, err := s.Dirs.State()
	if err != nil {
		return "", problem.Wrap(problem.Failed, err, "cannot find the directory for state")
	}
	return filepath.Join(state, "plugins", name), nil
}

// gatewayHost answers a plugin that serves a gateway: it may say that it is ready, and nothing else.
type gatewayHost struct {
	plugin.Refuser
	ready func(socket, key string)
}

func (h *gatewayHost) GatewayReady(socket, key string) { h.ready(socket, key) }
