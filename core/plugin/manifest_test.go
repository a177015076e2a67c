package plugin_test

import (
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// A manifest is decoded once, unless there is another one of its name.
func TestReadManifestOnce(t *testing.T) {
	read := func(summary string) *protocol.Manifest {
		t.Helper()
		b := plugin.Builtin{Name: "once", Manifest: func(string) ([]byte, error) {
			return proto.Marshal(&protocol.Manifest{Name: "once", Summary: summary})
		}}
		m, err := b.ReadManifest()
		if err != nil || m.GetSummary() != summary {
			t.Fatal(m, err)
		}
		return m
	}
	first := read("a")
	if read("a") != first {
		t.Error("it was decoded again")
	}
	if read("b") == first || read("a").GetSummary() != "a" {
		t.Error("another one was taken for it")
	}
}
