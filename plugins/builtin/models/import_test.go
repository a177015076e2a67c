package models_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/models"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// imports runs models import on a file.
func (w *wire) imports(file string, flags ...string) *sdktest.Result {
	w.t.Helper()
	h := w.host()
	h.Inputs = map[string][]byte{"file": []byte(file)}
	return sdktest.Run(w.t, models.Plugin(), h, append([]string{"import", "config.yaml"}, flags...)...)
}

// results are "model_name:result" of each record.
func results(t *testing.T, r *sdktest.Result) string {
	var out []string
	for _, record := range r.Records {
		out = append(out, field(t, record, "model_name")+":"+field(t, record, "result"))
	}
	return strings.Join(out, " ")
}

const twoModels = `
x: &base {rpm: 100, api_key: os.environ/KEY}
model_list:
  - model_name: first
    litellm_params: {<<: *base, model: azure/gpt-4o, api_base: os.environ/BASE, temperature: 0.70, drop_params: yes}
    model_info: {access_groups: [beta, eu]}
  - model_name: second # a comment
    litellm_params:
      model: "openai/gpt-4o"
      api_key: sk-provider-0123456789
      seed: 12345678901234567
`

func TestImport(t *testing.T) {
	w := sandbox(t)
	r := w.imports(twoModels)
	if r.Err != nil || results(t, r) != "first:created second:created" {
		t.Fatalf("%v %s", r.Err, r.Records)
	}
	if got := field(t, r.Records[0], "access_groups"); got != `["beta","eu"]` || field(t, r.Records[1], "access_groups") != "[]" || field(t, r.Records[0], "upstream_model") != "azure/gpt-4o" {
		t.Errorf("%s", r.Records)
	}
	var bodies strings.Builder
	for _, q := range r.Requests {
		bodies.Write(q.Body)
	}
	for _, want := range []string{`"rpm":100`, `"api_key":"os.environ/KEY"`, `"temperature":0.70`, `"drop_params":true`, `"seed":12345678901234567`} {
		if !strings.Contains(bodies.String(), want) {
			t.Errorf("%s was not sent: %s", want, bodies.String())
		}
	}
	for _, record := range r.Records {
		if strings.Contains(string(record), "sk-provider") {
			t.Errorf("%s", record)
		}
	}
	// The same again makes nothing twice, not even after a kill in between.
	if r := w.imports(twoModels); r.Err != nil || results(t, r) != "first:exists second:exists" || sent(r) != "" {
		t.Errorf("%v %s, %s", r.Err, r.Records, sent(r))
	}
	w.want(problem.OK, "delete "+field(t, r.Records[0], "model_id"))
	if r := w.imports(twoModels); r.Err != nil || results(t, r) != "first:created second:exists" {
		t.Errorf("%v %s", r.Err, r.Records)
	}
}

// TestImportIDs: an id follows from what the entry is, without its secrets, and from its place among its likes.
func TestImportIDs(t *testing.T) {
	ids := func(file string) (out []string) {
		r := sandbox(t).imports(file)
		for _, record := range r.Records {
			out = append(out, field(t, record, "model_id"))
		}
		return out
	}
	entry := func(params string) string {
		return "  - {model_name: a, litellm_params: {model: gpt-4, " + params + "}}\n"
	}
	base := ids("model_list:\n" + entry("api_key: one") + entry("api_key: two") + entry("rpm: 5") + entry("max_tokens: 5") + entry("api_key: os.environ/A"))
	seen := map[string]bool{}
	for _, id := range base {
		if seen[id] || len(id) != 36 {
			t.Errorf("%q", base)
		}
		seen[id] = true
	}
	if other := ids("model_list:\n" + entry("api_key: three")); len(other) != 1 || other[0] != base[0] {
		t.Errorf("the id tells something of a secret: %q, %q", other, base)
	}
	if other := ids("model_list:\n" + entry(`extra_headers: {x-auth: one}`) + entry("rpm: 5")); len(other) != 2 || other[1] != base[2] {
		t.Errorf("%q, %q", other, base)
	}
	if a, b := ids("model_list:\n"+entry("temperature: 0.70")), ids("model_list:\n"+entry("temperature: 7.0e-1")); len(a) != 1 || a[0] != b[0] {
		t.Errorf("the id depends on how a number is written: %q, %q", a, b)
	}
	if a, b := ids("model_list:\n"+entry("extra_headers: {x-auth: one}")), ids("model_list:\n"+entry("extra_headers: {x-auth: two}")); len(a) != 1 || a[0] != b[0] {
		t.Errorf("the id tells something of a header: %q, %q", a, b)
	}
}

