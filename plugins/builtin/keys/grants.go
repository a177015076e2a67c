package keys

import (
	"fmt"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// carried are the members of a key that another one made in its image has too.
var carried = []string{
	"models", "aliases", "config", "permissions", "metadata", "spend", "max_budget", "budget_duration", "user_id", "team_id",
	"organization_id", "project_id", "agent_id", "budget_id", "tpm_limit", "rpm_limit", "tpd_limit", "max_parallel_requests", "allowed_routes",
	"allowed_cache_controls", "model_max_budget", "budget_fallbacks", "budget_limits", "access_group_ids", "router_settings", "blocked", "policies", "auto_rotate", "rotation_interval",
}

// grants is the body that makes a key like k: what k may do, whose it is, what it has spent, and how long it has left until
// expires, which is empty for no end. Members that say nothing are left out.
func grants(k *litellm.Key, expires string) (map[string]any, error) {
	row := litellm.Members(k.Raw)
	if row["organization_id"] == nil {
		row["organization_id"] = row["org_id"] // its name in the list
	}
	out := map[string]any{}
	for _, name := range carried {
		if v := row[name]; says(v) {
			out[name] = v
		}
	}
	if out["budget_id"] != nil { // its limits are the key's by way of it
		delete(out, "budget_limits")
	}
	if row["object_permission_id"] != nil {
		permission, ok := row["object_permission"].(map[string]any)
		if !ok {
			return nil, problem.New(problem.Refused, "key %s has an object permission that the gateway does not show: one like it would lack it", k.Label()).
				WithState(problem.Unchanged)
		}
		permission = litellm.Clone(permission)
		delete(permission, "object_permission_id")
		for name, v := range permission {
			if !says(v) || name == "teams" || name == "verification_tokens" || name == "organizations" || name == "users" {
				delete(permission, name)
			}
		}
		out["object_permission"] = permission
	}
	if expires != "" {
		at, err := time.Parse(time.RFC3339, expires)
		if err != nil {
			return nil, err
		}
		out["duration"] = fmt.Sprintf("%ds", max(int64(time.Until(at)/time.Second), 1))
	}
	return out, nil
}

// says reports whether a value is more than null, false, or empty. A zero says much: a limit of 0 lets nothing through.
func says(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		for _, inner := range v {
			if says(inner) {
				return true
			}
		}
		return false
	}
	return true
}
