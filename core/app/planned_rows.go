package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// plannedRows are the users, teams and keys of one gateway as they would be if what the dry run of a script has held back had
// been done. Routes and shapes are LiteLLM 1.106.2's.
type plannedRows struct {
	mu   sync.Mutex
	rows map[string]map[string]*plannedRow // by kind and id
	ids  map[string][]string               // by kind, in the order in which they were first spoken of
	made map[string][]string               // ids by kind, field and text in lower case
}

// plannedRow is what would be other about a row.
type plannedRow struct {
	made, gone bool
	fields     map[string]any
	members    []any // that are added to a team
}

// rowKind says how the API speaks of one kind of rows.
type rowKind struct {
	id                  string
	info, asked, inside string // the route that reads one, its parameter, and the member of its answer that holds the row
	list, items, total  string
	create, update      string
	remove, removed     string   // the route that deletes, and the member with the ids
	marks               []string // the routes that block and unblock
	fresh               map[string]any
}

var rowKinds = map[string]rowKind{
	"user": {
		id: "user_id", info: "/v2/user/info", asked: "user_id", list: "/user/list", items: "users", total: "total",
		create: "/user/new", update: "/user/update", remove: "/user/delete", removed: "user_ids",
		fresh: map[string]any{"teams": []any{}, "spend": 0, "key_count": 0, "models": []any{}, "metadata": map[string]any{}},
	},
	"team": {
		id: "team_id", info: "/team/info", asked: "team_id", inside: "team_info", list: "/v2/team/list", items: "teams", total: "total",
		create: "/team/new", update: "/team/update", remove: "/team/delete", removed: "team_ids", marks: []string{"/team/block", "/team/unblock"},
		fresh: map[string]any{"members_with_roles": []any{}, "models": []any{}, "spend": 0, "blocked": false, "metadata": map[string]any{}},
	},
	"key": {
		id: "token", info: "/key/info", asked: "key", inside: "info", list: "/key/list", items: "keys", total: "total_count",
		create: "/key/generate", update: "/key/update", remove: "/key/delete", removed: "keys", marks: []string{"/key/block", "/key/unblock"},
		fresh: map[string]any{"models": []any{}, "spend": 0, "expires": nil, "blocked": nil, "metadata": map[string]any{}},
	},
}

// row is what is known of a row, which need not be there yet; p.mu is held.
func (p *plannedRows) row(kind, id string) *plannedRow {
	if p.rows == nil {
		p.rows = map[string]map[string]*plannedRow{}
	}
	if p.rows[kind] == nil {
		p.rows[kind] = map[string]*plannedRow{}
	}
	r := p.rows[kind][id]
	if r == nil {
		if p.ids == nil {
			p.ids, p.made = map[string][]string{}, map[string][]string{}
		}
		r = &plannedRow{fields: map[string]any{}}
		p.rows[kind][id] = r
		p.ids[kind] = append(p.ids[kind], id)
	}
	return r
}

// namedBy are the fields by which one row is usually looked for.
var namedBy = []string{"user_email", "team_alias", "key_alias"}

// enter lets a row that would be made be found by its name.
func (p *plannedRows) enter(kind, id string, r *plannedRow) {
	for _, field := range namedBy {
		if text, ok := r.fields[field].(string); ok {
			at := kind + " " + field + " " + strings.ToLower(text)
			p.made[at] = append(p.made[at], id)
		}
	}
}

// candidates are the ids of rows that a list may ask for: whoever asks for a name compares it exactly.
func (p *plannedRows) candidates(kind string, query url.Values) []string {
	for _, field := range namedBy {
		if text := query.Get(field); text != "" {
			return p.made[kind+" "+field+" "+strings.ToLower(text)]
		}
	}
	return p.ids[kind]
}

// write takes note of a request that is held back.
func (p *plannedRows) write(r transport.Request) {
	body := decodeObject(r.Body)
	if body == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	route := grant.Decode(r.Path)
	if route == "/team/member_add" {
		if team, ok := body["team_id"].(string); ok {
			row := p.row("team", team)
			if list, ok := body["member"].([]any); ok {
				row.members = append(row.members, list...)
			} else {
				row.members = append(row.members, body["member"])
			}
		}
		return
	}
	for kind, k := range rowKinds {
		switch route {
		case k.create:
			row := p.row(kind, k.idOf(body))
			row.made, row.gone = true, false
			maps.Copy(row.fields, k.fresh)
			maps.Copy(row.fields, body)
			row.fields[k.id] = k.idOf(body)
			delete(row.fields, "key")
			p.enter(kind, k.idOf(body), row)
		case k.update:
			row := p.row(kind, k.idOf(body))
			maps.Copy(row.fields, body)
			delete(row.fields, "key")
		case k.remove:
			for _, id := range textsIn(body[k.removed]) {
				row := p.row(kind, id)
				row.gone, row.made = true, false
			}
		default:
			if i := slices.Index(k.marks, route); i >= 0 {
				p.row(kind, k.idOf(body)).fields["blocked"] = i == 0
			}
		}
	}
}

