package builtin_test

import (
	"bytes"
	"os"
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
		binary, text, err := builtin.Render(p)
		if err != nil {
			t.Fatal(err)
		}
		embedded, err := builtin.Manifest(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(filepath.Join("manifests", p.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(file)); diff != "" {
			t.Errorf("the manifest of %s is not current (-plugin +file):\n%s", p.Name, diff)
		}
		page, err := builtin.Reference(p)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Join("../../docs/reference", p.Name+".md"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(page), string(kept)); diff != "" {
			t.Errorf("the reference page of %s is not current (-plugin +file):\n%s", p.Name, diff)
		}
		if !bytes.Equal(binary, embedded) {
			t.Errorf("the embedded manifest of %s is not current", p.Name)
		}
		if !protocol.ReservedName(p.Name) {
			t.Errorf("the name %s is not reserved: a third party's plugin could take it", p.Name)
		}
	}
	files, err := filepath.Glob("manifests/*.pb")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(builtin.All()) {
		t.Errorf("there are %d manifests for %d plugins", len(files), len(builtin.All()))
	}
}
