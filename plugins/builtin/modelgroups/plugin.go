// Package modelgroups is the plugin for model groups: the public models with their modes, limits and prices.
package modelgroups

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// Plugin is the resource "model-groups".
func Plugin() *sdk.Plugin {
	return &sdk.Plugin{
		Name: "model-groups", Version: "1.0.0", Summary: "List public models with modes and prices",
		Commands: &commands{},
		Grants:   []sdk.Grant{{Methods: "GET", Path: "/model_group/info", Why: "read the model groups"}},
	}
}

type commands struct {
	List listCmd `cmd:"" effect:"read" noun:"model groups" prefetch:"/model_group/info" attempt:"list model groups" items:"data" help:"List model groups with mode, limits and prices per million tokens."`
}

// Group is all deployments of one public model, as one.
type Group struct {
	Name        string      `json:"model_group" column:"MODEL"`
	Mode        *string     `json:"mode" column:"MODE"`
	Providers   []string    `json:"providers" column:"PROVIDERS"`
	MaxInput    json.Number `json:"max_input_tokens" column:"MAX INPUT,format=number,wide"`
	MaxOutput   json.Number `json:"max_output_tokens" column:"MAX OUTPUT,format=number,wide"`
	InputPrice  json.Number `json:"input_cost_per_token" column:"INPUT $/1M,name=input_cost,format=dollars-per-million"`
	OutputPrice json.Number `json:"output_cost_per_token" column:"OUTPUT $/1M,name=output_cost,format=dollars-per-million"`
}

type listCmd struct{ sdk.Lists[Group] }

func (listCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "model-groups list"},
		{Command: "model-groups list --jq 'map({model: .model_group, mode})'"},
	}
}

func (*listCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	ctx = sdk.Attempting(ctx, "list model groups")
	_, err := inv.DeliverTo(ctx, sdk.Request{Method: "GET", Path: "/model_group/info"}, sdk.Deliver{Items: "data"})
	return err
}
