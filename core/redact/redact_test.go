package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const canary = "sk-Canary_7fQ2xLw09Zt-mR4"

// encoded returns a secret in every form that must be found, by the standard library's own encoders.
func encoded(secret string) []string {
	asJSON, _ := json.Marshal(secret)
	nested, _ := json.Marshal(string(asJSON))
	out := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret),
		string(asJSON[1 : len(asJSON)-1]), strings.TrimSuffix(strings.TrimPrefix(string(nested[1:len(nested)-1]), `\"`), `\"`),
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		out = append(out, enc.EncodeToString([]byte(secret)))
	}
	return out
}

func TestEveryForm(t *testing.T) {
	for _, secret := range []string{canary, "pä\"ss wörd/+&<", "p@ss:word?=%2F", "12345678", "line one\nline two", "𝄞clef𝄞"} {
		var r Redactor
		r.Add(secret)
		for _, form := range encoded(secret) {
			if got := r.String("before " + form + " after"); strings.Contains(got, form) {
				t.Errorf("%q stays in %q", form, got)
			}
		}
		for _, user := range []string{"", "u", "us", "use", "user:"} {
			for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				text := enc.EncodeToString([]byte(user + secret + "tail"))
				got := r.String(text)
				// What is left is at most the neighbours' own characters.
				if keep := len(text) - len(secret)*8/6 + 1; len(strings.ReplaceAll(got, hidden, "")) > keep {
					t.Errorf("%q in %q: %q", secret, text, got)
				}
			}
		}
	}
}

func TestLabels(t *testing.T) {
	var r Redactor
	r.Add(canary, "sk-shorter", "hunter22")
	for in, want := range map[string]string{
		"key " + canary + "!":               "key sk-…-mR4!",
		"sk-shorter":                        "[hidden]",
		"a hunter22 b":                      "a [hidden] b",
		"nothing here":                      "nothing here",
		"sk-unregistered0000000000000000":   "sk-…0000",
		"sk-abcdef":                         "[hidden]",
		"task-management risk-assessment":   "task-management risk-assessment",
		`"\nsk-abcdefgh"`:                   `"\n[hidden]"`,
		"q=%20sk-abcdefgh":                  "q=%20[hidden]",
		"Authorization: Bearer abc.def-123": "Authorization: Bearer [hidden]",
		"authorization: bearer abcdefgh":    "authorization: bearer [hidden]",
		"expected a Bearer token, got none": "expected a Bearer token, got none",
		"Bearer authentication":             "Bearer authentication",
		"hash 88d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c21abcd": "hash 88d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c2188d0b1f34c21abcd",
		"Received API Key = sk-...1234":                                         "Received API Key = sk-...1234",
	} {
		if got := r.String(in); got != want {
			t.Errorf("String(%q) = %q, want %q", in, got, want)
		}
		if twice := r.String(want); twice != want {
			t.Errorf("String(%q) = %q, not the same again", want, twice)
		}
	}
}

