package protocol

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// HashedKey begins a name that was given as a key's secret, behind which the plugin gets its hash.
const HashedKey = "sha256:"

// keyLength is the least of a LiteLLM key (observed on LiteLLM 1.106.2).
const keyLength = 16

// IsKey reports whether text has the form of a LiteLLM key.
func IsKey(text string) bool {
	return strings.HasPrefix(text, "sk-") && len(text) >= keyLength && !strings.ContainsAny(text, " \t") &&
		!strings.HasPrefix(text, "sk-...") && !strings.HasPrefix(text, "sk-…") && !strings.HasPrefix(text, "sk-****")
}

// KeyHash is what the gateway knows a key by: the SHA-256 of the secret in lower-case hexadecimal digits.
func KeyHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// HideKey is a name as a plugin gets it: a key's secret by its hash, all else as it is.
func HideKey(name string) string {
	if !IsKey(name) {
		return name
	}
	return HashedKey + KeyHash(name)
}

// HideKeys does so for every line of a text.
func HideKeys(lines []byte) []byte {
	var out strings.Builder
	for line := range strings.Lines(string(lines)) {
		if name := strings.TrimSpace(line); IsKey(name) {
			line = HideKey(name) + "\n"
		}
		out.WriteString(line)
	}
	return []byte(out.String())
}
