//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
)

// counting is a proxy before a gateway that remembers the writes that reach it.
type counting struct {
	*httptest.Server
	mu     sync.Mutex
	writes map[string]int // METHOD path
}

func newCounting(t *testing.T, to string) *counting {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	c := &counting{writes: map[string]int{}}
	forward := httputil.NewSingleHostReverseProxy(u)
	forward.ErrorLog = log.New(io.Discard, "", 0) // clients are killed
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if transport.IsWrite(r.Method, r.URL.Path) && !transport.IsSpending(r.Method, r.URL.Path) {
			c.mu.Lock()
			c.writes[r.Method+" "+r.URL.Path]++
			c.mu.Unlock()
		}
		r.Host = u.Host
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		c.CloseClientConnections()
		c.Close()
	})
	return c
}

func (c *counting) seen() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.writes)
}

type logged struct {
	Method, Path, Result, Command, Reason, Profile, Who string
	Targets                                             []string
}

func (h home) log(t *testing.T) []logged {
	t.Helper()
	var all []logged
	if err := json.Unmarshal([]byte(h.must(t, "log", "-o", "json")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestContractLog runs a day's mix of commands, some refused, some held back, some killed: the log has every write that
// reached the gateway, and no other but what was under way when its command was killed; and no secret.
func TestContractLog(t *testing.T) {
	t.Parallel()
	h := liveGateway(t)
	gateway := ""
	for i, pair := range h.env {
		if address, ok := strings.CutPrefix(pair, "LITELLM_PROXY_URL="); ok && address != "" {
			gateway = address
			h.env[i] = "LITELLM_PROXY_URL="
		}
	}
	c := newCounting(t, gateway)
	h.env = append(h.env, "LITELLM_PROXY_URL="+c.URL)
	run := fmt.Sprintf("l%d", time.Now().UnixNano())
	const canary = "canary-8c1f-provider-secret"
	secret := h.must(t, "keys", "generate", "--key-alias", run, "--duration", "1h", "--max-budget", "1", "--reason", "HR-4711", "--jq", ".key")
	user := h.must(t, "users", "create", "--email", run+"@example.com", "--jq", ".user_id")
	team := h.must(t, "teams", "create", "--alias", run, "--jq", ".team_id")
	for _, args := range [][]string{
		{"teams", "members", "add", team, user}, {"keys", "update", run, "--max-budget", "2"},
		{"credentials", "create", run, "--info", "{}", "--values", `{"api_key":"` + canary + `"}`},
		{"models", "add", run, "-p", "model=openai/x", "-p", "api_key=" + canary}, {"models", "list"}, {"keys", "list"},
		{"http", "request", "POST", "/key/block", "-f", "key=" + secret}, {"keys", "unblock", secret},
		{"http", "request", "POST", "/key/generate", "-j", `{"key_alias":"` + run + `"}`}, // refused: the alias is in use
		{"keys", "generate", "--key-alias", run + "-plan", "--dry-run"},
		{"chat", "completions", "mock-gpt", "-m", "user:hello"},
		{"models", "delete", "--name", run, "--yes"}, {"credentials", "delete", run},
	} {
		h.do(t, args...) // some of it fails, by intention
	}
	for i := range 12 {
		h.killed(t, time.Duration(mathrand.IntN(80_000))*time.Microsecond, "keys", "generate", "--key-alias", fmt.Sprintf("%s-k%d", run, i), "--duration", "1h", "--max-budget", "1")
	}
	for i := range 12 {
		h.do(t, "keys", "delete", fmt.Sprintf("%s-k%d", run, i))
	}
	h.do(t, "keys", "delete", run)
	h.do(t, "users", "delete", user)
	h.do(t, "teams", "delete", team)

	all := h.log(t)
	unknown, reasons := 0, 0
	rest := map[string]int{}
	for _, e := range all {
		rest[e.Method+" "+e.Path]++
		if e.Result == "unknown" {
			unknown++
		}
		if e.Reason == "HR-4711" {
			reasons++
		}
	}
	extra := 0
	for write, n := range c.seen() {
		if rest[write] < n {
			t.Errorf("%s reached the gateway %d times, and is in the log %d times", write, n, rest[write])
		}
		extra += rest[write] - n
		delete(rest, write)
	}
	if len(rest) > 0 || extra > unknown {
		t.Errorf("in the log, and not at the gateway: %v, and %d more than %d that were killed", rest, extra, unknown)
	}
	if reasons != 1 || len(all) < 12 || all[len(all)-1].Command != "keys generate" || !strings.Contains(strings.Join(all[len(all)-1].Targets, " "), run) {
		t.Errorf("%d entries, %d with the reason, the first is %+v", len(all), reasons, all[len(all)-1])
	}
	if unknown > 12 {
		t.Errorf("%d are unknown", unknown)
	}
	dir := filepath.Join(h.dir, "state", "litellm-proxy", "audit")
	if found := holding(t, dir, secret, canary); len(found) > 0 {
		t.Errorf("a secret is in %v", found)
	}
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", f.Name(), info, err)
		}
	}
	if len(files) == 0 {
		t.Error("there is no log")
	}
	h.must(t, "config", "set", "audit", "off")
	h.do(t, "keys", "delete", run+"-none")
	h.do(t, "http", "request", "POST", "/key/block", "-f", "key="+secret)
	if now := h.log(t); len(now) != len(all) {
		t.Errorf("%d entries after the log was switched off, %d before", len(now), len(all))
	}
}
