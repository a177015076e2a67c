package scripts

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
	"github.com/litellm-proxy/litellm-proxy/core/script"
)

// TestScripts builds the scripts and checks them. Each says in its first line what it does, and below how it is run.
// TestScriptsCompile, beside the types, has TypeScript look at them.
func TestScripts(t *testing.T) {
	files, err := fs.Glob(FS, "*.ts")
	if err != nil || len(files) < 5 {
		t.Fatal(err, files)
	}
	all := manifesttest.All(t)
	for _, file := range files {
		p, err := script.Build(t.Context(), script.BuildOptions{Path: file, FS: FS, Manifests: all})
		if err != nil {
			t.Error(err)
			continue
		}
		findings, err := script.Check(p, all)
		if err != nil {
			t.Error(err)
		}
		for _, f := range findings {
			t.Error(f)
		}
		if !strings.HasSuffix(p.Summary, ".") || len(p.Summary) > 120 {
			t.Errorf("%s: the summary is %q", file, p.Summary)
		}
		if !strings.Contains(p.Doc, "\n  litellm-proxy script run "+strings.TrimSuffix(file, ".ts")) {
			t.Errorf("%s: the header has no example: %s", file, p.Doc)
		}
	}
}
