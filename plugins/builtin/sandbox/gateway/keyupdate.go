package gateway

import (
	"fmt"
	"net/http"
	"slices"
)

// updateKey is POST /key/update. Only what the body names changes; null clears
// a scalar, is a 400 for lists and for spend, and poisons the row in members
// that are objects (observed on LiteLLM 1.106.2).
func updateKey(q *request) (answer, error) {
	b := q.body
	problems := checkKeyBody(b)
	if len(problems) == 0 && !b.has("key") && !b.has("key_alias") {
		problems = append(problems, valueProblem("either key or key_alias must be provided"))
	}
	if len(problems) == 0 && b.has("temp_budget_increase") != b.has("temp_budget_expiry") {
		problems = append(problems, valueProblem("temp_budget_increase and temp_budget_expiry must be set together"))
	}
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	for _, name := range []string{"max_budget", "soft_budget"} {
		if err := refuseNegative(b, name, typeAuth, noParam); err != nil {
			return answer{}, err
		}
	}
	k, name, err := q.keyToUpdate()
	if err != nil {
		return answer{}, err
	}
	if err := q.checkKeyUpdate(k); err != nil {
		return answer{}, err
	}
	q.applyKey(k)
	if err := q.applySoftBudget(k); err != nil {
		return answer{}, err
	}
	if err := q.touchKey(k); err != nil {
		return answer{}, err
	}
	row := keyOfUserForm().fill(k.members().withOffsets())
	return answer{status: http.StatusOK, contentType: jsonType, body: slices.Concat([]byte(`{"key":`), raw(name), []byte(","), row[1:])}, nil
}

// keyToUpdate finds the key by its name or, without one, by its alias.
func (q *request) keyToUpdate() (k *keyRow, name string, err error) {
	name, byKey := q.body.str("key")
	if byKey {
		k, found, err := q.tx.keyByToken(tokenOf(name))
		if err == nil && !found {
			err = refuse(wireError(http.StatusNotFound, "Key not found.", typeNotFound, "key"))
		}
		return k, name, err
	}
	alias, _ := q.body.str("key_alias")
	list, err := q.tx.keysWhere(`key_alias = ?`, alias)
	switch {
	case err != nil:
		return nil, "", err
	case len(list) == 0:
		return nil, "", refuse(wireError(http.StatusNotFound, fmt.Sprintf("Key not found. No key with key_alias='%s'.", alias), typeNotFound, "key_alias"))
	case len(list) > 1:
		return nil, "", refuse(wireError(http.StatusBadRequest, fmt.Sprintf("Multiple keys share key_alias='%s', so it cannot be used as an identifier.", alias), typeBadRequest, "key_alias"))
	}
	return list[0], list[0].token, nil
}

// checkKeyUpdate refuses what cannot be done.
func (q *request) checkKeyUpdate(k *keyRow) error {
	b := q.body
	if err := refuseBudgetDuration(b, typeAuth, noParam); err != nil {
		return err
	}
	if err := q.mayUpdateKey(k); err != nil {
		return err
	}
	if id, given := b.str("team_id"); given {
		if _, found, err := q.tx.team(id); err != nil {
			return err
		} else if !found {
			return refuse(reprError(http.StatusNotFound, fmt.Sprintf("Team doesn't exist in db. Team=%s. Create team via `/team/new` call.", id), typeAuth, noParam))
		}
	}
	bad := func(message string) error {
		return refuse(wireError(http.StatusBadRequest, "Authentication Error, "+message, typeAuth, noParam))
	}
	if id, given := b.str("organization_id"); given {
		return bad(fmt.Sprintf("Organization doesn't exist in db. Organization=%s. Create organization via `/organization/new` call.", id))
	}
	if err := q.refuseAlias(b, k.token); err != nil {
		return err
	}
	if err := refuseLicensed(b, typeAuth, noParam); err != nil {
		return err
	}
	if len(b.object("model_max_budget")) > 0 {
		return bad(modelBudgetLicence)
	}
	if text, _ := b.str("duration"); text != "" && text != "-1" {
		if _, message := parseDuration(text, q.now); message != "" {
			return bad(message)
		}
	}
	for _, name := range []string{"models", "spend", "allowed_routes", "allowed_cache_controls", "access_group_ids"} {
		if v, given := b[name]; given && v.Kind() == 'n' {
			return bad(requiredValue(name))
		}
	}
	if id, given := b.str("budget_id"); given {
		if _, found, err := q.tx.budget(id); err != nil {
			return err
		} else if !found {
			return bad("Foreign key constraint failed on the field: `LiteLLM_VerificationToken_budget_id_fkey (index)`")
		}
	}
	return nil
}

