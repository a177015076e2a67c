package gateway

import (
	"database/sql"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// conditions collects the parts of a WHERE clause and what they compare with.
type conditions struct {
	parts []string
	args  []any
}

func (c *conditions) add(part string, args ...any) {
	c.parts, c.args = append(c.parts, part), append(c.args, args...)
}

// join is the clause, "1" for no condition.
func (c *conditions) join(with string) string {
	if len(c.parts) == 0 {
		return "1"
	}
	return "(" + strings.Join(c.parts, with) + ")"
}

// among adds that a column is one of the values.
func (c *conditions) among(column string, values []string) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	c.add(column+" IN ("+strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")+")", args...)
}

// contains adds a search for a part of a text in any case; % and _ in it are
// wildcards (observed on LiteLLM 1.106.2).
func (c *conditions) contains(column, part string) { c.add(column+" LIKE ?", "%"+part+"%") }

// keyQuery is what /key/list was asked for.
type keyQuery struct {
	page, size int
	full, user bool // whole objects; with their users
	deleted    bool
	where      conditions
	order      string
}

// listKeys is GET /key/list. A caller who is no admin gets own keys only, with
// totals that do not show it. A whole object that is poisoned makes all of the
// page a 500 (both observed on LiteLLM 1.106.2).
func listKeys(q *request) (answer, error) {
	kq, err := q.parseKeyQuery()
	if err != nil {
		return answer{}, err
	}
	table, row, more := "keys", "token", ""
	if kq.deleted {
		table, row, more = "deleted_keys", "rowid", ", id, deleted_at, deleted_by, deleted_by_api_key"
	}
	where := kq.where.join(" AND ")
	var total int
	if _, err := q.tx.get(`SELECT count(*) FROM `+table+` WHERE `+where, kq.where.args, &total); err != nil {
		return answer{}, err
	}
	keys := []jsontext.Value{}
	page := ` FROM ` + table + ` WHERE ` + where + ` ORDER BY ` + kq.order + ` LIMIT ? OFFSET ?`
	args := slices.Concat(kq.where.args, []any{kq.size, (kq.page - 1) * kq.size})
	if kq.full {
		// The rows that are skipped are found in an index and not read.
		keys, err = q.fullKeys(`SELECT `+keyColumns+more+` FROM (SELECT `+row+` AS picked`+page+`) CROSS JOIN `+table+` ON `+table+`.`+row+` = picked ORDER BY `+kq.order, args, kq)
	} else {
		err = q.tx.each(`SELECT token`+page, args, func(rows *sql.Rows) error {
			var token string
			err := rows.Scan(&token)
			keys = append(keys, raw(token))
			return err
		})
	}
	if err != nil {
		return answer{}, err
	}
	return ok(ordered{{"keys", keys}, {"total_count", total}, {"current_page", kq.page}, {"total_pages", (total + kq.size - 1) / kq.size}})
}

