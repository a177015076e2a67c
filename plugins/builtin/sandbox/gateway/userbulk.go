package gateway

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// mostBulk is how many users one bulk call takes.
const mostBulk = 500

// problemDocument is an error of /management/v1 (RFC 9457).
func problemDocument(status int, slug, title, detail string) answer {
	a := reply(status, ordered{{"type", "urn:litellm:error:" + slug}, {"title", title}, {"status", status}, {"detail", detail}})
	a.contentType = "application/problem+json"
	return a
}

// invalidBody is the problem document for a body that does not validate.
func invalidBody(text string) answer {
	return problemDocument(http.StatusUnprocessableEntity, "invalid-request-body", "Invalid request body", text)
}

func badBulk(format string, args ...any) error {
	return refuse(invalidBody(fmt.Sprintf(format, args...)))
}

// bulkList checks the body, which has one member and refuses others, and
// returns the list in it. said is what the gateway calls the list.
func (q *request) bulkList(name, said, notOne string) ([]jsontext.Value, error) {
	v, given := q.body[name]
	list := elements(v)
	var wrong []string
	switch {
	case !given:
		wrong = append(wrong, name+": Field required")
	case v.Kind() != '[':
		wrong = append(wrong, name+": "+notOne)
	case len(list) == 0:
		wrong = append(wrong, name+": "+said+" should have at least 1 item after validation, not 0")
	case len(list) > mostBulk:
		wrong = append(wrong, fmt.Sprintf("%s: %s should have at most %d items after validation, not %d", name, said, mostBulk, len(list)))
	}
	for _, other := range slices.Sorted(maps.Keys(q.body)) {
		if other != name {
			wrong = append(wrong, other+": Extra inputs are not permitted")
		}
	}
	if len(wrong) > 0 {
		return nil, badBulk("%s", strings.Join(wrong, "; "))
	}
	return list, nil
}

// bulkUserFields are the members of a user in a bulk call.
var bulkUserFields = slices.Concat(keyFields, fields("user_email string, user_alias string, user_role any, teams any, auto_create_key boolean, sso_user_id string, organizations strings, key_type any, tpm_limit_type any, rpm_limit_type any, object_permission any, router_settings any"))

// createUsers is POST /management/v1/users/bulk. What is wrong with a row fails
// this row only, and the answer is a 200. A row makes no key unless it asks for
// one, and a team that does not exist fails it (observed on LiteLLM 1.106.2).
func createUsers(q *request) (answer, error) {
	list, err := q.bulkList("users", "Value", "'str' instances are not allowed as a Sequence value")
	if err != nil {
		return answer{}, err
	}
	rows, err := readBulkUsers(list)
	if err != nil {
		return answer{}, err
	}
	var ids, emails []string
	out, created := []ordered{}, 0
	for _, b := range rows {
		q.body = b
		u := q.userOf(b)
		key, message, err := q.createBulkUser(&u, ids, emails)
		if err != nil {
			return answer{}, err
		}
		ids, emails = append(ids, u.id), append(emails, strings.ToLower(textOr(u.email, "")))
		var teams, failed any
		if message == "" {
			created++
			teams = slices.Concat([]string{}, u.teams())
		} else {
			failed = message
		}
		out = append(out, ordered{{"user_id", u.id}, {"user_email", u.email}, {"success", message == ""}, {"teams", teams}, {"key", key}, {"error", failed}})
	}
	return ok(ordered{{"data", out}, {"meta", ordered{{"total_requested", len(rows)}, {"created", created}, {"failed", len(rows) - created}}}})
}

