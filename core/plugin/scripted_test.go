//go:build unix

package plugin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// makeCmd makes a thing whose id it chooses, once, whatever happens.
type makeCmd struct {
	sdk.Emits[thing]
	Name string `arg:""`
}

type thing struct {
	ID     string `json:"id"`
	Result string `json:"result"`
}

func (c *makeCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	id := fmt.Sprintf("%s-%d", c.Name, time.Now().UnixNano())
	if was, ok := inv.Intended("thing"); ok {
		id = was
		if inv.Get(ctx, "/thing/"+id, nil, nil) == nil {
			return inv.Emit(thing{id, "created"})
		}
	}
	if err := inv.Intend(ctx, "thing", id); err != nil {
		return err
	}
	if err := inv.Post(ctx, "/thing/"+id, map[string]string{"name": c.Name}, nil); err != nil {
		return err
	}
	return inv.Emit(thing{id, "created"})
}

// tellCmd sends a write that nothing identifies.
type tellCmd struct {
	sdk.Emits[thing]
	Name string `arg:""`
}

func (c *tellCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if err := inv.Post(ctx, "/thing/tell", map[string]string{"name": c.Name}, nil); err != nil {
		return err
	}
	return inv.Emit(thing{c.Name, "created"})
}

const thingScript = `import { job, bad } from "litellm";
await job.each(["a", "b", "c"], { key: (n) => n, concurrency: 1 }, async (n) => {
  const made = await bad.make({ name: n });
  return { n, id: made.id, result: made.result };
});
`

const tellScript = `import { job, bad } from "litellm";
await job.each(["a", "b"], { key: (n) => n, concurrency: 1 }, async (n) => ({ n, id: (await bad.tell({ name: n })).id }));
`

// things is a gateway that keeps what is made. It may end the program, at once, when it has done a write.
type things struct {
	mu    sync.Mutex
	made  []string
	lives int    // writes before the end of the program; 0: it lives
	end   func() // ends it
}

func (g *things) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // or the end of the connection would not be noticed
	id := filepath.Base(r.URL.Path)
	g.mu.Lock()
	if r.Method == http.MethodPost {
		g.made = append(g.made, id)
		g.lives--
	}
	end := g.end
	there, last := strings.Contains(strings.Join(g.made, " "), id), g.lives == 0 && end != nil
	g.mu.Unlock()
	switch {
	case last && r.Method == http.MethodPost:
		end()
		<-r.Context().Done() // the answer never comes
		return
	case !there:
		http.Error(w, `{"error":"no such thing"}`, http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"id": id})
}

// TestScripted calls a plugin's command from a script, kills the program right after the gateway has acted, and resumes: what the
// plugin identifies is made once, and of what nobody identifies the job says that nobody can tell.
func TestScripted(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		code  int
		made  int // in all
		wants []string
	}{
		"intended":   {thingScript, 0, 3, []string{"3 of 3 items done", "3 ok"}},
		"unintended": {tellScript, 3, 2, []string{"1 failed", "POST /thing/tell", "its answer was lost"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := &things{}
			server, _ := gateway(t, g.ServeHTTP)
			s := surroundings{server: server, runDir: filepath.Dir(runDir(t))}
			file := filepath.Join(shortDir(t), "things.ts")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, kill := context.WithCancel(t.Context())
			defer kill()
			cmd, _ := s.command(ctx, t, "script", "run", file)
			g.mu.Lock()
			g.lives, g.end = 1, kill
			g.mu.Unlock()
			if err := cmd.Run(); err == nil {
				t.Fatal("it was not killed")
			}
			g.mu.Lock()
			g.end = nil
			g.mu.Unlock()
			id := strings.TrimSpace(s.run(t, "job", "list", "--jq", ".[0].id").stdout)
			got := s.run(t, "job", "resume", id)
			if got.code != c.code {
				t.Errorf("exit %d, want %d: %s", got.code, c.code, got.stderr)
			}
			wants(t, "standard error", got.stderr, c.wants...)
			g.mu.Lock()
			defer g.mu.Unlock()
			if len(g.made) != c.made {
				t.Errorf("made %q, want %d", g.made, c.made)
			}
		})
	}
}
