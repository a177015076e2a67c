package app

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// vault holds the secrets that the host has made for a plugin, which knows them by references. The zero value is empty
// and costs nothing.
type vault struct {
	mu     sync.RWMutex
	refs   [][]byte
	values [][]byte
	sent   []bool // in a request
	saved  []bool // in a file
}

const (
	secretBytes = 24 // of chance
	refPrefix   = "secret-ref:"
)

// add makes a secret that begins with prefix, and hides it from all that is printed but what reveal is applied to.
func (v *vault) add(prefix string, secrets *redact.Redactor) (ref, sum string, err error) {
	if len(prefix) > 16 || strings.IndexFunc(prefix, needsEscape) >= 0 {
		return "", "", problem.New(problem.Plugin, "a secret cannot begin with %q", prefix)
	}
	chance := make([]byte, secretBytes+16)
	rand.Read(chance) // never returns an error
	value := prefix + base64.RawURLEncoding.EncodeToString(chance[:secretBytes])
	ref = refPrefix + hex.EncodeToString(chance[secretBytes:])
	secrets.Add(value)
	v.put(ref, value)
	return ref, protocol.KeyHash(value), nil
}

// receivers are the members of a request that a secret is for. Anywhere else the gateway would keep it for others to read.
var receivers = []string{`"key":"`, `"new_key":"`}

// fill puts the secrets in the places of their references in a request that is to be sent, held back or not. It fails where a
// reference stands in another place.
func (v *vault) fill(body []byte, send bool) ([]byte, error) {
	if !bytes.Contains(body, []byte(refPrefix)) {
		return body, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, ref := range v.refs {
		for _, member := range receivers {
			from := []byte(member + string(ref) + `"`)
			if bytes.Contains(body, from) {
				body = bytes.ReplaceAll(body, from, []byte(member+string(v.values[i])+`"`))
				v.sent[i] = v.sent[i] || send
			}
		}
	}
	if bytes.Contains(body, []byte(refPrefix)) {
		return nil, problem.New(problem.Plugin, "a plugin asked to send a secret in another place than a key's")
	}
	return body, nil
}

// save is reveal for a file.
func (v *vault) save(text []byte) []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, ref := range v.refs {
		v.saved[i] = v.saved[i] || bytes.Contains(text, ref)
	}
	return replace(text, v.refs, v.values)
}

// unsaved are the secrets that were sent and are in no file, each on a line behind its hash.
func (v *vault) unsaved() (lines []byte) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for i, value := range v.values {
		if v.sent[i] && !v.saved[i] {
			lines = fmt.Appendf(lines, "%s %s\n", protocol.KeyHash(string(value)), v.refs[i])
		}
	}
	return lines
}

// hashes are those of the secrets that were sent.
func (v *vault) hashes() (out []string) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for i, value := range v.values {
		if v.sent[i] {
			out = append(out, protocol.KeyHash(string(value)))
		}
	}
	return out
}

// needsEscape says whether a character may be written in another way in JSON, a URL or a file.
func needsEscape(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-_.", r)
}

// reveal puts the secrets in the places of their references. Neither needs escapes in JSON.
func (v *vault) reveal(b []byte) []byte {
	if v == nil || !bytes.Contains(b, []byte(refPrefix)) {
		return b
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	return replace(b, v.refs, v.values)
}

// veil puts the references in the places of the secrets.
func (v *vault) veil(b []byte) []byte {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return replace(b, v.values, v.refs)
}

// veiled is r with references in the places of the secrets; line by line, for no secret has a line end in it.
func (v *vault) veiled(r io.Reader) io.Reader {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if len(v.refs) == 0 {
		return r
	}
	return &veiledLines{lines: bufio.NewReaderSize(r, 1<<20), vault: v}
}

type veiledLines struct {
	lines *bufio.Reader
	vault *vault
	rest  []byte
	err   error
}

func (l *veiledLines) Read(b []byte) (int, error) {
	if len(l.rest) == 0 && l.err == nil {
		l.rest, l.err = l.lines.ReadSlice('\n')
		l.rest = l.vault.veil(l.rest)
		if errors.Is(l.err, bufio.ErrBufferFull) {
			l.err = nil
		}
	}
	n := copy(b, l.rest)
	if l.rest = l.rest[n:]; len(l.rest) > 0 {
		return n, nil
	}
	return n, l.err
}

func replace(b []byte, these, by [][]byte) []byte {
	for i, this := range these {
		if bytes.Contains(b, this) {
			b = bytes.ReplaceAll(b, this, by[i])
		}
	}
	return b
}
