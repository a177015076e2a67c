package models

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Added is the result of adding a deployment.
type Added struct {
	ModelID   string         `json:"model_id" column:"ID"`
	ModelName string         `json:"model_name" column:"PUBLIC MODEL"`
	Params    map[string]any `json:"litellm_params"`
	Info      map[string]any `json:"model_info"`
	Result    string         `json:"result" column:"RESULT" help:"created or exists."`
	Differs   []string       `json:"differs,omitempty" help:"With exists: the given fields that have other values there."`
}

type addCmd struct {
	sdk.Emits[Added]
	Name string `arg:"" help:"The name that callers will use."`
	fields
	IfNotExists bool `name:"if-not-exists" help:"If the model has a deployment already, print it and name the fields that differ."`
}

func (addCmd) Help() string {
	return "Without the parameter model the upstream model is NAME. The deployment gets an id of its own, unless " +
		"-i id=ID gives one; so a lost answer never makes two. " +
		"Several deployments of one name share its load."
}

func (addCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "models add fast -p model=openai/gpt-4o-mini -p api_key=@key.txt -i mode=chat", Note: "the provider's key from a file"},
		{Command: "models add gpt-4 --param api_key=sk-123 --param max_tokens=2048"},
	}
}

func (c *addCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if c.Name == "" {
		return problem.New(problem.Usage, "cannot add a model: NAME is empty")
	}
	ctx = sdk.Attempting(ctx, "add model %s", c.Name)
	params, info := map[string]any{}, map[string]any{}
	if err := c.apply(ctx, inv, params, info); err != nil {
		return err
	}
	if params["model"] == nil {
		params["model"] = c.Name
	}
	if _, again := inv.Intended("model"); c.IfNotExists && !again {
		if done, err := c.exists(ctx, inv, params, info); done || err != nil {
			return err
		}
	}
	if err := checkCredential(ctx, inv, params); err != nil {
		return err
	}
	d := &creation{attempt: "add model " + c.Name, name: c.Name, params: params, info: info}
	if err := d.identify(ctx, inv); err != nil {
		return err
	}
	out, err := d.send(ctx, inv)
	if err != nil {
		return err
	}
	return inv.Emit(out)
}

// exists prints the deployments of the name, if there are any.
func (c *addCmd) exists(ctx context.Context, inv *sdk.Invocation, params, info map[string]any) (bool, error) {
	rows, err := all(ctx, inv)
	if err != nil {
		return false, err
	}
	found := false
	for _, d := range rows {
		if d.ModelName != c.Name {
			continue
		}
		found = true
		out := Added{ModelID: d.Info.ID, ModelName: d.ModelName, Result: "exists"}
		var err error
		if out.Params, out.Info, err = d.parts(); err != nil {
			return false, err
		}
		out.Differs = append(differing("litellm_params", params, out.Params), differing("model_info", info, out.Info)...)
		if err := inv.Emit(out); err != nil {
			return false, err
		}
	}
	return found, nil
}
