package models

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type getCmd struct {
	sdk.Emits[Deployment]
	ModelID string `arg:"" optional:"" complete:"deployments" help:"Id of the deployment."`
	ID      string `name:"id" xor:"name" placeholder:"ID" complete:"deployments" help:"The same as the argument."`
	Name    string `name:"name" xor:"name" placeholder:"NAME" complete:"models" help:"All deployments of this model: an object if it has one, a list if it has several."`
}

func (getCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "models get --name mock-gpt"},
		{Command: "models get --name mock-gpt --jq .model_info.id"},
	}
}

func (c *getCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	id := c.ID
	if c.ModelID != "" {
		if id != "" || c.Name != "" {
			return problem.New(problem.Usage, "cannot get a deployment: MODEL-ID and --id or --name are both given").WithHint("give one of them")
		}
		id = c.ModelID
	}
	switch {
	case id != "":
		d, err := byID(sdk.Attempting(ctx, "get deployment %s", id), inv, id)
		if err != nil {
			return err
		}
		return inv.Emit(d.raw)
	case c.Name != "":
		return c.byName(sdk.Attempting(ctx, "get the deployments of %s", c.Name), inv)
	}
	return problem.New(problem.Usage, "cannot get a deployment: none is named").WithHint("give MODEL-ID, or --name NAME")
}

// byName compares names itself: an answer with the filter of the API is not more than a hint.
func (c *getCmd) byName(ctx context.Context, inv *sdk.Invocation) error {
	rows, err := all(ctx, inv)
	if err != nil {
		return err
	}
	found := false
	for _, d := range rows {
		if d.ModelName != c.Name {
			continue
		}
		found = true
		if err := inv.Emit(d.raw); err != nil {
			return err
		}
	}
	if !found {
		return problem.New(problem.NotFound, "there is no model %q", c.Name).WithHint("litellm-proxy models info lists them")
	}
	return nil
}
