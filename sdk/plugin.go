// Package sdk is all that the author of a litellm-proxy plugin imports.
//
// A plugin is one kong grammar. Each command is a struct with flags and arguments as fields and a method
//
//	Run(ctx context.Context, inv *sdk.Invocation) error
//
// From it come the command line, its help, its completion, its documentation and its function in scripts. The plugin
// never sees the gateway's key: it asks the host, which checks every request against the plugin's grants.
package sdk

import (
	"context"
	"errors"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Plugin is what one plugin offers and asks for.
type Plugin struct {
	Name    string // the first word of its commands
	Version string // semantic version
	Summary string // one line, without a full stop
	Help    string // more, in paragraphs; optional

	// Commands points to a struct whose fields are commands: `cmd:"" effect:"read|write|destroy" help:"…"`. A command
	// whose first request is always the same GET can say so, `prefetch:"/path" attempt:"list things" items:"data"`, where
	// attempt is what it passes to Attempting and items what it has delivered: the host then begins while the plugin is
	// still starting. One command of a struct may be `default:"withargs"`: it runs where none of the others is named, and its
	// own name is none that can be typed.
	Commands any

	// Grants are the requests that the plugin may make. The user accepts them when installing it.
	Grants []Grant

	// Gateway is set by a plugin that provides a gateway of its own for the host to talk to.
	Gateway GatewayProvider

	// Completers give the names of a kind, such as "keys", that begin with what was typed; for flags and arguments with the
	// tag complete.
	Completers map[string]Completer

	MinHostVersion string // the oldest litellm-proxy that it works with; empty for any

	grammars sync.Map // of commands that were run, by their paths: *sync.Pool of *grammar
}

// Grant allows requests with some methods to paths of a pattern.
type Grant struct {
	Methods string // "GET", or several joined by commas, or "*"
	Path    string // "/team/{id}": a {name} matches one segment, a last {name…} the rest
	Why     string // shown to the user who installs the plugin
}

// GatewayProvider serves a gateway for as long as ctx lives: it keeps its state below dataDir, listens on the Unix
// socket, which only this user can reach, and calls ready once with the key that opens it.
type GatewayProvider func(ctx context.Context, dataDir, socket string, ready func(key string) error) error

// Runner is a command.
type Runner interface {
	Run(ctx context.Context, inv *Invocation) error
}

// Error is a failure with its meaning: exit code, hint, the server's own reason, what is now true.
type Error = problem.Error

// ErrPlanned is returned by a write under --dry-run: the host has printed the plan and nothing was sent. A command
// returns it, or goes on to its next target.
var ErrPlanned = errors.New("held back by --dry-run")

// Example is a command line shown in a command's help.
type Example struct {
	Command string // without the program's name: "models list -o json"
	Note    string
}

// Exampler is implemented by commands that have examples.
type Exampler interface{ Examples() []Example }

// Kinds of flags and arguments that mean more than text.
type (
	// Assignment is path=value, path:=JSON, path=@FILE or path=@- : one field of a request body.
	// Package body turns it into the field, typed as LiteLLM's schema has it.
	Assignment string

	// JSON is JSON text; the host has checked that it parses. With the tag `atfile:""`, @FILE and @- work too; with
	// `atfile:"colon"`, which is for strings such as user:@FILE, they work behind the first colon.
	JSON string

	// Input names a file, or "-" for standard input; read it with Invocation.Input.
	Input string

	// Duration is a whole number with s, m, h, d or w, or 1mo; the host has checked it.
	Duration string

	// GatewayRef names a second gateway, by its profile or its address, that the command may read from: see Invocation.At.
	// The tag gatewaykey:"FLAG" names the flag that holds its key, which this process never gets.
	GatewayRef string
)
