//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// twinLines is how many random command lines are compared.
const twinLines = 200

// TestContractTwins runs random command lines, made from the manifests, on the sandbox and on a live gateway: exit code and
// shape of the records must be the same. TWINS_SEED repeats a run. Only LiteLLM 1.106.2 is the sandbox's twin.
func TestContractTwins(t *testing.T) {
	if os.Getenv("LITELLM_PROXY_CONTRACT") == "" {
		t.Skip("it compares the sandbox with a live gateway: make contract")
	}
	live := liveGateway(t)
	if strings.Contains(live.must(t, "http", "request", "GET", "/health/readiness"), "litellm_version") {
		t.Skip("the live gateway is an older one than the sandbox stands for")
	}
	t.Setenv("LITELLM_PROXY_CONTRACT", "")
	sandbox := liveGateway(t)
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("TWINS_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("TWINS_SEED=%d", seed)
	w := &twinWords{Rand: rand.New(rand.NewPCG(seed, 0)), run: fmt.Sprintf("t%d", time.Now().UnixNano())}
	for _, h := range []home{sandbox, live} {
		w.setUp(t, h)
		defer w.tearDown(t, h)
	}
	commands := twinCommands(t)
	ends := map[int]int{}
	defer func() { t.Logf("exit codes: %v", ends) }()
	for range twinLines {
		line := w.line(commands[w.IntN(len(commands))])
		a, b := sandbox.do(t, line...), live.do(t, line...)
		ends[a.code]++
		if a.code != b.code {
			t.Errorf("%q: the sandbox exits with %d, the live gateway with %d\n  %s\n  %s", line, a.code, b.code, a.stderr, b.stderr)
			continue
		}
		x, y := shapeOf(t, a.stdout), shapeOf(t, b.stdout)
		for _, name := range slices.Sorted(maps.Keys(merged(x, y))) {
			if p, q := x[name], y[name]; p != q && p != "null" && q != "null" && !(strings.HasPrefix(name, "[]") && (x["[]"] == "" || y["[]"] == "")) {
				t.Errorf("%q: %s is %q on the sandbox and %q on the live gateway", line, name, p, q)
			}
		}
	}
}

type twinCommand struct {
	plugin  string
	command *protocol.Command
}

// twinCommands are those that have a gateway to be compared by, and end by themselves.
func twinCommands(t *testing.T) []twinCommand {
	t.Helper()
	var out []twinCommand
	for _, p := range builtin.All() {
		if p.Name == "sandbox" || p.Name == "http" {
			continue
		}
		m, err := plugin.Builtin{Name: p.Name, Manifest: builtin.Manifest}.ReadManifest()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range m.GetCommands() {
			words := p.Name + " " + strings.Join(c.GetPath(), " ")
			switch {
			case c.GetEffect() == protocol.Effect_EFFECT_UNSPECIFIED, c.GetInteractive():
			case words == "models test", words == "keys import", words == "models import", words == "teams assign-key":
			default:
				out = append(out, twinCommand{p.Name, c})
			}
		}
	}
	return out
}

// twinWords makes up command lines about the things of one run.
type twinWords struct {
	*rand.Rand
	run string
}

func (w *twinWords) setUp(t *testing.T, h home) {
	t.Helper()
	for _, line := range w.things() {
		h.must(t, line...)
	}
}

// things are what both gateways have at the beginning.
func (w *twinWords) things() [][]string {
	return [][]string{
		{"teams", "create", "--alias", w.run + "-eng", "--id", w.run + "-team"},
		{"users", "create", "--email", w.run + "-ada@example.com", "--id", w.run + "-ada", "--team", w.run + "-team"},
		{"users", "create", "--email", w.run + "-bob@example.com", "--id", w.run + "-bob"},
		{"keys", "generate", "--key-alias", w.run + "-ci", "--duration", "30d"},
		{"keys", "generate", "--key-alias", w.run + "-own", "--user-id", w.run + "-ada", "--team-id", w.run + "-team", "--max-budget", "5"},
		{"credentials", "create", w.run + "-cred", "--info", `{"custom_llm_provider":"azure"}`, "--values", `{"api_key":"sk-0123456789"}`},
		{"models", "add", w.run + "-model", "-p", "model=openai/x", "-p", "mock_response=hello", "-i", "id=" + w.run + "-dep"},
	}
}

func (w *twinWords) tearDown(t *testing.T, h home) {
	t.Helper()
	lists := map[string][2]string{
		"keys":        {`.[] | select([.key_alias, .user_id, .team_id, .metadata.twins] | map(. // "" | startswith("` + w.run + `")) | any) | .token`, "list"},
		"users":       {`.[] | select([.user_id, .user_email] | map(. // "" | startswith("` + w.run + `")) | any) | .user_id`, "list"},
		"teams":       {`.[] | select([.team_id, .team_alias] | map(. // "" | startswith("` + w.run + `")) | any) | .team_id`, "list"},
		"models":      {`.[] | select(.model_name | startswith("` + w.run + `")) | .model_info.id`, "info"},
		"credentials": {`.[] | select(.credential_name | startswith("` + w.run + `")) | .credential_name`, "list"},
	}
	for _, resource := range []string{"keys", "users", "teams", "models", "credentials"} {
		names := strings.Fields(h.do(t, resource, lists[resource][1], "--jq", lists[resource][0]).stdout)
		if len(names) == 0 {
			continue
		}
		line := []string{resource, "delete", "--ignore-missing"}
		if resource == "users" || resource == "teams" { // an id may be the alias of another by now
			names = []string{"--id=" + strings.Join(names, ",")}
		}
		if e := h.do(t, append(line, names...)...); e.code != 0 {
			t.Errorf("left behind: %s: %s", resource, e.stderr)
		}
	}
}

// line is a command with some of its flags.
func (w *twinWords) line(c twinCommand) []string {
	line := append([]string{c.plugin}, c.command.GetPath()...)
	line = append(line, "-o", "json", "--yes", "--timeout", "60s")
	for _, f := range c.command.GetFlags() {
		if f.GetSaves() || f.GetHidden() || !f.GetRequired() && w.IntN(6) > 0 || selectsOthers(c.command, f.GetName()) {
			continue
		}
		switch {
		case f.GetKind() == protocol.Kind_KIND_BOOL && f.GetName() != "stream":
			line = append(line, "--"+f.GetName())
		case f.GetKind() != protocol.Kind_KIND_BOOL:
			line = append(line, "--"+f.GetName()+"="+w.value(c.plugin, f))
		}
	}
	if c.plugin == "keys" && slices.Equal(c.command.GetPath(), []string{"generate"}) {
		line = append(line, "--set=metadata.twins="+w.run)
	}
	line = append(line, "--")
	for _, a := range c.command.GetArguments() {
		if a.GetRequired() || w.IntN(3) > 0 {
			line = append(line, w.value(c.plugin, a))
		}
	}
	return line
}

// selectsOthers says whether a flag would have a command that takes something away choose among what is not of this run.
func selectsOthers(c *protocol.Command, flag string) bool {
	takes := c.GetEffect() == protocol.Effect_EFFECT_DESTROY || strings.HasSuffix(strings.Join(c.GetPath(), " "), "block")
	return takes && slices.Contains([]string{"status", "role", "organization-id"}, flag)
}

// value makes up what a flag or an argument may hold, now and then something that it may not.
func (w *twinWords) value(resource string, p *protocol.Parameter) string {
	pick := func(values ...string) string { return values[w.IntN(len(values))] }
	if len(p.GetEnum()) > 0 {
		return pick(p.GetEnum()...)
	}
	switch p.GetKind() {
	case protocol.Kind_KIND_INTEGER:
		return pick("1", "5", "100", "0")
	case protocol.Kind_KIND_NUMBER:
		return pick("0", "1", "2.5", "100")
	case protocol.Kind_KIND_DURATION:
		return pick("1h", "30d", "1mo", "2mo")
	case protocol.Kind_KIND_JSON:
		return pick(`{}`, `{"a":1}`, `{"a":{"b":"c"}}`, `[1]`)
	case protocol.Kind_KIND_ASSIGNMENT:
		return pick("metadata.x=1", "max_budget=3", "metadata:=null", "rpm_limit=7", "no_such_field=1", "models:=[]", "tpm_limit:=null")
	}
	known := map[string][]string{
		"keys": {"-ci", "-own", "-none"}, "users": {"-ada", "-bob", "-none", "-ada@example.com"}, "teams": {"-team", "-eng", "-none"},
		"credentials": {"-cred", "-none"}, "models": {"-model", "-none"}, "deployments": {"-dep", "-none"},
	}
	kind := p.GetCompletion()
	switch name := p.GetName(); {
	case known[kind] != nil:
	case strings.Contains(name, "email"):
		return w.run + pick("-ada", "-bob", "-new") + "@example.com"
	case name == "message":
		return "user:hello"
	default:
		kind = resource
	}
	if known[kind] == nil {
		return "mock-gpt"
	}
	return w.run + pick(append(slices.Clone(known[kind]), "-new")...)
}

// shapeOf names every member of the records with the kind of its value; objects that people fill are not looked into.
func shapeOf(t *testing.T, text string) map[string]string {
	t.Helper()
	out := map[string]string{}
	if text == "" {
		return out
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Errorf("this is no JSON: %.200s", text)
		return out
	}
	describe(out, "", v)
	return out
}

func describe(out map[string]string, at string, v any) {
	kind := "null"
	switch v := v.(type) {
	case bool:
		kind = "boolean"
	case float64:
		kind = "number"
	case string:
		kind = "string"
	case []any:
		kind = "array"
		if at == "" {
			for _, item := range v {
				describe(out, "[]", item)
			}
		}
	case map[string]any:
		kind = "object"
		if at == "" || at == "[]" {
			for name, member := range v {
				describe(out, at+"."+name, member)
			}
		}
	}
	if out[at] == "" || out[at] == "null" {
		out[at] = kind
	}
}

func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
