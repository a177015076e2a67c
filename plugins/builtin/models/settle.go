package models

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// settle finds out what a create did that failed with an error or without an answer: created or exists if the wanted
// deployment is there and served, else an error that says what is now true. With exists, sent becomes what is there.
//
// What has an id of our own making is ours. What has an id that the user gave may be another process's, which was
// quicker: one that differs is, and of one that is equal nobody can tell. So neither is ever said to be ours to delete.
// The gateway saves a deployment whose provider it cannot tell, and then answers 500; so it does for an id in use
// (observed on LiteLLM 1.106.2).
func (c *creation) settle(ctx context.Context, inv *sdk.Invocation, sent *Added, failure *problem.Error) (result string, err error) {
	id := sent.ModelID
	d, err := byID(ctx, inv, id)
	switch {
	case problem.CodeOf(err) == problem.NotFound:
		failure.State = problem.Unchanged + " (checked)"
		return "", failure
	case err != nil:
		failure.Hint = "see whether it is there: litellm-proxy models get " + id
		return "", failure
	}
	var params, info map[string]any
	if c.given {
		params, info, err = d.parts()
		if err != nil {
			return "", err
		}
		if d.ModelName != c.name || len(differing("litellm_params", sent.Params, params)) > 0 || len(differing("model_info", sent.Info, info)) > 0 {
			return "", c.taken(d, "the id is in use: another process added it at the same time").WithHint("leave -i id out, or give another")
		}
	}
	served, err := live(ctx, inv, id)
	switch {
	case err != nil:
		failure.State = "the deployment " + id + " is saved; whether it is served is unknown"
		failure.Hint = "see what is there: litellm-proxy models get " + id
		return "", failure
	case !served:
		failure.Code = problem.Failed
		failure.Message = "model " + c.name + " was saved, but the gateway cannot serve it"
		failure.State = "the deployment " + id + " was saved"
		failure.Hint = "name the provider: litellm-proxy models update " + id + " -p model=PROVIDER/NAME"
		if !c.given {
			failure.Hint += ", or remove it: litellm-proxy models delete " + id
		}
		return "", failure
	case c.given:
		inv.Notice("the gateway's answer was lost or an error; checked: a deployment with this id and these values is there, made by this command or by another process (keys cannot be compared)")
		sent.Params, sent.Info = params, info
		return "exists", nil
	}
	inv.Notice("the gateway's answer was lost or an error; checked: the model was added")
	return "created", nil
}

// parts are the parameters and the info of a deployment as the gateway tells them, with the digits of their numbers.
func (r *row) parts() (params, info map[string]any, err error) {
	there, err := body.Decode(r.raw)
	if err != nil {
		return nil, nil, err
	}
	params, _ = there["litellm_params"].(map[string]any)
	info, _ = there["model_info"].(map[string]any)
	return params, info, nil
}

// differing names the wanted fields that are there with other values. What cannot be compared is left out: fields that
// the gateway does not show, secrets, references to its environment, which LiteLLM 1.106.2 resolves, and prices in
// model_info, for which it shows those of its own table (both observed).
func differing(prefix string, wanted, there map[string]any) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		have, ok := there[name]
		switch {
		case !ok, litellm.MaybeSecret(name), refersToEnvironment(wanted[name]), prefix == "model_info" && strings.Contains(name, "cost"):
			continue
		case !litellm.Same(public(have), public(wanted[name])):
			out = append(out, prefix+"."+name)
		}
	}
	return out
}
