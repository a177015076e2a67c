// Package plugin starts plugins and speaks with them.
package plugin

import (
	"bytes"
	"fmt"
	"sync"

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

// decoded are the manifests that were read, by their plugins' names: a script asks for one at every call.
var decoded sync.Map // string to *manifest

// manifest is one with what it was decoded from.
type manifest struct {
	raw []byte
	*protocol.Manifest
}

// ReadManifest decodes the plugin's embedded manifest. Many callers have the same one: it is not to be changed.
func (b Builtin) ReadManifest() (*protocol.Manifest, error) {
	raw, err := b.Manifest(b.Name)
	if have, ok := decoded.Load(b.Name); ok && err == nil && bytes.Equal(have.(*manifest).raw, raw) {
		return have.(*manifest).Manifest, nil
	}
	m := &protocol.Manifest{}
	if err == nil {
		err = proto.Unmarshal(raw, m)
	}
	if err != nil {
		return nil, fmt.Errorf("read the manifest of plugin %q: %w", b.Name, err)
	}
	decoded.Store(b.Name, &manifest{raw, m})
	return m, nil
}
