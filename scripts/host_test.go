package scripts

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// gateway is a host whose commands answer from a table, and note what is written.
type gateway struct {
	job     *job.Job
	answers map[string][]string // by command and, for single records, its first value: "teams get eng"

	mu      sync.Mutex
	writes  []string
	records []string
	text    strings.Builder
	said    strings.Builder
}

func (g *gateway) Call(_ context.Context, c *script.Call, emit func([]byte) error) (string, error) {
	command := c.Plugin + " " + strings.Join(c.Command.GetPath(), " ")
	if c.Profile != "" {
		command = c.Profile + ": " + command
	}
	line := command
	for _, v := range c.Values {
		if v.GetGiven() {
			line += " " + v.GetName() + "=" + strings.Join(v.GetValues(), ",")
		}
	}
	if c.Command.GetEffect() != protocol.Effect_EFFECT_READ {
		g.mu.Lock()
		g.writes = append(g.writes, line)
		g.mu.Unlock()
	}
	rows, ok := g.answers[line]
	if !ok {
		rows, ok = g.answers[command]
	}
	if !ok {
		return "", problem.New(problem.NotFound, "cannot run %s: there is no such thing", line)
	}
	for _, row := range rows {
		if err := emit([]byte(row)); err != nil {
			return "", err
		}
	}
	return "", nil
}

func (g *gateway) Job(context.Context) (*job.Job, error) { return g.job, nil }
func (g *gateway) Secret(string, string) (string, error) {
	return "", fmt.Errorf("no script opens a secret")
}
func (g *gateway) Hint(string) string { return "sk-…" }

func (g *gateway) Veil(text []byte) []byte  { return text }
func (g *gateway) Progress(script.Tally)    {}
func (g *gateway) Trouble() <-chan struct{} { return nil }
func (g *gateway) Print(text string) error  { g.text.WriteString(text); return nil }
func (g *gateway) Say(text string)          { g.said.WriteString(text + "\n") }
func (g *gateway) Record(raw []byte) error  { g.records = append(g.records, string(raw)); return nil }

// run runs a script on the gateway, with files in its working directory.
func run(t *testing.T, g *gateway, name string, dry bool, files map[string]string, values ...string) script.Result {
	t.Helper()
	all := manifesttest.All(t)
	p, err := script.Build(t.Context(), script.BuildOptions{Path: name + ".ts", FS: FS, Manifests: all})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if g.job, err = job.Open(filepath.Join(dir, "jobs")).Create(t.Context(), job.Meta{Kind: "script", Title: name, Created: time.Now()}); err != nil {
		t.Fatal(err)
	}
	o := script.RunOptions{Host: g, DryRun: dry, WorkDir: dir, Width: 60}
	for _, v := range values {
		name, value, _ := strings.Cut(v, "=")
		o.Values = append(o.Values, &protocol.Value{Name: name, Values: strings.Split(value, ","), Given: true})
	}
	result, err := p.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(g.writes)
	return result
}

// members returns members of records, a line each.
func members(t *testing.T, records []string, names ...string) string {
	t.Helper()
	var out strings.Builder
	for _, raw := range records {
		var record map[string]any
		if err := json.Unmarshal([]byte(raw), &record); err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			if i > 0 {
				out.WriteByte(' ')
			}
			fmt.Fprint(&out, record[name])
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
