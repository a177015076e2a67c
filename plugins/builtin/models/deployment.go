package models

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Deployment is what the gateway tells of one deployment, as far as this plugin reads it. Provider keys are left out
// by the gateway (observed on LiteLLM 1.106.2).
type Deployment struct {
	ModelName string `json:"model_name" column:"PUBLIC MODEL,name=public_model" help:"The name that callers use."`
	Params    Params `json:"litellm_params"`
	Info      Info   `json:"model_info"`
}

// Params are the parameters of a deployment.
type Params struct {
	Model      string `json:"model" column:"UPSTREAM MODEL,name=upstream_model"`
	Provider   string `json:"custom_llm_provider"`
	Credential string `json:"litellm_credential_name" column:"CREDENTIAL,name=credential_name,wide"`
}

// Info describes a deployment.
type Info struct {
	CreatedAt  string      `json:"created_at" column:"CREATED AT,name=created_at,format=time,wide"`
	UpdatedAt  string      `json:"updated_at" column:"UPDATED AT,name=updated_at,format=time"`
	ID         string      `json:"id" column:"ID"`
	InputCost  json.Number `json:"input_cost_per_token" column:"INPUT $/1M,name=input_cost,format=dollars-per-million,wide"`
	OutputCost json.Number `json:"output_cost_per_token" column:"OUTPUT $/1M,name=output_cost,format=dollars-per-million,wide"`
	InDatabase bool        `json:"db_model" help:"False for a deployment from the gateway's configuration file."`
}

// provider is the part of the upstream model's name that names the provider.
func (d *Deployment) provider() string {
	if d.Params.Provider != "" {
		return d.Params.Provider
	}
	name, _, ok := strings.Cut(d.Params.Model, "/")
	if !ok {
		return ""
	}
	return name
}

// row is one deployment: what we read of it, and all that the gateway told, unchanged.
type row struct {
	Deployment
	raw json.RawMessage
}

// UnmarshalJSON takes an object and nothing else.
func (r *row) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '{' {
		return errors.New("a deployment is an object")
	}
	r.raw = append(r.raw[:0], raw...)
	return json.Unmarshal(raw, &r.Deployment)
}

// all reads every deployment. The list has no pages.
func all(ctx context.Context, inv *sdk.Invocation) ([]*row, error) {
	return list(ctx, inv, "/v1/model/info", nil)
}

func list(ctx context.Context, inv *sdk.Invocation, path string, query sdk.Query) ([]*row, error) {
	var rows []row // not pointers: null would be one
	if err := inv.List(ctx, path, query, "data", &rows); err != nil {
		return nil, err
	}
	out := make([]*row, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out, nil
}

// byID reads one deployment; a missing one is an error with the code NotFound. It asks /v2/model/info, which knows a
// deployment that is saved but cannot be served, too; /v1/model/info does not (observed on LiteLLM 1.106.2).
func byID(ctx context.Context, inv *sdk.Invocation, id string) (*row, error) {
	if id == "" {
		return nil, problem.New(problem.Usage, "a deployment's id is empty")
	}
	rows, err := list(ctx, inv, "/v2/model/info", sdk.Query{"modelId": id})
	if err != nil {
		return nil, err
	}
	for _, d := range rows {
		if d.Info.ID == id {
			return d, nil
		}
	}
	return nil, missing(id, "")
}

const (
	patience = 2 * time.Second
	interval = 100 * time.Millisecond
)

// live reports whether the gateway serves a deployment. One that was saved a moment ago, by somebody else perhaps, may
// need a moment more, so it asks for up to two seconds before it says no.
func live(ctx context.Context, inv *sdk.Invocation, id string) (bool, error) {
	for end := time.Now().Add(patience); ; {
		rows, err := list(ctx, inv, "/v1/model/info", sdk.Query{"litellm_model_id": id})
		if e := problem.As(err); e != nil && e.Status != 400 {
			return false, err
		}
		if len(rows) > 0 {
			return true, nil
		}
		if time.Now().After(end) {
			return false, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(interval):
		}
	}
}

func missing(id, said string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: "there is no deployment with the id \"" + id + "\"", Said: said, Field: "id",
		Hint: "litellm-proxy models info lists deployments with their ids",
	}
}

// editable refuses a deployment that comes from the gateway's configuration file.
func editable(d *row, attempt string) error {
	if d.Info.InDatabase {
		return nil
	}
	return (&problem.Error{
		Code:    problem.Refused,
		Message: "cannot " + attempt + ": it comes from the gateway's configuration file",
		State:   problem.Unchanged,
	}).WithHint("change it in that file, or add another deployment of %s: litellm-proxy models add %s", d.ModelName, d.ModelName)
}
