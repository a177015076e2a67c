package keys

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type infoCmd struct {
	sdk.Emits[Columns]
	Name  string `arg:"" field:"key" optional:"" stdin:"" keyname:"" complete:"keys" placeholder:"KEY" help:"The key: a hash, 12 digits of one, an alias, the secret, or - to read it from standard input. Without it: the key in use."`
	Key   string `name:"key" keyname:"" placeholder:"KEY" complete:"keys" help:"The same as the argument."`
	Hash  string `placeholder:"HASH" help:"The key with this hash, or the only one whose hash begins so."`
	Alias string `placeholder:"ALIAS" complete:"keys" help:"The key with exactly this alias."`
}

func (infoCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --duration 30d"},
		{Command: "keys info ci-build", Note: "by its alias"},
		{Command: "keys info --alias ci-build --jq '{spend, max_budget, status}'"},
	}
}

func (c *infoCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	names, _, err := named(ctx, inv, "name", one(c.Name), one(c.Hash), one(c.Alias))
	if err != nil {
		return err
	}
	if c.Key != "" {
		names = append(names, litellm.KeyName{Text: c.Key})
	}
	switch len(names) {
	case 0:
		return c.own(sdk.Attempting(ctx, "read the key in use"), inv)
	case 1:
		k, err := litellm.FindKey(sdk.Attempting(ctx, "read key %s", names[0].Shown()), inv, names[0])
		switch e := problem.As(err); {
		case e == nil:
			return inv.Emit(k.Raw)
		case strings.HasPrefix(e.Message, "cannot "):
			return litellm.Attempted("read key "+names[0].Shown(), err)
		}
		return err
	}
	return problem.New(problem.Usage, "cannot show a key: %d are named", len(names)).WithHint("name one, or list them: litellm-proxy keys list")
}

// own is the key that the program itself uses. The master key is none that the gateway knows.
func (c *infoCmd) own(ctx context.Context, inv *sdk.Invocation) error {
	var answer struct {
		Key string `json:"key"`
	}
	var raw json.RawMessage
	if err := inv.Get(ctx, "/key/info", nil, &raw); err != nil {
		if e := problem.As(err); e.Status == 404 {
			e.Hint = "the gateway's master key is no virtual key; name a key: litellm-proxy keys info KEY"
		}
		return err
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return err
	}
	k, err := litellm.KeyByHash(ctx, inv, answer.Key)
	if err != nil {
		return err
	}
	return inv.Emit(k.Raw)
}

func one(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
