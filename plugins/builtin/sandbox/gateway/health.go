package gateway

import "net/http"

func healthRoutes() []route {
	return []route{
		get("/", public, homePage),
		get("/health/liveliness", public, alive),
		get("/health/liveness", public, alive),
		get("/health/readiness", public, readiness),
		get("/health/readiness/details", admins, readinessDetails),
		get("/health", anyone, health),
	}
}

func homePage(*request) (answer, error) {
	const html = "<!DOCTYPE html>\n<html>\n<head><title>LiteLLM sandbox</title></head>\n" +
		"<body><h1>LiteLLM sandbox</h1><p>A local stand-in for a LiteLLM gateway. There is no dashboard here.</p></body>\n</html>\n"
	return answer{status: http.StatusOK, contentType: "text/html; charset=utf-8", body: []byte(html)}, nil
}

func alive(*request) (answer, error) { return ok("I'm alive!") }

func readiness(*request) (answer, error) {
	return ok(ordered{{"status", "healthy"}, {"db", "connected"}})
}

func readinessDetails(*request) (answer, error) {
	return ok(ordered{
		{"status", "healthy"}, {"db", "connected"}, {"cache", nil}, {"litellm_version", emulated},
		{"success_callbacks", []string{}}, {"use_aiohttp_transport", true}, {"log_level", "WARNING"},
		{"is_detailed_debug", false}, {"show_no_redis_warning", false}, {"show_env_credential_login_warning", true},
	})
}

// health is GET /health: every deployment, or the one with model_id, or those
// whose name or litellm_params.model is model; an empty model is none of them.
// What was asked for and is not healthy makes a 503 (observed on LiteLLM
// 1.106.2, where each deployment is really called, which takes seconds).
func health(q *request) (answer, error) {
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	id, _ := q.query("model_id")
	group, byGroup := q.query("model")
	healthy, unhealthy, found := []ordered{}, []ordered{}, false
	for _, d := range list {
		model, _ := d.params.str("model")
		if id != "" && d.id != id || byGroup && (group == "" || d.name != group && model != group) {
			continue
		}
		found = true
		e := endpoint(d)
		_, f := mockReply(d)
		if f == nil {
			healthy = append(healthy, append(e, member{"model_id", d.id}))
			continue
		}
		unhealthy = append(unhealthy, append(e, member{"error", f.message}, member{"raw_request_typed_dict", rawRequest(d)},
			member{"model_id", d.id}, member{"exception_status", f.status}))
	}
	if id != "" && !found {
		return detailError(http.StatusNotFound, "Model with ID "+id+" not found"), nil
	}
	status := http.StatusOK
	if len(healthy) == 0 && id+group != "" {
		status = http.StatusServiceUnavailable
	}
	return reply(status, ordered{
		{"healthy_endpoints", healthy}, {"unhealthy_endpoints", unhealthy},
		{"healthy_count", len(healthy)}, {"unhealthy_count", len(unhealthy)},
	}), nil
}

// endpoint is what /health shows of the params.
func endpoint(d *deployment) ordered {
	var e ordered
	for _, name := range []string{"api_base", "api_version", "rpm", "tpm", "model"} {
		if d.params.has(name) {
			e = append(e, member{name, d.params[name]})
		}
	}
	return e
}

// rawRequest is the request that a failed check would have sent; there is none
// when it failed for want of a key.
func rawRequest(d *deployment) any {
	if !d.params.has("api_key") && !d.params.has("mock_response") {
		return nil
	}
	base, _ := d.params.str("api_base")
	return ordered{{"raw_request_api_base", base}, {"raw_request_body", ordered{}}, {"raw_request_headers", ordered{}}, {"error", nil}}
}
