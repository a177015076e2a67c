package keys

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const grantsBody = `{"key_alias":"a","models":["m"],"max_budget":5,"budget_duration":"30d","spend":2.5,"tpm_limit":7,"rpm_limit":3,
"metadata":{"owner":"ada"},"aliases":{"p":"q"},"user_id":"u","permissions":{"r":true},"allowed_routes":["llm_api_routes"]}`

// working counts the keys that the gateway would let in, of those that were made for alias a.
func (b *bench) working() (n int, withAlias int) {
	b.t.Helper()
	for _, k := range b.must("GET", "/key/list?return_full_object=true&size=100", "")["keys"].([]any) {
		row := k.(map[string]any)
		if row["blocked"] != true {
			n++
		}
		if row["key_alias"] == "a" {
			withAlias++
		}
	}
	return n, withAlias
}

func (b *bench) checkRotated(got map[string]any, old string) {
	b.t.Helper()
	if got["result"] != "created" || got["key_alias"] != "a" || got["replaces"] != old || got["old_until"] == nil {
		b.t.Errorf("%v", got)
	}
	row := b.must("GET", "/key/info?key="+got["token"].(string), "")["info"].(map[string]any)
	for name, want := range map[string]string{
		"models": "[m]", "max_budget": "5", "budget_duration": "30d", "spend": "2.5", "tpm_limit": "7", "rpm_limit": "3",
		"metadata": "map[owner:ada]", "aliases": "map[p:q]", "user_id": "u", "permissions": "map[r:true]", "allowed_routes": "[llm_api_routes]",
	} {
		if have := fmt.Sprint(row[name]); have != want {
			b.t.Errorf("%s is %s, want %s", name, have, want)
		}
	}
	oldRow := b.must("GET", "/key/info?key="+old, "")["info"].(map[string]any)
	if oldRow["expires"] == nil || !strings.HasPrefix(fmt.Sprint(oldRow["key_alias"]), "a (rotated ") {
		b.t.Errorf("the old key: %v", oldRow)
	}
	if _, n := b.working(); n != 1 {
		b.t.Errorf("%d keys with the alias", n)
	}
}

func TestRotate(t *testing.T) {
	b := newBench(t)
	_, old := b.generate(grantsBody)
	b.checkRotated(b.ok("rotate", "a"), old)
	b.fails(problem.Refused, "rotated already", "rotate", old)
	b.fails(problem.NotFound, "no key", "rotate", "nope")
	b.generate(`{"key_alias":"gone","duration":"0s"}`)
	b.fails(problem.Refused, "has expired", "rotate", "gone")
}

// A limit of 0 lets nothing through; a new key without it would let everything.
func TestRotateKeepsALimitOfZero(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","max_budget":0,"rpm_limit":0}`)
	if got := b.ok("rotate", "a"); got["max_budget"] != 0.0 || got["rpm_limit"] != 0.0 {
		t.Errorf("%v, %v", got["max_budget"], got["rpm_limit"])
	}
}

func TestRotateKeepsAnEarlierEnd(t *testing.T) {
	b := newBench(t)
	_, old := b.generate(`{"key_alias":"a","duration":"1h"}`)
	before := b.must("GET", "/key/info?key="+old, "")["info"].(map[string]any)["expires"]
	got := b.ok("rotate", "a", "--grace", "24h")
	if got["old_until"] != before || got["expires"] == nil {
		t.Errorf("%v, before %v", got["old_until"], before)
	}
}

// A run that ends at any of its requests is taken up by the next one: there is always a working key, and at the end one with
// the alias.
func TestRotateInterrupted(t *testing.T) {
	for _, name := range []string{"a", "hash"} {
		for stop := 1; ; stop++ {
			b := newBench(t)
			_, old := b.generate(grantsBody)
			args := []string{"rotate", name}
			if name == "hash" {
				args[1] = old
			}
			for range 2 { // two runs end at the same request
				b.before = dying(stop)
				if r := b.run(args...); r.Err == nil {
					if stop < 8 {
						t.Fatalf("it was done after %d requests", stop)
					}
					return
				}
				if n, _ := b.working(); n == 0 {
					t.Fatalf("stopped at request %d: no working key", stop)
				}
			}
			b.before = nil
			b.checkRotated(b.ok(args...), old)
			if n, _ := b.working(); n != 2 {
				t.Errorf("%s, stopped at request %d: %d keys at the end, want the old and the new one: %q", name, stop, n, b.aliases())
			}
		}
	}
}

