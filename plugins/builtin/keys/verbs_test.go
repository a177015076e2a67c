package keys

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

func TestNames(t *testing.T) {
	b := newBench(t)
	secret, hash := b.generate(`{"key_alias":"a"}`)
	for range 250 {
		b.generate(`{}`)
	}
	for _, name := range []string{secret, hash, hash[:12], hash[:40], "a"} {
		if got := b.ok("info", name)["token"]; got != hash {
			t.Errorf("%s: %v", name, got)
		}
	}
	b.fails(problem.NotFound, "no key", "info", "A")
	b.fails(problem.NotFound, "no key", "info", hash[:11])
	b.fails(problem.NotFound, "no key", "info", strings.Repeat("0", 64))
	b.fails(problem.NotFound, "no key", "info", "000000000000")
	b.fails(problem.Usage, "masked", "info", "sk-..."+secret[len(secret)-4:])
	b.fails(problem.Usage, "is no hash", "info", "--hash", "a")
	b.fails(problem.Usage, "2 are named", "info", "a", "--hash", hash)
}

// An alias may look like the beginning of another key's hash: both are listed.
func TestNameWithTwoMeanings(t *testing.T) {
	b := newBench(t)
	_, hash := b.generate(`{"key_alias":"a"}`)
	_, other := b.generate(fmt.Sprintf(`{"key_alias":"%s"}`, hash[:14]))
	r := b.fails(problem.Failed, "may be any of 2 keys", "info", hash[:14])
	if facts := fmt.Sprint(problem.As(r.Err).Facts); !strings.Contains(facts, hash) || !strings.Contains(facts, other) {
		t.Error(facts)
	}
	if got := b.ok("info", "--alias", hash[:14])["token"]; got != other {
		t.Errorf("--alias: %v", got)
	}
	if got := b.ok("info", "--hash", hash[:14])["token"]; got != hash {
		t.Errorf("--hash: %v", got)
	}
}

// Two keys with one alias are possible; neither is taken for the one that is meant.
func TestSharedAlias(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a"}`)
	b.must("POST", "/user/new", `{"user_id":"u","key_alias":"a"}`)
	b.fails(problem.Failed, "may be any of 2 keys", "info", "a")
	b.fails(problem.Failed, "may be any of 2 keys", "delete", "a")
	if len(b.aliases()) != 2 {
		t.Errorf("%q", b.aliases())
	}
}

func TestUpdate(t *testing.T) {
	b := newBench(t)
	_, hash := b.generate(`{"key_alias":"a","max_budget":5,"models":["m"],"metadata":{"keep":1}}`)
	b.generate(`{"key_alias":"b"}`)
	got := b.ok("update", "a", "--max-budget", "7", "--set", "metadata.owner=ada")
	if got["result"] != "updated" || got["max_budget"] != 7.0 || fmt.Sprint(got["metadata"]) != "map[keep:1 owner:ada]" {
		t.Errorf("%v", got)
	}
	if got := b.ok("update", "a", "--max-budget", "7.0", "--set", "metadata.owner=ada"); got["result"] != "unchanged" {
		t.Errorf("%v", got["result"])
	}
	b.fails(problem.Refused, "the alias is in use", "update", "a", "--key-alias", "b")
	b.fails(problem.NotFound, "no key", "update", "nope", "--max-budget", "1")
	b.fails(problem.NotFound, "no team", "update", "a", "--team-id", "nope")
	b.fails(problem.Usage, "no change", "update", "a")
	b.fails(problem.Usage, "cannot be changed", "update", "a", "--set", "key=sk-another-key-000")
	_ = hash
}

