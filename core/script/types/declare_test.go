package types

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
)

// TestDeclareGolden compares the types of the built-in plugins with those in testdata; UPDATE_GOLDEN=1 writes them.
func TestDeclareGolden(t *testing.T) {
	for file, text := range map[string]string{"testdata/litellm.d.ts": Declare(manifesttest.All(t)), "testdata/tsconfig.json": Config()} {
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
