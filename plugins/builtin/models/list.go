package models

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// Model is one model that the caller may use.
type Model struct {
	ID      string `json:"id" column:"ID" help:"The name that callers use."`
	Object  string `json:"object" column:"OBJECT"`
	Created int64  `json:"created" column:"CREATED,format=unix-time"`
	OwnedBy string `json:"owned_by" column:"OWNED BY"`
}

type listCmd struct {
	sdk.Lists[Model]
	Limit int `placeholder:"N" help:"Show no more than this many."`
}

func (listCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "models list"},
		{Command: "models list --jq '.[].id'", Note: "names only"},
		{Command: "models list -o csv --columns id,owned_by"},
	}
}

// Run passes the gateway's list straight to the output: it never crosses into this process.
func (c *listCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	ctx = sdk.Attempting(ctx, "list models")
	if c.Limit <= 0 {
		_, err := inv.DeliverTo(ctx, sdk.Request{Method: "GET", Path: "/v1/models"}, sdk.Deliver{Items: "data"})
		return err
	}
	var rows []json.RawMessage
	if err := inv.List(ctx, "/v1/models", nil, "data", &rows); err != nil {
		return err
	}
	return inv.EmitAll(rows[:min(c.Limit, len(rows))]...)
}
