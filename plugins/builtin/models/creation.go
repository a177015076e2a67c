package models

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// creation is a deployment to be made: the one way to make one.
type creation struct {
	attempt      string // "add model gpt-4"
	name         string
	params, info map[string]any // info has the id once it is identified
	// given says that the id is not this run's alone: the user gave it, or it follows from what the deployment is. Then
	// another process may have made what has it.
	given bool
	again bool // an earlier run, that was cut off, may have made it
}

func (c *creation) id() string {
	id, _ := c.info["id"].(string)
	return id
}

// identify makes sure that the deployment has an id, and that one which was given is free: for one that is taken the
// gateway would answer 500, which tells nothing (observed on LiteLLM 1.106.2).
func (c *creation) identify(ctx context.Context, inv *sdk.Invocation) error {
	if _, c.given = c.info["id"]; !c.given {
		c.info["id"] = uuid.NewString()
		if id, ok := inv.Intended("model"); ok {
			c.info["id"], c.again = id, true
		}
		return nil
	}
	if why := badID(c.info["id"]); why != "" {
		return problem.New(problem.Usage, "cannot %s: %s", c.attempt, why)
	}
	d, err := byID(ctx, inv, c.id())
	if problem.CodeOf(err) == problem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return c.taken(d, "the id \""+c.id()+"\" is in use").WithHint("leave -i id out, or change that one: litellm-proxy models update %s", c.id())
}

// badID says why a value cannot be a deployment's id; empty if it can.
func badID(v any) string {
	id, _ := v.(string)
	switch {
	case id == "":
		return "the id is empty or no text"
	case strings.Contains(id, "/"):
		return "the id has a slash, and the gateway could not address it"
	}
	return ""
}

// taken is the refusal of an id that d has.
func (c *creation) taken(d *row, why string) *problem.Error {
	return &problem.Error{
		Code: problem.Refused, Message: "cannot " + c.attempt + ": " + why,
		Facts: []problem.Fact{{Label: "by", Text: d.ModelName + " (" + d.Params.Model + ")"}},
		Field: "id", State: problem.Unchanged,
	}
}

// done reports whether an earlier run has made it.
func (c *creation) done(ctx context.Context, inv *sdk.Invocation) (bool, error) {
	if !c.again {
		return false, nil
	}
	_, err := byID(ctx, inv, c.id())
	if problem.CodeOf(err) == problem.NotFound {
		return false, nil
	}
	return err == nil, err
}

// send makes the deployment and, when the answer leaves it open, asks whether it is there. The result is created, or
// exists when another process may have made it.
func (c *creation) send(ctx context.Context, inv *sdk.Invocation) (*Added, error) {
	out := &Added{ModelID: c.id(), ModelName: c.name, Params: c.params, Info: c.info, Result: "created"}
	if done, err := c.done(ctx, inv); done || err != nil {
		return out, err
	}
	if err := inv.Intend(ctx, "model", c.id()); err != nil {
		return nil, err
	}
	request := map[string]any{"model_name": c.name, "litellm_params": c.params, "model_info": c.info}
	err := inv.Create(ctx, "/model/new", request, nil)
	if e := problem.As(err); e != nil && (e.State == problem.Unknown || e.Status >= 500) {
		out.Result, err = c.settle(ctx, inv, out, e)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}
