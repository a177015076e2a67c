package gateway

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

func keyRoutes() []route {
	return []route{
		change(http.MethodPost, "/key/generate", selfers, generateKey),
		change(http.MethodPost, "/key/delete", selfers, deleteKeys),
		get("/key/list", anyone, listKeys),
	}
}

// keyRow is one row of keys. data holds the members that are not columns.
type keyRow struct {
	token                 string
	alias, userID, teamID *string
	expires               *string
	blocked               bool
	createdAt             string
	data                  object
}

const keyColumns = `token, key_alias, user_id, team_id, blocked, expires, created_at, data`

func (k *keyRow) insert(st *store) error {
	return st.exec(`INSERT INTO keys (`+keyColumns+`) VALUES (?,?,?,?,?,?,?,?)`,
		k.token, k.alias, k.userID, k.teamID, k.blocked, k.expires, k.createdAt, k.data.text())
}

// keysWhere returns the keys that where selects, newest first.
func (s *store) keysWhere(where string, args ...any) ([]*keyRow, error) {
	var list []*keyRow
	err := s.each(`SELECT `+keyColumns+` FROM keys WHERE `+where+` ORDER BY created_at DESC, token`, args, func(rows *sql.Rows) error {
		k := &keyRow{}
		var data string
		err := rows.Scan(&k.token, &k.alias, &k.userID, &k.teamID, &k.blocked, &k.expires, &k.createdAt, &data)
		if err == nil {
			k.data, err = parseObject(data)
		}
		list = append(list, k)
		return err
	})
	return list, err
}

