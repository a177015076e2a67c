package models

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Updated is the result of changing a deployment.
type Updated struct {
	ModelID   string          `json:"model_id" column:"ID"`
	ModelName string          `json:"model_name" column:"PUBLIC MODEL"`
	Params    json.RawMessage `json:"litellm_params,omitempty" help:"Absent when they could not be read back."`
	Result    string          `json:"result" column:"RESULT" help:"updated or unchanged."`
	sdk.Failure
}

type updateCmd struct {
	sdk.Emits[Updated]
	ModelID []string `arg:"" complete:"deployments" help:"Ids of the deployments."`
	fields
	Rename string `name:"name" placeholder:"NAME" help:"Give the deployments this public name."`
}

func (updateCmd) Help() string {
	return "Everything that is not given stays as it is, within nested fields too. Deployments from the gateway's " +
		"configuration file cannot be changed."
}

func (updateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "models update sandbox-gpt-4o-mini-eu -p temperature=0.7"},
		{Command: "models update sandbox-gpt-4o-mini-eu -p extra_headers.x-team=data", Note: "one header; the others stay"},
	}
}

func (c *updateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if len(c.Param) == 0 && len(c.Info) == 0 && c.Rename == "" {
		return problem.New(problem.Usage, "cannot update: no change is given").WithHint("give -p PATH=VALUE, -i PATH=VALUE or --name NAME")
	}
	return inv.Each(ctx, "model_id", c.ModelID, func(ctx context.Context, id string) error {
		return c.update(sdk.Attempting(ctx, "update deployment %s", id), inv, id)
	})
}

func (c *updateCmd) update(ctx context.Context, inv *sdk.Invocation, id string) error {
	before, err := byID(ctx, inv, id)
	if err != nil {
		return err
	}
	if err := editable(before, "update deployment "+id); err != nil {
		return err
	}
	patch, change, err := c.patch(ctx, inv, before)
	if err != nil {
		return err
	}
	if !change {
		return emit(inv, id, before, "unchanged")
	}
	if err := c.send(ctx, inv, id, patch); err != nil {
		after, err := c.settle(ctx, inv, id, patch, err)
		if err != nil {
			return err
		}
		return emit(inv, id, after, "updated")
	}
	after, err := byID(sdk.Attempting(ctx, "read deployment %s again", id), inv, id)
	if err != nil {
		// The gateway has said that it was done; that it cannot be seen now does not undo it.
		inv.Notice("deployment %s was updated; the check afterwards failed: %v", id, err)
		name := before.ModelName
		if c.Rename != "" {
			name = c.Rename
		}
		return inv.Emit(Updated{ModelID: id, ModelName: name, Result: "updated"})
	}
	return emit(inv, id, after, "updated")
}

func emit(inv *sdk.Invocation, id string, d *row, result string) error {
	var shown struct {
		Params json.RawMessage `json:"litellm_params"`
	}
	if err := json.Unmarshal(d.raw, &shown); err != nil {
		return err
	}
	return inv.Emit(Updated{ModelID: id, ModelName: d.ModelName, Params: shown.Params, Result: result})
}

// patch makes the body of the request: the given fields, nested ones merged into what is there, because the gateway
// replaces a nested object whole. change is false when everything is so already.
func (c *updateCmd) patch(ctx context.Context, inv *sdk.Invocation, before *row) (patch map[string]any, change bool, err error) {
	there, err := body.Decode(before.raw)
	if err != nil {
		return nil, false, err
	}
	params, info := map[string]any{}, map[string]any{}
	seed := func(assignments []sdk.Assignment, from any, into map[string]any) {
		have, _ := from.(map[string]any)
		for _, a := range assignments {
			if first, _, nested := strings.Cut(body.Name(string(a)), "."); nested {
				if object, ok := have[first].(map[string]any); ok {
					into[first] = litellm.Clone(object)
				}
			}
		}
	}
	seed(c.Param, there["litellm_params"], params)
	seed(c.Info, there["model_info"], info)
	if err := c.apply(ctx, inv, params, info); err != nil {
		return nil, false, err
	}
	if id, ok := info["id"]; ok && id != before.Info.ID {
		return nil, false, problem.New(problem.Usage, "cannot update deployment %s: its id cannot be changed", before.Info.ID).WithState(problem.Unchanged)
	}
	if err := checkCredential(ctx, inv, params); err != nil {
		return nil, false, err
	}
	patch = map[string]any{}
	if len(params) > 0 {
		patch["litellm_params"] = params
	}
	if len(info) > 0 {
		patch["model_info"] = info
	}
	if c.Rename != "" && c.Rename != before.ModelName {
		patch["model_name"], change = c.Rename, true
	}
	return patch, change || changes(params, there["litellm_params"]) || changes(info, there["model_info"]), nil
}

// changes reports whether a wanted field has another value there, or is not shown, as keys are not.
func changes(wanted map[string]any, there any) bool {
	have, _ := there.(map[string]any)
	for name, v := range wanted {
		if shown, ok := have[name]; !ok || !litellm.Same(shown, v) {
			return true
		}
	}
	return false
}

// send uses PATCH, which merges on every version. An id with a slash cannot stand in its path; for that one there is
// POST, which also merges on LiteLLM 1.106.2 but does not rename on 1.83.14 (both observed).
func (c *updateCmd) send(ctx context.Context, inv *sdk.Invocation, id string, patch map[string]any) error {
	if err := inv.Intend(ctx, "update "+id, id); err != nil {
		return err
	}
	if !strings.Contains(id, "/") {
		return inv.Patch(ctx, sdk.Path("/model/{id}/update", id), patch, nil)
	}
	info, _ := patch["model_info"].(map[string]any)
	if info == nil {
		info = map[string]any{}
	}
	info["id"] = id
	patch["model_info"] = info
	return inv.Post(ctx, "/model/update", patch, nil)
}

// settle finds out what an update did whose answer was lost: what is there if everything is as wanted, else failure,
// which says what is now true. Values that the gateway does not show, such as keys, leave it open.
func (c *updateCmd) settle(ctx context.Context, inv *sdk.Invocation, id string, patch map[string]any, failure error) (*row, error) {
	e := problem.As(failure)
	if e.State != problem.Unknown {
		return nil, failure
	}
	now, err := byID(ctx, inv, id)
	if err != nil {
		return nil, failure
	}
	there, err := body.Decode(now.raw)
	if err != nil {
		return nil, failure
	}
	hidden := false
	for _, part := range []string{"litellm_params", "model_info"} {
		wanted, _ := patch[part].(map[string]any)
		have, _ := there[part].(map[string]any)
		for name, v := range wanted {
			shown, ok := have[name]
			hidden = hidden || !ok
			if ok && !litellm.Same(shown, v) {
				e.State = problem.Unchanged + " (checked)"
				return nil, e
			}
		}
	}
	if name, ok := patch["model_name"]; ok && name != there["model_name"] {
		e.State = problem.Unchanged + " (checked)"
		return nil, e
	}
	if hidden {
		return nil, e
	}
	inv.Notice("the gateway's answer was lost; checked: the deployment was updated")
	return now, nil
}