// readBulkUsers validates all rows; one that does not validate fails all.
func readBulkUsers(list []jsontext.Value) ([]object, error) {
	var rows []object
	for i, e := range list {
		b, err := parseObject(string(e))
		if err != nil || b == nil {
			return nil, badBulk("users.%d: Input should be a valid dictionary or instance of BulkCreateUser", i)
		}
		for _, name := range slices.Sorted(maps.Keys(b)) {
			if !slices.ContainsFunc(bulkUserFields, func(f field) bool { return f.name == name }) {
				return nil, badBulk("users.%d.%s: Extra inputs are not permitted", i, name)
			}
		}
		for _, p := range append(checkUserBody(b), checkTeams(b)...) {
			at := make([]string, 0, len(p.loc))
			for _, part := range p.loc[1:] {
				at = append(at, fmt.Sprint(part))
			}
			return nil, badBulk("users.%d.%s: %s", i, strings.Join(at, "."), p.message)
		}
		rows = append(rows, b)
	}
	return rows, nil
}

// createBulkUser makes one user; message says why it was not made.
func (q *request) createBulkUser(u *userRow, ids, emails []string) (key any, message string, err error) {
	switch {
	case slices.Contains(ids, u.id):
		return nil, "Duplicate user_id in request: " + u.id, nil
	case u.email != nil && slices.Contains(emails, strings.ToLower(*u.email)):
		return nil, "Duplicate user_email in request: " + *u.email, nil
	}
	if message = checkBudgetDuration(q.body); message != "" {
		return nil, message, nil
	}
	if _, taken, err := q.tx.user(u.id); err != nil || taken {
		return nil, fmt.Sprintf("User id=%s already exists", u.id), err
	}
	if u.email != nil {
		if _, taken, err := q.tx.userWhere(`user_email = ? COLLATE NOCASE`, *u.email); err != nil || taken {
			return nil, fmt.Sprintf("User email=%s already exists", *u.email), err
		}
	}
	wanted, _ := wantedTeams(q.body)
	for _, w := range wanted {
		if _, found, err := q.tx.team(w.id); err != nil || !found {
			return nil, fmt.Sprintf("Team id=%s does not exist", w.id), err
		}
	}
	var k *keyRow
	if isTrue(q.body, "auto_create_key") {
		secret := randomKey()
		if k, err = q.keyOf(*u, secret); err != nil {
			return nil, "", err
		}
		key = secret
	}
	if err := q.insertUser(*u, k); err != nil {
		return nil, "", err
	}
	_, err = q.joinTeams(u)
	return key, "", err
}

// removeUsers is POST /management/v1/users/bulk_delete. A user that is missing
// fails its row, the answer is a 200 even when all are (observed on LiteLLM
// 1.106.2).
func removeUsers(q *request) (answer, error) {
	list, err := q.bulkList("user_ids", "Tuple", "Input should be a valid tuple")
	if err != nil {
		return answer{}, err
	}
	if !q.caller.isAdmin {
		return problemDocument(http.StatusForbidden, "forbidden", "Forbidden", "Only PROXY_ADMIN or ORG_ADMIN users may delete users."), nil
	}
	var seen []string
	out := []ordered{}
	for i, e := range list {
		id, isText := (object{"id": e}).str("id")
		if !isText {
			return answer{}, badBulk("user_ids.%d: Input should be a valid string", i)
		}
		row, err := q.removeBulkUser(id, slices.Contains(seen, id))
		if err != nil {
			return answer{}, err
		}
		seen, out = append(seen, id), append(out, row)
	}
	return ok(ordered{{"data", out}})
}

func (q *request) removeBulkUser(id string, repeated bool) (ordered, error) {
	u, found, err := q.tx.user(id)
	if err != nil {
		return nil, err
	}
	teams, failed := []string{}, any(nil)
	switch {
	case repeated:
		failed, u.email = "Duplicate user_id in request: "+id, nil
	case !found:
		failed = fmt.Sprintf("User id=%s not found", id)
	default:
		if teams, err = q.removeUser(u); err != nil {
			return nil, err
		}
	}
	return ordered{{"user_id", id}, {"user_email", u.email}, {"success", failed == nil}, {"teams_removed", teams}, {"error", failed}}, nil
}
