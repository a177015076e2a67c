package credentials

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

type listCmd struct {
	sdk.Lists[Credential]
	Limit int `placeholder:"N" help:"Show no more than this many."`
}

func (listCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "credentials list"},
		{Command: "credentials list --jq '.[].credential_name'", Note: "names only"},
	}
}

func (c *listCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	rows, err := all(sdk.Attempting(ctx, "list credentials"), inv)
	if err != nil {
		return err
	}
	// Around the records the older tool printed success.
	if err := inv.Listed(sdk.Listing{Total: len(rows), Around: map[string]any{"success": true}}); err != nil {
		return err
	}
	if c.Limit > 0 {
		rows = rows[:min(c.Limit, len(rows))]
	}
	shown := make([]json.RawMessage, len(rows))
	for i := range rows {
		shown[i] = rows[i].shown()
	}
	return inv.EmitAll(shown...)
}
