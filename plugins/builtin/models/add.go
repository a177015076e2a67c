package models

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
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
	if c.IfNotExists {
		if done, err := c.exists(ctx, inv, params, info); done || err != nil {
			return err
		}
	}
	if err := checkCredential(ctx, inv, params); err != nil {
		return err
	}
	if err := c.identify(ctx, inv, info); err != nil {
		return err
	}
	return c.create(ctx, inv, params, info)
}

// identify gives the deployment an id, and refuses one that is taken: the gateway would answer 500, which tells
// nothing (observed on LiteLLM 1.106.2).
func (c *addCmd) identify(ctx context.Context, inv *sdk.Invocation, info map[string]any) error {
	given, ok := info["id"]
	if !ok {
		info["id"] = uuid.NewString()
		return nil
	}
	id, _ := given.(string)
	if id == "" {
		return problem.New(problem.Usage, "cannot add model %s: the id is empty or no text", c.Name)
	}
	if strings.Contains(id, "/") {
		return problem.New(problem.Usage, "cannot add model %s: the id has a slash, and the gateway could not address it", c.Name)
	}
	d, err := byID(ctx, inv, id)
	if problem.CodeOf(err) == problem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return (&problem.Error{
		Code:    problem.Refused,
		Message: fmt.Sprintf("cannot add model %s: the id %q is in use", c.Name, id),
		Facts:   []problem.Fact{{Label: "by", Text: d.ModelName + " (" + d.Params.Model + ")"}},
		Field:   "id", State: problem.Unchanged,
	}).WithHint("leave -i id out, or change that one: litellm-proxy models update %s", id)
}

// create sends the deployment and, when the answer leaves it open, asks whether it is there.
func (c *addCmd) create(ctx context.Context, inv *sdk.Invocation, params, info map[string]any) error {
	id := info["id"].(string)
	request := map[string]any{"model_name": c.Name, "litellm_params": params, "model_info": info}
	err := inv.Create(ctx, "/model/new", request, nil)
	if e := problem.As(err); e != nil && (e.State == problem.Unknown || e.Status >= 500) {
		err = c.settle(ctx, inv, id, e)
	}
	if err != nil {
		return err
	}
	return inv.Emit(Added{ModelID: id, ModelName: c.Name, Params: params, Info: info, Result: "created"})
}

// settle finds out what a failed create did: nil if the deployment is there and served, else failure, which says what
// is now true. The gateway saves a deployment whose provider it cannot tell, and then answers 500 (observed on LiteLLM
// 1.106.2).
func (c *addCmd) settle(ctx context.Context, inv *sdk.Invocation, id string, failure *problem.Error) error {
	d, err := byID(ctx, inv, id)
	switch {
	case problem.CodeOf(err) == problem.NotFound:
		failure.State = problem.Unchanged + " (checked)"
		return failure
	case err != nil || d.ModelName != c.Name:
		failure.Hint = "see whether it is there: litellm-proxy models get " + id
		return failure
	}
	served, err := live(ctx, inv, id)
	if err == nil && served {
		inv.Notice("the gateway's answer was lost or an error; checked: the model was added")
		return nil
	}
	failure.Code = problem.Failed
	failure.Message = fmt.Sprintf("model %s was saved, but the gateway cannot serve it", c.Name)
	failure.State = "the deployment " + id + " was saved"
	failure.Hint = fmt.Sprintf("name the provider: litellm-proxy models update %s -p model=PROVIDER/NAME, or remove it: litellm-proxy models delete %s", id, id)
	return failure
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
		var there struct {
			Params map[string]any `json:"litellm_params"`
			Info   map[string]any `json:"model_info"`
		}
		decoder := json.NewDecoder(strings.NewReader(string(d.raw)))
		decoder.UseNumber()
		if err := decoder.Decode(&there); err != nil {
			return false, err
		}
		out.Params, out.Info = there.Params, there.Info
		out.Differs = append(differing("litellm_params", params, there.Params), differing("model_info", info, there.Info)...)
		if err := inv.Emit(out); err != nil {
			return false, err
		}
	}
	return found, nil
}

// differing names the wanted fields that are there with other values. A field that the gateway does not show, such as
// a key, cannot be compared and is left out.
func differing(prefix string, wanted, there map[string]any) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if have, ok := there[name]; ok && text(have) != text(wanted[name]) {
			out = append(out, prefix+"."+name)
		}
	}
	return out
}
