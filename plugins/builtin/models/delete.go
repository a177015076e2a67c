package models

import (
	"context"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Deleted is the result of deleting a deployment.
type Deleted struct {
	ModelID   string `json:"model_id" column:"ID"`
	ModelName string `json:"model_name" column:"PUBLIC MODEL"`
	Result    string `json:"result" column:"RESULT" help:"deleted, or not_found with --ignore-missing."`
	sdk.Failure
}

type deleteCmd struct {
	sdk.Emits[Deleted]
	ModelID       []string `arg:"" complete:"deployments" help:"Ids of the deployments."`
	IgnoreMissing bool     `name:"ignore-missing" help:"Do not fail for deployments that are not there."`
}

func (deleteCmd) Examples() []sdk.Example {
	return []sdk.Example{{Command: "models delete sandbox-gpt-4o-mini-eu --ignore-missing"}}
}

func (c *deleteCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if err := c.confirm(ctx, inv); err != nil {
		return err
	}
	return inv.Each(ctx, "model_id", c.ModelID, func(ctx context.Context, id string) error {
		err := c.delete(sdk.Attempting(ctx, "delete deployment %s", id), inv, id)
		if c.IgnoreMissing && problem.CodeOf(err) == problem.NotFound && !errors.Is(err, sdk.ErrPlanned) {
			return inv.Emit(Deleted{ModelID: id, Result: "not_found"})
		}
		return err
	})
}

// confirm says on a terminal what will go, and what it leaves.
func (c *deleteCmd) confirm(ctx context.Context, inv *sdk.Invocation) error {
	if !inv.Terminal().Stdin || !inv.Terminal().Stderr || inv.DryRun() {
		return nil
	}
	rows, err := all(sdk.Attempting(ctx, "read deployments"), inv)
	if err != nil {
		return err
	}
	deployments := map[string]int{}
	byID := map[string]*row{}
	for _, d := range rows {
		deployments[d.ModelName]++
		byID[d.Info.ID] = d
	}
	var lines []string
	for _, id := range c.ModelID {
		d, ok := byID[id]
		if !ok {
			continue
		}
		deployments[d.ModelName]--
		line := "delete deployment  " + id + "  " + d.ModelName + " (" + d.Params.Model + ")"
		if deployments[d.ModelName] == 0 {
			line += ", the last one of that name: calls to it will fail"
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil
	}
	return inv.Confirm(ctx, lines...)
}

// delete reads first: the gateway gives one answer, 400, for a missing deployment and for one that comes from its
// configuration file (observed on LiteLLM 1.106.2).
func (c *deleteCmd) delete(ctx context.Context, inv *sdk.Invocation, id string) error {
	d, err := byID(ctx, inv, id)
	if _, ok := inv.Intended("delete " + id); ok && problem.CodeOf(err) == problem.NotFound {
		return inv.Emit(Deleted{ModelID: id, Result: "deleted"})
	}
	if err != nil {
		return err
	}
	if err := editable(d, "delete deployment "+id); err != nil {
		return err
	}
	if err := inv.Intend(ctx, "delete "+id, id); err != nil {
		return err
	}
	err = inv.Post(ctx, "/model/delete", map[string]string{"id": id}, nil)
	if e := problem.As(err); e != nil && !errors.Is(err, sdk.ErrPlanned) && (e.State == problem.Unknown || e.Status == 400) {
		_, checked := byID(ctx, inv, id)
		switch {
		case problem.CodeOf(checked) != problem.NotFound:
		case e.Status == 400: // somebody else was quicker
			return missing(id, e.Said)
		default:
			inv.Notice("the gateway's answer was lost or an error; checked: the deployment was deleted")
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return inv.Emit(Deleted{ModelID: id, ModelName: d.ModelName, Result: "deleted"})
}