// keyByToken returns the key with the hash.
func (s *store) keyByToken(token string) (*keyRow, bool, error) {
	list, err := s.keysWhere(`token = ?`, token)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// members is everything of k under the names of the answers.
func (k *keyRow) members() object {
	o := object{}
	for name, v := range k.data {
		o[name] = v
	}
	o.set("token", k.token)
	o.set("key_alias", k.alias)
	o.set("user_id", k.userID)
	o.set("team_id", k.teamID)
	o.set("expires", k.expires)
	o.set("created_at", k.createdAt)
	if k.blocked {
		o.set("blocked", true)
	}
	return o
}

// optional returns the string at name, nil when there is none.
func (o object) optional(name string) *string {
	if s, ok := o.str(name); ok {
		return &s
	}
	return nil
}

// newKey builds a key from a body. What the body does not say stays as in the
// shape of the answer.
func newKey(q *request, secret string, body object) *keyRow {
	k := &keyRow{token: hashKey(secret), createdAt: stamp(q.now), data: object{}}
	for _, m := range shape(keyMade) {
		if body.has(m.name) {
			k.data[m.name] = body[m.name]
		}
	}
	for _, own := range []string{"key", "duration", "expires", "token", "token_id", "created_at", "created_by", "updated_by", "key_name", "spend"} {
		delete(k.data, own)
	}
	k.alias, k.userID, k.teamID = body.optional("key_alias"), body.optional("user_id"), body.optional("team_id")
	k.data.set("key_name", shortKey(secret))
	k.data.set("updated_at", stamp(q.now))
	return k
}

// randomKey is a key as the gateway makes them: 22 characters behind sk-.
func randomKey() string {
	b := make([]byte, 16)
	rand.Read(b) // never returns an error
	return "sk-" + base64.RawURLEncoding.EncodeToString(b)
}

// parseDuration reads a duration such as 30d; a month has 30 days here.
func parseDuration(text string) (time.Duration, bool) {
	const day = 24 * time.Hour
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.ParseUint(digits, 10, 31)
	unit, known := map[string]time.Duration{
		"s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "mo": 30 * day,
	}[text[len(digits):]]
	return time.Duration(n) * unit, known && err == nil
}

// generateKey is POST /key/generate in its basic form: the checks are those of
// alias, form of an own key, duration and owner. An own key that exists gets
// 200 and nothing is written: but for created_at and created_by the answer
// repeats the request (observed on LiteLLM 1.106.2).
func generateKey(q *request) (answer, error) {
	list := []field{{"key_alias", "string"}, {"user_id", "string"}, {"team_id", "string"}, {"key", "string"}, {"duration", "string"}, {"max_budget", "number"}, {"tpm_limit", "integer"}, {"rpm_limit", "integer"}}
	if problems := checkFields(q.body, list, "body"); len(problems) > 0 {
		return invalid(problems...), nil
	}
	if !q.caller.isAdmin {
		if id, given := q.body.str("user_id"); given && !q.caller.owns(&id) {
			return wireError(http.StatusForbidden, fmt.Sprintf("User can only create keys for themselves. Got user_id=%s, Your ID=%s", id, q.userID()), typeInternal, nil), nil
		}
		q.body.set("user_id", q.userID())
	}
	if alias, given := q.body.str("key_alias"); given && alias != "" {
		if n, err := q.tx.keysWhere(`key_alias = ?`, alias); err != nil {
			return answer{}, err
		} else if len(n) > 0 {
			return wireError(http.StatusBadRequest, fmt.Sprintf("Key with alias '%s' already exists. Unique key aliases across all keys are required.", alias), typeBadRequest, "key_alias"), nil
		}
	}
	secret, a, ok := ownKey(q.body)
	if !ok {
		return a, nil
	}
	k := newKey(q, secret, q.body)
	if text, given := q.body.str("duration"); given {
		d, ok := parseDuration(text)
		if !ok {
			return wireError(http.StatusInternalServerError, "Invalid duration format", typeInternal, nil), nil
		}
		at := stamp(q.now.Add(d))
		k.expires = &at
	}
	k.data.set("key_type", "default")
	k.data.set("created_by", q.userID())
	k.data.set("updated_by", q.userID())
	if err := k.insert(q.tx); isDuplicate(err) {
		old, _, err := q.tx.keyByToken(k.token)
		if err != nil {
			return answer{}, err
		}
		k.createdAt, k.data["created_by"] = old.createdAt, old.data["created_by"]
	} else if err != nil {
		return answer{}, err
	}
	out := k.members()
	out.set("key", secret)
	out.set("token_id", k.token)
	return reply(http.StatusOK, shape(keyMade).with(out)), nil
}

// ownKey is the key that the body brings, or a new one.
func ownKey(body object) (secret string, a answer, ok bool) {
	secret, given := body.str("key")
	bad := func(message string) (string, answer, bool) {
		return "", reprError(http.StatusBadRequest, "Invalid key format. LiteLLM Virtual Key must "+message, typeInternal, nil), false
	}
	switch {
	case !given:
		return randomKey(), a, true
	case !strings.HasPrefix(secret, "sk-"):
		return bad("start with 'sk-'. Received: " + maskKey(secret))
	case len(secret) < 16:
		return bad("be at least 16 characters long.")
	}
	return secret, a, true
}

// maskKey shows four characters at both ends of a long text.
func maskKey(s string) string {
	if len(s) <= 8 {
		return "****"
	}
	return s[:4] + "****" + s[len(s)-4:]
}

// deleteKeys is POST /key/delete. As soon as one of the keys existed, the
// answer lists all of them as deleted; with keys, key_aliases is not looked at
// (both observed on LiteLLM 1.106.2).
func deleteKeys(q *request) (answer, error) {
	names, _ := q.body.strs("keys")
	column := "token"
	if len(names) == 0 {
		names, _ = q.body.strs("key_aliases")
		column = "key_alias"
	}
	if len(names) == 0 {
		return invalid(valueProblem("At least one of 'keys' or 'key_aliases' must be provided.")), nil
	}
	var found []*keyRow
	for _, name := range names {
		value := name
		if column == "token" && strings.HasPrefix(name, "sk-") {
			value = hashKey(name)
		}
		rows, err := q.tx.keysWhere(column+` = ?`, value)
		if err != nil {
			return answer{}, err
		}
		found = append(found, rows...)
	}
	if len(found) == 0 {
		return reprError(http.StatusNotFound, "No keys found", typeInternal, nil), nil
	}
	for _, k := range found {
		if !q.caller.isAdmin && !q.caller.owns(k.userID) {
			return reprError(http.StatusForbidden, "You are not authorized to delete this key", typeInternal, nil), nil
		}
	}
	for _, k := range found {
		if err := q.tx.exec(`DELETE FROM keys WHERE token = ?`, k.token); err != nil {
			return answer{}, err
		}
	}
	return ok(ordered{{"deleted_keys", names}})
}
