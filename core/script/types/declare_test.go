package types

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// manifests are those of the built-in plugins.
func manifests(t testing.TB) []*protocol.Manifest {
	t.Helper()
	files, err := filepath.Glob("../../../plugins/builtin/manifests/*.pb")
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

// TestDeclareGolden compares the types of the built-in plugins with those in testdata; UPDATE_GOLDEN=1 writes them.
func TestDeclareGolden(t *testing.T) {
	for file, text := range map[string]string{"testdata/litellm.d.ts": Declare(manifests(t)), "testdata/tsconfig.json": Config()} {
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), text); diff != "" {
			t.Errorf("%s is not current (UPDATE_GOLDEN=1 makes it so):\n%s", file, diff)
		}
	}
}
