package gateway

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
)

func credentialRoutes() []route {
	remove := change(http.MethodDelete, "/credentials/{name...}", admins, deleteCredential)
	remove.body = false
	return []route{
		change(http.MethodPost, "/credentials", admins, newCredential),
		get("/credentials", admins, listCredentials),
		get("/credentials/by_name/{name...}", admins, oneCredential),
		remove,
	}
}

// credential is one row of credentials.
type credential struct {
	name         string
	info, values object
}

func (s *store) credentialsWhere(where string, args ...any) ([]credential, error) {
	var list []credential
	err := s.each(`SELECT name, info, secrets FROM credentials WHERE `+where+` ORDER BY created_at, name`, args, func(rows *sql.Rows) error {
		var c credential
		var info, values string
		err := rows.Scan(&c.name, &info, &values)
		if err == nil {
			c.info, err = parseObject(info)
		}
		if err == nil {
			c.values, err = parseObject(values)
		}
		list = append(list, c)
		return err
	})
	return list, err
}

// show is c in answers: values whose name looks like a secret are masked,
// others are in clear (observed on LiteLLM 1.106.2).
func (c credential) show() ordered {
	values := object{}
	for name, v := range c.values {
		if text, ok := c.values.str(name); ok && looksSecret(name) {
			values.set(name, maskSecret(text))
			continue
		}
		values[name] = v
	}
	return ordered{{"credential_name", c.name}, {"display_name", nil}, {"credential_info", c.info}, {"credential_values", values.stored()}, {"source", "db"}}
}

func looksSecret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"key", "token", "secret", "password", "authorization"} {
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

// newCredential is POST /credentials. The values of a model (model_id) are not
// supported here; such a model counts as missing.
func newCredential(q *request) (answer, error) {
	b := q.body
	if !b.has("credential_values") && !b.has("model_id") {
		return invalid(valueProblem("Either credential_values or model_id must be set")), nil
	}
	var problems []problem
	name, ok := b.str("credential_name")
	if !ok {
		problems = append(problems, missing("body", "credential_name"))
	}
	info, err := parseObject(string(b["credential_info"]))
	if err != nil || !b.has("credential_info") {
		problems = append(problems, missing("body", "credential_info"))
	}
	if len(problems) > 0 {
		return invalid(problems...), nil
	}
	if !b.has("credential_values") {
		return wireError(http.StatusNotFound, "Model not found", typeInternal, nil), nil
	}
	values, err := parseObject(string(b["credential_values"]))
	if err != nil { //nolint:nilerr // the refusal is the answer
		return invalid(problem{"dict_type", []any{"body", "credential_values"}, "Input should be a valid dictionary"}), nil
	}
	err = q.tx.exec(`INSERT INTO credentials (name, info, secrets, created_at) VALUES (?,?,?,?)`, name, info.text(), values.text(), stamp(q.now))
	if isDuplicate(err) {
		return wireError(http.StatusConflict, fmt.Sprintf("Credential '%s' already exists. Update it with PATCH /credentials/%s, or delete it first.", name, name), typeInternal, nil), nil
	}
	if err != nil {
		return answer{}, err
	}
	return done("Credential created successfully")
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
