package keys

import (
	"context"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// setAside gives the old key another alias and the mark, and looks whether it has them.
func (r *rotation) setAside(ctx context.Context, m mark) error {
	change := r.aside(m)
	if r.old.Alias != nil && *r.old.Alias == change["key_alias"] {
		delete(change, "key_alias")
	}
	after, err := updateKey(ctx, r.inv, "rotate key "+r.old.Label(), r.old, change)
	if err == nil {
		r.old = after
	}
	return err
}

// aside is what sets the old key aside.
func (r *rotation) aside(m mark) map[string]any {
	change := map[string]any{"metadata": marked(litellm.Members(r.old.Raw)["metadata"], m)}
	if m.Alias != "" {
		change["key_alias"] = m.Alias + oldAliasIn + r.old.Token[:12] + ")"
	}
	return change
}

// plan says what a dry run would do, where the gateway does not do it by itself.
func (r *rotation) plan(m mark, request map[string]any, secret sdk.Secret) error {
	aside, end := r.aside(m), map[string]any{"key": r.old.Token, "duration": r.grace}
	aside["key"], request["key"] = r.old.Token, secret
	for _, step := range []struct {
		path string
		body map[string]any
	}{{"/key/update", aside}, {"/key/generate", request}, {"/key/update", end}} {
		entry := map[string]any{"result": "planned", "method": "POST", "path": step.path, "body": step.body}
		if err := r.inv.Plan(entry); err != nil {
			return err
		}
	}
	return sdk.ErrPlanned
}

// end gives the old key its end, unless it has an earlier one, and says when that is.
func (r *rotation) end(ctx context.Context, m mark) (string, error) {
	m.Done = true
	change := map[string]any{"metadata": marked(litellm.Members(r.old.Raw)["metadata"], m)}
	if !r.endsBefore() {
		change["duration"] = r.grace
	}
	after, err := updateKey(ctx, r.inv, "end key "+r.old.Label(), r.old, change)
	if err != nil {
		return "", err
	}
	if after.Expires == nil {
		return "", problem.New(problem.Failed, "the gateway has not given key %s its end", after.Label())
	}
	r.old = after
	return *after.Expires, nil
}

// endsBefore reports whether the old key ends of itself before the grace is over.
func (r *rotation) endsBefore() bool {
	if r.old.Expires == nil {
		return false
	}
	at, err := time.Parse(time.RFC3339, *r.old.Expires)
	return err == nil && at.Before(time.Now().Add(graceOf(r.grace)))
}

// graceOf is how long a time is, a month at its shortest.
func graceOf(text string) time.Duration {
	const day = 24 * time.Hour
	if text == "1mo" {
		return 28 * day
	}
	n := int64(0)
	for _, digit := range text[:len(text)-1] {
		n = n*10 + int64(digit-'0')
	}
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': day, 'w': 7 * day}[text[len(text)-1]]
	return time.Duration(n) * unit
}
