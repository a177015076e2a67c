//go:build unix

package plugin_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

// completeThings does what its prefix says.
func completeThings(ctx context.Context, inv *sdk.Invocation, prefix string) ([]sdk.Candidate, error) {
	names := []sdk.Candidate{{Text: prefix}, {Text: prefix + "\tx"}, {Text: prefix + "\n/x"}, {Text: "other"}, {Text: prefix + "-\x1b[31m", Note: "a\nnote"}}
	inv.Notice("a notice")
	inv.Progress(1, 2, "progress")
	var err error
	switch prefix {
	case "/text":
		err = inv.Print("text\n")
	case "/prompt":
		_, err = inv.Prompt(ctx, "who? ")
	case "/confirm":
		err = inv.Confirm(ctx, "all")
	case "/save":
		_, err = inv.SaveAs(ctx, "names", "text")
	case "/lock":
		_, err = inv.Lock(ctx, "a", "b")
	case "/plan":
		err = inv.Plan("x")
	case "/write":
		_, err = inv.Do(ctx, sdk.Request{Method: "POST", Path: "/thing/1"})
	case "/spend":
		_, err = inv.Do(ctx, sdk.Request{Method: "POST", Path: "/chat/%63ompletions"})
	case "/panic":
		panic("no names")
	case "/slow":
		_, err = inv.Do(ctx, sdk.Request{Method: "GET", Path: "/thing/slow"})
	}
	return names, err
}

// TestCompleters has a plugin do, in the middle of somebody's line, what it may not: there are no names, and nothing else.
func TestCompleters(t *testing.T) {
	t.Parallel()
	server, asked := gateway(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s := sharing(t)
	s.server, s.stdin = server, "somebody\n"
	for _, what := range []string{"/text", "/prompt", "/confirm", "/save", "/lock", "/plan", "/write", "/spend", "/panic"} {
		if got := s.run(t, "__complete", "bad", "ask", "GET", what); got.code != 0 || got.stdout != "" || got.stderr != "" {
			t.Errorf("%s: %+v", what, got)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests came", n)
	}
	if got := s.run(t, "__complete", "bad", "ask", "GET", "/slow"); got.code != 0 || got.stdout != "" || got.stderr != "" || asked.Load() != 1 {
		t.Errorf("a gateway that does not answer: %+v", got)
	}
	if got := s.run(t, "__complete", "bad", "ask", "GET", "/names"); got.code != 0 || got.stdout != "/names\t\n/names-\\x1b[31m\ta\\nnote\n" || got.stderr != "" {
		t.Errorf("names: %+v", got)
	}
	_ = filepath.WalkDir(filepath.Join(s.runDir, "state"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("a file was made: %s", path)
		}
		return nil
	})
}
