package keys

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// The gateway says that the key was made, and then cannot be asked: its secret is shown now or never.
func TestGenerateThatCannotBeReadBack(t *testing.T) {
	b := newBench(t)
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/key/info" {
			return false
		}
		w.WriteHeader(503)
		return true
	}
	r := b.run("generate", "--key-alias", "a", "--duration", "1d")
	if r.Err != nil || len(r.Records) != 1 || !strings.Contains(string(r.Records[0]), `"key":"secret-ref:`) || !strings.Contains(strings.Join(r.Notices, " "), "check afterwards failed") {
		t.Errorf("%v, %s, %q", r.Err, r.Records, r.Notices)
	}
}

// A lost answer that cannot be looked into leaves the hash to look for.
func TestGenerateUnknown(t *testing.T) {
	b := newBench(t)
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/key/info" && r.URL.Path != "/key/generate" {
			return false
		}
		w.WriteHeader(500)
		return true
	}
	r := b.run("generate", "--key-alias", "a")
	if e := problem.As(r.Err); e == nil || !strings.HasPrefix(e.State, problem.Unknown+"; if it was made, its hash is ") {
		t.Errorf("%v", r.Err)
	}
}

// A gateway without the endpoint, or another server, says nothing of a key.
func TestNotLiteLLM(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(404)
		_, _ = io.WriteString(w, `{"detail":"Not Found"}`)
	})
	hash := strings.Repeat("ab", 32)
	for _, args := range [][]string{{"info", hash}, {"delete", hash, "--ignore-missing"}, {"block", hash}} {
		r := sdktest.Run(t, Plugin(), sdktest.Host{Gateway: h}, args...)
		if r.Err == nil || strings.Contains(r.Err.Error(), "there is no key") || len(r.Records) > 0 {
			t.Errorf("%q: %v, %s", args, r.Err, r.Records)
		}
	}
}

// A text that is both the beginning of one key's hash and another's alias stands for both, when both are named so.
func TestOneTextForTwoKeys(t *testing.T) {
	b := newBench(t)
	_, first := b.generate(`{"key_alias":"a"}`)
	_, second := b.generate(fmt.Sprintf(`{"key_alias":"%s"}`, first[:12]))
	r := b.run("block", "--hash", first[:12], "--alias", first[:12])
	if r.Err != nil || len(r.Records) != 2 {
		t.Fatalf("%v, %s", r.Err, r.Records)
	}
	for _, hash := range []string{first, second} {
		if row := b.must("GET", "/key/info?key="+hash, "")["info"].(map[string]any); row["blocked"] != true {
			t.Errorf("%s is not blocked", hash)
		}
	}
	b.ok("block", "a", "--hash", first[:20]) // one key, named twice
}

// An alias is compared here: the filter of older gateways matches parts of it.
func TestAliasOfALooseGateway(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"ab"}`)
	b.before = func(_ http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		q.Del("key_alias")
		r.URL.RawQuery = q.Encode()
		return false
	}
	b.fails(problem.NotFound, "no key", "info", "a")
	b.ok("generate", "--key-alias", "a", "--duration", "1h")
}

func TestGenerateEdges(t *testing.T) {
	b := newBench(t)
	b.fails(problem.Usage, "needs --key-alias", "generate", "--if-not-exists")
	b.fails(problem.Usage, "64 bits", "generate", "--set", "max_parallel_requests=99999999999999999999")
	b.generate(`{"key_alias":"a","metadata":{"a":1,"b":2}}`)
	if got := b.ok("generate", "--key-alias", "a", "--metadata", `{"a":1}`, "--if-not-exists"); got["differs"] != nil {
		t.Errorf("%v", got["differs"])
	}
}

// A list that a filter of ours cuts says how many fit, or nothing.
func TestListCounts(t *testing.T) {
	b := newBench(t)
	for range 3 {
		b.generate(`{}`)
	}
	b.generate(`{"duration":"0s"}`)
	for args, want := range map[string]int64{"--status expired --limit 5": 1, "--limit 2": 4, "": 4, "--status blocked": 0} {
		r := b.run(append([]string{"list"}, strings.Fields(args)...)...)
		if r.Listing.GetTotal() != want {
			t.Errorf("%s: %v", args, r.Listing)
		}
	}
	if r := b.run("list", "--status", "active", "--limit", "2"); r.Listing.Total != nil {
		t.Errorf("%v", r.Listing)
	}
}

// A rotation that ended after the old key got its end goes on: the new key ends when the old one would have, not when it does.
func TestRotateResumedKeepsTheEnd(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","metadata":{"owner":"ada"}}`)
	updates := 0
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/key/update" {
			if updates++; updates == 3 { // the new key would lose its mark
				w.WriteHeader(http.StatusForbidden)
				return true
			}
		}
		return false
	}
	b.fails(problem.Denied, "", "rotate", "a", "--grace", "1h")
	b.before = nil
	if got := b.ok("rotate", "a", "--grace", "1h"); got["expires"] != nil {
		t.Errorf("the new key ends at %v", got["expires"])
	}
}

