// Package plugin starts plugins and speaks with them.
package plugin

import (
	"fmt"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/protobuf/proto"
)

// Role is the first argument of a process that is a built-in plugin; its name is the second.
const Role = "__plugin"

// Builtin is a plugin that this binary contains: it is run by executing the binary again.
type Builtin struct {
	Name    string
	Summary string // the manifest's, here so that the list of commands needs no manifest
	// Manifest reads a plugin's protocol.Manifest in protobuf's binary form.
	Manifest func(name string) ([]byte, error)
}

// ReadManifest decodes the plugin's embedded manifest.
func (b Builtin) ReadManifest() (*protocol.Manifest, error) {
	m := &protocol.Manifest{}
	raw, err := b.Manifest(b.Name)
	if err == nil {
		err = proto.Unmarshal(raw, m)
	}
	if err != nil {
		return nil, fmt.Errorf("read the manifest of plugin %q: %w", b.Name, err)
	}
	return m, nil
}
