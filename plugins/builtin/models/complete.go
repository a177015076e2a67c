package models

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// completeModels gives the models that the key may use.
func completeModels(ctx context.Context, inv *sdk.Invocation, _ string) ([]sdk.Candidate, error) {
	var rows []Model
	if err := inv.List(sdk.Attempting(ctx, "complete models"), "/v1/models", nil, "data", &rows); err != nil {
		return nil, err
	}
	out := make([]sdk.Candidate, len(rows))
	for i, m := range rows {
		out[i] = sdk.Candidate{Text: m.ID}
	}
	return out, nil
}

// completeDeployments gives the ids of deployments, with their models.
func completeDeployments(ctx context.Context, inv *sdk.Invocation, _ string) ([]sdk.Candidate, error) {
	rows, err := all(sdk.Attempting(ctx, "complete deployments"), inv)
	if err != nil {
		return nil, err
	}
	out := make([]sdk.Candidate, len(rows))
	for i, d := range rows {
		out[i] = sdk.Candidate{Text: d.Info.ID, Note: d.ModelName}
	}
	return out, nil
}
