package teams

import (
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// fields are what create and update can set.
type fields struct {
	Models         []string     `split:"" placeholder:"MODEL" complete:"models" help:"The models that the team may use; all if none is given."`
	MaxBudget      json.Number  `name:"max-budget" placeholder:"DOLLARS" help:"How much the team may spend."`
	BudgetDuration sdk.Duration `name:"budget-duration" placeholder:"TIME" help:"After this time the spending counts from nothing again: 30d, or 1mo."`
	TPMLimit       *int64       `name:"tpm-limit" placeholder:"N" help:"Tokens a minute."`
	RPMLimit       *int64       `name:"rpm-limit" placeholder:"N" help:"Requests a minute."`
	litellm.Fields
}

// request is the body's members for the flags that are given.
func (f *fields) request(inv *sdk.Invocation) map[string]any {
	out := map[string]any{}
	if inv.Given("models") {
		models := []any{}
		for _, m := range f.Models {
			if m != "" {
				models = append(models, m)
			}
		}
		out["models"] = models
	}
	if inv.Given("max-budget") {
		out["max_budget"] = f.MaxBudget
	}
	if inv.Given("budget-duration") {
		out["budget_duration"] = string(f.BudgetDuration)
	}
	for name, v := range map[string]*int64{"tpm_limit": f.TPMLimit, "rpm_limit": f.RPMLimit} {
		if v != nil {
			out[name] = litellm.Number(*v)
		}
	}
	return out
}

// elsewhere are fields that have a flag or a command of their own.
var elsewhere = map[string]string{
	"team_id":            "give it with --id",
	"members":            "litellm-proxy teams members add TEAM USER",
	"members_with_roles": "litellm-proxy teams members add TEAM USER",
	"admins":             "litellm-proxy teams members add TEAM USER --role admin",
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

// claims are teams that compete for one alias.
func claims(teams []*litellm.Team) []litellm.Claim {
	var out []litellm.Claim
	for _, t := range teams {
		out = append(out, litellm.Claim{ID: t.TeamID, CreatedAt: t.CreatedAt})
	}
	return out
}
