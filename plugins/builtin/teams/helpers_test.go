package teams_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/sandbox/gateway"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/teams"
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
	// after sees each request that was done.
	after func(r *http.Request)
	// key is the caller's; the master key if empty.
	key string
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
	key := w.key
	if key == "" {
		key = w.gateway.Key()
	}
	r.Header.Set("Authorization", "Bearer "+key)
	if w.before != nil && w.before(out, r) {
		return
	}
	switch r.Method + " " + r.URL.Path {
	case w.refuse:
		http.Error(out, "out of order", http.StatusInternalServerError)
	default:
		w.gateway.ServeHTTP(out, r)
		if w.after != nil {
			w.after(r)
		}
	}
}

// send makes a request as the admin, past the hooks, and returns the answer; one that is no 200 fails the test.
func (w *wire) send(method, path, body string) string {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.gateway.Key())
	r.Header.Set("Content-Type", "application/json")
	out := httptest.NewRecorder()
	if w.gateway.ServeHTTP(out, r); out.Code != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s", method, path, out.Code, out.Body)
	}
	return out.Body.String()
}

// user makes a user with an id and an e-mail, and returns a key of it.
func (w *wire) user(id, email string) string {
	w.t.Helper()
	answer := w.send("POST", "/user/new", `{"user_id":"`+id+`","user_email":"`+email+`","user_role":"internal_user"}`)
	return field(w.t, json.RawMessage(answer), "key")
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
	return sdktest.Run(w.t, teams.Plugin(), h, args...)
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

// bodyOf is the body of the run's first request of a kind, as "POST /user/new"; empty when there is none.
func bodyOf(r *sdktest.Result, request string) string {
	for _, q := range append(r.Requests, r.Planned...) {
		if q.Method+" "+q.Path == request {
			return string(q.Body)
		}
	}
	return ""
}

// ids are the ids of members.
func ids(t *testing.T, records []json.RawMessage) []string {
	var out []string
	for _, r := range records {
		out = append(out, field(t, r, "user_id"))
	}
	return out
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
