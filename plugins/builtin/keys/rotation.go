package keys

import (
	"context"
	"errors"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// rotation is one key on its way to a new secret. What was done is written on the keys themselves, in metadata, before the
// next step: whoever comes after a crash finds it there.
//
//  1. The old key gets another alias, and a mark: which alias was its, and the hash of the new key.
//  2. The new key is made with the alias, the grants and the spend, and a mark: which key it replaces.
//  3. The old key gets its end.
//  4. The new key loses its mark, and only then is it shown.
//
// So a new key with a mark has never been seen by anybody, and may be deleted.
type rotation struct {
	inv   *sdk.Invocation
	old   *litellm.Key
	grace string
	again bool // a new key that nobody has seen was in its place
}

// hold locks the key to be rotated, and reads it: the one that was named or, where that is a new key which nobody has seen, the
// old one that it was to replace.
func (r *rotation) hold(ctx context.Context, k *litellm.Key) (unlock func(), err error) {
	token := k.Token
	if from := markOf(k).From; from != "" {
		_, err := litellm.KeyByHash(ctx, r.inv, from)
		switch {
		case err == nil:
			token, r.again = from, true
		case !litellm.IsNotFound(err): // if it is gone, this one stands and is rotated as any other
			return nil, err
		}
	}
	if unlock, err = r.inv.Lock(ctx, "key", token); err != nil {
		return nil, err
	}
	if r.old, err = litellm.KeyByHash(ctx, r.inv, token); err != nil {
		unlock()
	}
	return unlock, err
}

func (r *rotation) run(ctx context.Context) error {
	m := markOf(r.old)
	if m.From != "" {
		if err := r.finish(ctx); err != nil {
			return err
		}
		m = mark{}
	}
	secret, err := r.inv.NewSecret(ctx, "sk-")
	if err != nil {
		return err
	}
	if m.Done && m.To == secret.SHA256 { // by an earlier run of the same job, which was cut off
		made, err := litellm.KeyByHash(ctx, r.inv, m.To)
		if err == nil && markOf(made).From != "" {
			made, err = r.unmark(ctx, made, nil)
		}
		if err != nil {
			return r.stopped(err)
		}
		return emitMade(r.inv, &litellm.NewKey{Secret: secret, Made: made}, true, "replaces", r.old.Token, "old_until", litellm.Text(r.old.Expires))
	}
	if m.Done && !r.again {
		if unseen, err := r.unseen(ctx, m.To); err != nil || !unseen {
			return r.isDone(m, err)
		}
	}
	if r.old.Status == litellm.StatusExpired && !m.Done {
		return problem.New(problem.Refused, "cannot rotate key %s: it has expired", r.old.Label()).
			WithHint("make a new one: litellm-proxy keys generate").WithState(problem.Unchanged)
	}
	if m.To == "" && !r.inv.DryRun() {
		if done, err := r.byGateway(ctx, secret); done || err != nil {
			return err
		}
	}
	return r.bySteps(ctx, m, secret)
}

// unseen reports whether a new key is there and unfinished.
func (r *rotation) unseen(ctx context.Context, hash string) (bool, error) {
	k, err := litellm.KeyByHash(ctx, r.inv, hash)
	if litellm.IsNotFound(err) {
		return false, nil
	}
	return err == nil && markOf(k).From == r.old.Token, err
}

func (r *rotation) isDone(m mark, err error) error {
	if err != nil {
		return err
	}
	return (&problem.Error{
		Code: problem.Refused, Message: "cannot rotate key " + r.old.Label() + ": it was rotated already", State: problem.Unchanged,
	}).WithHint("its successor: litellm-proxy keys rotate %s", m.To)
}

// finish takes the mark off a key.
func (r *rotation) finish(ctx context.Context) error {
	after, err := r.unmark(ctx, r.old, nil)
	if err == nil {
		r.old = after
	}
	return err
}

// unmark takes the mark off a key, and changes what else is to be changed.
func (r *rotation) unmark(ctx context.Context, k *litellm.Key, change map[string]any) (*litellm.Key, error) {
	metadata, _ := litellm.Members(k.Raw)["metadata"].(map[string]any)
	delete(metadata, markName)
	body := map[string]any{"metadata": metadata}
	for name, v := range change {
		body[name] = v
	}
	return updateKey(ctx, r.inv, "rotate key "+k.Label(), k, body)
}

// byGateway has the gateway rotate the key, which it does with a licence; without one it answers 500 and nothing is done
// (observed on LiteLLM 1.106.2 and 1.83.14).
func (r *rotation) byGateway(ctx context.Context, secret sdk.Secret) (done bool, err error) {
	request := map[string]any{"new_key": secret, "grace_period": r.grace}
	err = r.inv.Create(ctx, sdk.Path("/key/{key}/regenerate", r.old.Token), request, nil)
	if errors.Is(err, sdk.ErrPlanned) {
		return false, err
	}
	if e := problem.As(err); e != nil && strings.Contains(e.Said, "Enterprise feature") {
		return false, nil
	}
	if err != nil && !litellm.Lost(err) {
		return false, err
	}
	made, read := litellm.KeyByHash(sdk.Attempting(ctx, "read key %s back", litellm.Short(secret.SHA256)), r.inv, secret.SHA256)
	switch {
	case read != nil && err != nil:
		return false, err
	case read != nil:
		return false, read
	}
	n := &litellm.NewKey{Secret: secret, Made: made}
	return true, emitMade(r.inv, n, true, "replaces", r.old.Token)
}

// bySteps does what the gateway does not.
func (r *rotation) bySteps(ctx context.Context, m mark, secret sdk.Secret) error {
	stale := m.To
	if stale == "" {
		m.Alias, m.Ended = litellm.Text(r.old.Alias), litellm.Text(r.old.Expires)
	}
	m.To, m.Done = secret.SHA256, false
	request, err := grants(r.old, m.Ended)
	if err != nil {
		return err
	}
	delete(metadataOf(request), markName)
	request["metadata"] = marked(request["metadata"], mark{From: r.old.Token})
	if m.Alias != "" {
		request["key_alias"] = m.Alias
	}
	if r.inv.DryRun() {
		return r.plan(m, request, secret)
	}
	if err := r.setAside(ctx, m); err != nil {
		return err
	}
	if stale != "" { // nobody has seen it
		if err := litellm.DeleteKey(ctx, r.inv, stale); err != nil && !litellm.IsNotFound(err) {
			return r.stopped(err)
		}
	}
	made, err := r.create(ctx, secret, request)
	if err != nil {
		return r.giveUp(ctx, m, err)
	}
	until, err := r.end(ctx, m)
	if err != nil {
		return r.stopped(err)
	}
	after, err := r.unmark(ctx, made, nil)
	switch {
	case err == nil:
		made = after
	case problem.As(err).State == unchecked: // it is done, and this is the only time that the secret can be shown
		r.inv.Notice("the check afterwards failed: %v", err)
	default:
		return r.stopped(err)
	}
	return emitMade(r.inv, &litellm.NewKey{Secret: secret, Made: made}, true, "replaces", r.old.Token, "old_until", until)
}

func metadataOf(request map[string]any) map[string]any {
	m, _ := request["metadata"].(map[string]any)
	return m
}

// create makes the new key. One that has its alias from a run that did not end well is in the way, and has been seen by
// nobody.
func (r *rotation) create(ctx context.Context, secret sdk.Secret, request map[string]any) (*litellm.Key, error) {
	for first := true; ; first = false {
		n, err := litellm.CreateKeyWith(ctx, r.inv, secret, request, nil)
		switch {
		case err != nil:
			return nil, err
		case n.Taken == nil:
			return n.Made, nil
		case !first || markOf(n.Taken).From != r.old.Token:
			return nil, litellm.AliasTaken("rotate key "+n.Taken.Label(), n.Taken, "")
		}
		if err := litellm.DeleteKey(ctx, r.inv, n.Taken.Token); err != nil && !litellm.IsNotFound(err) {
			return nil, err
		}
	}
}

// giveUp gives the old key back what was its, when the gateway will not make the new one.
func (r *rotation) giveUp(ctx context.Context, m mark, cause error) error {
	e := problem.As(cause)
	if errors.Is(cause, sdk.ErrPlanned) || !strings.HasPrefix(e.State, problem.Unchanged) {
		return r.stopped(cause)
	}
	change := map[string]any{}
	if m.Alias != "" {
		change["key_alias"] = m.Alias
	}
	if _, err := r.unmark(ctx, r.old, change); err != nil {
		return r.stopped(cause)
	}
	e.State = problem.Unchanged
	return e
}

// stopped says what is true of a rotation that could not go on.
func (r *rotation) stopped(err error) error {
	if errors.Is(err, sdk.ErrPlanned) {
		return err
	}
	e := problem.As(err)
	e.State = "the old key goes on working"
	e.Hint = "run it again: it goes on from here"
	return e
}
