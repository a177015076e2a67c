package keys

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/sandbox/gateway"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// bench is a sandbox with the traps of the real gateway, and a way to look at it behind the plugin's back.
type bench struct {
	t      *testing.T
	key    string // what requests are made with
	direct http.Handler
	// before is called before a request of the plugin's; what it returns true for is answered by it.
	before func(w http.ResponseWriter, r *http.Request) bool
}

func newBench(t *testing.T) *bench {
	t.Helper()
	g, err := gateway.Open(t.Context(), gateway.Options{Path: ":memory:", Seed: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	return &bench{t: t, key: g.Key(), direct: g}
}

func (b *bench) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.before != nil && b.before(w, r) {
		return
	}
	if r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "Bearer "+b.key)
	}
	b.direct.ServeHTTP(w, r)
}

// ask makes a request that the plugin knows nothing of.
func (b *bench) ask(method, path, body string) (int, []byte) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+b.key)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.direct.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// must is ask, where nothing but 200 will do.
func (b *bench) must(method, path, body string) map[string]any {
	b.t.Helper()
	status, raw := b.ask(method, path, body)
	out := map[string]any{}
	if err := json.Unmarshal(raw, &out); err != nil || status != 200 {
		b.t.Fatalf("%s %s: %d %s", method, path, status, raw)
	}
	return out
}

// generate makes a key and returns its secret and hash.
func (b *bench) generate(body string) (secret, hash string) {
	b.t.Helper()
	made := b.must("POST", "/key/generate", body)
	return made["key"].(string), made["token"].(string)
}

// aliases are those of all keys.
func (b *bench) aliases() []string {
	b.t.Helper()
	var out []string
	for _, k := range b.must("GET", "/key/list?return_full_object=true&size=100&sort_by=created_at&sort_order=asc", "")["keys"].([]any) {
		alias, _ := k.(map[string]any)["key_alias"].(string)
		out = append(out, alias)
	}
	return out
}

func (b *bench) run(args ...string) *sdktest.Result {
	b.t.Helper()
	return sdktest.Run(b.t, Plugin(), sdktest.Host{Gateway: b}, args...)
}

// ok is run, where the command must succeed; it returns its only record.
func (b *bench) ok(args ...string) map[string]any {
	b.t.Helper()
	r := b.run(args...)
	if r.Err != nil || len(r.Records) != 1 {
		b.t.Fatalf("%q: %d records, %v", args, len(r.Records), r.Err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(r.Records[0], &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// fails checks the exit code of a command, and what its error says.
func (b *bench) fails(code problem.Code, says string, args ...string) *sdktest.Result {
	b.t.Helper()
	r := b.run(args...)
	text := ""
	if e := problem.As(r.Err); e != nil {
		text = e.Message + " | " + e.Hint + " | " + e.State + " | " + fmt.Sprint(e.Facts)
	}
	if r.Code() != code || !strings.Contains(text, says) {
		b.t.Errorf("%q: code %d %s; want %d with %q", args, r.Code(), text, code, says)
	}
	return r
}

func sent(r *http.Request) string {
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return string(raw)
}

func TestGenerate(t *testing.T) {
	b := newBench(t)
	made := b.ok("generate", "--key-alias", "a", "--models", "m1,m2", "--max-budget", "5", "--duration", "24h", "--set", "metadata.owner=ada")
	if made["result"] != "created" || made["key_alias"] != "a" || made["max_budget"] != 5.0 || made["expires"] == nil {
		t.Errorf("%v", made)
	}
	// What the plugin emits is a reference; the secret has never been in this process.
	if ref, _ := made["key"].(string); !strings.HasPrefix(ref, "secret-ref:") {
		t.Errorf("the record's key is %q", ref)
	}
	row := b.must("GET", "/key/info?key="+made["token"].(string), "")["info"].(map[string]any)
	if row["metadata"].(map[string]any)["owner"] != "ada" || fmt.Sprint(row["models"]) != "[m1 m2]" {
		t.Errorf("%v", row)
	}
}

func TestGenerateAliasInUse(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","models":["x"]}`)
	r := b.fails(problem.Refused, "the alias is in use", "generate", "--key-alias", "a")
	if problem.As(r.Err).State != problem.Unchanged || len(b.aliases()) != 1 {
		t.Errorf("%v, %q", r.Err, b.aliases())
	}
	there := b.ok("generate", "--key-alias", "a", "--models", "y", "--if-not-exists")
	if there["result"] != "exists" || fmt.Sprint(there["differs"]) != "[models]" || there["key"] != nil {
		t.Errorf("%v", there)
	}
	b.ok("generate", "--key-alias", "A") // another alias
}

// After a lost answer the same key is sent again, which the gateway answers with "alias in use": our own.
func TestGenerateLostAnswer(t *testing.T) {
	b := newBench(t)
	lost := 0
	r := sdktest.Run(t, Plugin(), sdktest.Host{Gateway: b, Lose: func(q sdktest.Request) bool {
		lost++
		return q.Path == "/key/generate"
	}}, "generate", "--key-alias", "a")
	if r.Err != nil || len(r.Records) != 1 || len(b.aliases()) != 1 {
		t.Errorf("%v, records %s, aliases %q", r.Err, r.Records, b.aliases())
	}
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/key/generate" {
			return false
		}
		text := sent(r) // the first try is done, its answer lost; this is what the second one gets
		b.ask("POST", "/key/generate", text)
		status, raw := b.ask("POST", "/key/generate", text)
		w.WriteHeader(status)
		_, _ = w.Write(raw)
		return true
	}
	if made := b.ok("generate", "--key-alias", "b"); made["result"] != "created" {
		t.Errorf("%v", made)
	}
	if got := fmt.Sprint(b.aliases()); got != "[a b]" {
		t.Error(got)
	}
}

// A 500 may mean that it was done, or not.
func TestGenerateAfter500(t *testing.T) {
	for _, done := range []bool{true, false} {
		b := newBench(t)
		b.before = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/key/generate" {
				return false
			}
			if done {
				b.ask("POST", "/key/generate", sent(r))
			}
			w.WriteHeader(500)
			return true
		}
		r := b.run("generate", "--key-alias", "a")
		if done != (r.Err == nil) || len(b.aliases()) != len(r.Records) {
			t.Errorf("done %v: %v, %d records, %q", done, r.Err, len(r.Records), b.aliases())
		}
		if !done && !strings.HasPrefix(problem.As(r.Err).State, problem.Unchanged) {
			t.Errorf("state %q", problem.As(r.Err).State)
		}
	}
}

