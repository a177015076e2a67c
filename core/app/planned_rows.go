package app

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
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
	body, err := body.Decode(r.Body)
	if err != nil {
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
