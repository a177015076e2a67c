package keys

import (
	"context"
	"errors"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Changed is the record of a key that a command was for.
type Changed struct {
	Columns
	Result string `json:"result" column:"RESULT" help:"updated or unchanged."`
	sdk.Failure
}

type updateCmd struct {
	sdk.Emits[Changed]
	Key   string `arg:"" field:"token" complete:"keys" stdin:"" keyname:"" help:"The key: a hash, 12 digits of one, an alias, the secret, or - to read it from standard input."`
	Hash  bool   `xor:"as" help:"KEY is a hash."`
	Alias bool   `xor:"as" help:"KEY is an alias."`
	fields
}

func (updateCmd) Help() string {
	return "Everything that is not given stays as it is; --set metadata.owner=ada keeps the other metadata. " +
		"--set max_budget:=null clears a field, whatever its kind."
}

func (updateCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: "keys generate --key-alias ci-build --duration 30d"},
		{Command: "keys update ci-build --max-budget 80"},
		{Command: "keys update ci-build --set metadata.owner=ada --set rpm_limit:=null"},
	}
}

func (c *updateCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	names, piped, err := named(ctx, inv, "key", []string{c.Key}, nil, nil)
	if err != nil || piped && len(names) == 0 {
		return err
	}
	if len(names) != 1 {
		return problem.New(problem.Usage, "cannot update a key: %d are named", len(names)).WithHint("name one").WithState(problem.Unchanged)
	}
	names[0].Hash, names[0].Alias = c.Hash, c.Alias
	attempt := "update key " + names[0].Shown()
	ctx = sdk.Attempting(ctx, "%s", attempt)
	k, err := litellm.FindKey(ctx, inv, names[0])
	if err != nil {
		return litellm.Before(attempt, err)
	}
	if piped {
		if err := confirm(ctx, inv, "update", []target{{key: k}}); err != nil {
			return err
		}
	}
	// What is changed in part is read with nobody else at it.
	unlock, err := inv.Lock(ctx, "key", k.Token)
	if err != nil {
		return litellm.Before(attempt, err)
	}
	defer unlock()
	if k, err = litellm.KeyByHash(ctx, inv, k.Token); err != nil {
		return litellm.Before(attempt, err)
	}
	change, err := c.change(ctx, inv, attempt, k)
	if err != nil {
		return err
	}
	if len(change) == 0 {
		return emitResult(inv, k, "unchanged")
	}
	after, err := updateKey(ctx, inv, attempt, k, change)
	if err != nil {
		return err
	}
	return emitResult(inv, after, "updated")
}

// change is what the body of the request has to say: the given fields that are not so already, objects merged, nulls as each
// field wants them.
func (c *updateCmd) change(ctx context.Context, inv *sdk.Invocation, attempt string, k *litellm.Key) (map[string]any, error) {
	request, err := c.request(ctx, inv)
	if err != nil {
		return nil, err
	}
	given := len(request) + len(c.Set)
	if given == 0 {
		return nil, problem.New(problem.Usage, "cannot %s: no change is given", attempt).WithHint("litellm-proxy keys update --help").WithState(problem.Unchanged)
	}
	schema := body.Operation("POST", "/key/update")
	for name, v := range request {
		request[name] = litellm.Normal(v)
	}
	if err := c.Wanted(ctx, inv, attempt, schema, request, litellm.Members(k.Raw)); err != nil {
		return nil, err
	}
	litellm.Clear(schema, request)
	for name, v := range litellm.Members(k.Raw) { // what Clear has made the same as what is there
		if wanted, ok := request[name]; ok && litellm.Same(litellm.Normal(wanted), v) {
			delete(request, name)
		}
	}
	if _, ok := request["key"]; ok {
		return nil, problem.New(problem.Usage, "cannot %s: a key's secret cannot be changed", attempt).
			WithHint("litellm-proxy keys rotate gives it a new one").WithState(problem.Unchanged)
	}
	return request, checkNamed(ctx, inv, attempt, request)
}

// unchecked is what is true of a write that the gateway said was done, and that could not be read back.
const unchecked = "the gateway said that it was done; it could not be checked"

// updateKey changes a key and looks whether the gateway has taken it. Aliases are checked under a lock: the gateway has no
// constraint for them.
func updateKey(ctx context.Context, inv *sdk.Invocation, attempt string, k *litellm.Key, change map[string]any) (*litellm.Key, error) {
	if alias, ok := change["key_alias"].(string); ok {
		unlock, err := inv.Lock(ctx, "key-alias", alias)
		if err != nil {
			return nil, err
		}
		defer unlock()
		there, err := litellm.KeysByAlias(ctx, inv, alias)
		if err != nil {
			return nil, litellm.Before(attempt, err)
		}
		if len(there) > 0 {
			e := litellm.AliasTaken(attempt, there[0], "")
			e.Hint = "another --key-alias"
			return nil, e
		}
	}
	request := map[string]any{"key": k.Token}
	for name, v := range change {
		request[name] = v
	}
	if err := inv.Intend(ctx, "update "+k.Token, k.Token); err != nil {
		return nil, err
	}
	failure := inv.Post(ctx, "/key/update", request, nil)
	if errors.Is(failure, sdk.ErrPlanned) || failure != nil && !litellm.Lost(failure) {
		return nil, failure
	}
	after, err := litellm.KeyByHash(sdk.Attempting(ctx, "read key %s again", k.Label()), inv, k.Token)
	if err != nil {
		if failure != nil {
			return nil, failure
		}
		e := problem.As(err)
		e.State = unchecked
		return nil, e
	}
	return after, litellm.Settled(inv, "key "+k.Label(), "updated", comparable(change), visible(change, after), failure)
}

// comparable is a change without what has no counterpart in the row.
func comparable(change map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range change {
		switch name {
		case "duration", "key_type", "object_permission", "soft_budget", "temp_budget_increase", "temp_budget_expiry":
		default:
			out[name] = litellm.Normal(v)
		}
	}
	return out
}

// visible is the row with the fields that the gateway keeps in metadata, and metadata as it was wanted.
func visible(change map[string]any, after *litellm.Key) map[string]any {
	row := litellm.Members(after.Raw)
	metadata, _ := row["metadata"].(map[string]any)
	for name := range change {
		if kept, ok := metadata[name]; ok && row[name] == nil {
			row[name] = kept
		}
	}
	wanted, _ := change["metadata"].(map[string]any)
	for name := range metadata {
		if _, ok := wanted[name]; !ok && change[name] != nil && wanted != nil {
			delete(metadata, name)
		}
	}
	return row
}

func emitResult(inv *sdk.Invocation, k *litellm.Key, result string) error {
	return litellm.EmitWith(inv, k.Raw, "result", result)
}
