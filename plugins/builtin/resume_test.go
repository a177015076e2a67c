package builtin_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin/sandbox/gateway"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// dying is a gateway that does one write more, and is not heard of afterwards.
type dying struct {
	gateway *gateway.Gateway
	last    string // "POST /user/new"; empty: it lives
	dead    bool
	writes  int
}

func (d *dying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Authorization", "Bearer "+d.gateway.Key())
	if d.dead {
		http.Error(w, "gone", http.StatusBadGateway)
		return
	}
	request := r.Method + " " + r.URL.Path
	if request == d.last {
		d.writes++
	}
	d.gateway.ServeHTTP(w, r)
	d.dead = request == d.last
}

// TestResumed cuts commands off after the gateway has acted and before anybody has seen it, and runs them again as a job does:
// the effect is there once, and is the command's own.
func TestResumed(t *testing.T) {
	const team, user, key = "teams create --alias eng --id t-1", "users create --email ada@example.com --id u-1", "keys generate --key-alias old --duration 30d"
	for _, c := range []struct {
		before string // lines, in one
		line   string
		last   string
		result string
		count  string // a line that lists
		want   int    // how many it lists
	}{
		{"", "users create --email bob@example.com --alias Bob", "POST /user/new", "created", "users list --email bob@example.com", 1},
		{"", "users create --email bob@example.com --id u-7 --if-not-exists", "POST /user/new", "created", "users list --email bob@example.com", 1},
		{user, "users delete u-1", "POST /user/delete", "deleted", "users list --email ada@example.com", 0},
		{"", "teams create --alias data", "POST /team/new", "created", "teams list", 1},
		{team, "teams delete t-1", "POST /team/delete", "deleted", "teams list", 0},
		{team + ";" + user, "teams members add t-1 u-1", "POST /team/member_add", "created", "teams members list t-1", 2},
		{team + ";" + user + ";teams members add t-1 u-1", "teams members remove t-1 u-1", "POST /team/member_delete", "deleted", "teams members list t-1", 1},
		{"", "keys generate --key-alias ci --max-budget 3", "POST /key/generate", "created", "keys list --key-alias ci", 1},
		{"", "keys generate --max-budget 3", "POST /key/generate", "created", "keys list", 1},
		{key, "keys delete old", "POST /key/delete", "deleted", "keys list --key-alias old", 0},
		{key, "keys block old", "POST /key/block", "unchanged", "keys list --key-alias old", 1},
		{key, "keys rotate old", "POST /key/generate", "created", "keys list --key-alias old", 1},
		{"", "models add gpt-x -p model=openai/gpt-4o", "POST /model/new", "created", "models get --name gpt-x", 1},
		{"", "models add gpt-x -p model=openai/gpt-4o --if-not-exists", "POST /model/new", "created", "models get --name gpt-x", 1},
		{"models add gpt-x -p model=openai/gpt-4o -i id=m-1", "models delete m-1", "POST /model/delete", "deleted", "models get --name gpt-x", 0},
		{"", `credentials create c-1 --info {"a":"b"} --values {"api_key":"sk-123456789"}`, "POST /credentials", "created", "credentials get c-1", 1},
		{`credentials create c-1 --info {"a":"b"} --values {"api_key":"sk-123456789"}`, "credentials delete c-1", "DELETE /credentials/c-1", "deleted", "credentials get c-1", 0},
	} {
		t.Run(c.line, func(t *testing.T) {
			g, err := gateway.Open(t.Context(), gateway.Options{Path: filepath.Join(t.TempDir(), "sandbox.db"), Report: func(err error) { t.Error(err) }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = g.Close() })
			d := &dying{gateway: g}
			run := func(line string, after *sdktest.Result) *sdktest.Result {
				words := strings.Fields(line)
				return sdktest.Run(t, builtin.Find(words[0]), sdktest.Host{Gateway: d, Job: true, After: after}, words[1:]...)
			}
			for line := range strings.SplitSeq(c.before, ";") {
				if line == "" {
					continue
				}
				if r := run(line, nil); r.Err != nil {
					t.Fatalf("%s: %v", line, r.Err)
				}
			}
			d.last = c.last
			cut := run(c.line, nil)
			if !d.dead || d.writes != 1 {
				t.Fatalf("it sent %s %d times: %+v", c.last, d.writes, cut)
			}
			d.dead, d.last = false, ""
			r := run(c.line, cut)
			if r.Err != nil || len(r.Records) != 1 {
				t.Fatalf("%v, %d records", r.Err, len(r.Records))
			}
			var record struct{ Result, Key string }
			if err := json.Unmarshal(r.Records[0], &record); err != nil || record.Result != c.result {
				t.Errorf("%v: %s", err, r.Records[0])
			}
			if strings.HasPrefix(c.line, "keys ") && c.result == "created" && !strings.HasPrefix(record.Key, "secret-ref:") {
				t.Errorf("the key itself is not in %s", r.Records[0])
			}
			list := run(c.count, nil)
			if list.Err != nil && problem.CodeOf(list.Err) != problem.NotFound || len(list.Records) != c.want {
				t.Errorf("%s lists %d, want %d: %v %s", c.count, len(list.Records), c.want, list.Err, list.Records)
			}
		})
	}
}
