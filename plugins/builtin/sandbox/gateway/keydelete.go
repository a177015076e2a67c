package gateway

import (
	"net/http"

	"github.com/google/uuid"
)

// deleteKeys is POST /key/delete. As soon as one of the keys existed, the
// answer lists all of them as deleted, as they were sent; with keys,
// key_aliases is not looked at; an alias deletes every key that has it (all
// observed on LiteLLM 1.106.2).
func deleteKeys(q *request) (answer, error) {
	names, column, err := q.namedKeys()
	if err != nil {
		return answer{}, err
	}
	var where conditions
	where.among(column, names)
	found, err := q.tx.keysWhere(where.join(""), where.args...)
	if err != nil {
		return answer{}, err
	}
	if len(found) == 0 {
		return reprError(http.StatusNotFound, "No keys found", typeInternal, nil), nil
	}
	for _, k := range found {
		if may, err := q.mayDeleteKey(k); err != nil {
			return answer{}, err
		} else if !may {
			return reprError(http.StatusForbidden, "You are not authorized to delete this key", typeInternal, nil), nil
		}
	}
	if err := q.archiveKeys(found); err != nil {
		return answer{}, err
	}
	sent := q.body["keys"]
	if column == "key_alias" {
		sent = q.body["key_aliases"]
	}
	return ok(ordered{{"deleted_keys", sent}})
}

// mayDeleteKey says whether the caller may delete the key: admins, its owner,
// and the admins of its team. A key of a team that is gone is nobody's.
func (q *request) mayDeleteKey(k *keyRow) (bool, error) {
	if q.caller.isAdmin {
		return true, nil
	}
	if k.teamID == nil {
		return q.caller.owns(k.userID), nil
	}
	t, found, err := q.tx.team(*k.teamID)
	return found && (t.isAdmin(q.userID()) || q.caller.owns(k.userID)), err
}

// refusePoisoned is the 500 of deleting a team, or a member of one, with a
// poisoned key: an unhandled error, before anything is done (observed on
// LiteLLM 1.106.2).
func refusePoisoned(list []*keyRow) error {
	for _, k := range list {
		if k.poison("") != "" {
			return refuse(unhandledError())
		}
	}
	return nil
}

// archiveKeys deletes keys and keeps a copy of each. A poisoned key cannot be
// copied: then nothing at all is deleted (observed on LiteLLM 1.106.2).
func (q *request) archiveKeys(list []*keyRow) error {
	for _, k := range list {
		if message := k.poison("LiteLLM_DeletedVerificationToken"); message != "" {
			return refuse(wireError(http.StatusInternalServerError, message, typeInternal, nil))
		}
	}
	for _, k := range list {
		err := q.tx.exec(`INSERT INTO deleted_keys (`+keyColumns+`, id, deleted_at, deleted_by, deleted_by_api_key)
			SELECT `+keyColumns+`, ?, ?, ?, ? FROM keys WHERE token = ?`, uuid.NewString(), stamp(q.now), q.caller.userID, q.caller.keyName(), k.token)
		if err == nil {
			err = q.tx.exec(`DELETE FROM keys WHERE token = ?`, k.token)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