func TestOverlap(t *testing.T) {
	var r Redactor
	r.Add("abcdefgh", "fghijklm", "abcdefghijklmnop")
	for in, want := range map[string]string{
		"xabcdefghijklmy":        "x[hidden]y",
		"abcdefghijklmnop":       "[hidden]",
		"abcdefgh-fghijklm":      "[hidden]-[hidden]",
		"abababcdefghfghijklm 1": "abab[hidden][hidden] 1",
	} {
		if got := r.String(in); got != want {
			t.Errorf("String(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSecretThatIsTheMask(t *testing.T) {
	var r Redactor
	r.Add("[hidden]", "is hidden")
	if got := r.String("it is hidden, [hidden]"); strings.Contains(got, "hidden") {
		t.Error(got)
	}
}

func TestValuesDoesNotCopy(t *testing.T) {
	var r Redactor
	b := []byte("nothing to hide, sk-looksLikeAKey")
	if got := r.Values(b); &got[0] != &b[0] {
		t.Error("copied by an empty redactor")
	}
	r.Add(canary)
	if got := r.Values(b); &got[0] != &b[0] {
		t.Error("copied")
	}
	b = []byte("x " + canary)
	if got := r.Values(b); string(got) != "x sk-…-mR4" || string(b) != "x "+canary {
		t.Errorf("%q, %q", got, b)
	}
}

func TestShortIsIgnored(t *testing.T) {
	var r Redactor
	r.Add("", "a", "abc", "fake", "model")
	if got := r.String("abc openai/fake-model"); got != "abc openai/fake-model" {
		t.Error(got)
	}
}

func TestWriter(t *testing.T) {
	var r Redactor
	r.Add(canary)
	var b bytes.Buffer
	in := "debug " + canary + "\n"
	if n, err := r.Writer(&b).Write([]byte(in)); n != len(in) || err != nil {
		t.Error(n, err)
	}
	if b.String() != "debug sk-…-mR4\n" {
		t.Error(b.String())
	}
}

func TestMany(t *testing.T) {
	var r Redactor
	var secrets []string
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		b := make([]byte, 18)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		secrets = append(secrets, "sk-"+base64.RawURLEncoding.EncodeToString(b))
	}
	var wait sync.WaitGroup
	for part := range 4 {
		wait.Go(func() {
			for i := part; i < len(secrets); i += 4 {
				r.Add(secrets[i])
				if got := r.Values([]byte(`{"key":"` + secrets[i] + `"}`)); bytes.Contains(got, []byte(secrets[i])) {
					t.Error("not found")
				}
			}
		})
	}
	wait.Wait()
	all := strings.Join(secrets, ",")
	got := string(r.Values([]byte(all)))
	for _, s := range secrets {
		if strings.Contains(got, s) {
			t.Fatal(s)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("hunter22", canary, "x hunter22 y "+canary)
	f.Add("hidden", "[hid", "a [hidden] b")
	f.Add("abab", "baba", "ababababa")
	f.Add("a\"b\\c", "é/+ü", `a\"b\\c`)
	f.Fuzz(func(t *testing.T, a, b, text string) {
		if len(a)+len(b)+len(text) > 400 {
			t.Skip("longer ones are only slower")
		}
		var r Redactor
		r.Add(a, b)
		for _, secret := range []string{a, b} {
			if len(secret) < shortest {
				continue
			}
			for _, form := range encoded(secret) {
				for _, in := range []string{form, text + form + text, form + secret, text} {
					got := r.String(in)
					for _, s := range []string{a, b} {
						if len(s) >= shortest && strings.Contains(got, s) {
							t.Fatalf("secret %q stays: %q → %q", s, in, got)
						}
					}
					if strings.Contains(got, form) && form == strings.TrimRight(form, "=") && len(form) >= shortest && validForms(secret) {
						t.Fatalf("form %q stays: %q → %q", form, in, got)
					}
				}
			}
		}
	})
}

// validForms says whether the standard encoders keep every byte of a secret; JSON replaces what is not UTF-8.
func validForms(s string) bool {
	return strings.ToValidUTF8(s, "") == s && !strings.ContainsRune(s, '\ufffd')
}

func listing(n int) []byte {
	var b bytes.Buffer
	b.WriteByte('[')
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `{"token":"%064x","key_name":"sk-...%04d","key_alias":"ci-build-%d","spend":%d.25,"models":["gpt-4o","claude-sonnet"],"metadata":{"owner":"ada@example.com"},"created_at":"2026-11-24T02:17:02Z"},`, i*7919, i%10000, i, i)
	}
	return b.Bytes()
}

func BenchmarkValues(b *testing.B) {
	text := listing(5 << 20)
	for _, n := range []int{1, 10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var r Redactor
			for i := range n {
				r.Add(fmt.Sprintf("sk-%dCanary_7fQ2xLw09Zt%d", i*7919, i))
			}
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Values(text)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	for b.Loop() {
		var r Redactor
		r.Add(canary)
	}
}

// TestKeepLatest learns more secrets than are kept: the youngest are hidden, as are those that were there before.
func TestKeepLatest(t *testing.T) {
	r := &Redactor{}
	r.Add("secret-of-the-run")
	r.KeepLatest(10)
	for i := range 100 {
		r.Add(fmt.Sprintf("secret-number-%03d", i))
	}
	for _, hides := range []string{"secret-of-the-run", "secret-number-099", "secret-number-090"} {
		if got := r.String("a " + hides); strings.Contains(got, hides) {
			t.Errorf("%q is shown: %q", hides, got)
		}
		if got := r.Record([]byte(`{"a":"` + hides + `"}`)); bytes.Contains(got, []byte(hides)) {
			t.Errorf("%q is shown in a record: %s", hides, got)
		}
	}
	if n := len(r.late[0].known) + len(r.late[1].known); n > 20 {
		t.Errorf("%d secrets are kept", n)
	}
	if got := r.String("secret-number-001"); got != "secret-number-001" {
		t.Errorf("an old one is still known: %q", got)
	}
}
