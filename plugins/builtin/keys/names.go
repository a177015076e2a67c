package keys

import (
	"context"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// named are the keys that the line names by what they mean; piped says that standard input has named them.
func named(ctx context.Context, inv *sdk.Invocation, argument string, given, hashes, aliases []string) (names []litellm.KeyName, piped bool, err error) {
	texts, piped, err := litellm.Names(ctx, inv, argument, given)
	if err != nil {
		return nil, piped, err
	}
	for _, text := range texts {
		names = append(names, litellm.KeyName{Text: text})
	}
	for _, hash := range hashes {
		names = append(names, litellm.KeyName{Text: hash, Hash: true})
	}
	for _, alias := range aliases {
		names = append(names, litellm.KeyName{Text: alias, Alias: true})
	}
	return names, piped, nil
}

// Targets are the keys that a verb is for: named, or selected by whose they are.
type Targets struct {
	Key   []string `arg:"" field:"token" optional:"" stdin:"" keyname:"" complete:"keys" help:"Keys: hashes, at least 12 digits of one, aliases or secrets; - reads them from standard input, one a line."`
	Hash  []string `selects:"" split:"" placeholder:"HASH,…" help:"Keys by their hashes."`
	Alias []string `selects:"" split:"" placeholder:"ALIAS,…" complete:"keys" help:"Keys by their aliases."`
	Filter
}

// target is one key to act on: found, or a name that means none.
type target struct {
	name   string // unlike that of all other targets
	key    *litellm.Key
	err    error
	secret bool // it was named by its secret
}

// resolve finds the keys. What is selected, and not named one by one, is confirmed first; then asked is true. A name that means
// no key is a target with an error; one that may mean several ends the command before anything is done.
func (t *Targets) resolve(ctx context.Context, inv *sdk.Invocation, verb string) (targets []target, asked bool, err error) {
	names, piped, err := named(ctx, inv, "key", t.Key, t.Hash, t.Alias)
	if err != nil {
		return nil, piped, err
	}
	selecting := t.Filter != Filter{}
	switch {
	case selecting && (len(names) > 0 || piped):
		return nil, false, problem.New(problem.Usage, "cannot %s keys: some are named, and a filter selects others", verb).WithHint("give one or the other").WithState(problem.Unchanged)
	case selecting:
		targets, err = t.selected(ctx, inv, verb)
		return targets, true, err
	case len(names) == 0 && !piped:
		return nil, false, problem.New(problem.Usage, "cannot %s keys: none is named", verb).
			WithHint("give KEY, or select: --user-id ID, --team-id ID, --status STATUS").WithState(problem.Unchanged)
	}
	if targets, err = lookUp(ctx, inv, verb, names); err == nil && piped && len(targets) > 0 {
		err = confirm(ctx, inv, verb, targets)
	}
	return targets, piped, err
}

func lookUp(ctx context.Context, inv *sdk.Invocation, verb string, names []litellm.KeyName) ([]target, error) {
	var targets []target
	taken, seen := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		k, err := litellm.FindKey(sdk.Attempting(ctx, "%s key %s", verb, name.Shown()), inv, name)
		if litellm.IsNotFound(err) && verb == "rotate" {
			if old, renamedErr := renamed(ctx, inv, name.Text); old != nil || renamedErr != nil {
				k, err = old, renamedErr
			}
		}
		if err != nil && !litellm.IsNotFound(err) {
			return nil, litellm.Before(verb+" key "+name.Shown(), err)
		}
		one := target{name: name.Shown(), key: k, err: err, secret: name.BySecret()}
		if k != nil && seen[k.Token] || k == nil && taken[one.name] {
			continue // named twice
		}
		if k != nil && taken[one.name] {
			one.name = k.Token
		}
		if k != nil {
			seen[k.Token] = true
		}
		taken[one.name] = true
		targets = append(targets, one)
	}
	return targets, nil
}

func (t *Targets) selected(ctx context.Context, inv *sdk.Invocation, verb string) ([]target, error) {
	var out []target
	_, err := litellm.WalkKeys(sdk.Attempting(ctx, "%s the keys of a selection", verb), inv, t.query(), func(k *litellm.Key) error {
		if t.wants(k) && (verb != "rotate" || rotatable(k)) {
			out = append(out, target{name: k.Token, key: k})
		}
		return nil
	})
	if err != nil {
		return nil, litellm.Before(verb+" the keys of a selection", err)
	}
	if len(out) == 0 {
		return nil, problem.New(problem.NotFound, "cannot %s keys: the filter selects none", verb).WithState(problem.Unchanged)
	}
	return out, confirm(ctx, inv, verb, out)
}

func confirm(ctx context.Context, inv *sdk.Invocation, verb string, targets []target) error {
	lines := make([]string, len(targets))
	for i, t := range targets {
		lines[i] = t.name
		if t.key != nil {
			lines[i] = t.key.Line()
		}
	}
	return inv.ConfirmSelection(ctx, verb, "keys", lines)
}

// each runs do for every key; member is what names a key in the records of those that fail: see sdk.Invocation.Each.
func each(ctx context.Context, inv *sdk.Invocation, verb, member string, targets []target, do func(context.Context, target) error) error {
	if len(targets) == 0 {
		return nil
	}
	names := make([]string, len(targets))
	byName := map[string]target{}
	for i, t := range targets {
		names[i] = t.name
		byName[t.name] = t
	}
	return inv.Each(ctx, member, names, func(ctx context.Context, name string) error {
		t := byName[name]
		if token, ok := inv.Intended("delete " + name); ok && litellm.IsNotFound(t.err) {
			return inv.Emit(Deleted{Key: name, Token: token, Result: "deleted"})
		}
		if t.err != nil {
			return litellm.Before(verb+" key "+name, t.err)
		}
		return do(sdk.Attempting(ctx, "%s key %s", verb, t.key.Label()), t)
	})
}
