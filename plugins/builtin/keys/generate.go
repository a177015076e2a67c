package keys

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Generated is the record of a key that was made, or was there.
type Generated struct {
	Secret string `json:"key,omitempty" secret:"" column:"SECRET,name=secret" help:"The key itself, this once. Absent with exists and with --secret-out."`
	Columns
	Result  string   `json:"result" column:"RESULT" help:"created or exists."`
	Differs []string `json:"differs,omitempty" help:"With exists: the given fields that have other values there."`
}

type generateCmd struct {
	sdk.Emits[Generated]
	fields
	Type        *string `enum:"llm_api,management,read_only" placeholder:"TYPE" help:"What the key is for: llm_api for models, management for the gateway, read_only."`
	SecretOut   string  `name:"secret-out" saves:"" placeholder:"FILE" help:"Write the key to this new file, which only you can read, and not to the output."`
	IfNotExists bool    `name:"if-not-exists" help:"If a key has the alias already, print it and name the fields that differ."`
}

func (generateCmd) Help() string {
	return "The secret is made here, sent, and read back by its hash: so a lost answer never makes two keys, and what is printed is " +
		"what the gateway has. The output is the only place where it is shown."
}

func (generateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --max-budget 50 --budget-duration 1mo --models mock-gpt"},
		{Command: "keys generate --key-alias nightly --duration 30d --secret-out nightly.key", Note: "the secret goes to a file"},
		{Command: "keys generate --key-alias ci-build --if-not-exists --jq .token"},
	}
}

func (c *generateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	attempt := "generate a key"
	if c.KeyAlias != "" {
		attempt = "generate key " + c.KeyAlias
	}
	ctx = sdk.Attempting(ctx, "%s", attempt)
	if c.IfNotExists && c.KeyAlias == "" {
		return problem.New(problem.Usage, "cannot %s: --if-not-exists needs --key-alias, by which a key is found", attempt).WithState(problem.Unchanged)
	}
	request, err := c.body(ctx, inv, attempt)
	if err != nil {
		return err
	}
	if err := checkNamed(ctx, inv, attempt, request); err != nil {
		return err
	}
	var path string
	n, err := litellm.CreateKey(ctx, inv, request, func(secret sdk.Secret) (err error) {
		if c.SecretOut != "" {
			path, err = inv.SaveTo(ctx, "secret-out", secret.String()+"\n")
		}
		return err
	})
	if err != nil {
		return err
	}
	if n.Taken != nil {
		return c.exists(inv, attempt, request, n.Taken)
	}
	for _, name := range n.Ignored {
		inv.Notice("the gateway took no notice of %s", name)
	}
	c.warn(inv, request)
	if path != "" {
		inv.Notice("the key is in %s (0600)", path)
	}
	return emitMade(inv, n, c.SecretOut == "")
}

func (c *generateCmd) body(ctx context.Context, inv *sdk.Invocation, attempt string) (map[string]any, error) {
	request, err := c.request(ctx, inv)
	if err != nil {
		return nil, err
	}
	if c.Type != nil {
		request["key_type"] = *c.Type
	}
	if err := c.Apply(ctx, inv, body.Operation("POST", "/key/generate"), request); err != nil {
		return nil, err
	}
	if _, ok := request["key"]; ok {
		return nil, problem.New(problem.Usage, "cannot %s: the secret is made here and cannot be given", attempt).WithState(problem.Unchanged)
	}
	litellm.DropNulls(request)
	return request, litellm.Check(attempt, request)
}

// warn says what is easily taken for something else.
func (c *generateCmd) warn(inv *sdk.Invocation, request map[string]any) {
	if c.Spend != "" {
		inv.Notice("--spend records what was spent already, it limits nothing: that is --max-budget")
	}
	for _, name := range []string{"max_budget", "duration", "budget_id", "team_id"} {
		if request[name] != nil {
			return
		}
	}
	inv.Notice("this key has neither a budget nor an end: --max-budget, --duration")
}

func (c *generateCmd) exists(inv *sdk.Invocation, attempt string, request map[string]any, taken *litellm.Key) error {
	if !c.IfNotExists {
		e := litellm.AliasTaken(attempt, taken, "")
		e.Hint = "another --key-alias, or --if-not-exists to keep that key"
		return e
	}
	wanted := map[string]any{}
	for name, v := range request {
		if name != "duration" && name != "key_type" {
			wanted[name] = litellm.Normal(v)
		}
	}
	more := []any{"result", "exists"}
	if differs := litellm.Differing(wanted, litellm.Within(wanted, litellm.Members(taken.Raw))); len(differs) > 0 {
		more = append(more, "differs", differs)
	}
	return litellm.EmitWith(inv, taken.Raw, more...)
}

// emitMade prints a key that was made, its secret in front if it is to be shown.
func emitMade(inv *sdk.Invocation, n *litellm.NewKey, show bool, more ...any) error {
	row := n.Made.Raw
	if show {
		first, err := json.Marshal(map[string]any{"key": n.Secret})
		if err != nil {
			return err
		}
		row = append(append(first[:len(first)-1], ','), row[1:]...)
	}
	return litellm.EmitWith(inv, row, append([]any{"result", "created"}, more...)...)
}