// idOf is the id of the row that a body is about: keys are sent by their secrets or hashes.
func (k rowKind) idOf(body map[string]any) string {
	if k.id == "token" {
		key, _ := body["key"].(string)
		if protocol.IsKey(key) {
			return protocol.KeyHash(key)
		}
		return key
	}
	id, _ := body[k.id].(string)
	return id
}

func textsIn(v any) (out []string) {
	list, _ := v.([]any)
	for _, e := range list {
		if text, ok := e.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// read answers a read of a row that would have been made or deleted; status 0: the gateway is to be asked.
func (p *plannedRows) read(r transport.Request) (body []byte, status int) {
	route := grant.Decode(r.Path)
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return nil, 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for kind, k := range rowKinds {
		if route != k.info || query.Get(k.asked) == "" {
			continue
		}
		id := query.Get(k.asked)
		row := p.rows[kind][id]
		switch {
		case row == nil || !row.made && !row.gone:
			return nil, 0
		case row.gone:
			raw, _ := json.Marshal(map[string]any{"error": map[string]any{"message": fmt.Sprintf("%s not found: %s", kind, id), "type": "not_found_error", "code": "404"}})
			return raw, http.StatusNotFound
		}
		answer := row.fields
		if k.inside != "" {
			answer = map[string]any{k.inside: row.shown(row.fields), k.asked: id, "keys": []any{}, "team_memberships": []any{}}
		}
		raw, err := json.Marshal(answer)
		if err != nil {
			return nil, 0
		}
		return raw, http.StatusOK
	}
	return nil, 0
}

// shown is a row with what would be other about it.
func (r *plannedRow) shown(row map[string]any) map[string]any {
	out := maps.Clone(row)
	maps.Copy(out, r.fields)
	if len(r.members) > 0 {
		list, _ := out["members_with_roles"].([]any)
		out["members_with_roles"] = slices.Concat(list, r.members)
	}
	return out
}

// revise is an answer of the gateway's with what would be other.
func (p *plannedRows) revise(route, rawQuery string, body []byte) []byte {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return body
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for kind, k := range rowKinds {
		if len(p.rows[kind]) == 0 {
			continue
		}
		var changed any
		switch route {
		case k.info:
			changed = p.revised(kind, k, query.Get(k.asked), decodeObject(body))
		case k.list:
			changed = p.relisted(kind, k, query, decodeObject(body))
		default:
			continue
		}
		if raw, err := json.Marshal(changed); err == nil && changed != nil {
			return raw
		}
	}
	return body
}

// revised is the answer to a read of one row; nil where nothing is other about it.
func (p *plannedRows) revised(kind string, k rowKind, id string, answer map[string]any) any {
	row := p.rows[kind][id]
	if row == nil || answer == nil {
		return nil
	}
	if k.inside == "" {
		return row.shown(answer)
	}
	inner, ok := answer[k.inside].(map[string]any)
	if !ok {
		return nil
	}
	answer[k.inside] = row.shown(inner)
	return answer
}

// relisted is a page of a list without what would be gone, and with what would be new on the first one.
func (p *plannedRows) relisted(kind string, k rowKind, query url.Values, answer map[string]any) any {
	list, ok := answer[k.items].([]any)
	if !ok {
		return nil
	}
	whole := kind != "key" || query.Get("return_full_object") == "true"
	out, more := []any{}, 0
	for _, item := range list {
		fields, _ := item.(map[string]any)
		id, _ := item.(string)
		if fields != nil {
			id, _ = fields[k.id].(string)
		}
		row := p.rows[kind][id]
		switch {
		case row == nil:
			out = append(out, item)
		case row.gone:
			more--
		case fields != nil:
			out = append(out, row.shown(fields))
		default:
			out = append(out, item)
		}
	}
	if page := query.Get("page"); page == "" || page == "1" {
		for _, id := range p.candidates(kind, query) {
			row := p.rows[kind][id]
			if !row.made || !row.fits(k, query) {
				continue
			}
			more++
			if whole {
				out = append(out, row.shown(row.fields))
			} else {
				out = append(out, id)
			}
		}
	}
	answer[k.items] = out
	if n, ok := answer[k.total].(json.Number); ok {
		if count, err := n.Int64(); err == nil {
			answer[k.total] = count + int64(more)
		}
	}
	return answer
}

// fits says whether a row that would be made is one that a list asks for: the filters are parts of texts, in any case, or lists of
// ids. Whoever asks compares exactly.
func (r *plannedRow) fits(k rowKind, query url.Values) bool {
	for name, wanted := range query {
		if len(wanted) == 0 || wanted[0] == "" {
			continue
		}
		if name == k.removed || name == "user_ids" {
			if id, _ := r.fields[k.id].(string); !slices.Contains(strings.Split(wanted[0], ","), id) {
				return false
			}
			continue
		}
		have, filters := r.fields[name]
		if !filters && !slices.Contains([]string{"user_id", "team_id", "key_alias", "team_alias", "user_email", "organization_id"}, name) {
			continue
		}
		text, _ := have.(string)
		if !strings.Contains(strings.ToLower(text), strings.ToLower(wanted[0])) {
			return false
		}
	}
	return true
}
