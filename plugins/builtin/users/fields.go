package users

import (
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fields are what create and update can set.
type fields struct {
	Alias          string       `placeholder:"TEXT" help:"A name for people."`
	MaxBudget      json.Number  `name:"max-budget" placeholder:"DOLLARS" help:"How much the user may spend."`
	BudgetDuration sdk.Duration `name:"budget-duration" placeholder:"TIME" help:"After this time the spending counts from nothing again: 30d, or 1mo."`
	Models         []string     `split:"" placeholder:"MODEL" complete:"models" help:"The models that the user may use."`
	litellm.Fields
}

// request is the body's members for the flags that are given.
func (f *fields) request(inv *sdk.Invocation) map[string]any {
	out := map[string]any{}
	if inv.Given("alias") {
		out["user_alias"] = f.Alias
	}
	if inv.Given("max-budget") {
		out["max_budget"] = f.MaxBudget
	}
	if inv.Given("budget-duration") {
		out["budget_duration"] = string(f.BudgetDuration)
	}
	if inv.Given("models") {
		models := []any{}
		for _, m := range f.Models {
			if m != "" {
				models = append(models, m)
			}
		}
		out["models"] = models
	}
	return out
}

// elsewhere are fields that have a flag or a command of their own, which does more than set them.
var elsewhere = map[string]string{
	"user_id":         "give it with --id",
	"auto_create_key": "--with-key makes a key",
	"teams":           "give teams with --team, or litellm-proxy teams members add TEAM USER",
}

// refuse names the fields that --set cannot reach.
func (f *fields) refuse(attempt string) error {
	for _, name := range f.Names() {
		if hint, ok := elsewhere[name]; ok {
			return (&problem.Error{
				Code: problem.Usage, Message: "cannot " + attempt + ": " + name + " cannot be set by --set", Field: name, State: problem.Unchanged,
			}).WithHint("%s", hint)
		}
	}
	return nil
}

// claims are users that compete for one e-mail.
func claims(users []*litellm.User) []litellm.Claim {
	var out []litellm.Claim
	for _, u := range users {
		out = append(out, litellm.Claim{ID: u.UserID, CreatedAt: u.CreatedAt})
	}
	return out
}
