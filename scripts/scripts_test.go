package scripts

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/script"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

func manifests(t *testing.T) []*protocol.Manifest {
	t.Helper()
	files, err := filepath.Glob("../plugins/builtin/manifests/*.pb")
	if err != nil || len(files) < 5 {
		t.Fatal(err, files)
	}
	var out []*protocol.Manifest
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := &protocol.Manifest{}
		if err := proto.Unmarshal(raw, m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// TestScripts builds the scripts and checks them. Each says in its first line what it does, and below how it is run.
// TestScriptsCompile, beside the types, has TypeScript look at them.
func TestScripts(t *testing.T) {
	files, err := fs.Glob(FS, "*.ts")
	if err != nil || len(files) < 5 {
		t.Fatal(err, files)
	}
	all := manifests(t)
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
