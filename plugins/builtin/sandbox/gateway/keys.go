package gateway

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
)

func keyRoutes() []route {
	regenerate := change(http.MethodPost, "/key/regenerate", selfers, regenerateKey)
	regenerate.optional = true
	regenerateOne := regenerate
	regenerateOne.pattern = "/key/{key}/regenerate"
	info := change(http.MethodPost, "/v2/key/info", anyone, keyInfos)
	info.writes, info.optional = false, true
	return []route{
		change(http.MethodPost, "/key/generate", selfers, generateKey),
		change(http.MethodPost, "/key/update", selfers, updateKey),
		change(http.MethodPost, "/key/delete", selfers, deleteKeys),
		change(http.MethodPost, "/key/block", selfers, blockKey),
		change(http.MethodPost, "/key/unblock", selfers, unblockKey),
		regenerate,
		regenerateOne,
		change(http.MethodPost, "/key/{key}/reset_spend", selfers, resetKeySpend),
		get("/key/info", anyone, keyInfo),
		info,
		get("/key/list", anyone, listKeys),
		get("/key/aliases", selfers, listAliases),
	}
}

// keyRow is one row of keys. data holds the members that are not columns and
// not as they are in a row where nothing was set.
type keyRow struct {
	token                        string
	alias, userID, teamID, orgID *string
	createdBy                    *string
	blocked                      *bool
	expires                      *string
	spend, totalSpend            float64
	maxBudget                    *float64
	lastActive                   *string
	createdAt, updatedAt         string
	data                         object
}

const keyColumns = `token, key_alias, user_id, team_id, organization_id, created_by, blocked, expires, spend, total_spend, max_budget, last_active, created_at, updated_at, data`

func (k *keyRow) values() []any {
	return []any{k.token, k.alias, k.userID, k.teamID, k.orgID, k.createdBy, k.blocked, k.expires, k.spend, k.totalSpend,
		k.maxBudget, k.lastActive, k.createdAt, k.updatedAt, k.data.column()}
}

func (k *keyRow) insert(st *store) error {
	return st.exec(`INSERT INTO keys (`+keyColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, k.values()...)
}

func (k *keyRow) update(st *store) error {
	return st.exec(`UPDATE keys SET (`+keyColumns+`) = (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE token = ?`, append(k.values(), k.token)...)
}

// scanKey reads keyColumns and the columns behind them.
func scanKey(rows *sql.Rows, more ...any) (*keyRow, error) {
	k := &keyRow{}
	var data string
	err := rows.Scan(append([]any{&k.token, &k.alias, &k.userID, &k.teamID, &k.orgID, &k.createdBy, &k.blocked, &k.expires, &k.spend,
		&k.totalSpend, &k.maxBudget, &k.lastActive, &k.createdAt, &k.updatedAt, &data}, more...)...)
	if err == nil {
		k.data, err = parseObject(data)
	}
	return k, err
}

// keysWhere returns the keys that where selects, newest first.
func (s *store) keysWhere(where string, args ...any) ([]*keyRow, error) {
	var list []*keyRow
	err := s.each(`SELECT `+keyColumns+` FROM keys WHERE `+where+` ORDER BY created_at DESC, token DESC`, args, func(rows *sql.Rows) error {
		k, err := scanKey(rows)
		list = append(list, k)
		return err
	})
	return list, err
}

// keyByToken returns the key with the hash.
func (s *store) keyByToken(token string) (*keyRow, bool, error) {
	list, err := s.keysWhere(`token = ?`, token)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// tokenOf is the hash of a key that is named by itself or by its hash.
func tokenOf(name string) string {
	if strings.HasPrefix(name, "sk-") {
		return hashKey(name)
	}
	return name
}

// members is everything of k under the names of the answers.
func (k *keyRow) members() object {
	o := make(object, len(k.data)+16)
	maps.Copy(o, k.data)
	o.set("token", k.token)
	o.set("key_alias", k.alias)
	o.set("user_id", k.userID)
	o.set("team_id", k.teamID)
	o.set("organization_id", k.orgID)
	o["org_id"] = o["organization_id"]
	o.set("created_by", k.createdBy)
	o.set("blocked", k.blocked)
	o.set("expires", k.expires)
	o["spend"] = floatValue(k.spend)
	o["total_spend"] = floatValue(k.totalSpend)
	o.setBudget(k.maxBudget)
	o.set("last_active", k.lastActive)
	o.set("created_at", k.createdAt)
	o.set("updated_at", k.updatedAt)
	return o
}

// withBudget is members with the budget that the key is tied to. Some answers
// have it and some have null in its place (observed on LiteLLM 1.106.2).
func (k *keyRow) withBudget(st *store) (object, error) {
	o := k.members()
	id, tied := k.data.str("budget_id")
	if !tied {
		return o, nil
	}
	b, found, err := st.budget(id)
	if found {
		o["litellm_budget_table"] = budgetForm().fill(b)
	}
	return o, err
}

// isTeam says whether the key belongs to the team.
func (k *keyRow) isTeam(id string) bool { return k.teamID != nil && *k.teamID == id }

// optional returns the string at name, nil when there is none.
func (o object) optional(name string) *string {
	if s, ok := o.str(name); ok {
		return &s
	}
	return nil
}

// optionalFloat returns the number at name, nil when there is none.
func (o object) optionalFloat(name string) *float64 {
	if f, ok := o.number(name); ok {
		return &f
	}
	return nil
}

// setBudget stores max_budget.
func (o object) setBudget(f *float64) {
	if f == nil {
		o.set("max_budget", nil)
		return
	}
	o["max_budget"] = floatValue(*f)
}

// randomKey is a key as the gateway makes them: 22 characters behind sk-.
func randomKey() string {
	b := make([]byte, 16)
	rand.Read(b) // never returns an error
	return "sk-" + base64.RawURLEncoding.EncodeToString(b)
}

// maskKey shows four characters at both ends of a long text.
func maskKey(s string) string {
	if len(s) <= 8 {
		return "****"
	}
	return s[:4] + "****" + s[len(s)-4:]
}
