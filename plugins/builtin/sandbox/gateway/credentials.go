package gateway

import (
	"database/sql"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

func credentialRoutes() []route {
	remove := change(http.MethodDelete, "/credentials/{name...}", admins, deleteCredential)
	remove.body = false
	return []route{
		change(http.MethodPost, "/credentials", admins, newCredential),
		get("/credentials", admins, listCredentials),
		get("/credentials/by_name/{name...}", admins, oneCredential),
		change(http.MethodPatch, "/credentials/{name...}", admins, patchCredential),
		remove,
	}
}

// credential is one row of credentials. Info and values keep the order in which
// their members came.
type credential struct {
	name         string
	label        *string
	info, values ordered
}

func (s *store) credentialsWhere(where string, args ...any) ([]credential, error) {
	var list []credential
	err := s.each(`SELECT name, display_name, info, secrets FROM credentials WHERE `+where+` ORDER BY created_at, name`, args, func(rows *sql.Rows) error {
		var c credential
		var info, values string
		err := rows.Scan(&c.name, &c.label, &info, &values)
		c.info, c.values = shape(info), shape(values)
		list = append(list, c)
		return err
	})
	return list, err
}

// show is c in answers: values whose name looks like a secret are masked,
// others are in clear (observed on LiteLLM 1.106.2).
func (c credential) show() ordered {
	values := ordered{}
	for _, m := range c.values {
		v, _ := m.value.(jsontext.Value)
		if text, ok := (object{m.name: v}).str(m.name); ok && looksSecret(m.name) {
			m.value = maskSecret(text)
		}
		values = append(values, m)
	}
	return ordered{{"credential_name", c.name}, {"display_name", c.label}, {"credential_info", c.info}, {"credential_values", values}, {"source", "db"}}
}

func looksSecret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"key", "token", "secret", "password", "authorization", "vertex_credentials"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// maskSecret shows two characters at both ends, of a short value nothing.
func maskSecret(s string) string {
	if len(s) <= 4 {
		return "*****"
	}
	return s[:2] + "****" + s[len(s)-2:]
}

var credentialFields = fields("credential_name string, display_name string, credential_info dict, credential_values dict")

// newCredential is POST /credentials. The values of a model (model_id) are not
// supported here; such a model counts as missing. Values without members count
// as none (observed on LiteLLM 1.106.2).
func newCredential(q *request) (answer, error) {
	b := q.body
	empty := !b.has("credential_values") || b["credential_values"].Kind() == '{' && len(b.object("credential_values")) == 0
	if empty && !b.has("model_id") {
		return invalid(valueProblem("Either credential_values or model_id must be set")), nil
	}
	var problems []problem
	for _, name := range []string{"credential_name", "credential_info"} {
		if _, given := b[name]; !given {
			problems = append(problems, missing("body", name))
		}
	}
	problems = append(problems, checkFields(b, credentialFields, "body")...)
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	if b.has("model_id") {
		return wireError(http.StatusNotFound, "Model not found", typeInternal, nil), nil
	}
	name, _ := b.str("credential_name")
	err := q.tx.exec(`INSERT INTO credentials (name, display_name, info, secrets, created_at) VALUES (?,?,?,?,?)`,
		name, b.optional("display_name"), string(b["credential_info"]), string(b["credential_values"]), stamp(q.now))
	if isDuplicate(err) {
		return wireError(http.StatusConflict, fmt.Sprintf("Credential '%s' already exists. Update it with PATCH /credentials/%s, or delete it first.", name, name), typeInternal, nil), nil
	}
	if err != nil {
		return answer{}, err
	}
	return done("Credential created successfully")
}

// patchCredential is PATCH /credentials/{name}. It merges; a name in the body
// must be the one in the path.
func patchCredential(q *request) (answer, error) {
	b := q.body
	problems := checkFields(b, credentialFields, "body")
	if v, given := b["credential_info"]; !given {
		problems = append(problems, missing("body", "credential_info"))
	} else if v.Kind() == 'n' {
		problems = append(problems, problem{"dict_type", []any{"body", "credential_info"}, "Input should be a valid dictionary"})
	}
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	if name, given := b.str("credential_name"); given && name != q.pathValue {
		return wireError(http.StatusBadRequest, "credential_name is immutable. Set display_name to change how the credential is labeled.", "validation_error", "credential_name"), nil
	}
	list, err := q.tx.credentialsWhere(`name = ?`, q.pathValue)
	if err != nil {
		return answer{}, err
	}
	if len(list) == 0 {
		return wireError(http.StatusNotFound, "Credential not found in DB.", typeInternal, nil), nil
	}
	c := list[0]
	if _, given := b["display_name"]; given {
		c.label = b.optional("display_name")
	}
	c.info, c.values = c.info.merged(b["credential_info"]), c.values.merged(b["credential_values"])
	if err := q.tx.exec(`UPDATE credentials SET display_name = ?, info = ?, secrets = ? WHERE name = ?`, c.label, string(raw(c.info)), string(raw(c.values)), c.name); err != nil {
		return answer{}, err
	}
	return done("Credential updated successfully")
}

// merged is o with the members of an object put over it, new ones at its end.
func (o ordered) merged(over jsontext.Value) ordered {
	for _, m := range shape(string(over)) {
		if i := slices.IndexFunc(o, func(old member) bool { return old.name == m.name }); i >= 0 {
			o[i] = m
			continue
		}
		o = append(o, m)
	}
	return o
}

func done(message string) (answer, error) {
	return ok(ordered{{"success", true}, {"message", message}})
}

func noCredential(name string) (answer, error) {
	return wireError(http.StatusNotFound, "Credential not found. Got credential name: "+name, typeInternal, nil), nil
}

func listCredentials(q *request) (answer, error) {
	list, err := q.tx.credentialsWhere(`1`)
	if err != nil {
		return answer{}, err
	}
	shown := []ordered{}
	for _, c := range list {
		shown = append(shown, c.show())
	}
	return ok(ordered{{"success", true}, {"credentials", shown}})
}

func oneCredential(q *request) (answer, error) {
	list, err := q.tx.credentialsWhere(`name = ?`, q.pathValue)
	if err != nil {
		return answer{}, err
	}
	if len(list) == 0 {
		return noCredential(q.pathValue)
	}
	return ok(list[0].show())
}

// deleteCredential leaves models that use the name as they are.
func deleteCredential(q *request) (answer, error) {
	n, err := q.tx.execCount(`DELETE FROM credentials WHERE name = ?`, q.pathValue)
	if err != nil {
		return answer{}, err
	}
	if n == 0 {
		return noCredential(q.pathValue)
	}
	return done("Credential deleted successfully")
}
