package models

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

type infoCmd struct {
	sdk.Lists[Deployment]
	Name       string  `placeholder:"NAME" complete:"models" help:"Only deployments of this model."`
	Credential string  `placeholder:"NAME" complete:"credentials" help:"Only deployments with this credential."`
	Provider   string  `placeholder:"NAME" help:"Only deployments of this provider, such as openai."`
	Source     *string `enum:"db,config" placeholder:"SOURCE" help:"Only deployments from the database or from the configuration file."`
	Limit      int     `placeholder:"N" help:"Show no more than this many."`
}

func (infoCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "models info"},
		{Command: "models info --columns public_model,upstream_model,input_cost,output_cost"},
		{Command: "models info --source db --jq '.[].model_info.id'", Note: "ids of the deployments that can be changed"},
	}
}

func (c *infoCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	ctx = sdk.Attempting(ctx, "list deployments")
	if *c == (infoCmd{}) {
		_, err := inv.DeliverTo(ctx, sdk.Request{Method: "GET", Path: "/v1/model/info"}, sdk.Deliver{Items: "data"})
		return err
	}
	rows, err := all(ctx, inv)
	if err != nil {
		return err
	}
	shown := 0
	for _, d := range rows {
		if !c.wants(d) || c.Limit > 0 && shown == c.Limit {
			continue
		}
		shown++
		if err := inv.Emit(d.raw); err != nil {
			return err
		}
	}
	return nil
}

func (c *infoCmd) wants(d *row) bool {
	return (c.Name == "" || d.ModelName == c.Name) &&
		(c.Credential == "" || d.Params.Credential == c.Credential) &&
		(c.Provider == "" || d.provider() == c.Provider) &&
		(c.Source == nil || (*c.Source == "db") == d.Info.InDatabase)
}
