package models

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Tested is the result of testing a deployment.
type Tested struct {
	ModelID string `json:"model_id" column:"ID"`
	Model   string `json:"model" column:"UPSTREAM MODEL"`
	Healthy bool   `json:"healthy" column:"HEALTHY"`
	Error   string `json:"error,omitempty" column:"ERROR"`
	Said    string `json:"said,omitempty" help:"The gateway's own reason, when it could not be tested."`
}

type testCmd struct {
	sdk.Emits[Tested]
	ModelID []string `arg:"" complete:"deployments" help:"Ids of the deployments."`

	unhealthy []string
	reason    string
}

func (testCmd) Examples() []sdk.Example {
	return []sdk.Example{{Command: "models test sandbox-mock-gpt"}}
}

func (c *testCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	inv.Notice("each test costs one request at the provider")
	err := inv.Each(ctx, "model_id", c.ModelID, func(ctx context.Context, id string) error {
		return c.test(sdk.Attempting(ctx, "test deployment %s", id), inv, id)
	})
	if err != nil || len(c.unhealthy) == 0 {
		return err
	}
	code, verb := problem.Failed, "does"
	if len(c.unhealthy) < len(c.ModelID) {
		code = problem.Partial
	}
	if len(c.unhealthy) > 1 {
		verb = "do"
	}
	return &problem.Error{Code: code, Message: strings.Join(c.unhealthy, ", ") + " " + verb + " not answer", Said: c.reason}
}

// endpoint is one entry of the gateway's report.
type endpoint struct {
	Model string `json:"model"`
	Error string `json:"error"`
}

func (c *testCmd) test(ctx context.Context, inv *sdk.Invocation, id string) error {
	d, err := byID(ctx, inv, id)
	if err != nil {
		return err
	}
	// A report of an unhealthy deployment comes with 503 (observed on LiteLLM 1.106.2).
	response, err := inv.Do(ctx, sdk.Request{
		Method: "GET", Path: "/health", Query: sdk.Query{"model_id": id}.Encode(), AnyStatus: true,
	})
	if err != nil {
		return err
	}
	var report struct {
		Healthy   []endpoint `json:"healthy_endpoints"`
		Unhealthy []endpoint `json:"unhealthy_endpoints"`
	}
	if json.Unmarshal(response.Body, &report) != nil || len(report.Healthy)+len(report.Unhealthy) == 0 {
		return problem.New(problem.Unreachable, "cannot test deployment %s: the gateway gave no report (status %d)", id, response.Status)
	}
	if len(report.Unhealthy) == 0 {
		return inv.Emit(Tested{ModelID: id, Model: d.Params.Model, Healthy: true})
	}
	reason := firstLine(report.Unhealthy[0].Error)
	c.unhealthy, c.reason = append(c.unhealthy, id), reason
	return inv.Emit(Tested{ModelID: id, Model: d.Params.Model, Error: reason})
}

// firstLine keeps the reason and drops the stack trace below it.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
