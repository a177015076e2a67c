package gateway

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"
)

// updateTeam is POST /team/update: null clears, metadata is replaced, and
// members are not looked at.
func updateTeam(q *request) (answer, error) {
	problems := checkFields(q.body, teamFields, "body")
	if !q.body.has("team_id") {
		problems = append(problems, requireText(q.body, "team_id")...)
	}
	if err := refuseInvalid(problems); err != nil {
		return answer{}, err
	}
	id, _ := q.body.str("team_id")
	t, err := q.changeTeam(id, false)
	if err != nil {
		return answer{}, err
	}
	return ok(ordered{{"team_id", id}, {"data", t.row()}})
}

// patchTeam is PATCH /team/{id}: like updateTeam, but metadata is merged, with
// null for a member to remove.
func patchTeam(q *request) (answer, error) {
	if err := refuseInvalid(checkFields(q.body, teamFields, "body")); err != nil {
		return answer{}, err
	}
	if id, given := q.body.str("team_id"); given && id != q.pathValue {
		return reprError(http.StatusBadRequest, fmt.Sprintf("team_id in body (%s) does not match team_id in path (%s)", id, q.pathValue), typeInternal, nil), nil
	}
	t, err := q.changeTeam(q.pathValue, true)
	if err != nil {
		return answer{}, err
	}
	return teamAnswer(t), nil
}

// changeTeam checks the body and applies it to the team.
func (q *request) changeTeam(id string, merge bool) (*teamRow, error) {
	b := q.body
	t, found, err := q.tx.team(id)
	if err != nil {
		return nil, err
	}
	if !q.caller.isAdmin {
		message := "You do not have access to this team"
		if t.isAdmin(q.userID()) {
			message = "Team admins on this proxy cannot edit team settings. Ask a proxy admin to enable fields under " + teamSettings + "."
		}
		return nil, refuse(wireError(http.StatusForbidden, message, typeInternal, nil))
	}
	if err := q.checkTeam(b, &t); err != nil {
		return nil, err
	}
	if !found {
		return nil, refuse(reprError(http.StatusNotFound, "Team not found, passed team_id="+id, typeInternal, nil))
	}
	if org, given := b.str("organization_id"); given && org != "" {
		return nil, refuse(reprError(http.StatusNotFound, "Organization not found, passed organization_id="+org, typeInternal, nil))
	}
	if refuseLicensed(b, "", nil) != nil {
		return nil, refuse(reprError(http.StatusForbidden, "This feature is only available for LiteLLM Enterprise users. "+licence, typeInternal, nil))
	}
	for _, name := range []string{"models", "blocked", "access_group_ids"} {
		if v, given := b[name]; given && v.Kind() == 'n' {
			return nil, refuse(wireError(http.StatusInternalServerError, requiredValue(name), typeInternal, nil))
		}
	}
	q.applyTeam(&t, merge)
	return &t, q.saveTeam(&t)
}

// teamSettings is where the dashboard has the rights of team admins.
const teamSettings = "Settings > UI > Team admin editable fields"

// applyTeam changes t as the body says.
func (q *request) applyTeam(t *teamRow, merge bool) {
	b := q.body
	if _, given := b["team_alias"]; given {
		t.alias = b.optional("team_alias")
	}
	if _, given := b["organization_id"]; given {
		t.orgID = nil
	}
	if _, given := b["max_budget"]; given {
		t.maxBudget = b.optionalFloat("max_budget")
	}
	if v, given := b["blocked"]; given {
		t.blocked = v.Kind() == 't'
	}
	for _, name := range teamMembers {
		if v, given := b[name]; given && name != "metadata" {
			t.data[name] = v
		}
	}
	if _, given := b["budget_duration"]; given {
		t.data.set("budget_reset_at", nil)
		if text, ok := b.str("budget_duration"); ok && text != "" {
			t.data.set("budget_reset_at", stamp(budgetReset(text, q.now)))
		}
	}
	v, given := b["metadata"]
	switch {
	case given && v.Kind() == '{' && merge:
		t.data["metadata"] = mergePatch(t.data["metadata"], v)
	case given:
		t.data["metadata"] = v
	}
	if folded := fold(b, object{}); len(folded) > 0 {
		t.data.set("metadata", mergeInto(t.data.object("metadata"), folded))
	}
}

