//go:build unix

package plugin_test

import (
	"context"
	"fmt"
	"os"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

type environCmd struct{ sdk.Lists[any] }

func (environCmd) Run(_ context.Context, inv *sdk.Invocation) error {
	for _, v := range os.Environ() {
		if err := inv.Emit(v); err != nil {
			return err
		}
	}
	return inv.Emit(fmt.Sprintf("arguments: %q", os.Args))
}

type spyCmd struct{ sdk.Lists[any] }

// Run says what became of each look into the parent process. It never shows what it saw.
func (spyCmd) Run(_ context.Context, inv *sdk.Invocation) error {
	parent := fmt.Sprintf("/proc/%d/", os.Getppid())
	for _, file := range []string{"environ", "mem", "maps", "auxv"} {
		said := "read it"
		f, err := os.Open(parent + file)
		if err == nil {
			if _, err = f.Read(make([]byte, 1)); file == "mem" {
				err = nil // nothing lies at address 0; to have opened it is enough
			}
			_ = f.Close()
		}
		if err != nil {
			said = "refused"
		}
		if err := inv.Emit(map[string]string{"file": file, "said": said}); err != nil {
			return err
		}
	}
	_, err := os.ReadDir(parent + "fd")
	return inv.Emit(map[string]string{"file": "fd", "said": map[bool]string{true: "read it", false: "refused"}[err == nil]})
}
