package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/grant"
)

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
func (p *plannedRows) revise(route, rawQuery string, raw []byte) []byte {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return raw
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for kind, k := range rowKinds {
		if len(p.rows[kind]) == 0 {
			continue
		}
		if route != k.info && route != k.list {
			continue
		}
		answer, err := body.Decode(raw)
		if err != nil {
			return raw
		}
		var changed any
		if route == k.info {
			changed = p.revised(kind, k, query.Get(k.asked), answer)
		} else {
			changed = p.relisted(kind, k, query, answer)
		}
		if revised, err := json.Marshal(changed); err == nil && changed != nil {
			return revised
		}
	}
	return raw
}

// revised is the answer to a read of one row; nil where nothing is other about it.
func (p *plannedRows) revised(kind string, k rowKind, id string, answer map[string]any) any {
	row := p.rows[kind][id]
	if row == nil {
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
