package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// visible returns the deployments that are served and that the key may use.
func (q *request) visible() ([]*deployment, error) {
	all, err := q.tx.deployments()
	if err != nil {
		return nil, err
	}
	var out []*deployment
	for _, d := range all {
		if d.live != nil && q.caller.mayUse(d.name) {
			out = append(out, d.served())
		}
	}
	return out, nil
}

// groups returns the names of list, each once, in order.
func groups(list []*deployment) []string {
	var names []string
	for _, d := range list {
		if !slices.Contains(names, d.name) {
			names = append(names, d.name)
		}
	}
	return names
}

// cost is the cost of a deployment; what its info says wins.
func (d *deployment) cost() (string, cost) {
	base, _ := d.info.str("base_model")
	key, c := costOf(d.params, base)
	if mode, ok := d.info.str("mode"); ok {
		c.mode = mode
	}
	return key, c
}

// reach says how the caller gets at a model; /v2/model/info leaves it out.
type reach int

const (
	reachNone reach = iota
	reachList       // members in the middle of model_info
	reachOne        // members at its end
)

// describe is one deployment as the info endpoints show it (observed on
// LiteLLM 1.106.2, the order of members included).
func describe(q *request, d *deployment, r reach) ordered {
	var info ordered
	overrides := []string{}
	for _, m := range d.params.stored() {
		if isPrice(m.name) {
			info = append(info, m)
			overrides = append(overrides, m.name)
		}
	}
	seen := func(name string) bool {
		return slices.ContainsFunc(info, func(m member) bool { return m.name == name })
	}
	info = append(info, member{"id", d.id}, member{"db_model", !d.configured})
	if v, ok := d.info["base_model"]; ok {
		info = append(info, member{"base_model", v})
	}
	info = append(info, member{"member_auto_router", d.info["member_auto_router"]})
	if !d.configured {
		info = append(info, member{"blocked", false})
	}
	for _, m := range d.info.stored() {
		if !seen(m.name) {
			info = append(info, m)
		}
	}
	var access ordered
	switch {
	case r == reachNone:
	case q.caller.known:
		access = ordered{{"access_via_team_ids", []string{}}, {"direct_access", true}}
	default:
		access = ordered{{"direct_access", false}}
	}
	if r == reachList {
		info = append(info, access...)
	}
	info = append(info, member{"pricing_overrides", overrides})
	if key, c := d.cost(); c.provider != "" {
		for _, m := range c.members(key) {
			if !seen(m.name) {
				info = append(info, m)
			}
		}
	}
	if r == reachOne {
		info = append(info, access...)
	}
	return ordered{{"model_name", d.name}, {"litellm_params", orderedParams(d.params)}, {"model_info", info}}
}

// modelInfo is GET /model/info: everything, or the deployment with
// litellm_model_id, which is a 400 when missing.
func modelInfo(q *request) (answer, error) {
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	id, one := q.query("litellm_model_id")
	data := []ordered{}
	for _, d := range list {
		switch {
		case !one:
			data = append(data, describe(q, d, reachList))
		case d.id == id:
			data = append(data, describe(q, d, reachOne))
		}
	}
	if one && len(data) == 0 {
		return detailError(http.StatusBadRequest, "Model id = "+id+" not found on litellm proxy"), nil
	}
	return ok(ordered{{"data", data}})
}

// modelInfoPaged is GET /v2/model/info. modelId and search look into the
// database too and so find what is not served; it comes last (observed on
// LiteLLM 1.106.2).
func modelInfoPaged(q *request) (answer, error) {
	page, a, valid := q.page("page", 1, 0)
	if !valid {
		return a, nil
	}
	size, a, valid := q.page("size", 50, 0)
	if !valid {
		return a, nil
	}
	all, err := q.tx.deployments()
	if err != nil {
		return answer{}, err
	}
	id, byID := q.query("modelId")
	group, byGroup := q.query("model")
	part, _ := q.query("search")
	var list, dormant []*deployment
	for _, d := range all {
		switch {
		case !q.caller.mayUse(d.name),
			d.live == nil && !byID && part == "",
			byID && id != "" && d.id != id,
			byGroup && group != "" && d.name != group,
			!strings.Contains(strings.ToLower(d.name), strings.ToLower(part)):
			continue
		}
		if d.live == nil {
			dormant = append(dormant, d)
			continue
		}
		list = append(list, d.served())
	}
	list = append(list, dormant...)
	rows, pages := slicePage(list, page, size)
	data := []ordered{}
	for _, d := range rows {
		data = append(data, describe(q, d, reachNone))
	}
	return ok(ordered{{"data", data}, {"total_count", len(list)}, {"current_page", page}, {"total_pages", pages}, {"size", size}})
}