// dying lets some requests through and then none.
func dying(requests int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		if requests--; requests >= 0 {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	}
}

// Where the gateway will not make the new key, the old one is as it was.
func TestRotateRefused(t *testing.T) {
	b := newBench(t)
	_, old := b.generate(grantsBody)
	before := b.must("GET", "/key/info?key="+old, "")
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/key/generate" {
			return false
		}
		w.WriteHeader(400)
		_, _ = w.Write([]byte(`{"error":{"message":"no","type":"bad_request_error","param":null,"code":"400"}}`))
		return true
	}
	r := b.fails(problem.Refused, "", "rotate", "a")
	if problem.As(r.Err).State != problem.Unchanged {
		t.Errorf("state %q", problem.As(r.Err).State)
	}
	after := b.must("GET", "/key/info?key="+old, "")
	for _, name := range []string{"key_alias", "metadata", "expires"} {
		if x, y := fmt.Sprint(before["info"].(map[string]any)[name]), fmt.Sprint(after["info"].(map[string]any)[name]); x != y {
			t.Errorf("%s was %s and is %s", name, x, y)
		}
	}
}

// With a licence the gateway does it.
func TestRotateByTheGateway(t *testing.T) {
	b := newBench(t)
	_, old := b.generate(grantsBody)
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/regenerate") {
			return false
		}
		var request struct {
			NewKey string `json:"new_key"`
			Grace  string `json:"grace_period"`
		}
		_ = json.Unmarshal([]byte(sent(r)), &request)
		if request.Grace != "1h" || r.URL.Path != "/key/"+old+"/regenerate" {
			t.Errorf("%s %v", r.URL.Path, request)
		}
		b.generate(`{"key":"` + request.NewKey + `","key_alias":"new"}`)
		_, _ = w.Write([]byte(`{}`))
		return true
	}
	if got := b.ok("rotate", "a", "--grace", "1h"); got["key_alias"] != "new" || got["replaces"] != old {
		t.Errorf("%v", got)
	}
}

func TestImport(t *testing.T) {
	there, here := newBench(t), newBench(t)
	there.generate(grantsBody)
	there.generate(`{"metadata":{"n":1}}`)
	there.generate(`{"key_alias":"team","team_id":"nope"}`)
	there.generate(`{"key_alias":"gone","duration":"0s"}`)
	r := here.importFrom(there, "--if-not-exists")
	if r.Code() != problem.Partial || len(r.Records) != 3 {
		t.Fatalf("%v: %s", r.Err, r.Records)
	}
	if lines := strings.Count(r.Saved["keys-import.csv"], "\n"); lines != 3 || !strings.Contains(r.Saved["keys-import.csv"], ",sk-") {
		t.Errorf("saved %q", r.Saved)
	}
	if strings.Contains(fmt.Sprintf("%s", r.Records), "secret-ref") {
		t.Errorf("%s", r.Records)
	}
	if n := len(here.aliases()); n != 2 {
		t.Errorf("%d keys", n)
	}
	// Again: nothing is made twice, with an alias or without.
	r = here.importFrom(there, "--if-not-exists")
	if n := len(here.aliases()); n != 2 || strings.Count(fmt.Sprintf("%s", r.Records), `"exists"`) != 2 {
		t.Errorf("%d keys, %s", n, r.Records)
	}
	for _, q := range r.Requests {
		if q.Gateway != "" && q.Method != "GET" {
			t.Errorf("%s %s to the other gateway", q.Method, q.Path)
		}
	}
	here.fails(problem.Usage, "must be a day", "import", "--from-profile", "x", "--created-since", "yesterday")
	here.fails(problem.Usage, "no other gateway", "import")
}
