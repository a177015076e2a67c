package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// ownMembers are members of a row that a body cannot set.
var ownMembers = []string{
	"token", "key_name", "key_alias", "user_id", "team_id", "organization_id", "created_by", "created_at", "updated_at", "updated_by",
	"blocked", "expires", "spend", "total_spend", "max_budget", "last_active", "budget_reset_at", "settings_updated_at",
	"soft_budget_cooldown", "rotation_count", "last_rotation_at", "key_rotation_at", "model_spend", "metadata", "policies",
	"litellm_budget_table", "litellm_organization_table", "litellm_project_table", "object_permission", "object_permission_id", "jwt_key_mappings",
}

// newKey builds a key from a body. What the body does not say stays as in the
// shape of the answer.
func newKey(q *request, secret string, body object) (*keyRow, error) {
	k := &keyRow{
		token: hashKey(secret), createdAt: stamp(q.now), updatedAt: stamp(q.now), data: object{},
		alias: body.optional("key_alias"), userID: body.optional("user_id"), teamID: body.optional("team_id"),
		maxBudget: body.optionalFloat("max_budget"),
	}
	for _, m := range keyOfUserForm() {
		if body.has(m.name) && !slices.Contains(ownMembers, m.name) {
			k.data[m.name] = body[m.name]
		}
	}
	if !body.has("rotation_interval") {
		delete(k.data, "auto_rotate")
	}
	k.spend, _ = body.number("spend")
	if blocked, given := body["blocked"]; given && blocked.Kind() != 'n' {
		yes := blocked.Kind() == 't'
		k.blocked = &yes
	}
	if metadata := shape(string(body["metadata"])).merged(raw(fold(body, object{}))); len(metadata) > 0 {
		k.data.set("metadata", metadata)
	}
	if text, given := body.str("budget_duration"); given {
		k.data.set("budget_reset_at", stamp(budgetReset(text, q.now)))
	}
	k.data.set("key_name", shortKey(secret))
	if text, given := body.str("duration"); given {
		at, message := parseDuration(text, q.now)
		if message != "" {
			return nil, refuse(wireError(http.StatusInternalServerError, message, typeInternal, nil))
		}
		expires := stamp(at)
		k.expires = &expires
	}
	return k, nil
}

// generateKey is POST /key/generate. An own key that exists gets 200 and
// nothing is written: but for created_at the answer repeats the request
// (observed on LiteLLM 1.106.2).
func generateKey(q *request) (answer, error) {
	b := q.body
	if err := refuseInvalid(checkKeyBody(b)); err != nil {
		return answer{}, err
	}
	for _, name := range []string{"max_budget", "soft_budget"} {
		if err := refuseNegative(b, name, typeInternal, nil); err != nil {
			return answer{}, err
		}
	}
	if err := q.mayGenerate(); err != nil {
		return answer{}, err
	}
	if err := refuseBudgetDuration(b, typeInternal, nil); err != nil {
		return answer{}, err
	}
	if err := q.refusePermissions(typeInternal, nil); err != nil {
		return answer{}, err
	}
	if err := refuseLicensed(b, typeInternal, nil); err != nil {
		return answer{}, err
	}
	if err := q.applyKeyType(); err != nil {
		return answer{}, err
	}
	if err := q.softBudget(); err != nil {
		return answer{}, err
	}
	if err := q.refuseAlias(b, ""); err != nil {
		return answer{}, err
	}
	secret, err := ownKey(b)
	if err != nil {
		return answer{}, err
	}
	k, err := newKey(q, secret, b)
	if err != nil {
		return answer{}, err
	}
	if err := q.refuseReferences(b); err != nil {
		return answer{}, err
	}
	return q.storeKey(k, secret)
}

// storeKey inserts a new key and answers with it and its secret.
func (q *request) storeKey(k *keyRow, secret string) (answer, error) {
	by := q.userID()
	k.createdBy = &by
	k.data.set("updated_by", by)
	if _, given := k.data["key_type"]; !given {
		k.data.set("key_type", "default")
	}
	if err := k.insert(q.tx); isDuplicate(err) {
		old, _, err := q.tx.keyByToken(k.token)
		if err != nil {
			return answer{}, err
		}
		k.createdAt = old.createdAt
	} else if err != nil {
		return answer{}, err
	}
	out, err := k.withBudget(q.tx)
	if err != nil {
		return answer{}, err
	}
	out.set("key", secret)
	out.set("token_id", k.token)
	if k.data.has("router_settings") {
		out["router_settings"] = routerForm().fill(k.data.object("router_settings"))
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: keyMadeForm().fill(out)}, nil
}

// applyKeyType turns key_type into the routes that it stands for. Only proxy
// admins may make keys for management routes.
func (q *request) applyKeyType() error {
	kind, _ := q.body.str("key_type")
	routes := map[string]string{"llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes"}[kind]
	if routes == "" {
		return nil
	}
	if kind == "management" && !q.caller.isAdmin {
		return q.refuseRoutes(typeInternal, nil)
	}
	q.body.set("allowed_routes", []string{routes})
	return nil
}

// softBudget makes a budget row for soft_budget; it stays even when the key is
// refused afterwards.
func (q *request) softBudget() error {
	if !q.body.has("soft_budget") {
		return nil
	}
	id, err := q.newBudget(object{"soft_budget": q.body["soft_budget"], "model_max_budget": raw(object{})})
	if err == nil {
		q.body.set("budget_id", id)
	}
	return err
}

// ownKey is the key that the body brings, or a new one.
func ownKey(body object) (secret string, err error) {
	secret, given := body.str("key")
	bad := func(message string) (string, error) {
		return "", refuse(reprError(http.StatusBadRequest, "Invalid key format. LiteLLM Virtual Key must "+message, typeInternal, nil))
	}
	switch {
	case !given:
		return randomKey(), nil
	case !strings.HasPrefix(secret, "sk-"):
		return bad("start with 'sk-'. Received: " + maskKey(secret))
	case len(secret) < 16:
		return bad("be at least 16 characters long.")
	}
	return secret, nil
}
