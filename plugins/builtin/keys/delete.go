package keys

import (
	"context"
	"errors"
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Deleted is the record of a key that was to be deleted.
type Deleted struct {
	Key      string  `json:"key" column:"NAMED,name=named" help:"What it was named by; a secret by its hash."`
	Token    string  `json:"token,omitempty" column:"KEY,name=key,format=hash"`
	KeyAlias *string `json:"key_alias,omitempty" column:"ALIAS,name=alias"`
	Result   string  `json:"result" column:"RESULT" help:"deleted, not_found or failed."`
	sdk.Failure
}

type deleteCmd struct {
	sdk.Emits[Deleted]
	Targets
	Keys          []string `selects:"" split:"" keyname:"" placeholder:"KEY,…" complete:"keys" help:"The same as KEY, as the older tool had it."`
	KeyAliases    []string `selects:"" name:"key-aliases" split:"" placeholder:"ALIAS,…" complete:"keys" help:"The same as --alias."`
	IgnoreMissing bool     `name:"ignore-missing" help:"Do not fail for keys that are not there."`
}

func (deleteCmd) Help() string {
	return "Every key is looked up first, deleted by its hash, and looked for again: the gateway calls deleted whatever it was asked " +
		"to delete, and takes every key that shares an alias. An alias that two keys have is refused."
}

func (deleteCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --duration 30d"},
		{Command: "keys delete ci-build"},
		{Command: "keys delete --key-aliases old-batch,ci-build --ignore-missing"},
		{Command: "keys list --status active --jq '.[].token' | litellm-proxy keys delete - --yes --ignore-missing", Note: "all that work, 25 at most: see --max"},
	}
}

func (c *deleteCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	c.Key = append(c.Key, c.Keys...)
	c.Alias = append(c.Alias, c.KeyAliases...)
	targets, asked, err := c.resolve(ctx, inv, "delete")
	if err != nil {
		return err
	}
	if !asked {
		if err := c.confirm(ctx, inv, targets); err != nil {
			return err
		}
	}
	if targets, err = c.ignore(inv, targets); err != nil {
		return err
	}
	return each(ctx, inv, "delete", "key", targets, func(ctx context.Context, t target) error {
		err := inv.Intend(ctx, "delete "+t.name, t.key.Token)
		if err == nil {
			err = litellm.DeleteKey(ctx, inv, t.key.Token)
		}
		switch {
		case c.IgnoreMissing && litellm.IsNotFound(err): // somebody else was quicker
			return inv.Emit(Deleted{Key: t.name, Result: "not_found"})
		case err == nil:
			return inv.Emit(Deleted{Key: t.name, Token: t.key.Token, KeyAlias: t.key.Alias, Result: "deleted"})
		case errors.Is(err, sdk.ErrPlanned):
			return err
		case len(litellm.NullObjects(t.key.Raw)) > 0:
			field := litellm.NullObjects(t.key.Raw)[0]
			return problem.As(err).WithHint("its %s is null, which the gateway cannot read: litellm-proxy keys update %s --set %s:='{}', then again", field, t.key.Token, field)
		}
		return err
	})
}

// ignore takes out the targets that are not there, if that is no failure.
func (c *deleteCmd) ignore(inv *sdk.Invocation, targets []target) (left []target, err error) {
	for _, t := range targets {
		if !c.IgnoreMissing || !litellm.IsNotFound(t.err) {
			left = append(left, t)
			continue
		}
		if err := inv.Emit(Deleted{Key: t.name, Result: "not_found"}); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// confirm says on a terminal what goes.
func (c *deleteCmd) confirm(ctx context.Context, inv *sdk.Invocation, targets []target) error {
	var lines []string
	for _, t := range targets {
		if t.key != nil {
			lines = append(lines, fmt.Sprintf("delete key  %s", t.key.Line()))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return inv.Confirm(ctx, append(lines, "Calls with it are refused from then on. Its spend stays in the gateway's logs.")...)
}
