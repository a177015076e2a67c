package audit

import (
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// hashDigits is how many digits of a key's hash stand for the key. The gateway's own lists show hashes, so that a key is found
// by them.
const hashDigits = 12

// KeyName is what stands for a virtual key in the log: the first 12 digits of its hash, whether the text is the secret, the
// hash or a reference to it. An abbreviation such as sk-...9Qx2 stays. Any other text in a key's place is taken for a secret.
func KeyName(text string) string {
	text = strings.TrimPrefix(text, protocol.HashedKey)
	switch {
	case text == "":
		return ""
	case isHash(text):
		return text[:hashDigits]
	case isAbbreviated(text):
		return text
	}
	return protocol.KeyHash(text)[:hashDigits]
}

func isHash(s string) bool {
	if len(s) != 64 || strings.ToLower(s) != s {
		return false
	}
	_, err := hex.DecodeString(s)
	return err == nil
}

// isAbbreviated says whether a text is a key as the gateway shows it: sk-...9Qx2 (observed on LiteLLM 1.106.2).
func isAbbreviated(s string) bool {
	for _, p := range []string{"sk-...", "sk-…", "sk-****"} {
		if rest, ok := strings.CutPrefix(s, p); ok && len(rest) <= 6 {
			return true
		}
	}
	return false
}

// hideKeys returns a text in which every virtual key is replaced by its name, whatever stands around it.
func hideKeys(s string) string {
	if protocol.IsKey(s) {
		return KeyName(s)
	}
	var b strings.Builder
	at := 0
	for i := 0; i < len(s); {
		j := strings.Index(s[i:], "sk-")
		if j < 0 {
			break
		}
		from := i + j
		to := from + keyRun(s[from:])
		i = from + len("sk-")
		if begins(s, from) && protocol.IsKey(s[from:to]) {
			b.WriteString(s[at:from])
			b.WriteString(KeyName(s[from:to]))
			at, i = to, to
		}
	}
	return b.String() + s[at:]
}

// keyRun is the length of the word at the beginning of s that may be a key, without what ends a sentence.
func keyRun(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`"'`+"`"+`,;<>()[]{}&|\`, r)
	})
	if n >= 0 {
		s = s[:n]
	}
	return len(strings.TrimRight(s, ".:!?"))
}

// begins says whether a word begins at i: "task-force-of-the-year" holds no key, while `\nsk-…` and "%20sk-…" do.
func begins(s string, i int) bool {
	if i == 0 || !isAlphanumeric(s[i-1]) {
		return true
	}
	for back := 2; back <= 6 && back <= i; back++ {
		if c := s[i-back]; c == '\\' || c == '%' {
			return true
		}
	}
	return false
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// hidePath is a path as the log has it: without a query, and without a key in any segment, however it is encoded.
func hidePath(path string) string {
	path, _, _ = strings.Cut(path, "?")
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if d, err := url.PathUnescape(s); err == nil {
			if h := hideKeys(d); h != d {
				s = h
			}
		}
		segments[i] = hideKeys(s)
	}
	return strings.Join(segments, "/")
}
