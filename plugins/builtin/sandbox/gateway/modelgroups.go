package gateway

import "slices"

// modelGroupInfo is GET /model_group/info: what the deployments of a group
// have together; of prices and limits the first known ones.
func modelGroupInfo(q *request) (answer, error) {
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	want, one := q.query("model_group")
	data := []ordered{}
	for _, name := range groups(list) {
		if !one || want == name {
			data = append(data, describeGroup(list, name))
		}
	}
	return ok(ordered{{"data", data}})
}

func describeGroup(list []*deployment, name string) ordered {
	var providers []string
	var c cost
	var tpm, rpm float64
	var plain bool // nothing about the model was said with it
	for _, d := range list {
		if d.name != name {
			continue
		}
		_, one := d.cost()
		if v, ok := d.params.number("input_cost_per_token"); ok {
			one.input = v
		}
		if v, ok := d.params.number("output_cost_per_token"); ok {
			one.output = v
		}
		if providers == nil || c.mode == "" {
			c = one
			plain = len(d.info) == 3 // id, db_model, member_auto_router
		}
		if p := providerOf(d.params); !slices.Contains(providers, p) {
			providers = append(providers, p)
		}
		if n, ok := d.params.number("tpm"); ok {
			tpm += n
		}
		if n, ok := d.params.number("rpm"); ok {
			rpm += n
		}
	}
	var efforts any
	if plain && c.mode != "" && !c.reasoning {
		efforts = []string{}
	}
	return ordered{
		{"model_group", name}, {"providers", providers},
		{"max_input_tokens", orNull(c.maxInput)}, {"max_output_tokens", orNull(c.maxOutput)},
		{"input_cost_per_token", orNull(c.input)}, {"output_cost_per_token", orNull(c.output)}, {"input_cost_per_pixel", nil},
		{"mode", orNull(c.mode)}, {"tpm", orNull(tpm)}, {"rpm", orNull(rpm)}, {"itpm", nil}, {"otpm", nil},
		{"supports_parallel_function_calling", c.parallelTools}, {"supports_vision", c.vision},
		{"supports_web_search", false}, {"supports_url_context", false}, {"supports_reasoning", c.reasoning},
		{"supports_function_calling", c.tools}, {"supports_fast_mode", false},
		{"supported_reasoning_efforts", efforts}, {"supported_openai_params", openAIParams(c.provider)},
		{"configurable_clientside_auth_params", nil}, {"is_public_model_group", false},
		{"health_status", nil}, {"health_response_time", nil}, {"health_checked_at", nil},
	}
}