// Two machines make the same alias at the same time: the younger one gives way, and says so.
func TestGenerateRace(t *testing.T) {
	for _, older := range []bool{true, false} {
		b := newBench(t)
		made := false
		b.before = func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case r.URL.Path == "/key/generate": // the gateway checks no alias in /user/new
				status, raw := b.ask("POST", "/key/generate", sent(r))
				b.must("POST", "/user/new", `{"user_id":"u","key_alias":"a"}`)
				made = true
				w.WriteHeader(status)
				_, _ = w.Write(raw)
				return true
			case made && r.URL.Path == "/key/list":
				_, raw := b.ask("GET", r.URL.String(), "")
				_, _ = w.Write(dated(t, raw, map[bool]string{true: "2020", false: "2099"}[older]))
				return true
			}
			return false
		}
		if older {
			b.fails(problem.Refused, "the alias is in use", "generate", "--key-alias", "a")
		} else {
			b.ok("generate", "--key-alias", "a")
		}
		if n := len(b.aliases()); older && n != 1 || !older && n != 2 {
			t.Errorf("older %v: %q", older, b.aliases())
		}
	}
}

// dated gives the keys of user u in a list another year of birth.
func dated(t *testing.T, raw []byte, year string) []byte {
	t.Helper()
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatal(err)
	}
	for _, k := range answer["keys"].([]any) {
		if row := k.(map[string]any); row["user_id"] == "u" {
			row["created_at"] = year + "-01-01T00:00:00.000000Z"
		}
	}
	out, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A gateway that makes something else than was asked for has made nothing of use.
func TestGenerateNotAsAsked(t *testing.T) {
	b := newBench(t)
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/key/generate" {
			r.Body = io.NopCloser(strings.NewReader(strings.Replace(sent(r), `"max_budget":5`, `"max_budget":6`, 1)))
		}
		return false
	}
	b.fails(problem.Refused, "another max_budget", "generate", "--key-alias", "a", "--max-budget", "5")
	if len(b.aliases()) != 0 {
		t.Errorf("%q", b.aliases())
	}
}

func TestGenerateRefusesBeforeItSends(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		code problem.Code
		says string
		args string
	}{
		{problem.Usage, "max_budget is negative", "--max-budget=-1"},
		{problem.Usage, "tpm_limit is negative", "--tpm-limit=-1"},
		{problem.Usage, "key_alias is empty", "--key-alias="},
		{problem.Usage, "a time is", "--set duration=0s"},
		{problem.Usage, "a time is", "--set budget_duration=2mo"},
		{problem.Usage, "must be a JSON object", "--metadata []"},
		{problem.Usage, "the secret is made here", "--set key=sk-of-my-own-choice"},
		{problem.NotFound, "no team", "--team-id nope"},
		{problem.NotFound, "no budget", "--budget-id nope"},
	} {
		b.fails(c.code, c.says, append([]string{"generate"}, strings.Fields(c.args)...)...)
	}
	if len(b.aliases()) != 0 {
		t.Errorf("%q", b.aliases())
	}
	for _, q := range b.run("generate", "--team-id", "nope").Requests {
		if q.Path == "/key/generate" {
			t.Error("it was sent all the same")
		}
	}
}

func TestGenerateSecretOut(t *testing.T) {
	b := newBench(t)
	r := b.run("generate", "--secret-out", "f")
	secret := strings.TrimSpace(r.Saved["secret-out"])
	if r.Err != nil || !strings.HasPrefix(secret, "sk-") || strings.Contains(string(r.Records[0]), "secret-ref") {
		t.Errorf("%v: saved %q, record %s", r.Err, r.Saved, r.Records)
	}
	b.must("GET", "/key/info?key="+secret, "")
}

// importFrom runs an import from another gateway.
func (b *bench) importFrom(there *bench, args ...string) *sdktest.Result {
	b.t.Helper()
	return sdktest.Run(b.t, Plugin(), sdktest.Host{Gateway: b, Others: map[string]http.Handler{"from-profile": there}},
		append([]string{"import", "--from-profile", "x"}, args...)...)
}
