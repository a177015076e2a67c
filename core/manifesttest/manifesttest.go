// Package manifesttest gives tests the manifests of the built-in plugins, which no package of the core may import.
package manifesttest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// All are the manifests as the program embeds them, by their names.
func All(t testing.TB) []*protocol.Manifest {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "../../plugins/builtin/manifests/*.pb"))
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
