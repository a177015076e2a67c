package builtin_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/plugins/builtin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// TestManifestsAreCurrent compares the embedded manifests with what the plugins say of themselves; `make generate`
// brings them together.
func TestManifestsAreCurrent(t *testing.T) {
	for _, p := range builtin.All() {
		want, err := builtin.Render(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := builtin.Manifest(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("the manifest of %s is not current (-plugin +file):\n%s", p.Name, diff)
		}
		if !protocol.ReservedName(p.Name) {
			t.Errorf("the name %s is not reserved: a third party's plugin could take it", p.Name)
		}
	}
	files, err := filepath.Glob("manifests/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(builtin.All()) {
		t.Errorf("there are %d manifests for %d plugins", len(files), len(builtin.All()))
	}
}
