package gateway

import (
	"net/http"
	"slices"
)

// modelEntry is a model in the OpenAI form. created is a constant; in the list
// owned_by is one too, for a single model it is the provider (observed on
// LiteLLM 1.106.2).
func modelEntry(d *deployment, owner string) ordered {
	_, c := d.cost()
	e := ordered{{"id", d.name}, {"object", "model"}, {"created", 1677610602}, {"owned_by", owner}}
	if c.mode != "" {
		e = append(e, member{"mode", c.mode})
	}
	if c.maxInput > 0 {
		e = append(e, member{"max_input_tokens", c.maxInput})
	}
	if c.maxOutput > 0 {
		e = append(e, member{"max_output_tokens", c.maxOutput})
	}
	return e
}

// firstOf returns the first deployment of a group, nil when there is none.
func firstOf(list []*deployment, group string) *deployment {
	for _, d := range list {
		if d.name == group {
			return d
		}
	}
	return nil
}

// listModels is GET /models. A key with models of its own gets those names,
// whether such models exist or not, and others get the aliases of the key too;
// a key that has spent its budget gets nothing (observed on LiteLLM 1.106.2).
func listModels(q *request) (answer, error) {
	if err := q.refuseKeyBudget(); err != nil {
		return answer{}, err
	}
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	data := []ordered{}
	metadata, _ := q.query("include_metadata")
	for _, name := range q.caller.modelNames(list) {
		e := ordered{{"id", name}, {"object", "model"}, {"created", 1677610602}, {"owned_by", "openai"}}
		if d := firstOf(list, q.caller.resolve(name)); d != nil {
			e = modelEntry(d, "openai")
			e[0].value = name
		}
		if metadata == "true" {
			e = append(e, member{"metadata", ordered{{"fallbacks", []string{}}}})
		}
		data = append(data, e)
	}
	return ok(ordered{{"data", data}, {"object", "list"}})
}

// modelNames are the names in the list of models of a caller who sees these
// deployments.
func (c caller) modelNames(list []*deployment) []string {
	if own := c.ownModels(); len(own) > 0 && !slices.Contains(own, "all-proxy-models") {
		return slices.DeleteFunc(own, func(name string) bool { return name == "no-default-models" })
	}
	names := groups(list)
	if c.key != nil {
		for _, m := range c.key.data.object("aliases").stored() {
			names = append(names, m.name)
		}
	}
	return names
}

// oneModel is GET /models/{name}.
func oneModel(q *request) (answer, error) {
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	d := firstOf(list, q.pathValue)
	if d == nil {
		return detail(http.StatusNotFound, "The model `"+q.pathValue+"` does not exist or is not accessible"), nil
	}
	return ok(modelEntry(d, providerOf(d.params)))
}
