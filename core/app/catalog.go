package app

import (
	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// catalog is all commands: the plugins' and the core's own.
type catalog struct {
	builtins []plugin.Builtin
	own      func(name string) (own, bool)
}

func (s *session) catalog() catalog { return catalog{s.Builtins, s.ownNamed} }

// Entries lists plugins first, then the core's own commands.
func (c catalog) Entries() []command.Entry {
	var out []command.Entry
	for _, b := range c.builtins {
		out = append(out, command.Entry{Name: b.Name, Summary: b.Summary})
	}
	for _, name := range ownOrder {
		own, _ := ownNamed(name)
		out = append(out, command.Entry{Name: name, Summary: own.manifest.GetSummary()})
	}
	return out
}

// Manifest finds the commands behind a first word; nil if there are none.
func (c catalog) Manifest(name string) (*protocol.Manifest, error) {
	if own, ok := c.own(name); ok {
		return own.manifest, nil
	}
	for _, b := range c.builtins {
		if b.Name == name {
			return b.ReadManifest()
		}
	}
	return nil, nil
}
