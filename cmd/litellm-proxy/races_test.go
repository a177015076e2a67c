//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// liveGateway is a home whose gateway is the one that the contract runs on: the live one of `make contract`, else a sandbox.
func liveGateway(t *testing.T) home {
	t.Helper()
	url, key := os.Getenv("LITELLM_PROXY_URL"), os.Getenv("LITELLM_PROXY_API_KEY")
	h := newHome(t, url)
	if os.Getenv("LITELLM_PROXY_CONTRACT") == "" {
		var stop func()
		var err error
		env := map[string]string{"HOME": h.dir, "XDG_STATE_HOME": h.dir, "XDG_RUNTIME_DIR": h.dir, "PATH": os.Getenv("PATH")}
		if url, key, stop, err = startSandbox(func(name string) string { return env[name] }, nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
	}
	h.env = append(h.env, "LITELLM_PROXY_URL="+url, "LITELLM_PROXY_API_KEY="+key)
	return h
}

// ended is a run of the program that is over.
type ended struct {
	code           int
	stdout, stderr string
}

func (h home) do(t *testing.T, args ...string) ended {
	t.Helper()
	cmd := h.command(t.Context(), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ended{cmd.ProcessState.ExitCode(), strings.TrimSpace(stdout.String()), strings.TrimSpace(stderr.String())}
}

// must is do, where nothing but success will do; it returns what was printed.
func (h home) must(t *testing.T, args ...string) string {
	t.Helper()
	e := h.do(t, args...)
	if e.code != 0 {
		t.Fatalf("%q: exit %d: %s", args, e.code, e.stderr)
	}
	return e.stdout
}

// together runs a command line many times at once, with the number of each in place of #.
func (h home) together(t *testing.T, n int, args ...string) []ended {
	t.Helper()
	out := make([]ended, n)
	var all sync.WaitGroup
	for i := range n {
		mine := slices.Clone(args)
		for j := range mine {
			mine[j] = strings.ReplaceAll(mine[j], "#", fmt.Sprint(i))
		}
		all.Go(func() { out[i] = h.do(t, mine...) })
	}
	all.Wait()
	return out
}

// codes counts exit codes.
func codes(runs []ended) map[int]int {
	out := map[int]int{}
	for _, e := range runs {
		out[e.code]++
	}
	return out
}

const racers = 20

// TestContractRaces has processes of one user make the same thing at once: the API has no constraint that would keep them
// from making several. One makes it; the others say that it is there.
func TestContractRaces(t *testing.T) {
	t.Parallel()
	h := liveGateway(t)
	run := fmt.Sprintf("r%d", time.Now().UnixNano())
	for name, c := range map[string]struct{ create, count, remove []string }{
		"keys": {
			[]string{"keys", "generate", "--key-alias", run, "--duration", "1h", "--jq", ".token"},
			[]string{"keys", "list", "--key-alias", run, "--jq", "length"}, []string{"keys", "delete", run},
		},
		"users": {
			[]string{"users", "create", "--email", run + "@example.com", "--jq", ".user_id"},
			[]string{"users", "list", "--email", run + "@example.com", "--jq", "length"}, []string{"users", "delete", "--email", run + "@example.com"},
		},
		"teams": {
			[]string{"teams", "create", "--alias", run, "--jq", ".team_id"},
			[]string{"teams", "list", "--jq", `map(select(.team_alias == "` + run + `")) | length`}, []string{"teams", "delete", run},
		},
	} {
		t.Run(name, func(t *testing.T) {
			runs := h.together(t, racers, c.create...)
			if got := codes(runs); got[0] != 1 || got[6] != racers-1 {
				t.Errorf("exit codes %v, want one 0 and %d times 6: %+v", got, racers-1, runs)
			}
			if n := h.must(t, c.count...); n != "1" {
				t.Errorf("%s are there", n)
			}
			again := h.together(t, 5, append(slices.Clone(c.create[:len(c.create)-2]), "--if-not-exists", "--jq", ".result")...)
			for _, e := range again {
				if e.code != 0 || e.stdout != "exists" {
					t.Errorf("with --if-not-exists: %+v", e)
				}
			}
			h.must(t, c.remove...)
		})
	}
	t.Run("members", func(t *testing.T) {
		team := h.must(t, "teams", "create", "--alias", run, "--jq", ".team_id")
		for _, e := range h.together(t, racers, "users", "create", "--email", run+"-#@example.com", "--id", run+"-#") {
			if e.code != 0 {
				t.Fatalf("%+v", e)
			}
		}
		runs := h.together(t, racers, "teams", "members", "add", team, run+"-#")
		if got := codes(runs); got[0] != racers {
			t.Errorf("exit codes %v: %+v", got, runs)
		}
		if n := h.must(t, "teams", "members", "list", team, "--jq", `map(select(.user_id | startswith("`+run+`"))) | length`); n != fmt.Sprint(racers) {
			t.Errorf("%s members", n)
		}
		h.must(t, "teams", "delete", team)
		ids := []string{"users", "delete"}
		for i := range racers {
			ids = append(ids, fmt.Sprintf("%s-%d", run, i))
		}
		h.must(t, ids...)
	})
}

// kills is how often a command is killed: on a live gateway more often, there is more between the moments.
func kills() int {
	if os.Getenv("LITELLM_PROXY_CONTRACT") != "" {
		return 50
	}
	return 12
}

// killed runs a command line and kills it after some time, unless it is quicker. It reports whether it was.
func (h home) killed(t *testing.T, after time.Duration, args ...string) (done bool) {
	t.Helper()
	cmd := h.command(t.Context(), args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
	defer timer.Stop()
	return cmd.Wait() == nil
}

// TestContractRotateKilled kills a rotation at random moments and runs it again: there is a working key at every moment, one
// with the alias at the end, and it has what the first one had.
func TestContractRotateKilled(t *testing.T) {
	t.Parallel()
	h := liveGateway(t)
	run := fmt.Sprintf("k%d", time.Now().UnixNano())
	secret := h.must(t, "keys", "generate", "--key-alias", run, "--max-budget", "7", "--spend", "2.5", "--models", "mock-gpt", "--set", "metadata.owner=ada", "--jq", ".key")
	list := func(jq string) string {
		return h.must(t, "keys", "list", "--jq", `map(select(.metadata.owner == "ada" and (.key_alias // "" | startswith("`+run+`")))) | `+jq)
	}
	defer func() {
		for token := range strings.Lines(list(".[].token")) {
			h.do(t, "keys", "delete", strings.TrimSpace(token))
		}
	}()
	began := time.Now()
	h.must(t, "keys", "rotate", run)
	work := time.Since(began) + 20*time.Millisecond
	for i := range kills() {
		after := time.Duration(rand.Int64N(int64(work)))
		done := h.killed(t, after, "keys", "rotate", run)
		var keys []struct {
			Status string `json:"status"`
		}
		if err := json.Unmarshal([]byte(list("tojson")), &keys); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(keys, func(k struct {
			Status string `json:"status"`
		}) bool {
			return k.Status == "active"
		}) {
			t.Fatalf("kill %d after %s: no working key", i, after)
		}
		if n := list(`map(select(.key_alias == "` + run + `")) | length`); n != "1" && (done || n != "0") {
			t.Fatalf("kill %d after %s: %s keys have the alias", i, after, n)
		}
	}
	last := h.must(t, "keys", "rotate", run, "--jq", ".key")
	if n := list(`map(select(.key_alias == "` + run + `")) | length`); n != "1" {
		t.Errorf("%s keys have the alias at the end", n)
	}
	got := h.must(t, "keys", "info", run, "--jq", `[.max_budget, .spend, .models, .metadata] | tojson`)
	if want := `[7,2.5,["mock-gpt"],{"owner":"ada"}]`; strings.ReplaceAll(got, "7.0", "7") != want {
		t.Errorf("the last key has %s, want %s", got, want)
	}
	for name, key := range map[string]string{"first": secret, "last": last} {
		if e := h.do(t, "models", "list", "--api-key", key); e.code != 0 {
			t.Errorf("the %s key does not work: %s", name, e.stderr)
		}
	}
}

// TestContractImportKilled kills an import of models at random moments and runs it again: no model is there twice.
func TestContractImportKilled(t *testing.T) {
	t.Parallel()
	h := liveGateway(t)
	run := fmt.Sprintf("i%d", time.Now().UnixNano())
	var file strings.Builder
	file.WriteString("model_list:\n")
	const models = 6
	for i := range models {
		fmt.Fprintf(&file, "  - model_name: %s-%d\n    litellm_params: {model: openai/%s-%d, api_key: fake-key-of-the-test, rpm: %d}\n", run, i, run, i, i+1)
	}
	path := h.dir + "/config.yaml"
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ids := func() []string {
		return strings.Fields(h.must(t, "models", "info", "--jq", `.[] | select(.model_name | startswith("`+run+`")) | .model_info.id`))
	}
	remove := func() {
		if there := ids(); len(there) > 0 {
			h.must(t, append([]string{"models", "delete"}, there...)...)
		}
	}
	defer remove()
	began := time.Now()
	h.must(t, "models", "import", path)
	work := time.Since(began) + 20*time.Millisecond
	remove()
	for range kills() {
		if h.killed(t, time.Duration(rand.Int64N(int64(work))), "models", "import", path) {
			remove()
		}
	}
	e := h.do(t, "models", "import", path, "--if-not-exists")
	if there := ids(); e.code != 0 || len(there) != models {
		t.Errorf("%d deployments of %d models: exit %d %s", len(there), models, e.code, e.stderr)
	}
}
