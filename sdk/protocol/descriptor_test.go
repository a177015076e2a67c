package protocol_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
)

// TestGeneratedCodeIsCurrent compares plugin.pb.go with plugin.proto; `make proto` brings them together.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	compiler := protocompile.Compiler{Resolver: &protocompile.SourceResolver{}}
	files, err := compiler.Compile(context.Background(), "plugin.proto")
	if err != nil {
		t.Fatal(err)
	}
	want := protodesc.ToFileDescriptorProto(files[0])
	got := protodesc.ToFileDescriptorProto(protocol.File_sdk_protocol_plugin_proto)
	want.Name, got.Name = nil, nil
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("plugin.pb.go is not what plugin.proto says; run make proto (-proto +go):\n%s", diff)
	}
}

// TestWireIsGolden keeps the wire: a number, name or type that is in the golden file may not change. New lines are
// added to it with UPDATE_GOLDEN=1; a line that went away needs a reserved number and a new protocol version.
func TestWireIsGolden(t *testing.T) {
	const path = "testdata/wire.golden"
	got := wire(protocol.File_sdk_protocol_plugin_proto)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the wire changed (-golden +now):\n%s", diff)
	}
}

// wire writes a line for everything that crosses the border.
func wire(file protoreflect.FileDescriptor) string {
	var b strings.Builder
	for i := range file.Services().Len() {
		service := file.Services().Get(i)
		for j := range service.Methods().Len() {
			m := service.Methods().Get(j)
			fmt.Fprintf(&b, "rpc %s %s(%v) %s(%v)\n", m.FullName(), m.Input().Name(), m.IsStreamingClient(), m.Output().Name(), m.IsStreamingServer())
		}
	}
	for i := range file.Enums().Len() {
		e := file.Enums().Get(i)
		for j := range e.Values().Len() {
			fmt.Fprintf(&b, "enum %s %d %s\n", e.Name(), e.Values().Get(j).Number(), e.Values().Get(j).Name())
		}
	}
	for i := range file.Messages().Len() {
		m := file.Messages().Get(i)
		for j := range m.Fields().Len() {
			f := m.Fields().Get(j)
			kind := f.Kind().String()
			if f.Message() != nil {
				kind = string(f.Message().Name())
			}
			if f.Enum() != nil {
				kind = string(f.Enum().Name())
			}
			fmt.Fprintf(&b, "%s %d %s %s %s\n", m.Name(), f.Number(), f.Name(), f.Cardinality(), kind)
		}
		for j := range m.ReservedRanges().Len() {
			r := m.ReservedRanges().Get(j)
			fmt.Fprintf(&b, "%s reserved %d to %d\n", m.Name(), r[0], r[1]-1)
		}
	}
	return b.String()
}