// requiredValue is the text of the database about a null that it does not
// take.
func requiredValue(name string) string {
	const head = "Unable to match input value to any allowed input type for the field. Parse errors: ["
	one := "`data." + name + "`: A value is required but not set"
	both := head + one + ", " + one + "]"
	return head + both + ", " + both + "]"
}

// applyKey changes k as the body says.
func (q *request) applyKey(k *keyRow) {
	b := q.body
	for name, to := range map[string]**string{"key_alias": &k.alias, "user_id": &k.userID, "team_id": &k.teamID, "organization_id": &k.orgID} {
		if _, given := b[name]; given {
			*to = b.optional(name)
		}
	}
	if _, given := b["max_budget"]; given {
		k.maxBudget = b.optionalFloat("max_budget")
	}
	if f, given := b.number("spend"); given {
		k.spend = f
	}
	if v, given := b["blocked"]; given {
		k.blocked = nil
		if yes := v.Kind() == 't'; v.Kind() != 'n' {
			k.blocked = &yes
		}
	}
	q.applyDurations(k)
	for _, m := range keyOfUserForm() {
		if v, given := b[m.name]; given && !slices.Contains(ownMembers, m.name) && m.name != "key_type" && m.name != "budget_duration" {
			k.data[m.name] = v
		}
	}
	q.applyMetadata(k)
}

// applySoftBudget changes the budget that the key is tied to, or ties it to a
// new one.
func (q *request) applySoftBudget(k *keyRow) error {
	v, given := q.body["soft_budget"]
	if !given {
		return nil
	}
	if f, ok := q.body.number("soft_budget"); ok {
		v = floatValue(f)
	}
	id, tied := k.data.str("budget_id")
	b, found, err := q.tx.budget(id)
	switch {
	case err != nil:
		return err
	case tied && found:
		return q.changeBudget(id, b, object{"soft_budget": v})
	case v.Kind() == 'n':
		return nil
	}
	if id, err = q.newBudget(object{"soft_budget": v}); err == nil {
		k.data.set("budget_id", id)
	}
	return err
}

// applyDurations sets when the key and its budget end; -1 and null are never,
// and an empty text changes nothing.
func (q *request) applyDurations(k *keyRow) {
	if v, given := q.body["duration"]; given {
		text, _ := q.body.str("duration")
		switch {
		case v.Kind() == 'n' || text == "-1":
			k.expires = nil
		case text != "":
			at, _ := parseDuration(text, q.now)
			expires := stamp(at)
			k.expires = &expires
		}
	}
	if v, given := q.body["budget_duration"]; given {
		text, _ := q.body.str("budget_duration")
		switch {
		case v.Kind() == 'n':
			delete(k.data, "budget_duration")
			delete(k.data, "budget_reset_at")
		case text != "":
			k.data["budget_duration"] = v
			k.data.set("budget_reset_at", stamp(budgetReset(text, q.now)))
		}
	}
}

// applyMetadata replaces the metadata when the body has some, and puts what is
// kept in it there. Any update that does not name metadata makes an object of a
// null in it (observed on LiteLLM 1.106.2).
func (q *request) applyMetadata(k *keyRow) {
	metadata := k.data.object("metadata")
	if v, given := q.body["metadata"]; given {
		if v.Kind() == 'n' {
			k.data["metadata"] = v
			return
		}
		metadata = q.body.object("metadata")
	}
	k.data["metadata"] = storedValue(raw(fold(q.body, metadata)))
}

// isBlocked and isExpired say why a key is not good.
func (k *keyRow) isBlocked() bool { return k.blocked != nil && *k.blocked }
