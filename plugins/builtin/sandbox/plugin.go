// Package sandbox is the plugin that embeds a gateway: behind the profile "sandbox", and as a server.
package sandbox

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/sandbox/gateway"
	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// database is the file behind the profile, in the plugin's data directory.
const database = "gateway.db"

// Plugin is the resource "sandbox".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "sandbox", Version: "1.0.0", Summary: "An embedded gateway to try things on",
		Help: "The sandbox behaves like LiteLLM 1.106.2, needs no installation and reaches no provider. " +
			"With --profile sandbox every command runs on it; what is written there is kept until sandbox reset.",
		Commands: &commands{},
		Gateway:  provide,
	}
}

type commands struct {
	Serve serveCmd `cmd:"" effect:"read" interactive:"" help:"Run the embedded gateway as a server, in the foreground."`
	Reset resetCmd `cmd:"" effect:"write" help:"Empty the gateway behind --profile sandbox."`
}

// provide is the gateway behind the profile.
func provide(ctx context.Context, dataDir, socket string, ready func(key string) error) error {
	g, err := gateway.Open(ctx, gateway.Options{Path: filepath.Join(dataDir, database), Seed: "demo"})
	if err != nil {
		return unopened(err, "litellm-proxy sandbox reset empties it and makes it one of this version")
	}
	defer g.Close()
	listener, err := listenSocket(ctx, socket)
	if err != nil {
		return err
	}
	return serve(ctx, listener, g, func() error { return ready(g.Key()) })
}

// unopened is the failure to open a database; hint is for one of another version.
func unopened(err error, hint string) error {
	if _, other := errors.AsType[*gateway.VersionError](err); other {
		return problem.New(problem.Failed, "%v", err).WithHint("%s", hint)
	}
	return err
}

// Reset is the result of emptying the sandbox.
type Reset struct {
	Database string `json:"database" column:"DATABASE"`
	Result   string `json:"result" column:"RESULT"`
}

type resetCmd struct{ sdk.Emits[Reset] }

func (resetCmd) Examples() []sdk.Example { return []sdk.Example{{Command: "sandbox reset"}} }

func (*resetCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if inv.DataDir() == "" {
		return problem.New(problem.Failed, "cannot find the sandbox's database: there is no home directory").WithHint("set HOME or XDG_STATE_HOME")
	}
	path := filepath.Join(inv.DataDir(), database)
	if inv.DryRun() {
		return inv.Plan(Reset{path, "planned"})
	}
	if err := inv.Confirm(ctx, "empty the sandbox  "+path); err != nil {
		return err
	}
	if err := gateway.Reset(ctx, path); err != nil {
		return err
	}
	return inv.Emit(Reset{path, "emptied"})
}
