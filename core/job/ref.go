package job

import (
	"bytes"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/ncruces/go-sqlite3"
)

// RefPrefix begins the reference of a secret. One of a job is
//
//	secret-ref:736b2d-0-17-w2-0-0f1e2d3c4b5a6978
//
// which is what the secret begins with in hexadecimal digits, the batch, the item, the step (w a write, n one with a name), the
// number of the secret within the step, and 8 bytes that tell that this job has made it. So a reference needs no escapes in JSON
// or in a URL, and the journal needs no list of them.
const RefPrefix = "secret-ref:"

const (
	secretBytes   = 24 // of a secret behind its prefix, as the host makes all others
	tagBytes      = 8
	longestPrefix = 16
	longestField  = 2 * longestPrefix // of a reference
)

// place is what a reference says.
type place struct {
	prefix   string
	batch, n int  // of the item
	kind     byte // of the step
	step     int
	secret   int
}

// text is the reference without its tag.
func (p place) text() string {
	b := make([]byte, 0, 64)
	b = append(b, RefPrefix...)
	b = hex.AppendEncode(b, []byte(p.prefix))
	for _, n := range []int{p.batch, p.n} {
		b = strconv.AppendInt(append(b, '-'), int64(n), 10)
	}
	b = strconv.AppendInt(append(b, '-', p.kind), int64(p.step), 10)
	b = strconv.AppendInt(append(b, '-'), int64(p.secret), 10)
	return string(append(b, '-'))
}

// ref is the reference of a secret; empty without a seed.
func (k *keyring) ref(p place) string {
	text := p.text()
	sum := k.mac("ref", text)
	if sum == nil {
		return ""
	}
	return text + hex.EncodeToString(sum[:tagBytes])
}

// secret is what a reference stands for, of an item with a key; empty without a seed.
func (k *keyring) secret(p place, key string) string {
	sum := k.mac("secret", strconv.Itoa(p.batch), key, string(p.kind)+strconv.Itoa(p.step), strconv.Itoa(p.secret), p.prefix)
	if sum == nil {
		return ""
	}
	return p.prefix + base64.RawURLEncoding.EncodeToString(sum[:secretBytes])
}

// parseRef reads the reference that a text begins with, and returns its length; 0 if there is none of this job.
func (k *keyring) parseRef(text []byte) (place, int) {
	var p place
	rest, ok := bytes.CutPrefix(text, []byte(RefPrefix))
	if !ok {
		return p, 0
	}
	var fields [5]string
	for i := range fields {
		n := bytes.IndexByte(rest[:min(len(rest), longestField+1)], '-')
		if n < 0 {
			return p, 0
		}
		fields[i], rest = string(rest[:n]), rest[n+1:]
	}
	if len(rest) < 2*tagBytes || fields[3] == "" {
		return p, 0
	}
	prefix, err := hex.DecodeString(fields[0])
	p.prefix, p.kind = string(prefix), fields[3][0]
	fields[3] = fields[3][1:]
	for i, to := range []*int{&p.batch, &p.n, &p.step, &p.secret} {
		if err == nil {
			*to, err = strconv.Atoi(fields[i+1])
		}
	}
	// Comparing all of it also refuses what is spelt in another way, such as 00 for 0.
	length := len(text) - len(rest) + 2*tagBytes
	if ref := k.ref(p); err != nil || ref == "" || !hmac.Equal([]byte(ref), text[:length]) {
		return p, 0
	}
	return p, length
}

// eachRef calls found for every reference of this job in a text.
func (k *keyring) eachRef(text []byte, found func(from, to int, p place)) {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(RefPrefix))
		if i < 0 {
			return
		}
		at += i
		if p, n := k.parseRef(text[at:]); n > 0 {
			found(at, at+n, p)
			at += n
		} else {
			at += len(RefPrefix)
		}
	}
}

// countRefs counts the references of this job in a text.
func (k *keyring) countRefs(text []byte) (n int) {
	k.eachRef(text, func(int, int, place) { n++ })
	return n
}

// Resolve returns the secret that a reference of this job stands for. After the seed was destroyed there is none.
func (j *Job) Resolve(ref string) (secret string, ok bool) {
	p, n := j.keys.parseRef([]byte(ref))
	if n == 0 || n != len(ref) {
		return "", false
	}
	key, ok := j.keyOf(p)
	if !ok {
		return "", false
	}
	secret = j.keys.secret(p, key)
	return secret, secret != ""
}

// Reveal puts secrets in the places of all references of this job. Neither needs escapes in JSON.
func (j *Job) Reveal(text []byte) []byte {
	out, _ := j.reveal(string(text), j.keyOf)
	return []byte(out)
}

// reveal is Reveal with a way to find the keys of items. It returns how many secrets there were.
func (j *Job) reveal(text string, keyOf func(place) (string, bool)) (revealed string, secrets int) {
	if !strings.Contains(text, RefPrefix) {
		return text, 0
	}
	var b strings.Builder
	done := 0
	j.keys.eachRef([]byte(text), func(from, to int, p place) {
		if key, ok := keyOf(p); ok {
			b.WriteString(text[done:from])
			b.WriteString(j.keys.secret(p, key))
			done = to
			secrets++
		}
	})
	b.WriteString(text[done:])
	return b.String(), secrets
}

// keyOf is the key of the item that a reference names.
func (j *Job) keyOf(p place) (key string, ok bool) {
	j.mu.Lock()
	b := j.batches[p.batch]
	j.mu.Unlock()
	if b != nil {
		if i := b.underWay(p.n); i != nil {
			return i.Key, true
		}
	}
	err := j.journal.read(func(db *database) error {
		return db.query(`SELECT key FROM item WHERE id = ?`, func(s *sqlite3.Stmt) error {
			key, ok = s.ColumnText(0), true
			return nil
		}, itemID(p.batch, p.n))
	})
	return key, ok && err == nil
}

// checkPrefix refuses what a secret cannot begin with.
func checkPrefix(prefix string) error {
	if len(prefix) > longestPrefix || strings.IndexFunc(prefix, needsEscape) >= 0 {
		return problem.New(problem.Plugin, "a secret cannot begin with %q", prefix)
	}
	return nil
}

// needsEscape says whether a character may be written in another way in JSON, a URL or a file.
func needsEscape(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-_.", r)
}
