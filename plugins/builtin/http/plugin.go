// Package http is the plugin for raw requests to a gateway.
package http

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// Plugin is the resource "http".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "http", Version: "1.0.0", Summary: "Send any request to the gateway",
		Commands: &commands{},
		Grants:   []sdk.Grant{{Methods: "*", Path: "/{path…}", Why: "send the request that the user wrote"}},
	}
}

type commands struct {
	Request requestCmd `cmd:"" effect:"write" help:"Send one request and print the answer."`
}

type requestCmd struct {
	sdk.Passes
	Method   string           `arg:"" help:"GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS."`
	Path     string           `arg:"" help:"Path from the gateway's root; it may have a ?query."`
	JSON     sdk.JSON         `name:"json" short:"j" xor:"body" atfile:"" sensitive:"" placeholder:"JSON" help:"The body as JSON; @FILE and @- read it."`
	Data     string           `name:"data" short:"d" xor:"body" atfile:"" sensitive:"" placeholder:"TEXT" help:"The body: JSON if it parses as such, else text as it is; @FILE and @- read it."`
	Input    sdk.Input        `name:"input" xor:"body" placeholder:"FILE" help:"The body from a file, as it is; - is standard input."`
	Field    []sdk.Assignment `name:"field" short:"f" xor:"body" sensitive:"" placeholder:"PATH=VALUE" help:"A field of a JSON body, typed as LiteLLM's schema has it; with GET and HEAD, a parameter of the query."`
	Header   []string         `name:"header" short:"H" sensitive:"" placeholder:"NAME:VALUE" help:"A header. Authorization and others that carry credentials are refused."`
	Include  bool             `name:"include" short:"i" help:"Print the status line and the headers first."`
	Paginate bool             `name:"paginate" help:"Read all pages of a list and print them as one."`
}

func (requestCmd) Help() string {
	return "The key is added by the program. A JSON answer is filtered and formatted like every output; an event stream " +
		"is printed as it comes; anything else is printed as it is. No redirect is followed."
}

func (requestCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "http request GET /v1/models --jq '.data[].id'"},
		{Command: `http request POST /chat/completions --json '{"model": "mock-gpt", "messages": [{"role": "user", "content": "Hello"}]}'`},
		{Command: "http request GET /v2/model/info --paginate --jq length"},
	}
}

// Run sends the request; the answer goes straight to the output.
func (c *requestCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	r, err := c.request(ctx, inv)
	if err != nil {
		return err
	}
	if c.Paginate {
		return c.pages(ctx, inv, r)
	}
	_, err = inv.DeliverTo(ctx, r, sdk.Deliver{Whole: true, Head: c.Include})
	return err
}
