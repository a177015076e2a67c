//go:build unix

package plugin_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/app"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// hostRole is the first argument of a process that is the whole program, with this file's plugins in it.
const hostRole = "__host"

// memoryFile is the variable that names a file in which such a process leaves its status on Linux. The kernel's own
// account of a child that has ended counts that child's children too.
const memoryFile = "TEST_MEMORY_FILE"

// TestMain lets the test binary be the program and its plugins, as the program's own binary is.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 3 && os.Args[1] == plugin.Role:
		if serve, ok := rawPlugins[os.Args[2]]; ok {
			serve()
			os.Exit(0)
		}
		sdk.Serve(badPlugin(os.Args[2]))
	case len(os.Args) == 2 && os.Args[1] == "__script": // the host's own child
		os.Exit(app.Main(testBuiltins(), nil))
	case len(os.Args) > 1 && os.Args[1] == hostRole:
		os.Args = append(os.Args[:1], os.Args[2:]...)
		code := app.Main(testBuiltins(), nil)
		if status, err := os.ReadFile("/proc/self/status"); err == nil {
			_ = os.WriteFile(os.Getenv(memoryFile), status, 0o600)
		}
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// testBuiltins are the plugin "bad" and the raw ones, whose manifests are all the same.
func testBuiltins() []plugin.Builtin {
	names := []string{"bad"}
	for name := range rawPlugins {
		names = append(names, name)
	}
	var out []plugin.Builtin
	for _, name := range names {
		out = append(out, plugin.Builtin{Name: name, Summary: "Misbehave", Manifest: manifestOf})
	}
	return out
}

func manifestOf(name string) ([]byte, error) {
	m, err := badPlugin(name).Manifest()
	if err != nil {
		return nil, err
	}
	return proto.Marshal(m)
}

// invocation is a run of one of the plugin's commands with arguments.
func invocation(command string, values ...*protocol.Value) *protocol.Invocation {
	return &protocol.Invocation{Path: []string{command}, Values: values}
}

func value(name string, values ...string) *protocol.Value {
	return &protocol.Value{Name: name, Values: values, Given: true}
}

// peak reads from such a file how much was resident at most, in MiB; 0 if it does not say.
func peak(file string) int {
	status, _ := os.ReadFile(file)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int
	_, _ = fmt.Sscan(rest, &kib)
	return kib >> 10
}
