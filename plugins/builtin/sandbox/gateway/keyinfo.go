package gateway

import (
	"database/sql"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// archive is what a row of the archive of deleted keys or teams has more.
type archive struct {
	id, at string
	by     *string
	byKey  *string
}

func (a *archive) columns() []any { return []any{&a.id, &a.at, &a.by, &a.byKey} }

func (a *archive) members() object {
	o := object{}
	o.set("id", a.id)
	o.set("deleted_at", a.at)
	o.set("deleted_by", a.by)
	o.set("deleted_by_api_key", a.byKey)
	return o
}

// mergeInto puts the members of more into o.
func mergeInto(o, more object) object {
	for name, v := range more {
		o[name] = v
	}
	return o
}

// extend appends members to an object that is written already.
func extend(v jsontext.Value, more ...member) jsontext.Value {
	out := v[:len(v)-1]
	for _, m := range more {
		out = append(out, ',')
		out = append(out, raw(m.name)...)
		out = append(out, ':')
		out = append(out, raw(m.value)...)
	}
	return append(out, '}')
}

// keyInfo is GET /key/info: the row without its hash. Without key it is the
// key of the request, which for the master key is not there. A key that was
// deleted is found in the archive and answers 200 (observed on LiteLLM
// 1.106.2); the newest row counts.
func keyInfo(q *request) (answer, error) {
	name, _ := q.query("key")
	if name == "" {
		name = q.caller.token
	}
	k, found, err := q.tx.keyByToken(tokenOf(name))
	if err != nil {
		return answer{}, err
	}
	var a archive
	if !found {
		if k, err = q.tx.deletedKey(tokenOf(name), &a); err != nil {
			return answer{}, err
		}
	}
	switch {
	case k == nil:
		return wireError(http.StatusNotFound, "Key not found in database", typeNotFound, "key"), nil
	case !q.mayReadKey(k):
		return q.notYourKey(nil), nil
	}
	if !found {
		info := extend(deletedKeyForm()[1:].fill(mergeInto(k.members(), a.members()).withOffsets()), member{"status", "deleted"})
		return ok(ordered{{"key", name}, {"info", info}})
	}
	o, err := k.withBudget(q.tx)
	if err != nil {
		return answer{}, err
	}
	info := extend(keyOfUserForm()[1:].fill(o.withOffsets()), member{"status", k.status(q)})
	return ok(ordered{{"key", name}, {"info", info}})
}

// deletedKey returns the newest row of the archive with the hash, nil when
// there is none.
func (s *store) deletedKey(token string, a *archive) (k *keyRow, err error) {
	err = s.each(`SELECT `+keyColumns+`, id, deleted_at, deleted_by, deleted_by_api_key FROM deleted_keys WHERE token = ? ORDER BY deleted_at DESC, rowid DESC LIMIT 1`,
		[]any{token}, func(rows *sql.Rows) error {
			k, err = scanKey(rows, a.columns()...)
			return err
		})
	return k, err
}

// status is the status of a key that is there.
func (k *keyRow) status(q *request) string {
	switch {
	case k.isBlocked():
		return "revoked"
	case k.isExpired(q.now):
		return "expired"
	}
	return "active"
}

// keyInfos is POST /v2/key/info. What is missing, archived or not the
// caller's is left out, without a trace (observed on LiteLLM 1.106.2).
func keyInfos(q *request) (answer, error) {
	if q.body == nil {
		return wireError(http.StatusUnprocessableEntity, "{'message': 'Malformed request. No keys passed in.'}", typeInternal, nil), nil
	}
	names, column, err := q.namedKeys()
	if err != nil {
		return answer{}, err
	}
	var where conditions
	where.among(column, names)
	list, err := q.tx.keysWhere(where.join(""), where.args...)
	if err != nil {
		return answer{}, err
	}
	rows := []jsontext.Value{}
	for _, k := range list {
		if q.mayReadKey(k) {
			o, err := k.withBudget(q.tx)
			if err != nil {
				return answer{}, err
			}
			rows = append(rows, keyOfUserForm()[1:].fill(o.withOffsets()))
		}
	}
	return ok(ordered{{"key", q.body["keys"]}, {"info", rows}})
}

// namedKeys reads keys or, when that is empty, key_aliases. The names of keys
// become hashes.
func (q *request) namedKeys() (names []string, column string, err error) {
	problems := checkFields(q.body, []field{{"keys", "strings"}, {"key_aliases", "strings"}}, "body")
	keys, _ := q.body.strs("keys")
	aliases, _ := q.body.strs("key_aliases")
	if len(problems) == 0 && len(keys)+len(aliases) == 0 {
		problems = append(problems, valueProblem("At least one of 'keys' or 'key_aliases' must be provided."))
	}
	if err := refuseInvalid(problems); err != nil {
		return nil, "", err
	}
	if len(keys) == 0 {
		return aliases, "key_alias", nil
	}
	for _, name := range keys {
		names = append(names, tokenOf(name))
	}
	return names, "token", nil
}
