package credentials_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/credentials"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

type object = map[string]any

// fake answers as LiteLLM 1.106.2 does, or as 1.83.14 does when old, with the traps of each (all observed). Like them it
// shows what it has in memory, while an update leaves other things in its database.
type fake struct {
	t   *testing.T
	old bool

	mu       sync.Mutex
	memory   map[string]object
	database map[string]object
	models   []object

	lose   string // a request, as "POST /credentials", that is done and whose answer is lost
	before func(out http.ResponseWriter, r *http.Request) (answered bool)
}

func newFake(t *testing.T, old bool) *fake {
	return &fake{t: t, old: old, memory: map[string]object{}, database: map[string]object{}, models: []object{}}
}

// versions runs a test on both.
func versions(t *testing.T, run func(t *testing.T, f *fake)) {
	for name, old := range map[string]bool{"1.106.2": false, "1.83.14": true} {
		t.Run(name, func(t *testing.T) { run(t, newFake(t, old)) })
	}
}

func answer(out http.ResponseWriter, status int, v any) {
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(v)
}

func failed(message string, code int) object {
	return object{"error": object{"message": message, "type": "internal_server_error", "code": fmt.Sprint(code)}}
}

func (f *fake) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if f.before != nil && f.before(out, r) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var body object
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	_ = d.Decode(&body)
	path := r.URL.EscapedPath()
	name, _ := url.PathUnescape(strings.TrimPrefix(strings.TrimPrefix(path, "/credentials/"), "by_name/"))
	switch {
	case path == "/v1/model/info":
		answer(out, 200, object{"data": f.models})
	case r.Method == "GET" && path == "/credentials":
		list := []object{}
		for _, c := range f.memory {
			list = append(list, f.show(c))
		}
		answer(out, 200, object{"success": true, "credentials": list})
	case r.Method == "GET" && f.memory[name] == nil:
		answer(out, 404, failed("Credential not found. Got credential name: "+name, 404))
	case r.Method == "GET":
		answer(out, 200, f.show(f.memory[name]))
	case r.Method == "POST":
		f.post(out, body)
	case r.Method == "PATCH":
		f.patch(out, name, body)
	case r.Method == "DELETE" && f.database[name] == nil && !f.old:
		answer(out, 404, failed("Credential not found. Got credential name: "+name, 404))
	case r.Method == "DELETE":
		delete(f.memory, name)
		delete(f.database, name)
		answer(out, 200, object{"success": true})
	}
}

func (f *fake) show(c object) object {
	shown := maps.Clone(c)
	values := object{}
	for name, v := range c["credential_values"].(object) {
		if text, ok := v.(string); ok && strings.Contains(name, "key") {
			v = "*****"
			if len(text) > 4 {
				v = text[:2] + "****" + text[len(text)-2:]
			}
		}
		values[name] = v
	}
	shown["credential_values"] = values
	if !f.old {
		shown["source"] = "db"
	}
	return shown
}

func (f *fake) post(out http.ResponseWriter, body object) {
	name := body["credential_name"].(string)
	switch {
	case f.database[name] != nil && f.old:
		answer(out, 500, failed("Unique constraint failed on the fields: (`credential_name`)", 500))
		return
	case f.database[name] != nil:
		answer(out, 409, failed("Credential '"+name+"' already exists.", 409))
		return
	}
	c := object{"credential_name": name, "credential_info": body["credential_info"], "credential_values": body["credential_values"]}
	if !f.old {
		c["display_name"] = body["display_name"]
	}
	f.memory[name], f.database[name] = c, maps.Clone(c)
	answer(out, 200, object{"success": true})
}

func (f *fake) patch(out http.ResponseWriter, name string, body object) {
	c := f.memory[name]
	info, hasInfo := body["credential_info"].(object)
	values, hasValues := body["credential_values"].(object)
	switch {
	case !hasInfo || f.old && (!hasValues || body["credential_name"] == nil):
		answer(out, 422, object{"detail": []object{{"msg": "Field required"}}})
		return
	case c == nil && f.old:
		answer(out, 200, object{"message": "Credential not found in DB.", "code": "404"})
		return
	case c == nil:
		answer(out, 404, failed("Credential not found in DB.", 404))
		return
	}
	merge := func(part string, into object) object {
		merged := maps.Clone(c[part].(object))
		maps.Copy(merged, into)
		return merged
	}
	if len(info) > 0 {
		f.database[name]["credential_info"] = info // not merged
	}
	now := maps.Clone(c)
	now["credential_info"], now["credential_values"] = merge("credential_info", info), merge("credential_values", values)
	if !f.old {
		if text, ok := body["display_name"]; ok {
			now["display_name"] = text
		}
		list, _ := body["credential_values_to_delete"].([]any)
		for _, v := range list {
			delete(now["credential_values"].(object), v.(string))
		}
	}
	f.memory[name] = now
	answer(out, 200, object{"success": true})
}

func (f *fake) host() sdktest.Host {
	return sdktest.Host{Gateway: f, Lose: func(r sdktest.Request) bool { return r.Method+" "+r.Path == f.lose }}
}

func (f *fake) run(args ...string) *sdktest.Result {
	f.t.Helper()
	return sdktest.Run(f.t, credentials.Plugin(), f.host(), args...)
}

// want runs a line that must end with code.
func (f *fake) want(t *testing.T, code problem.Code, args ...string) *sdktest.Result {
	t.Helper()
	r := f.run(args...)
	if r.Code() != code {
		t.Fatalf("%q: code %d, want %d: %v\n%s", args, r.Code(), code, r.Err, r.Records)
	}
	return r
}

// made creates a credential that a test begins with.
func (f *fake) made(t *testing.T, name string) {
	t.Helper()
	f.want(t, problem.OK, "create", name, "--info", `{"custom_llm_provider":"azure","owner":{"a":1}}`,
		"--values", `{"api_key":"supersecretkey","api_base":"https://a.example"}`)
}

// read returns a record as an object; its numbers are float64.
func read(t *testing.T, r *sdktest.Result) object {
	t.Helper()
	if len(r.Records) != 1 {
		t.Fatalf("%d records: %s, %v", len(r.Records), r.Records, r.Err)
	}
	var out object
	if err := json.Unmarshal(r.Records[0], &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// sent are the writes of a run, as "POST /credentials".
func sent(r *sdktest.Result) string {
	var out []string
	for _, q := range r.Requests {
		if q.Method != http.MethodGet {
			out = append(out, q.Method+" "+q.Path)
		}
	}
	return strings.Join(out, ", ")
}
