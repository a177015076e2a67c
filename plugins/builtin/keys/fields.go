package keys

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fields are what a key is made of and can be changed to.
type fields struct {
	Models         []string     `split:"" complete:"models" placeholder:"MODEL,…" help:"Models that the key may use; all if not given."`
	Aliases        sdk.JSON     `atfile:"" placeholder:"JSON" help:"Other names for models: {\"name that is called\": \"model\"}."`
	Config         sdk.JSON     `atfile:"" placeholder:"JSON" help:"Settings of the key."`
	Metadata       sdk.JSON     `atfile:"" placeholder:"JSON" help:"Whatever is to be kept with the key."`
	Spend          json.Number  `placeholder:"DOLLARS" help:"Record that so much was spent already. It is no limit: that is --max-budget."`
	MaxBudget      json.Number  `name:"max-budget" placeholder:"DOLLARS" help:"What the key may spend."`
	BudgetDuration sdk.Duration `name:"budget-duration" placeholder:"TIME" help:"How often the spend begins anew, such as 30d or 1mo."`
	Duration       sdk.Duration `placeholder:"TIME" help:"How long the key works from now, such as 24h or 30d."`
	BudgetID       string       `name:"budget-id" placeholder:"ID" help:"A budget that several keys share."`
	KeyAlias       string       `name:"key-alias" placeholder:"ALIAS" help:"A name for the key, which no other key has."`
	TeamID         string       `name:"team-id" placeholder:"ID" complete:"teams" help:"The team that the key belongs to."`
	UserID         string       `name:"user-id" placeholder:"ID" complete:"users" help:"The user that the key belongs to."`
	TPMLimit       *int64       `name:"tpm-limit" placeholder:"N" help:"Tokens a minute."`
	RPMLimit       *int64       `name:"rpm-limit" placeholder:"N" help:"Requests a minute."`
	Tags           []string     `split:"" placeholder:"TAG,…" help:"Tags for spend; the gateway wants a licence for them."`
	litellm.Fields
}

// request is the body that the flags make.
func (f *fields) request(ctx context.Context, inv *sdk.Invocation) (map[string]any, error) {
	request := map[string]any{}
	set := func(name string, given bool, value any) {
		if given {
			request[name] = value
		}
	}
	for name, value := range map[string]sdk.JSON{"aliases": f.Aliases, "config": f.Config, "metadata": f.Metadata} {
		if value == "" {
			continue
		}
		object, err := readObject(ctx, inv, name, value)
		if err != nil {
			return nil, err
		}
		request[name] = object
	}
	set("models", inv.Given("models"), f.Models)
	set("tags", inv.Given("tags"), f.Tags)
	set("spend", f.Spend != "", f.Spend)
	set("max_budget", f.MaxBudget != "", f.MaxBudget)
	for name, value := range map[string]string{
		"budget_duration": string(f.BudgetDuration), "duration": string(f.Duration), "budget_id": f.BudgetID,
		"key_alias": f.KeyAlias, "team_id": f.TeamID, "user_id": f.UserID,
	} {
		set(name, value != "" || inv.Given(strings.ReplaceAll(name, "_", "-")), value)
	}
	if f.TPMLimit != nil {
		request["tpm_limit"] = litellm.Number(*f.TPMLimit)
	}
	if f.RPMLimit != nil {
		request["rpm_limit"] = litellm.Number(*f.RPMLimit)
	}
	return request, nil
}

// readObject reads a flag whose value is a JSON object, or names a file that holds one.
func readObject(ctx context.Context, inv *sdk.Invocation, flag string, value sdk.JSON) (map[string]any, error) {
	text := []byte(value)
	if value[0] == '@' {
		var err error
		if text, err = inv.Input(ctx, flag, 0); err != nil {
			return nil, err
		}
	}
	object, err := body.Decode(text)
	if err != nil || object == nil {
		return nil, &problem.Error{
			Code: problem.Usage, Message: "cannot use --" + flag + `: it must be a JSON object, such as {"a": "b"}`, Field: flag, State: problem.Unchanged,
		}
	}
	return object, nil
}

// checkNamed refuses what a key would name and the gateway has not: it takes teams without looking, and answers 500 for a
// budget (observed on LiteLLM 1.106.2). An owner that is not there is taken by intent often enough to only say so.
func checkNamed(ctx context.Context, inv *sdk.Invocation, attempt string, request map[string]any) error {
	if id, ok := request["team_id"].(string); ok {
		_, err := litellm.TeamByID(sdk.Attempting(ctx, "check team %s", id), inv, id)
		if litellm.IsNotFound(err) || problem.CodeOf(err) != problem.OK && problem.CodeOf(err) != problem.Denied {
			return litellm.Before(attempt, err)
		}
	}
	if id, ok := request["budget_id"].(string); ok {
		var found []json.RawMessage
		err := inv.Post(sdk.Attempting(ctx, "check budget %s", id), "/budget/info", map[string]any{"budgets": []string{id}}, &found)
		if err == nil && len(found) == 0 {
			return &problem.Error{Code: problem.NotFound, Message: "there is no budget \"" + id + "\"", Field: "budget_id", State: problem.Unchanged}
		}
		if err != nil && problem.CodeOf(err) != problem.Denied {
			return litellm.Before(attempt, err)
		}
	}
	if id, ok := request["user_id"].(string); ok {
		_, err := litellm.UserByID(sdk.Attempting(ctx, "check user %s", id), inv, id)
		if litellm.IsNotFound(err) {
			inv.Notice("the gateway knows no user %q; the key will belong to that id all the same", id)
		}
	}
	return nil
}
