package gateway

import (
	"net/http"
	"slices"
)

// refuseKeyList refuses filters for what belongs to others; admins and the
// viewers among them may ask for everything.
func (q *request) refuseKeyList() error {
	if q.caller.seesAll() {
		return nil
	}
	fail := func(message, param string) error {
		return refuse(wireError(http.StatusForbidden, message, typeBadRequest, param))
	}
	if !q.caller.known {
		return fail("You are not authorized to access this endpoint. No 'user_id' is associated with your API key.", "user_id")
	}
	if v, _ := q.query("user_id"); v != "" && !q.caller.owns(&v) {
		return fail("You are not authorized to check another user's keys", "user_id")
	}
	if v, _ := q.query("team_id"); v != "" && !slices.Contains(q.caller.teams, v) {
		return fail("You are not authorized to check this team's keys", "team_id")
	}
	if v, _ := q.query("organization_id"); v != "" {
		return fail("You are not authorized to check this organization's keys", "organization_id")
	}
	v, _ := q.query("key_hash")
	if v == "" {
		return nil
	}
	k, found, err := q.tx.keyByToken(v)
	switch {
	case err != nil:
		return err
	case !found:
		return fail("Key Hash not found.", "key_hash")
	case !q.mayReadKey(k):
		return refuse(q.notYourKey(noParam))
	}
	return nil
}

// mayReadKey says whether the caller may see a key: admins, its owner, the key
// itself, and who is in its team. No owner counts as an owner: a key without
// one reads every key without one (observed on LiteLLM 1.106.2).
func (q *request) mayReadKey(k *keyRow) bool {
	c := q.caller
	return c.seesAll() || c.owns(k.userID) || c.userID == nil && k.userID == nil || c.token == k.token || k.teamID != nil && slices.Contains(c.teams, *k.teamID)
}

func (q *request) notYourKey(param any) answer {
	return wireError(http.StatusForbidden, "You are not allowed to access this key's info. Your role="+q.caller.roleName(), typeInternal, param)
}

// scopeKeys adds whose keys are listed: those of user_id or, for others than
// admins, of the caller; on demand also what this user made and what belongs
// to the caller's teams, of which plain members see the keys without owner.
func (q *request) scopeKeys(where *conditions, teamKeys, createdKeys, substring bool) error {
	user, _ := q.query("user_id")
	if user == "" && !q.caller.seesAll() {
		user = q.userID()
	}
	var own, any conditions
	switch {
	case user == "":
	case substring:
		own.contains("user_id", user)
	default:
		own.add("user_id = ?", user)
	}
	if org, _ := q.query("organization_id"); org != "" {
		own.add("organization_id = ?", org)
	}
	if len(own.parts) > 0 {
		any.add(own.join(" AND "), own.args...)
	}
	var admin, member []string
	if (teamKeys || createdKeys) && !q.caller.seesAll() {
		var err error
		if admin, member, err = q.callerTeams(); err != nil {
			return err
		}
		if !teamKeys {
			admin, member = nil, slices.Concat(admin, member)
		}
	}
	if createdKeys && user != "" {
		var teams conditions
		teams.add("team_id IS NULL")
		if all := slices.Concat(admin, member); len(all) > 0 {
			teams.among("team_id", all)
		}
		any.add("(created_by = ? AND "+teams.join(" OR ")+")", append([]interface{}{user}, teams.args...)...)
	}
	if len(admin) > 0 {
		any.among("team_id", admin)
	}
	if len(member) > 0 {
		var theirs conditions
		theirs.among("team_id", member)
		any.add("(user_id IS NULL AND "+theirs.join("")+")", theirs.args...)
	}
	if len(any.parts) > 0 {
		where.add(any.join(" OR "), any.args...)
	}
	return nil
}

// callerTeams are the teams of the caller, as an admin and as a plain member.
func (q *request) callerTeams() (admin, member []string, err error) {
	for _, id := range q.caller.teams {
		t, found, err := q.tx.team(id)
		if err != nil {
			return nil, nil, err
		}
		m := t.member(q.userID())
		switch {
		case !found || m == nil:
		case m.role == "admin":
			admin = append(admin, id)
		default:
			member = append(member, id)
		}
	}
	return admin, member, nil
}

// filterKeys adds the filters of /key/list; an empty one is none. They are
// exact, and with substring_matching key_alias is part of the alias.
func (q *request) filterKeys(where *conditions, status, expires string, substring bool) {
	filter := func(name, condition string) {
		if v, _ := q.query(name); v != "" {
			where.add(condition, v)
		}
	}
	if v, _ := q.query("key_alias"); v != "" && substring {
		where.contains("key_alias", v)
	} else {
		filter("key_alias", "key_alias = ?")
	}
	filter("key_hash", "token = ?")
	if v, _ := q.query("search"); v != "" {
		where.add("(token = ? OR key_alias LIKE ?)", v, "%"+v+"%")
	}
	filter("team_id", "team_id = ?")
	filter("project_id", "json_extract(data, '$.project_id') = ?")
	filter("access_group_id", "EXISTS (SELECT 1 FROM json_each(data, '$.access_group_ids') WHERE value = ?)")
	filter("agent_id", "json_extract(data, '$.agent_id') = ?")
	now := stamp(q.now)
	byExpiry := map[string]string{"expired": "expires < ?", "active": "(expires IS NULL OR expires >= ?)"}
	if condition := byExpiry[expires]; condition != "" {
		where.add(condition, now)
	}
	if condition := byExpiry[status]; condition != "" {
		where.add("NOT coalesce(blocked, 0)")
		where.add(condition, now)
	}
	if status == "revoked" {
		where.add("blocked")
	}
}
