package gateway

import (
	"math"
	"net/http"
	"strings"
)

func blockKey(q *request) (answer, error)   { return q.setBlocked(true) }
func unblockKey(q *request) (answer, error) { return q.setBlocked(false) }

// setBlocked is POST /key/block and /key/unblock. The form of the key is
// checked here and only here: a key that /key/generate took, with a blank in
// it for example, can be named by its hash alone (observed on LiteLLM
// 1.106.2).
func (q *request) setBlocked(blocked bool) (answer, error) {
	if err := refuseInvalid(requireText(q.body, "key")); err != nil {
		return answer{}, err
	}
	name, _ := q.body.str("key")
	if !isKeyForm(name) {
		return wireError(http.StatusBadRequest, "Invalid key format.", typeBadRequest, "key"), nil
	}
	k, found, err := q.tx.keyByToken(tokenOf(name))
	switch {
	case err != nil:
		return answer{}, err
	case !found && !q.caller.isAdmin:
		return detailError(http.StatusNotFound, "Key not found: "+tokenOf(name)), nil
	case !found:
		return wireError(http.StatusNotFound, "Key not found.", typeNotFound, "key"), nil
	}
	if err := q.refuseKeyAdmin(k, q.http.URL.Path, func(message string) answer { return detailError(http.StatusForbidden, message) }); err != nil {
		return answer{}, err
	}
	k.blocked = &blocked
	if err := q.touchKey(k); err != nil {
		return answer{}, err
	}
	if k.poison("") != "" {
		return unhandledError(), nil
	}
	form := keyOfUserForm
	if blocked {
		form = keyRowForm
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: form().fill(k.members())}, nil
}

// isKeyForm says whether a text is sk- and characters of a URL, or a hash.
func isKeyForm(name string) bool {
	const word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	if rest, ok := strings.CutPrefix(name, "sk-"); ok {
		return rest != "" && len(name) <= 100 && strings.Trim(rest, word) == ""
	}
	return len(name) == 64 && strings.Trim(name, "0123456789abcdefABCDEF") == ""
}

// touchKey stores a changed key. Who changed it is not noted (observed on
// LiteLLM 1.106.2).
func (q *request) touchKey(k *keyRow) error {
	k.updatedAt = stamp(q.now)
	k.data.set("settings_updated_at", stamp(q.now))
	return k.update(q.tx)
}

// regenerateKey is POST /key/regenerate and /key/{key}/regenerate: a 500 for
// want of a licence, whether the key exists or not (observed on LiteLLM
// 1.106.2).
func regenerateKey(q *request) (answer, error) {
	if err := refuseInvalid(checkKeyBody(q.body)); err != nil {
		return answer{}, err
	}
	return wireError(http.StatusInternalServerError, "Regenerating Virtual Keys is an Enterprise feature, "+licence, typeInternal, nil), nil
}

// resetKeySpend is POST /key/{key}/reset_spend: it can only lower the spend.
func resetKeySpend(q *request) (answer, error) {
	if err := refuseInvalid(checkResetTo(q.body)); err != nil {
		return answer{}, err
	}
	to, _ := q.body.float("reset_to")
	k, found, err := q.tx.keyByToken(tokenOf(q.pathValue))
	if err != nil {
		return answer{}, err
	}
	if !found {
		return detailError(http.StatusNotFound, "Key "+q.pathValue+" not found."), nil
	}
	if admin, err := q.isAdminOfKey(k); err != nil {
		return answer{}, err
	} else if !admin {
		return detailError(http.StatusForbidden, "You must be a proxy admin or team admin to reset key spend"), nil
	}
	switch {
	case to < 0 || math.IsNaN(to):
		return detailError(http.StatusBadRequest, "reset_to must be >= 0"), nil
	case to > k.spend:
		return detailError(http.StatusBadRequest, "reset_to ("+floatText(to)+") must be <= current spend ("+floatText(k.spend)+")"), nil
	}
	before := k.spend
	k.spend, k.updatedAt = to, stamp(q.now)
	if err := k.update(q.tx); err != nil {
		return answer{}, err
	}
	o := k.members()
	var resetAt any
	if v, ok := k.data["budget_reset_at"]; ok {
		resetAt = v
	}
	return ok(ordered{{"key_hash", k.token}, {"spend", floatValue(to)}, {"previous_spend", floatValue(before)}, {"max_budget", o["max_budget"]}, {"budget_reset_at", resetAt}})
}

// checkResetTo validates the body of reset_spend.
func checkResetTo(b object) []problem {
	at := []any{"body", "reset_to"}
	v, given := b["reset_to"]
	switch {
	case !given:
		return []problem{missing(at...)}
	case v.Kind() == 't' || v.Kind() == 'f':
		return []problem{{"value_error", at, "Value error, reset_to must be a number, not a boolean"}}
	}
	return field{"reset_to", "number"}.checkNumber(b, at)
}
