//go:build unix

package plugin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

const (
	otherKey = "sk-other-key-0123456789abcdef"
	namedKey = "sk-named-key-0123456789abcdef"
)

// sayKey answers with whose key it got.
func sayKey(w http.ResponseWriter, r *http.Request) {
	names := map[string]string{"Bearer " + testKey: "host", "Bearer " + otherKey: "other", "Bearer " + namedKey: "named", "": "none"}
	_, _ = w.Write([]byte(names[r.Header.Get("Authorization")]))
}

// TestNamedKey has a plugin use keys: those that the command line names, to read, and no others.
func TestNamedKey(t *testing.T) {
	t.Parallel()
	server, asked := gateway(t, sayKey)
	get := []string{"bad", "other", "GET", "/thing/1"}
	sum := protocol.KeyHash(namedKey)
	for name, c := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"its own":      {append(get, "--key", namedKey), "", "host"},
		"the named":    {append(get, "--key", namedKey, "--as", "key"), "", "named"},
		"the second":   {append(get, "--key", otherKey, "--key", namedKey, "--as", "key"), "", "named"},
		"from a list":  {append(get, "--key", otherKey, "--key", "-", "--as", "key"), "x\n" + namedKey + "\n", "named"},
		"under a plan": {append(get, "--key", namedKey, "--as", "key", "--dry-run"), "", "named"},
	} {
		got := surroundings{server: server, stdin: c.stdin}.run(t, append(slices.Clone(c.args), "--hash", sum)...)
		if got.code != 0 || got.stdout != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	asked.Store(0)
	for name, c := range map[string]struct {
		args  []string
		stdin string
	}{
		"none":                   {append(get, "--as", "key"), ""},
		"another argument's":     {append(get, "--key", namedKey, "--as", "method"), ""},
		"no argument":            {append(get, "--key", namedKey, "--as", "nothing"), ""},
		"the second gateway's":   {append(get, "--there", "http://127.0.0.1:9", "--there-key", otherKey, "--as", "there-key"), ""},
		"one that is not named":  {append(get, "--key", otherKey, "--as", "key"), ""},
		"what is no key":         {append(get, "--key", "an-alias-of-some-key", "--as", "key"), ""},
		"one that is not listed": {append(get, "--key", "-", "--as", "key"), otherKey + "\n"},
		"a write":                {[]string{"bad", "other", "POST", "/thing/1", "--key", namedKey, "--as", "key"}, ""},
		"a planned write":        {[]string{"bad", "other", "POST", "/thing/1", "--key", namedKey, "--as", "key", "--dry-run"}, ""},
		"a model call":           {[]string{"bad", "other", "POST", "/chat/completions", "--key", namedKey, "--as", "key"}, ""},
		"a planned model call":   {[]string{"bad", "other", "POST", "/chat/completions", "--key", namedKey, "--as", "key", "--dry-run"}, ""},
		"no grant":               {[]string{"bad", "other", "GET", "/user/list", "--key", namedKey, "--as", "key"}, ""},
	} {
		got := surroundings{server: server, stdin: c.stdin}.run(t, append(slices.Clone(c.args), "--hash", sum)...)
		if got.code != int(problem.Plugin) || got.stdout != "" || strings.Contains(got.stderr, namedKey) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests came", n)
	}
}

// TestSecondGateway has a plugin ask a second gateway: it reads with that gateway's key, and can do no more.
func TestSecondGateway(t *testing.T) {
	t.Parallel()
	first, askedFirst := gateway(t, sayKey)
	second, askedSecond := gateway(t, sayKey)
	s := surroundings{server: first}
	there := []string{"--at", "there", "--there", second.URL}
	run := func(method, path string, more ...string) program {
		return s.run(t, append(append([]string{"bad", "other", method, path}, there...), more...)...)
	}
	if got := run("GET", "/thing/1", "--there-key", otherKey, "--debug"); got.code != 0 || got.stdout != "other" ||
		strings.Contains(got.stderr, otherKey) || strings.Contains(got.stderr, testKey) {
		t.Errorf("%+v", got)
	}
	if got := run("GET", "/thing/1"); got.code != 0 || got.stdout != "none" {
		t.Errorf("without a key: %+v", got)
	}
	if n := askedFirst.Load(); n != 0 {
		t.Errorf("%d requests came to the first gateway", n)
	}
	askedSecond.Store(0)
	for name, got := range map[string]program{
		"a write":              run("POST", "/thing/1", "--there-key", otherKey),
		"a planned write":      run("POST", "/thing/1", "--there-key", otherKey, "--dry-run"),
		"a model call":         run("POST", "/chat/completions", "--there-key", otherKey),
		"a planned model call": run("POST", "/chat/completions", "--there-key", otherKey, "--dry-run"),
		"no grant":             run("GET", "/user/list", "--there-key", otherKey),
		"a key of the first":   run("GET", "/thing/1", "--key", namedKey, "--as", "key"),
		"another flag":         s.run(t, "bad", "other", "GET", "/thing/1", "--at", "key", "--key", second.URL),
		"no flag":              s.run(t, "bad", "other", "GET", "/thing/1", "--at", "there"),
	} {
		if got.code != int(problem.Plugin) || got.stdout != "" || strings.Contains(got.stderr, otherKey) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if a, b := askedFirst.Load(), askedSecond.Load(); a != 0 || b != 0 {
		t.Errorf("%d and %d requests came", a, b)
	}
}
