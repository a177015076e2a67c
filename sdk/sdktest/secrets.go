package sdktest

import (
	"bytes"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// made counts the secrets of all runs: no two have the same.
var made atomic.Int64

// secrets are those that the fake host has made: "sk-test-secret-0000001" and so on behind their prefix.
type secrets struct{ refs, values [][]byte }

func (s *secrets) add(prefix string) (ref, sum string) {
	n := made.Add(1)
	value := fmt.Sprintf("%stest-secret-%07d", prefix, n)
	ref = fmt.Sprintf("secret-ref:%07d", n)
	s.refs, s.values = append(s.refs, []byte(ref)), append(s.values, []byte(value))
	return ref, protocol.KeyHash(value)
}

// next gives the secrets of an earlier run first, then new ones.
func (s *secrets) next(before *secrets, prefix string) (ref, sum string) {
	if len(before.refs) == 0 {
		return s.add(prefix)
	}
	s.refs, s.values = append(s.refs, before.refs[0]), append(s.values, before.values[0])
	before.refs, before.values = before.refs[1:], before.values[1:]
	last := len(s.refs) - 1
	return string(s.refs[last]), protocol.KeyHash(string(s.values[last]))
}

func (s *secrets) reveal(b []byte) []byte { return replace(b, s.refs, s.values) }

func (s *secrets) veil(b []byte) []byte { return replace(b, s.values, s.refs) }

func replace(b []byte, these, by [][]byte) []byte {
	for i, this := range these {
		b = bytes.ReplaceAll(b, this, by[i])
	}
	return b
}

// hideKeys gives the plugin the hashes of the keys that the line names, as the real host does.
func hideKeys(m *protocol.Manifest, start *protocol.Invocation) {
	for _, c := range m.GetCommands() {
		if !slices.Equal(c.GetPath(), start.GetPath()) {
			continue
		}
		for _, v := range start.GetValues() {
			for _, p := range c.Parameters() {
				if p.GetName() == v.GetName() && p.GetKeyName() {
					for i, text := range v.GetValues() {
						v.Values[i] = protocol.HideKey(text)
					}
				}
			}
		}
	}
}