// A null in the place of an object would break the row, and with it everybody's list of keys.
func TestUpdateClears(t *testing.T) {
	b := newBench(t)
	_, hash := b.generate(`{"key_alias":"a","max_budget":5,"models":["m"],"metadata":{"x":1},"aliases":{"p":"q"},"permissions":{"r":true}}`)
	got := b.ok("update", "a", "--set", "max_budget:=null", "--set", "models:=null", "--set", "metadata:=null", "--set", "aliases:=null",
		"--set", "permissions:=null", "--set", "config:=null")
	if got["max_budget"] != nil || fmt.Sprint(got["models"], got["metadata"], got["aliases"], got["permissions"]) != "[] map[] map[] map[]" {
		t.Errorf("%v", got)
	}
	if status, raw := b.ask("GET", "/key/list?return_full_object=true", ""); status != 200 {
		t.Errorf("%d %s", status, raw)
	}
	b.must("GET", "/key/info?key="+hash, "")
}

// One broken row makes the gateway's list a 500: the keys are read one by one, and the culprit is named.
func TestListWithABrokenRow(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a"}`)
	_, hash := b.generate(`{"key_alias":"b"}`)
	b.must("POST", "/key/update", fmt.Sprintf(`{"key":"%s","metadata":null}`, hash))
	r := b.run("list")
	if r.Err != nil || len(r.Records) != 2 || !strings.Contains(strings.Join(r.Notices, "\n"), hash) {
		t.Fatalf("%v, %d records, %q", r.Err, len(r.Records), r.Notices)
	}
	b.fails(problem.Unreachable, "its metadata is null", "delete", hash)
	b.ok("update", hash, "--set", "metadata:={}")
	b.ok("delete", hash)
}

func TestListFilters(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","user_id":"alice"}`)
	b.generate(`{"key_alias":"a2","user_id":"alice2","duration":"0s"}`)
	_, blocked := b.generate(`{"key_alias":"c"}`)
	b.must("POST", "/key/block", `{"key":"`+blocked+`"}`)
	for args, want := range map[string]string{
		"--user-id alice": "a", "--key-alias a": "a", "--status expired": "a2", "--status blocked": "c", "--status active": "a",
		"--key-hash " + blocked: "c", "--key-hash " + blocked[:20]: "c", "--limit 1": "", "--page 4 --size 1": "-",
	} {
		r := b.run(append([]string{"list"}, strings.Fields(args)...)...)
		switch {
		case r.Err != nil:
			t.Errorf("%s: %v", args, r.Err)
		case want == "-" && len(r.Records) == 0:
		case len(r.Records) != 1 || want != "" && !strings.Contains(string(r.Records[0]), `"key_alias":"`+want+`"`):
			t.Errorf("%s: %s", args, r.Records)
		}
	}
	r := b.run("list")
	if r.Listing.GetScope() != "you see all keys (role proxy_admin)" || r.Listing.GetPartial() || r.Listing.GetTotal() != 3 {
		t.Errorf("%v", r.Listing)
	}
}

// LiteLLM 1.83.14 answers a filter with whatever has it as a part, in any case.
func TestListOfALooseGateway(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","user_id":"alice"}`)
	b.generate(`{"key_alias":"a2","user_id":"alice2"}`)
	b.before = func(_ http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		q.Del("user_id")
		q.Del("key_alias")
		r.URL.RawQuery = q.Encode()
		return false
	}
	for _, args := range [][]string{{"list", "--user-id", "alice"}, {"list", "--key-alias", "a"}} {
		if r := b.run(args...); len(r.Records) != 1 || r.Listing.GetTotal() != 1 {
			t.Errorf("%q: %s, %v", args, r.Records, r.Listing)
		}
	}
	b.ok("delete", "--user-id", "alice")
	if got := fmt.Sprint(b.aliases()); got != "[a2]" {
		t.Error(got)
	}
}

