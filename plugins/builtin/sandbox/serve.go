package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/sandbox/gateway"
	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type serveCmd struct {
	Addr        string   `default:"127.0.0.1:4000" placeholder:"HOST:PORT" help:"Where to listen. Port 0 picks a free one."`
	DB          string   `name:"db" default:":memory:" placeholder:"FILE|:memory:" help:"Where to keep its state; in memory it is gone at the end."`
	Seed        string   `enum:"demo,empty" default:"demo" placeholder:"SEED" help:"What a new database holds."`
	Fault       []string `placeholder:"FAULT" help:"Misbehave: [METHOD ]PATH=ACTION[xTIMES], where ACTION is a status (503, 429:retry-after=2), latency:200ms, reset, cut, truncate, truncate-clean, html, redirect:URL or stall."`
	AllowRemote bool     `name:"allow-remote" help:"Allow an address that other machines can reach."`
}

func (serveCmd) Help() string {
	return "Once it is ready it prints the two variables that point litellm-proxy, or any other client, to it. " +
		"Ctrl-C ends it."
}

func (serveCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "sandbox serve --addr 127.0.0.1:4000"},
		{Command: "sandbox serve --fault 'POST /model/new=503x2' --fault '/v1/models=latency:2s'", Note: "rehearse an outage"},
	}
}

func (c *serveCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	var faults []gateway.Fault
	for _, spec := range c.Fault {
		f, err := gateway.ParseFault(spec)
		if err != nil {
			return problem.Wrap(problem.Usage, err, "cannot use --fault")
		}
		faults = append(faults, f)
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return problem.Wrap(problem.Usage, err, "cannot use --addr %q", c.Addr)
	}
	if !loopback(host) && !c.AllowRemote {
		return problem.New(problem.Usage, "cannot listen on %s: other machines could reach it", c.Addr).WithHint("add --allow-remote if that is meant")
	}
	path := c.DB
	if path != ":memory:" {
		path = inv.Path(path)
	}
	g, err := gateway.Open(ctx, gateway.Options{Path: path, Seed: c.Seed, Faults: faults})
	if err != nil {
		return unopened(err, "name another file with --db")
	}
	defer g.Close()
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return problem.Wrap(problem.Failed, err, "cannot listen on %s", c.Addr).WithHint("--addr 127.0.0.1:0 picks a free port")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-inv.Interrupts():
			cancel()
		case <-ctx.Done():
		}
	}()
	var handler http.Handler = g
	if !c.AllowRemote {
		handler = localOnly(g)
	}
	return serve(ctx, listener, handler, func() error {
		inv.Notice("the sandbox listens on %s; Ctrl-C ends it", listener.Addr())
		return inv.Print(fmt.Sprintf("export LITELLM_PROXY_URL=http://%s\nexport LITELLM_PROXY_API_KEY=%s\n", listener.Addr(), g.Key()))
	})
}

// listenSocket listens on a Unix socket.
func listenSocket(ctx context.Context, path string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the sandbox's socket: %w", err)
	}
	return listener, nil
}

// serve answers until ctx ends, which is no failure.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, ready func() error) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 30 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if err := ready(); err != nil {
		return err
	}
	select {
	case err := <-ended:
		return fmt.Errorf("serve the sandbox: %w", err)
	case <-ctx.Done():
	}
	// A request under way gets a moment; a stalled one does not keep the program from ending.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// localOnly refuses requests whose Host header is not of this machine: a web page could send those by pointing a name
// of its own at 127.0.0.1.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !loopback(host) {
			http.Error(w, "the sandbox answers only to localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(trimBrackets(host))
	return ip != nil && ip.IsLoopback()
}

func trimBrackets(host string) string {
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}
