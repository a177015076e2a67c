package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	models  []string
	isAdmin bool
}

// mayUse says whether the key of c is good for the model group.
func (c caller) mayUse(group string) bool {
	return len(c.models) == 0 || slices.Contains(c.models, group) || slices.Contains(c.models, "all-proxy-models")
}

// owns says whether c is the user id.
func (c caller) owns(id *string) bool {
	return c.userID != nil && id != nil && *c.userID == *id
}

// seesAll says whether c may read what belongs to others.
func (c caller) seesAll() bool { return c.isAdmin || c.role == roleViewer }

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
		return caller{userID: &id, known: true, role: roleAdmin, isAdmin: true}, a, true, nil
	}
	if !strings.HasPrefix(key, "sk-") {
		return c, wireError(http.StatusUnauthorized,
			"LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.", typeAuth, noParam), false, nil
	}
	row, found, err := q.tx.keyByToken(hashKey(key))
	switch {
	case err != nil:
		return c, a, false, err
	case !found:
		message := fmt.Sprintf("Authentication Error, Invalid proxy server token passed. Received API Key = %s, Key Hash (Token) =%s. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
			shortKey(key), hashKey(key))
		return c, wireError(http.StatusUnauthorized, message, "token_not_found_in_db", "key"), false, nil
	case row.blocked:
		return c, refused("Key is blocked. Update via `/key/unblock` if you're an admin."), false, nil
	}
	if row.expires != nil {
		if at, err := parseStamp(*row.expires); err == nil && !at.After(q.now) {
			const layout = "2006-01-02 15:04:05.000000-07:00"
			message := fmt.Sprintf("Authentication Error - Expired Key. Key Expiry time %s and current time %s",
				at.Format(layout), q.now.Format(layout))
			return c, wireError(http.StatusUnauthorized, message, "expired_key", shortKey(row.token)), false, nil
		}
	}
	c = caller{userID: row.userID, token: row.token}
	c.models, _ = row.data.strs("models")
	if row.userID != nil {
		u, found, err := q.tx.user(*row.userID)
		if err != nil {
			return c, a, false, err
		}
		c.known, c.role = found, u.role
		c.isAdmin = u.role == roleAdmin
	}
	return c, a, true, nil
}

// checkRole refuses by role. What looks like a failed login is a 401 of type
// auth_error here: the key is fine, the role is not (observed on LiteLLM
// 1.106.2).
func (q *request) checkRole() (answer, bool) {
	c, r := q.caller, q.route
	switch {
	case c.isAdmin:
		return answer{}, true
	case c.role == roleViewer:
		if r.writes && !r.lenient {
			return wireError(http.StatusForbidden, fmt.Sprintf(
				"user not allowed to access this route, role= %s. Trying to access: %s", c.role, q.http.URL.Path), typeAuth, noParam), false
		}
		return answer{}, true
	case r.access == anyone:
		return answer{}, true
	case r.access == selfers && c.known && c.role != roleUserViewer:
		return answer{}, true
	}
	role, id := c.role, "unknown"
	if role == "" {
		role = "unknown"
	}
	if c.known {
		id = *c.userID
	}
	return refused(fmt.Sprintf("Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=%s. Your role=%s. Your user_id=%s",
		q.http.URL.Path, role, maskMiddle(id, 6, 2))), false
}