// A key that is no admin's sees its own, which looks complete.
func TestListOfAUser(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"hidden"}`)
	made := b.must("POST", "/user/new", `{"user_id":"u","user_role":"internal_user","key_alias":"own"}`)
	b.key = made["key"].(string)
	r := b.run("list")
	if r.Err != nil || len(r.Records) != 1 || r.Listing.GetScope() != "you see your own keys only (role internal_user)" || !r.Listing.GetPartial() {
		t.Errorf("%v: %s, %v", r.Err, r.Records, r.Listing)
	}
	b.fails(problem.Denied, "", "list", "--user-id", "somebody")
	if own := b.ok("info"); own["key_alias"] != "own" {
		t.Errorf("%v", own)
	}
}

func TestDelete(t *testing.T) {
	b := newBench(t)
	s1, _ := b.generate(`{"key_alias":"a"}`)
	_, h2 := b.generate(`{"key_alias":"b"}`)
	b.generate(`{"key_alias":"c"}`)
	b.generate(`{"key_alias":"d"}`)
	r := b.run("delete", "--keys", s1+","+h2, "--key-aliases", "c,nope")
	if r.Code() != problem.Partial || fmt.Sprint(b.aliases()) != "[d]" || len(r.Records) != 4 {
		t.Errorf("%v, %q, %s", r.Err, b.aliases(), r.Records)
	}
	for _, record := range r.Records {
		if strings.Contains(string(record), s1) {
			t.Errorf("a secret in %s", record)
		}
	}
	b.fails(problem.NotFound, "no key", "delete", "nope")
	if got := b.ok("delete", "nope", "--ignore-missing"); got["result"] != "not_found" {
		t.Errorf("%v", got)
	}
	b.fails(problem.Usage, "none is named", "delete")
	b.fails(problem.Usage, "a filter selects", "delete", "d", "--user-id", "u")
	b.fails(problem.NotFound, "selects none", "delete", "--user-id", "u")
	b.fails(problem.NotFound, "", "info", s1) // its row is kept, as a deleted one's
}

// The gateway calls deleted whatever it was asked to delete.
func TestDeleteThatDidNot(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a"}`)
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/key/delete" {
			_, _ = w.Write([]byte(`{"deleted_keys":["x"]}`))
			return true
		}
		return false
	}
	b.fails(problem.Failed, "still there", "delete", "a")
}

func TestDeleteAsks(t *testing.T) {
	b := newBench(t)
	b.generate(`{"key_alias":"a","user_id":"u"}`)
	r := sdktest.Run(t, Plugin(), sdktest.Host{Gateway: b, Refuse: true}, "delete", "a")
	if r.Code() != problem.Guarded || len(r.Asked) != 1 || !strings.Contains(r.Asked[0][0], "a  u  active") || len(b.aliases()) != 1 {
		t.Errorf("%v, asked %q", r.Err, r.Asked)
	}
	r = sdktest.Run(t, Plugin(), sdktest.Host{Gateway: b, Refuse: true, Inputs: map[string][]byte{"key": []byte("a\n\nb\n")}}, "delete", "-")
	if r.Code() != problem.Guarded || len(r.Asked) != 1 || len(b.aliases()) != 1 {
		t.Errorf("%v, asked %q", r.Err, r.Asked)
	}
}

func TestBlock(t *testing.T) {
	b := newBench(t)
	secret, hash := b.generate(`{"key_alias":"a"}`)
	if got := b.ok("block", "a"); got["result"] != "updated" || got["status"] != "blocked" {
		t.Errorf("%v", got)
	}
	if status, _ := b.ask("GET", "/key/info?key="+hash, ""); status != 200 {
		t.Error(status)
	}
	if got := b.ok("block", "a"); got["result"] != "unchanged" {
		t.Errorf("%v", got["result"])
	}
	if got := b.ok("unblock", hash); got["result"] != "updated" || got["status"] != "active" {
		t.Errorf("%v", got)
	}
	// Named by its secret it is tried until it is refused.
	tries := 0
	b.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") != "Bearer key" {
			return false
		}
		if tries++; tries < 3 {
			_, _ = w.Write([]byte(`{"data":[]}`))
			return true
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		return false
	}
	if got := b.ok("block", secret); got["refused_after"] == nil || tries != 3 {
		t.Errorf("%v after %d tries", got, tries)
	}
}
