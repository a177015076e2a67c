package models_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/models"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/sandbox/gateway"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// wire is the way to a sandbox of this test's own: it adds the key, as the program does, and may lose answers.
type wire struct {
	t       *testing.T
	gateway *gateway.Gateway
	// lose names requests, as "POST /model/new", whose work is done and whose answer is lost.
	lose string
	// refuse names requests that get a 500 and are not done.
	refuse string
	// before sees each request first, and may answer it.
	before func(out http.ResponseWriter, r *http.Request) (answered bool)
}

func sandbox(t *testing.T) *wire {
	t.Helper()
	g, err := gateway.Open(t.Context(), gateway.Options{Path: filepath.Join(t.TempDir(), "sandbox.db"), Report: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	return &wire{t: t, gateway: g}
}

func (w *wire) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	r.Header.Set("Authorization", "Bearer "+w.gateway.Key())
	if w.before != nil && w.before(out, r) {
		return
	}
	switch r.Method + " " + r.URL.Path {
	case w.refuse:
		http.Error(out, "out of order", http.StatusInternalServerError)
	default:
		w.gateway.ServeHTTP(out, r)
	}
}

func (w *wire) host() sdktest.Host {
	return sdktest.Host{Gateway: w, Lose: func(r sdktest.Request) bool { return r.Method+" "+r.Path == w.lose }}
}

func (w *wire) run(line string) *sdktest.Result { return w.with(w.host(), line) }

// with runs a line of the plugin; "·" is a space within a word.
func (w *wire) with(h sdktest.Host, line string) *sdktest.Result {
	w.t.Helper()
	args := strings.Fields(line)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "·", " ")
	}
	return sdktest.Run(w.t, models.Plugin(), h, args...)
}

// want runs a line that must end with code, and returns what it did.
func (w *wire) want(code problem.Code, line string) *sdktest.Result {
	w.t.Helper()
	r := w.run(line)
	if r.Code() != code {
		w.t.Fatalf("%s: code %d, want %d: %v\n%s", line, r.Code(), code, r.Err, r.Records)
	}
	return r
}

// field reads a member, such as "litellm_params.model", of a record as JSON; "" when there is none.
func field(t *testing.T, record json.RawMessage, path string) string {
	t.Helper()
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(record, &object); err != nil {
			t.Fatalf("%s in %s: %v", path, record, err)
		}
		record = object[name]
	}
	var compact bytes.Buffer
	if len(record) > 0 {
		if err := json.Compact(&compact, record); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Trim(compact.String(), `"`)
}

// ids are the ids of deployments.
func ids(t *testing.T, records []json.RawMessage) string {
	var out []string
	for _, r := range records {
		out = append(out, field(t, r, "model_info.id"))
	}
	return strings.Join(out, " ")
}

// sent are the writes of a run, as "POST /model/new".
func sent(r *sdktest.Result) string {
	var out []string
	for _, q := range r.Requests {
		if q.Method != http.MethodGet {
			out = append(out, q.Method+" "+q.Path)
		}
	}
	return strings.Join(out, ", ")
}
