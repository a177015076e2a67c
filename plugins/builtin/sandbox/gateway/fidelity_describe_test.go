package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// describeReaction reduces an answer to what must agree.
func describeReaction(r reaction, x exchange, prefix string) map[string]any {
	out := map[string]any{"status": r.status, "content type": r.contentType, "limit": r.limit}
	switch {
	case strings.HasPrefix(r.contentType, "text/event-stream"):
		out["events"] = describeEvents(r.body)
	case strings.HasPrefix(r.contentType, "application/json"):
		var v any
		if err := json.Unmarshal(r.body, &v); err != nil {
			out["body"] = "not JSON: " + err.Error()
			break
		}
		d := describer{loose: x.loose, exact: x.exact, prefix: prefix}
		out["body"] = d.value("", v)
		if !x.mixed && !bytes.Contains(r.body, []byte(`"data":[`)) { // lists have rows of others
			out["order"] = memberOrder(r.body)
		}
	case strings.HasPrefix(r.contentType, "text/html"):
		out["body"] = "a page"
	default:
		out["body"] = string(r.body)
	}
	return out
}

// describeEvents is the sequence of different shapes in a stream.
func describeEvents(body []byte) []string {
	var out []string
	for line := range bytes.Lines(body) {
		data, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("data: "))
		if !ok {
			continue
		}
		text := string(data)
		var v any
		if json.Unmarshal(data, &v) == nil {
			text = fmt.Sprint(describer{loose: true}.value("", v))
		}
		if len(out) == 0 || out[len(out)-1] != text {
			out = append(out, text)
		}
	}
	return out
}

// volatile are values that change with every run, and what stands for them.
var volatile = []struct {
	pattern *regexp.Regexp
	name    string
}{
	// A set of the real gateway's, whose order is another one with every start.
	{regexp.MustCompile(`\['/key/[a-z]+', '/key/[a-z]+'\]`), "[two of the endpoints]"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[ T][\d:.]+(\+00:00|Z)?( UTC)?`), "TIME"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`team-budget-[0-9a-f]{32}`), "BUDGET"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "HASH"},
	{regexp.MustCompile(`\bsk-[A-Za-z0-9_-]{22}\b`), "SECRET"},
	{regexp.MustCompile(`sk-\.\.\.[A-Za-z0-9_-]{4}`), "NAME"},
}

// describer reduces values to what must agree.
type describer struct {
	loose, exact bool
	prefix       string
}

// value is v with its scalars replaced by their types, except for the texts of
// errors. Rows that are not of this run are left out of lists.
func (d describer) value(path string, v any) any {
	if strings.HasSuffix(path, ".raw_request_body") || strings.HasSuffix(path, ".raw_request_headers") {
		return "what a provider would have got"
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			if strings.HasSuffix(path, ".model_info") && !modelInfoOwn[name] && v["key"] != nil {
				continue // the cost map
			}
			if name == "last_active" || name == "access_via_team_ids" { // comes some seconds late; is of others' teams too
				value = nil
			}
			out[name] = d.value(path+"."+name, value)
		}
		return out
	case []any:
		if strings.HasSuffix(path, ".supported_openai_params") || strings.HasSuffix(path, ".success_callbacks") {
			return "list"
		}
		shapes := map[string]any{}
		for _, e := range v {
			if foreign(e, d.prefix) {
				continue
			}
			shape := d.value(path+"[]", e)
			shapes[fmt.Sprint(shape)] = shape
		}
		var list []any
		for _, k := range slices.Sorted(maps.Keys(shapes)) {
			list = append(list, shapes[k])
		}
		return list
	case string:
		isError := strings.HasPrefix(path, ".error") || strings.HasPrefix(path, ".detail")
		if !isError && !d.exact || d.loose && (strings.HasSuffix(path, "message") || strings.HasSuffix(path, ".error")) {
			return "string"
		}
		for _, x := range volatile {
			v = x.pattern.ReplaceAllString(v, x.name)
		}
		return v
	case float64:
		if d.exact && !strings.HasSuffix(path, ".created") {
			return v
		}
		return "number"
	case bool:
		if d.exact {
			return v
		}
	}
	return fmt.Sprintf("%T", v)
}

// modelInfoOwn are the members of model_info that are not of the cost map.
var modelInfoOwn = map[string]bool{"id": true, "db_model": true, "member_auto_router": true, "blocked": true, "base_model": true,
	"access_via_team_ids": true, "direct_access": true, "pricing_overrides": true, "key": true, "mode": true, "custom": true,
	"max_input_tokens": true, "max_output_tokens": true, "input_cost_per_token": true, "output_cost_per_token": true, "litellm_provider": true}

// foreign says whether a row of a list belongs to somebody else.
func foreign(row any, prefix string) bool {
	o, ok := row.(map[string]any)
	if !ok || prefix == "" {
		return false
	}
	for _, name := range []string{"model_name", "model_group", "key_alias", "credential_name", "user_id", "team_id", "id", "budget_id"} {
		if s, ok := o[name].(string); ok {
			return !strings.HasPrefix(s, prefix)
		}
	}
	_, isKey := o["key_alias"] // one that belongs to nobody may be anybody's
	return isKey
}

// memberOrder lists the names of all members in the order of the text, below
// what may differ.
func memberOrder(body []byte) string {
	var out []string
	skip := -1
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			return strings.Join(out, " ")
		}
		depth := dec.StackDepth()
		if skip >= 0 && depth <= skip {
			skip = -1
		}
		kind, length := dec.StackIndex(depth)
		if kind != '{' || length%2 == 0 || tok.Kind() != '"' || skip >= 0 {
			continue
		}
		out = append(out, tok.String())
		if name := tok.String(); name == "raw_request_typed_dict" {
			skip = depth
		}
	}
}
