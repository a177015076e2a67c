package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// exchange is one request of the fidelity test.
type exchange struct {
	as     string // whose key: admin ("" too), none, or a name of fidelityKeys
	method string
	path   string
	body   string // "" sends none
	loose  bool   // messages may differ in their wording
	exact  bool   // values count too, but for those that change with every run
	mixed  bool   // the order of rows is not ours, so the order of names is not compared
	shape  bool   // never exact: rows of others are in it
}

// side is one of the two gateways that are compared.
type side struct {
	t      *testing.T
	base   string
	admin  string
	prefix string
}

type reaction struct {
	status      int
	contentType string
	limit       string // the kind of rate limit, of a 429
	body        []byte
}

func (s side) send(x exchange) reaction {
	s.t.Helper()
	var body io.Reader
	if x.body != "" {
		body = strings.NewReader(s.fill(x.body))
	}
	req, err := http.NewRequestWithContext(s.t.Context(), x.method, s.base+s.fill(x.path), body)
	if err != nil {
		s.t.Fatal(err)
	}
	if x.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	switch x.as {
	case "", "admin":
		req.Header.Set("Authorization", "Bearer "+s.admin)
	case "none":
	default:
		req.Header.Set("Authorization", "Bearer "+s.fill("sk-$-key-of-"+x.as))
	}
	// A live gateway drops the connection after an unhandled error.
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", x.method, x.path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: read the answer: %v", x.method, x.path, err)
	}
	limit := resp.Header.Get("rate_limit_type")
	if resp.Header.Get("retry-after") != "" && resp.Header.Get("reset_at") != "" {
		limit += " with times"
	}
	return reaction{resp.StatusCode, resp.Header.Get("Content-Type"), limit, data}
}

// fill puts the prefix of this run in place of $.
func (s side) fill(text string) string { return strings.ReplaceAll(text, "$", s.prefix) }

// TestFidelity sends the same exchanges to the sandbox and to a live gateway
// and compares status, content type, the names and types of all members, and
// the texts of errors. It creates what it needs under a random prefix and
// removes it.
func TestFidelity(t *testing.T) {
	if os.Getenv("LITELLM_PROXY_CONTRACT") == "" {
		t.Skip("it writes to a live gateway: make contract runs it")
	}
	url, key := os.Getenv("LITELLM_PROXY_URL"), os.Getenv("LITELLM_PROXY_API_KEY")
	if url == "" || key == "" {
		t.Skip("no live gateway to compare with: set LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY (an admin key)")
	}
	g := openTest(t, Options{})
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	prefix := fmt.Sprintf("sbx-%x", time.Now().UnixNano()&0xffffffff)
	sides := []side{{t, server.URL, g.Key(), prefix}, {t, strings.TrimRight(url, "/"), key, prefix}}

	t.Cleanup(func() {
		live := sides[1]
		live.t = t
		for _, x := range slices.Concat(fidelityCleanup, managementCleanup) {
			live.sendQuietly(x)
		}
		live.removeLeftovers()
	})
	for i, x := range slices.Concat(fidelityExchanges, exactly(keyExchanges, keyListExchanges, userExchanges, teamExchanges, memberExchanges,
		credentialExchanges, roleExchanges, budgetExchanges, bulkExchanges)) {
		t.Run(fmt.Sprintf("%03d %s %s %s", i, x.as, x.method, x.path), func(t *testing.T) {
			var got [2]map[string]any
			for n, s := range sides {
				s.t = t
				got[n] = describeReaction(s.send(x), x, prefix)
			}
			if diff := cmp.Diff(got[1], got[0]); diff != "" {
				t.Errorf("%s\nthe sandbox (+) differs from the live gateway (-):\n%s", x.body, diff)
			}
		})
	}
}

// exactly are all the exchanges of the lists, with their values compared.
func exactly(lists ...[]exchange) []exchange {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].exact = !all[i].shape
	}
	return all
}

// removeLeftovers deletes users with random ids, by their e-mails.
func (s side) removeLeftovers() {
	var list struct {
		Users []struct {
			ID string `json:"user_id"`
		} `json:"users"`
	}
	req, err := http.NewRequest(http.MethodGet, s.base+s.fill("/user/list?page_size=100&user_email=$"), nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+s.admin)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if json.NewDecoder(resp.Body).Decode(&list) != nil {
		return
	}
	for _, u := range list.Users {
		s.sendQuietly(exchange{method: "POST", path: "/user/delete", body: fmt.Sprintf(`{"user_ids":[%q]}`, u.ID)})
	}
}

// sendQuietly sends x and does not mind how it ends.
func (s side) sendQuietly(x exchange) {
	req, err := http.NewRequest(x.method, s.base+s.fill(x.path), strings.NewReader(s.fill(x.body)))
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer "+s.admin)
	req.Header.Set("Content-Type", "application/json")
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
	}
}

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
			if name == "last_active" { // comes some seconds late
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
	for _, name := range []string{"model_name", "model_group", "key_alias", "credential_name", "user_id", "team_id", "id"} {
		if s, ok := o[name].(string); ok {
			return !strings.HasPrefix(s, prefix)
		}
	}
	return false
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
