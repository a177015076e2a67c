package sdktest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	hash := sha256.Sum256([]byte(value))
	return ref, hex.EncodeToString(hash[:])
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
			for _, p := range append(c.GetFlags(), c.GetArguments()...) {
				if p.GetName() == v.GetName() && p.GetKeyName() {
					for i, text := range v.GetValues() {
						v.Values[i] = protocol.HideKey(text)
					}
				}
			}
		}
	}
}