// fullKeys are the rows of a page as objects.
func (q *request) fullKeys(query string, args []any, kq *keyQuery) ([]jsontext.Value, error) {
	var rows []*keyRow
	var archived []object
	err := q.tx.each(query, args, func(r *sql.Rows) error {
		var a archive
		var more []any
		if kq.deleted {
			more = a.columns()
		}
		k, err := scanKey(r, more...)
		rows = append(rows, k)
		if kq.deleted {
			archived = append(archived, a.members())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	keys := make([]jsontext.Value, 0, len(rows))
	for i, k := range rows {
		if kq.deleted {
			keys = append(keys, deletedKeyForm().fill(mergeInto(k.members(), archived[i])))
			continue
		}
		o, err := k.withBudget(q.tx)
		if err != nil {
			return nil, err
		}
		if message := k.poison("UserAPIKeyAuth"); message != "" {
			return nil, refuse(wireError(http.StatusInternalServerError, "Authentication Error, "+message, typeInternal, noParam))
		}
		if kq.user {
			if err := q.addUsers(k, o); err != nil {
				return nil, err
			}
		}
		keys = append(keys, keyListedForm().fill(o))
	}
	return keys, nil
}

// addUsers is expand=user: the owner of the key and who made it.
func (q *request) addUsers(k *keyRow, o object) error {
	for name, id := range map[string]*string{"user": k.userID, "created_by_user": k.createdBy} {
		if id == nil {
			continue
		}
		u, found, err := q.tx.user(*id)
		switch {
		case err != nil:
			return err
		case !found:
		case name == "user":
			o[name] = userFullForm().fill(u.members())
		default:
			o.set(name, ordered{{"user_id", u.id}, {"user_email", u.email}, {"user_alias", u.alias}})
		}
	}
	return nil
}

// parseKeyQuery reads the query of /key/list.
func (q *request) parseKeyQuery() (*keyQuery, error) {
	kq := &keyQuery{}
	var problems []problem
	kq.page = q.number("page", 1, 0, &problems)
	kq.size = q.number("size", 10, 100, &problems)
	kq.full = q.flag("return_full_object", &problems)
	teamKeys := q.flag("include_team_keys", &problems)
	createdKeys := q.flag("include_created_by_keys", &problems)
	substring := q.flag("substring_matching", &problems)
	if err := refuseInvalid(problems); err != nil {
		return nil, err
	}
	kq.user = slices.Contains(q.http.URL.Query()["expand"], "user")
	kq.full = kq.full || kq.user
	status, err := q.choice("status", "active", "expired", "revoked", "deleted")
	if err != nil {
		return nil, err
	}
	kq.deleted = status == "deleted"
	expires, err := q.choice("expires", "active", "expired")
	if err != nil {
		return nil, err
	}
	if err := q.refuseKeyList(); err != nil {
		return nil, err
	}
	if err := q.scopeKeys(&kq.where, teamKeys, createdKeys, substring && q.caller.seesAll()); err != nil {
		return nil, err
	}
	q.filterKeys(&kq.where, status, expires, substring)
	kq.order, err = q.keyOrder(kq.page)
	return kq, err
}

// choice reads a query parameter that is absent or one of the texts.
func (q *request) choice(name string, texts ...string) (string, error) {
	text, given := q.query(name)
	if given && !slices.Contains(texts, text) {
		message := "Invalid " + name + " value. Supported: '" + strings.Join(texts, "', '") + "'."
		return "", refuse(reprError(http.StatusBadRequest, message, typeInternal, noParam))
	}
	return text, nil
}

// keyOrder is the order of /key/list. Many rows have the same spend or budget,
// and the order among them changes from page to page, so that a walk over the
// pages misses some and repeats others (observed on LiteLLM 1.106.2).
func (q *request) keyOrder(page int) (string, error) {
	column, given := q.query("sort_by")
	if !given {
		return "created_at DESC, token DESC", nil
	}
	columns := []string{"spend", "max_budget", "created_at", "updated_at", "token", "key_alias"}
	if !slices.Contains(columns, column) {
		return "", refuse(reprError(http.StatusBadRequest, "Invalid sort column. Must be one of: "+strings.Join(columns, ", "), typeInternal, noParam))
	}
	order, _ := q.query("sort_order")
	tie := "token"
	if column == "spend" || column == "max_budget" {
		tie = shuffled("token", page)
	}
	return sortedBy(column, strings.EqualFold(order, "asc")) + ", " + tie, nil
}

// sortedBy orders the way PostgreSQL does, with null as the greatest value.
func sortedBy(column string, ascending bool) string {
	if ascending {
		return column + " ASC NULLS LAST"
	}
	return column + " DESC NULLS FIRST"
}

// shuffled is an order that differs from one page to the next.
func shuffled(column string, page int) string {
	if page%2 == 0 {
		return column + " DESC"
	}
	return column
}
