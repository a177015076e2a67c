package keys

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// nameList are names of keys by what they mean.
type nameList struct {
	Names, Hash, Alias []string
}

// read gives the names one after the other; those behind - are lines of standard input.
func (l nameList) read(ctx context.Context, inv *sdk.Invocation, argument string) ([]litellm.KeyName, error) {
	var out []litellm.KeyName
	for i, name := range l.Names {
		if name != "-" {
			out = append(out, litellm.KeyName{Text: name})
			continue
		}
		data, err := inv.Input(ctx, argument, i)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, litellm.KeyName{Text: line})
			}
		}
	}
	for _, hash := range l.Hash {
		out = append(out, litellm.KeyName{Text: hash, Hash: true})
	}
	for _, alias := range l.Alias {
		out = append(out, litellm.KeyName{Text: alias, Alias: true})
	}
	return out, nil
}

// shown is a name as messages have it: a secret by its hash.
func shown(name litellm.KeyName) string {
	if !name.Alias && litellm.IsSecret(name.Text) {
		return litellm.Short(litellm.HashOf(name.Text))
	}
	return name.Text
}

// Targets are the keys that a verb is for: named, or selected by whose they are.
type Targets struct {
	Key   []string `arg:"" optional:"" stdin:"" complete:"keys" help:"Keys: hashes, at least 12 digits of one, aliases or secrets; - reads them from standard input, one a line."`
	Hash  []string `split:"" placeholder:"HASH,…" help:"Keys by their hashes."`
	Alias []string `split:"" placeholder:"ALIAS,…" complete:"keys" help:"Keys by their aliases."`
	Filter
}

// target is one key to act on: found, or a name whose search failed.
type target struct {
	name string
	key  *litellm.Key
	err  error

	secret bool // it was named by its secret
	index  int  // which value of the argument
}

// resolve finds the keys. What is selected, and not named one by one, is confirmed first. A name that means no key, or
// several, is a target with an error.
func (t *Targets) resolve(ctx context.Context, inv *sdk.Invocation, verb string) ([]target, error) {
	names, err := nameList{Names: t.Key, Hash: t.Hash, Alias: t.Alias}.read(ctx, inv, "key")
	if err != nil {
		return nil, err
	}
	selecting := t.Filter != Filter{}
	switch {
	case selecting && len(names) > 0:
		return nil, problem.New(problem.Usage, "cannot %s keys: some are named, and a filter selects others", verb).WithHint("give one or the other").WithState(problem.Unchanged)
	case selecting:
		return t.selected(ctx, inv, verb)
	case len(names) == 0 && t.fromInput():
		inv.Notice("standard input names no keys: nothing was changed")
		return nil, nil
	case len(names) == 0:
		return nil, problem.New(problem.Usage, "cannot %s keys: none is named", verb).
			WithHint("give KEY, or select: --user-id ID, --team-id ID").WithState(problem.Unchanged)
	}
	out := make([]target, 0, len(names))
	seen := map[string]bool{}
	for i, name := range names {
		k, err := litellm.FindKey(sdk.Attempting(ctx, "%s key %s", verb, shown(name)), inv, name)
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		if k != nil && seen[k.Token] {
			continue // named twice
		}
		if k != nil {
			seen[k.Token] = true
		}
		out = append(out, target{name: shown(name), key: k, err: err, secret: !name.Alias && litellm.IsSecret(name.Text), index: i})
	}
	if t.fromInput() {
		return out, confirm(ctx, inv, verb, out)
	}
	return out, nil
}

func (t *Targets) fromInput() bool {
	for _, name := range t.Key {
		if name == "-" {
			return true
		}
	}
	return false
}

func (t *Targets) selected(ctx context.Context, inv *sdk.Invocation, verb string) ([]target, error) {
	var out []target
	_, err := litellm.KeyPages(t.query()).Walk(sdk.Attempting(ctx, "%s the keys of a selection", verb), inv, func(row json.RawMessage) error {
		k, err := litellm.ParseKey(row)
		if err == nil && t.wants(k) {
			out = append(out, target{name: k.Token, key: k})
		}
		return err
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

// each runs do for every key; see sdk.Invocation.Each for what becomes of failures.
func each(ctx context.Context, inv *sdk.Invocation, verb string, targets []target, do func(context.Context, target) error, ignoreMissing ...bool) error {
	if len(targets) == 0 {
		return nil
	}
	names := make([]string, len(targets))
	byName := map[string]target{}
	for i, t := range targets {
		names[i] = t.name
		byName[t.name] = t
	}
	return inv.Each(ctx, "key", names, func(ctx context.Context, name string) error {
		t := byName[name]
		err := t.err
		if err != nil {
			err = litellm.Before(verb+" key "+name, err)
		} else {
			err = do(sdk.Attempting(ctx, "%s key %s", verb, t.key.Label()), t)
		}
		if len(ignoreMissing) > 0 && ignoreMissing[0] && problem.CodeOf(err) == problem.NotFound && !errors.Is(err, sdk.ErrPlanned) {
			return inv.Emit(map[string]string{"key": name, "result": "not_found"})
		}
		return err
	})
}