func TestImportFilters(t *testing.T) {
	for flag, want := range map[string]string{
		"--only-models-matching-regex=zure": "first:created", "--only-models-matching-regex=^openai": "second:created",
		"--only-access-groups-matching-regex=^e": "first:created", "--only-access-groups-matching-regex=^x": "",
		"--only-models-matching-regex=.": "first:created second:created",
	} {
		r := sandbox(t).imports(twoModels, flag)
		if r.Err != nil || results(t, r) != want || want == "" && len(r.Notices) != 1 {
			t.Errorf("%s: %v %s", flag, r.Err, r.Records)
		}
	}
}

func TestImportIfNotExists(t *testing.T) {
	w := sandbox(t)
	w.want(problem.OK, "add first -p model=azure/gpt-4o -p rpm=100 -p temperature=0.7 -p api_base=https://x -p drop_params=true -p api_key=other -i id=mine")
	w.want(problem.OK, "add second -p model=openai/gpt-4o -p rpm=7")
	r := w.imports(twoModels, "--if-not-exists")
	if r.Err != nil || results(t, r) != "first:exists second:created" || field(t, r.Records[0], "model_id") != "mine" {
		t.Errorf("%v %s", r.Err, r.Records)
	}
	if r := w.imports(twoModels, "--if-not-exists"); r.Err != nil || results(t, r) != "first:exists second:exists" || sent(r) != "" {
		t.Errorf("%v %s", r.Err, r.Records)
	}
}

// TestImportIfNotExistsPairs: one deployment stands for one entry of several that are alike.
func TestImportIfNotExistsPairs(t *testing.T) {
	const alike = "model_list:\n- {model_name: a, litellm_params: {model: gpt-4, api_key: one}}\n- {model_name: a, litellm_params: {model: gpt-4, api_key: two}}\n"
	w := sandbox(t)
	w.want(problem.OK, "add a -p model=gpt-4 -i id=mine")
	if r := w.imports(alike, "--if-not-exists"); r.Err != nil || results(t, r) != "a:exists a:created" {
		t.Errorf("%v %s", r.Err, r.Records)
	}
}

// TestImportFails: one that fails does not keep the others, and everything that failed is told.
func TestImportFails(t *testing.T) {
	w := sandbox(t)
	w.want(problem.OK, "add taken -p model=gpt-4 -i id=one")
	file := `
model_list:
  - {model_name: a, litellm_params: {model: gpt-4}, model_info: {id: one}}
  - {model_name: b, litellm_params: {model: gpt-4, litellm_credential_name: none/such}}
  - {model_name: c, litellm_params: {model: gpt-4}}
  - {model_name: d, litellm_params: {model: who/knows}}
`
	for range 2 { // what is saved and not served is no success the second time either
		r := w.imports(file)
		if r.Code() != problem.Partial || !strings.HasPrefix(results(t, r), "a:failed b:failed c:") || !strings.HasSuffix(results(t, r), " d:failed") {
			t.Fatalf("%v %s", r.Err, r.Records)
		}
		e := problem.As(r.Err)
		if !strings.HasPrefix(e.State, "1 of 4 was done") || len(e.Facts) != 3 || !strings.Contains(e.Facts[0].Text, `line 3 (a): the id "one" is in use, and differs in model_name`) {
			t.Errorf("%+v", e)
		}
	}
	r := w.imports("model_list:\n- {model_name: b, litellm_params: {model: gpt-4, litellm_credential_name: none}}\n")
	if e := problem.As(r.Err); e.Code != problem.NotFound || e.State != problem.Unchanged || results(t, r) != "b:failed" {
		t.Errorf("%+v %s", e, r.Records)
	}
}

// TestImportEnds with the first failure that all would share.
func TestImportEnds(t *testing.T) {
	w := sandbox(t)
	asked := 0
	w.before = func(out http.ResponseWriter, r *http.Request) bool {
		asked++
		http.Error(out, `{"error":{"message":"no"}}`, http.StatusForbidden)
		return true
	}
	r := w.imports(twoModels)
	if r.Code() != problem.Denied || asked != 1 || results(t, r) != "first:failed second:failed" || problem.As(r.Err).State != problem.Unchanged {
		t.Errorf("%+v, asked %d times, %s", problem.As(r.Err), asked, r.Records)
	}
}

func TestImportLost(t *testing.T) {
	w := sandbox(t)
	w.lose = "POST /model/new"
	if r := w.imports(twoModels); r.Err != nil || results(t, r) != "first:exists second:exists" || len(r.Notices) != 2 {
		t.Errorf("%v %s %q", r.Err, r.Records, r.Notices)
	}
}

func TestImportDryRun(t *testing.T) {
	w := sandbox(t)
	h := w.host()
	h.DryRun, h.Inputs = true, map[string][]byte{"file": []byte(twoModels)}
	if r := w.with(h, "import -"); r.Err != nil || len(r.Planned) != 2 || len(r.Records) > 0 || sent(r) != "" {
		t.Errorf("%+v", r)
	}
}
