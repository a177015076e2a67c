package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// adminUser is the user that the master key stands for. It has no row.
const adminUser = "default_user_id"

// The roles of users.
const (
	roleAdmin      = "proxy_admin"
	roleViewer     = "proxy_admin_viewer"
	roleUser       = "internal_user"
	roleUserViewer = "internal_user_viewer"
)

// caller is the owner of the key of a request.
type caller struct {
	userID  *string // nil for a key without owner
	known   bool    // the user exists
	role    string  // "" for a user without role
	token   string  // hash of the key; "" for the master key
	key     *keyRow // nil for the master key
	user    userRow
	team    teamRow // of the key
	models  []string
	teams   []string // of the user
	isAdmin bool
}

// mayUse says whether the key of c is good for the model group. A key without
// models of its own has those of its team.
func (c caller) mayUse(group string) bool { return allows(c.ownModels(), group) }

// ownModels are the models that the key, or its team, is limited to.
func (c caller) ownModels() []string {
	if len(c.models) > 0 && !slices.Contains(c.models, "all-team-models") {
		return slices.Clone(c.models)
	}
	models, _ := c.team.data.strs("models")
	return models
}

// resolve returns the model group that a name stands for: keys may have aliases.
func (c caller) resolve(name string) string {
	if c.key != nil {
		if group, ok := c.key.data.object("aliases").str(name); ok {
			return group
		}
	}
	return name
}

// allows says whether a list of models has the group in it; an empty one has
// every group.
func allows(models []string, group string) bool {
	return len(models) == 0 || slices.Contains(models, group) || slices.Contains(models, "all-proxy-models")
}

// owns says whether c is the user id.
func (c caller) owns(id *string) bool {
	return c.userID != nil && id != nil && *c.userID == *id
}

// seesAll says whether c may read what belongs to others.
func (c caller) seesAll() bool { return c.isAdmin || c.role == roleViewer }

// roleName is the role in messages; a key whose owner has none counts as an
// internal user's.
func (c caller) roleName() string {
	if c.role == "" {
		return roleUser
	}
	return c.role
}

// keyName is what the archive calls the key of c.
func (c caller) keyName() string {
	if c.token == "" {
		return "litellm_proxy_master_key"
	}
	return c.token
}

// hashKey is the stored form of a key.
func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// shortKey is the form of a key in messages; short keys show nothing.
func shortKey(key string) string {
	if len(key) < 16 {
		return "sk-..."
	}
	return "sk-..." + key[len(key)-4:]
}

// authorize finds out who asks and whether they may call the route at all.
// ok is false when a is the refusal.
func authorize(q *request) (a answer, ok bool, err error) {
	if q.route.access == public {
		return a, true, nil
	}
	key, a, ok := presentedKey(q.http.Header)
	if !ok {
		return a, false, nil
	}
	if q.caller, a, ok, err = q.identify(key); err != nil || !ok {
		return a, false, err
	}
	if a, ok = q.checkRole(); !ok {
		return a, false, nil
	}
	a, ok = q.requireBody()
	return a, ok, nil
}

// presentedKey finds the key in the headers.
func presentedKey(h http.Header) (key string, a answer, ok bool) {
	for _, name := range []string{"x-litellm-api-key", "Authorization", "api-key", "x-api-key"} {
		value := strings.TrimSpace(h.Get(name))
		if len(h.Values(name)) == 0 {
			continue
		}
		scheme, rest, cut := strings.Cut(value, " ")
		switch {
		case cut && (strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "basic")):
			value = strings.TrimSpace(rest)
		case name == "Authorization":
			return "", refused("Malformed API Key passed in. Ensure Key has `Bearer ` prefix."), false
		}
		if value != "" {
			return value, a, true
		}
	}
	return "", refused("No api key passed in."), false
}

// refused is a 401 of the plain kind.
func refused(message string) answer {
	return wireError(http.StatusUnauthorized, "Authentication Error, "+message, typeAuth, noParam)
}

// identify looks up key (observed on LiteLLM 1.106.2: texts and types).
func (q *request) identify(key string) (c caller, a answer, ok bool, err error) {
	if subtle.ConstantTimeCompare([]byte(key), []byte(q.masterKey)) == 1 {
		id := adminUser
		return caller{userID: &id, known: true, role: roleAdmin, isAdmin: true, user: userRow{id: id}}, a, true, nil
	}
	if !strings.HasPrefix(key, "sk-") {
		return c, wireError(http.StatusUnauthorized,
			"LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.", typeAuth, noParam), false, nil
	}
	row, found, err := q.tx.keyByToken(hashKey(key))
	if err != nil {
		return c, a, false, err
	}
	if !found {
		message := fmt.Sprintf("Authentication Error, Invalid proxy server token passed. Received API Key = %s, Key Hash (Token) =%s. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
			shortKey(key), hashKey(key))
		return c, wireError(http.StatusUnauthorized, message, "token_not_found_in_db", "key"), false, nil
	}
	if a, ok = row.usable(q.now); !ok {
		return c, a, false, nil
	}
	return q.callerOf(row)
}

// usable refuses a key that cannot be read, is blocked or has expired.
func (k *keyRow) usable(now time.Time) (answer, bool) {
	if message := k.poison("LiteLLM_VerificationTokenView"); message != "" {
		return refused(message), false
	}
	if k.isBlocked() {
		return refused("Key is blocked. Update via `/key/unblock` if you're an admin."), false
	}
	if !k.isExpired(now) {
		return answer{}, true
	}
	at, _ := parseStamp(*k.expires)
	const layout = "2006-01-02 15:04:05.000000-07:00"
	message := fmt.Sprintf("Authentication Error - Expired Key. Key Expiry time %s and current time %s", at.Format(layout), now.Format(layout))
	return wireError(http.StatusUnauthorized, message, "expired_key", shortKey(k.token)), false
}

// isExpired says whether the time of k is over.
func (k *keyRow) isExpired(now time.Time) bool {
	if k.expires == nil {
		return false
	}
	at, err := parseStamp(*k.expires)
	return err == nil && !at.After(now)
}

// callerOf is the caller with that key; the key of a blocked team is refused.
func (q *request) callerOf(k *keyRow) (c caller, a answer, ok bool, err error) {
	c = caller{userID: k.userID, token: k.token, key: k}
	c.models, _ = k.data.strs("models")
	if k.userID != nil {
		if c.user, c.known, err = q.tx.user(*k.userID); err != nil {
			return c, a, false, err
		}
		c.role, c.teams = c.user.role, c.user.teams()
		c.isAdmin = c.role == roleAdmin
	}
	if k.teamID != nil {
		if c.team, _, err = q.tx.team(*k.teamID); err != nil {
			return c, a, false, err
		}
		if c.team.blocked {
			return c, refused("Team=" + c.team.id + " is blocked. Update via `/team/unblock` if you're an admin."), false, nil
		}
	}
	return c, a, true, nil
}
