package keys

import (
	"context"
	"errors"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Blocked is the record of a key that was blocked or unblocked.
type Blocked struct {
	Changed
	RefusedAfter float64 `json:"refused_after,omitempty" column:"REFUSED AFTER,name=refused_after,wide" help:"Seconds until a call with the key was refused; only for keys that were named by their secret."`
}

type blockCmd struct {
	sdk.Emits[Blocked]
	Targets
}

func (blockCmd) Help() string {
	return "A key that is named by its secret is then tried until the gateway refuses it, and the record says after how many seconds."
}

func (blockCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --duration 30d"},
		{Command: "keys block ci-build"},
		{Command: "keys generate --user-id u-17 --duration 30d"},
		{Command: "keys block --user-id u-17 --yes", Note: "all keys of a user"},
	}
}

func (c *blockCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	return c.set(ctx, inv, true)
}

type unblockCmd struct {
	sdk.Emits[Changed]
	Targets
}

func (unblockCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --duration 30d"},
		{Command: "keys unblock ci-build"},
	}
}

func (c *unblockCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	return c.set(ctx, inv, false)
}

// set blocks or unblocks the keys.
func (t *Targets) set(ctx context.Context, inv *sdk.Invocation, blocked bool) error {
	verb := map[bool]string{true: "block", false: "unblock"}[blocked]
	targets, _, err := t.resolve(ctx, inv, verb)
	if err != nil {
		return err
	}
	return each(ctx, inv, verb, "token", targets, func(ctx context.Context, t target) error {
		if isBlocked(t.key) == blocked {
			return emitResult(inv, t.key, "unchanged")
		}
		after, err := setBlocked(ctx, inv, verb, t.key, blocked)
		if err != nil {
			return err
		}
		if !blocked || !t.secret {
			return emitResult(inv, after, "updated")
		}
		return emitRefused(ctx, inv, after)
	})
}

func isBlocked(k *litellm.Key) bool { return k.Blocked != nil && *k.Blocked }

func setBlocked(ctx context.Context, inv *sdk.Invocation, verb string, k *litellm.Key, blocked bool) (*litellm.Key, error) {
	if err := inv.Intend(ctx, verb+" "+k.Token, k.Token); err != nil {
		return nil, err
	}
	failure := inv.Post(ctx, "/key/"+verb, map[string]string{"key": k.Token}, nil)
	if errors.Is(failure, sdk.ErrPlanned) || failure != nil && !litellm.Lost(failure) {
		return nil, failure
	}
	after, err := litellm.KeyByHash(sdk.Attempting(ctx, "read key %s again", k.Label()), inv, k.Token)
	switch {
	case err != nil && failure != nil:
		return nil, failure
	case err != nil:
		e := problem.As(err)
		e.State = unchecked
		return nil, e
	case isBlocked(after) == blocked:
		if failure != nil {
			inv.Notice("the gateway's answer was lost or an error; checked: it was done")
		}
		return after, nil
	case failure != nil:
		e := problem.As(failure)
		e.State = problem.Unchanged + " (checked)"
		return nil, e
	}
	return nil, problem.New(problem.Failed, "the gateway said that it did %s key %s, and it did not", verb, k.Label()).WithState(problem.Unchanged + " (checked)")
}

const (
	probeEvery = 100 * time.Millisecond
	probeFor   = 30 * time.Second
)

// emitRefused tries a blocked key until the gateway refuses it.
func emitRefused(ctx context.Context, inv *sdk.Invocation, k *litellm.Key) error {
	begun := time.Now()
	for {
		r, err := inv.As("key", k.Token).Do(sdk.Attempting(ctx, "try key %s", k.Label()), sdk.Request{Method: "GET", Path: "/v1/models", AnyStatus: true})
		if err != nil {
			if ctx.Err() == nil {
				inv.Notice("key %s was blocked; whether it is refused could not be seen: %v", k.Label(), err)
			}
			return emitResult(inv, k, "updated")
		}
		after := time.Since(begun)
		switch {
		case r.Status == 401:
			return litellm.EmitWith(inv, k.Raw, "result", "updated", "refused_after", after.Round(time.Millisecond).Seconds())
		case after > probeFor:
			return problem.New(problem.Failed, "key %s was blocked, and the gateway still takes it after %s", k.Label(), probeFor).
				WithHint("another process of the gateway may keep it for a minute; try again").WithState("key " + k.Label() + " was blocked")
		}
		inv.Progress(0, 0, "key %s still works after %s", k.Label(), after.Round(time.Second))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(probeEvery):
		}
	}
}
