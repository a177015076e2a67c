package gateway

import (
	"fmt"
	"net/http"
	"slices"
)

// mayGenerate refuses what others than proxy admins may not put into
// /key/generate, and makes the caller the owner of a key without one.
func (q *request) mayGenerate() error {
	if q.caller.isAdmin {
		return nil
	}
	if _, given := q.body["allowed_routes"]; given {
		return q.refuseRoutes(typeInternal, nil)
	}
	if !q.body.has("user_id") {
		q.body.set("user_id", q.userID())
	}
	owner, _ := q.body.str("user_id")
	if id, given := q.body.str("team_id"); given {
		t, found, err := q.tx.team(id)
		if err != nil {
			return err
		}
		if !found {
			return refuse(wireError(http.StatusBadRequest, fmt.Sprintf("Team not found for team_id=%s. Non-admin users cannot create keys for non-existent teams.", id), typeInternal, nil))
		}
		if err := q.mayManageTeamKey(t, owner, "KEY_GENERATE", typeInternal, nil); err != nil {
			return err
		}
	}
	if !q.caller.owns(&owner) {
		return refuse(q.onlyOwnKeys(owner, typeInternal, nil))
	}
	return nil
}

func (q *request) onlyOwnKeys(owner, kind string, param any) answer {
	return wireError(http.StatusForbidden, fmt.Sprintf("User can only create keys for themselves. Got user_id=%s, Your ID=%s", owner, q.userID()), kind, param)
}

// mayManageTeamKey refuses who is not in the team, or in it without the right:
// by default plain members may only read.
func (q *request) mayManageTeamKey(t teamRow, owner, what, kind string, param any) error {
	for _, id := range []string{owner, q.userID()} {
		if t.member(id) == nil {
			return refuse(wireError(http.StatusBadRequest, fmt.Sprintf("User=%s not assigned to team=%s", id, t.id), kind, param))
		}
	}
	if t.isAdmin(q.userID()) {
		return nil
	}
	return refuse(q.noTeamPermission(t, what))
}

func (q *request) noTeamPermission(t teamRow, what string) answer {
	return wireError(http.StatusUnauthorized, fmt.Sprintf("Team member does not have permissions for endpoint: KeyManagementRoutes.%s. You only have access to the following endpoints: ['/key/info', '/key/health'] for team %s. To create keys for this team, please ask your proxy admin to check the team member permission settings and update the settings to allow team member users to create keys.",
		what, t.id), "team_member_permission_error", q.http.URL.Path)
}

func (q *request) refuseRoutes(kind string, param any) error {
	return refuse(reprError(http.StatusForbidden, "Only proxy admins can set `allowed_routes` on a key. Use `key_type` to pick a preset route bucket instead.", kind, param))
}

// refusePermissions is the 403 for others than proxy admins who send
// permissions, an empty object included.
func (q *request) refusePermissions(kind string, param any) error {
	if _, given := q.body["permissions"]; !given || q.caller.isAdmin {
		return nil
	}
	return refuse(reprError(http.StatusForbidden, "Only proxy admins can set `permissions`.", kind, param))
}

// isAdminOfKey says whether the caller is a proxy admin or an admin of the
// team of the key.
func (q *request) isAdminOfKey(k *keyRow) (bool, error) {
	if q.caller.isAdmin || k.teamID == nil {
		return q.caller.isAdmin, nil
	}
	t, _, err := q.tx.team(*k.teamID)
	return t.isAdmin(q.userID()), err
}

// refuseKeyAdmin is the 403 for who is neither: not even the owner of a key
// passes.
func (q *request) refuseKeyAdmin(k *keyRow, route string, shape func(string) answer) error {
	if admin, err := q.isAdminOfKey(k); err != nil || admin {
		return err
	}
	return refuse(shape(fmt.Sprintf("Only proxy admins, team admins, or org admins can call %s. user_role=%s, user_id=%s", route, q.caller.roleName(), q.userID())))
}

// mayUpdateKey refuses what others than proxy admins may not do with
// /key/update: nearly everything. Who made a key and owns it may change what
// is not about money.
func (q *request) mayUpdateKey(k *keyRow) error {
	if q.caller.isAdmin {
		return nil
	}
	b := q.body
	if _, given := b["allowed_routes"]; given {
		return q.refuseRoutes(typeAuth, noParam)
	}
	if err := q.refusePermissions(typeAuth, noParam); err != nil {
		return err
	}
	if err := q.refuseRebind(k); err != nil {
		return err
	}
	if k.teamID != nil {
		t, found, err := q.tx.team(*k.teamID)
		switch {
		case err != nil:
			return err
		case !found || t.member(q.userID()) == nil:
			return refuse(wireError(http.StatusUnauthorized, fmt.Sprintf("User %s does not belong to team %s. Team-scoped key management endpoints can only be used for keys in your own team.", q.userID(), *k.teamID), "team_member_permission_error", q.http.URL.Path))
		case !t.isAdmin(q.userID()):
			return refuse(q.noTeamPermission(t, "KEY_UPDATE"))
		}
	} else if k.userID != nil && !q.caller.owns(k.userID) {
		return refuse(q.onlyOwnKeys(*k.userID, typeAuth, noParam))
	}
	money := slices.ContainsFunc([]string{"max_budget", "spend", "budget_limits", "soft_budget"}, b.has)
	if (q.caller.owns(k.createdBy) && q.caller.owns(k.userID) || k.teamID != nil) && !money {
		return nil
	}
	route := "/key/update"
	if money {
		route += " (max_budget/spend)"
	}
	return q.refuseKeyAdmin(k, route, func(message string) answer { return reprError(http.StatusForbidden, message, typeAuth, noParam) })
}

// refuseRebind keeps others than proxy admins from giving a key another owner.
func (q *request) refuseRebind(k *keyRow) error {
	v, given := q.body["user_id"]
	if !given {
		return nil
	}
	fail := func(message string) error {
		return refuse(wireError(http.StatusForbidden, message, typeAuth, noParam))
	}
	to, _ := q.body.str("user_id")
	switch {
	case v.Kind() == 'n' || to == "":
		return fail("Non-admin users cannot remove the user_id from a key.")
	case k.userID == nil || *k.userID != to:
		return fail(fmt.Sprintf("Non-admin caller is not allowed to rebind the key from user=%s to user=%s", textOr(k.userID, "None"), to))
	}
	return nil
}

// textOr is the text that s points to, or what Python would print for none.
func textOr(s *string, none string) string {
	if s == nil {
		return none
	}
	return *s
}
