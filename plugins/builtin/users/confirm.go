package users

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
)

// confirm says what will go. What was selected is confirmed everywhere, what was named on a terminal.
func (c *deleteCmd) confirm(ctx context.Context, inv *sdk.Invocation, names []string, selected bool) error {
	asks := inv.Terminal().Stdin && inv.Terminal().Stderr && !inv.DryRun()
	if !selected && !asks {
		return nil
	}
	var shown []string
	for _, name := range names {
		u := c.users[name]
		switch {
		case u == nil && selected:
			shown = append(shown, name+"  (not there)")
		case u == nil:
		case selected:
			shown = append(shown, fmt.Sprintf("%s  %s", u, litellm.Count(u.KeyCount, "key")))
		default:
			lines, err := consequences(ctx, inv, u)
			if err != nil {
				return litellm.Before("delete user "+name, err)
			}
			shown = append(shown, lines...)
		}
	}
	switch {
	case selected:
		return inv.ConfirmSelection(ctx, "delete", "users", shown)
	case len(shown) == 0:
		return nil
	}
	return inv.Confirm(ctx, append(shown, "The gateway keeps no record of keys that go with their user.")...)
}

// consequences are the user, what goes with it, and what stays.
func consequences(ctx context.Context, inv *sdk.Invocation, u *litellm.User) ([]string, error) {
	own, made, err := keysOf(ctx, inv, u)
	if err != nil {
		return nil, err
	}
	gone := litellm.Count(len(own), "key")
	if last := lastUsed(own); last != "" {
		gone += " (" + last + ")"
	}
	gone += " · " + litellm.Count(len(u.Teams), "membership")
	if teams := teamNames(ctx, inv, u); teams != "" {
		gone += " (" + teams + ")"
	}
	out := []string{"delete user  " + u.String(), "and with it  " + gone}
	if len(made) > 0 {
		out = append(out, "remains      "+litellm.Count(len(made), "key")+" that the user made for others or for teams")
	}
	return out, nil
}

// usedKey is a key with its last use.
type usedKey struct {
	*litellm.Key
	LastActive *string `json:"last_active"`
}

// keysOf reads the keys that belong to a user, and those that the user made and that do not.
func keysOf(ctx context.Context, inv *sdk.Invocation, u *litellm.User) (own []usedKey, made []*litellm.Key, err error) {
	filter := sdk.Query{"user_id": u.UserID, "include_created_by_keys": "true"}
	_, err = litellm.KeyPages(filter).Walk(ctx, inv, func(row json.RawMessage) error {
		k, err := litellm.ParseKey(row)
		if err != nil {
			return err
		}
		var more struct {
			LastActive *string `json:"last_active"`
			CreatedBy  string  `json:"created_by"`
		}
		_ = json.Unmarshal(row, &more)
		switch {
		case litellm.Text(k.UserID) == u.UserID:
			own = append(own, usedKey{k, more.LastActive})
		case more.CreatedBy == u.UserID:
			made = append(made, k)
		}
		return nil
	})
	return own, made, err
}

// lastUsed tells of the key that was used last: "1 used 4 min ago: prod-batch"; empty when none was.
func lastUsed(keys []usedKey) string {
	var latest time.Time
	label := ""
	for _, k := range keys {
		at, err := time.Parse(time.RFC3339Nano, litellm.Text(k.LastActive))
		if err == nil && at.After(latest) {
			latest, label = at, k.Label()
		}
	}
	if label == "" {
		return ""
	}
	return fmt.Sprintf("last used %s ago: %s", span(time.Since(latest)), label)
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d d", int(d.Hours()/24))
}

// teamNames are the aliases of a user's teams, as far as they can be read.
func teamNames(ctx context.Context, inv *sdk.Invocation, u *litellm.User) string {
	const most = 5
	var names []string
	for _, id := range u.Teams[:min(most, len(u.Teams))] {
		name := id
		if t, err := litellm.TeamByID(ctx, inv, id); err == nil && litellm.Text(t.Alias) != "" {
			name = *t.Alias
		}
		names = append(names, name)
	}
	if more := len(u.Teams) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
