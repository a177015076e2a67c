package keys

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// Rotated is the record of a key that got a new secret.
type Rotated struct {
	Secret string `json:"key,omitempty" secret:"" column:"SECRET,name=secret" help:"The new key itself, this once."`
	Columns
	Replaces string `json:"replaces,omitempty" column:"REPLACES,format=hash" help:"The hash of the old key."`
	OldUntil string `json:"old_until,omitempty" column:"OLD UNTIL,name=old_until,format=ago" help:"When the old key ends."`
	Named    string `json:"named,omitempty" help:"With several: the name of one that failed."`
	Result   string `json:"result" column:"RESULT" help:"created; not_found or failed for one of several."`
	sdk.Failure
}

type rotateCmd struct {
	sdk.Emits[Rotated]
	Targets
	Grace sdk.Duration `default:"24h" placeholder:"TIME" help:"How long the old key goes on working."`
}

func (rotateCmd) Help() string {
	return "Where the gateway's licence has it the gateway does it. Elsewhere the old key is renamed, a new one is made with its alias, " +
		"its grants and its spend, and the old one is given an end. At every moment one of them works. If the command is " +
		"interrupted, run it again: it finds what was begun, takes back a new key that nobody has seen, and goes on."
}

func (rotateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --duration 30d"},
		{Command: "keys rotate ci-build"},
		{Command: "keys rotate ci-build --grace 1h --jq .key", Note: "the new secret alone"},
	}
}

func (c *rotateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	targets, _, err := c.resolve(ctx, inv, "rotate")
	if err != nil {
		return err
	}
	return each(ctx, inv, "rotate", "named", targets, func(ctx context.Context, t target) error {
		r := &rotation{inv: inv, grace: string(c.Grace)}
		unlock, err := r.hold(ctx, t.key)
		if err != nil {
			return litellm.Before("rotate key "+t.key.Label(), err)
		}
		defer unlock()
		return r.run(ctx)
	})
}

// rotatable reports whether a selection to be rotated has a key: not one that has expired, nor one that has a successor and
// works on for a while.
func rotatable(k *litellm.Key) bool {
	return k.Status != litellm.StatusExpired && !markOf(k).Done
}