// mergePatch merges objects member by member; null removes one (RFC 7386).
func mergePatch(old, patch []byte) []byte {
	o, _ := parseObject(string(old))
	p, err := parseObject(string(patch))
	if err != nil || p == nil {
		return patch
	}
	if o == nil {
		o = object{}
	}
	for name, v := range p {
		switch {
		case v.Kind() == 'n':
			delete(o, name)
		case v.Kind() == '{':
			o[name] = mergePatch(o[name], v)
		default:
			o[name] = v
		}
	}
	return raw(o)
}

func blockTeam(q *request) (answer, error)   { return q.setTeamBlocked(true) }
func unblockTeam(q *request) (answer, error) { return q.setTeamBlocked(false) }

// setTeamBlocked is POST /team/block and /team/unblock. It counts at once; in
// the real gateway keys that were used shortly before stay good for up to a
// minute.
func (q *request) setTeamBlocked(blocked bool) (answer, error) {
	if err := refuseInvalid(requireText(q.body, "team_id")); err != nil {
		return answer{}, err
	}
	id, _ := q.body.str("team_id")
	t, found, err := q.tx.team(id)
	if err != nil {
		return answer{}, err
	}
	if !found {
		return detailError(http.StatusNotFound, "Team not found, passed team_id="+id), nil
	}
	t.blocked = blocked
	if err := q.saveTeam(&t); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: t.row()}, nil
}

// deleteTeams is POST /team/delete: all or nothing, duplicates count once. The
// keys of a team go with it, into the archive.
func deleteTeams(q *request) (answer, error) {
	if err := refuseInvalid(requireTexts(q.body, "team_ids")); err != nil {
		return answer{}, err
	}
	ids, _ := q.body.strs("team_ids")
	ids = slices.Concat([]string{}, distinct(ids))
	var teams []teamRow
	for _, id := range ids {
		t, found, err := q.tx.team(id)
		if err != nil {
			return answer{}, err
		}
		if !found {
			return detailError(http.StatusNotFound, "Team not found, passed team_id="+id), nil
		}
		teams = append(teams, t)
	}
	for _, t := range teams {
		keys, err := q.tx.keysWhere(`team_id = ?`, t.id)
		if err = firstError(err, refusePoisoned(keys)); err != nil {
			return answer{}, err
		}
	}
	for _, t := range teams {
		if err := q.removeTeam(&t); err != nil {
			return answer{}, err
		}
	}
	return ok(ordered{{"deleted_teams", ids}})
}

// removeTeam deletes a team and keeps a copy of it.
func (q *request) removeTeam(t *teamRow) error {
	keys, err := q.tx.keysWhere(`team_id = ?`, t.id)
	if err != nil {
		return err
	}
	if err := q.archiveKeys(keys); err != nil {
		return err
	}
	for _, m := range t.list {
		if err := q.leaveTeam(m.id, t.id); err != nil {
			return err
		}
	}
	err = q.tx.exec(`INSERT INTO deleted_teams (`+teamColumns+`, id, deleted_at, deleted_by, deleted_by_api_key)
		SELECT `+teamColumns+`, ?, ?, ?, ? FROM teams WHERE team_id = ?`, uuid.NewString(), stamp(q.now), q.caller.userID, q.caller.keyName(), t.id)
	for _, table := range []string{"memberships", "teams"} {
		if err == nil {
			err = q.tx.exec(`DELETE FROM `+table+` WHERE team_id = ?`, t.id)
		}
	}
	return err
}