func TestRotateDryRun(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a"}`)
	r := sdktest.Run(t, Plugin(), sdktest.Host{Gateway: b, DryRun: true}, "rotate", "a")
	if r.Err != nil || len(r.Plans) != 3 || len(b.aliases()) != 1 || b.aliases()[0] != "a" {
		t.Errorf("%v, %s, %q", r.Err, r.Plans, b.aliases())
	}
}

// A selection to be rotated leaves out what was rotated before and works on for a while.
func TestRotateASelectionTwice(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","user_id":"u"}`)
	b.generate(`{"key_alias":"b","user_id":"u"}`)
	for range 2 {
		if r := b.run("rotate", "--user-id", "u"); r.Err != nil || len(r.Records) != 2 {
			t.Errorf("%v, %d records", r.Err, len(r.Records))
		}
	}
}

// A key that was itself imported is known by where it comes from now.
func TestImportOfAnImportedKey(t *testing.T) {
	there, here := newBench(t), newBench(t)
	there.generate(`{"metadata":{"litellm_proxy_imported_from":"elsewhere"}}`)
	for range 2 {
		here.importFrom(there, "--if-not-exists")
	}
	if n := len(here.aliases()); n != 1 {
		t.Errorf("%d keys", n)
	}
}

// What a plugin gets of a key that is named by its secret is the hash.
func TestNamedBySecret(t *testing.T) {
	b := newBench(t)
	secret, hash := b.generate(`{"key_alias":"a"}`)
	r := b.run("block", secret)
	for _, q := range r.Requests {
		if strings.Contains(q.Path+q.Query+string(q.Body), secret) {
			t.Errorf("%s %s %s", q.Path, q.Query, q.Body)
		}
	}
	r = sdktest.Run(t, Plugin(), sdktest.Host{Gateway: b, Inputs: map[string][]byte{"key": []byte("two words\n" + secret + "\n")}}, "unblock", "-")
	if r.Code() != problem.Partial || len(r.Records) != 2 || !strings.Contains(fmt.Sprintf("%s", r.Records), hash) {
		t.Errorf("%v, %s", r.Err, r.Records)
	}
}

// What the API has no constraint for is done by one process after the other.
func TestLocks(t *testing.T) {
	b := newBench(t)
	_, hash := b.generate(`{"key_alias":"a","blocked":true}`)
	for _, c := range []struct {
		args string
		want []string
	}{
		{"generate --key-alias b --duration 1h", []string{"key-alias b"}},
		{"update a --set metadata.x=1", []string{"key " + hash}},
		{"update a --key-alias c", []string{"key " + hash, "key-alias c"}},
		{"rotate c", []string{"key " + hash, "key-alias c (rotated " + hash[:12] + ")", "key-alias c"}},
	} {
		if r := b.run(strings.Fields(c.args)...); r.Err != nil || fmt.Sprint(r.Locks) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, locks %q, want %q", c.args, r.Err, r.Locks, c.want)
		}
	}
	if row := b.ok("info", "c"); row["status"] != "blocked" {
		t.Errorf("a blocked key was rotated into one that is %v", row["status"])
	}
}
