package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// filled is a vault with two secrets, and what is known of them.
func filled(t *testing.T) (v *vault, refs [2]string, secrets *redact.Redactor) {
	t.Helper()
	v, secrets = &vault{}, &redact.Redactor{}
	for i := range refs {
		ref, sum, err := v.add("sk-", secrets)
		if err != nil {
			t.Fatal(err)
		}
		value := string(v.reveal([]byte(ref)))
		if hash := sha256.Sum256([]byte(value)); sum != hex.EncodeToString(hash[:]) || len(value) != 35 || !strings.HasPrefix(value, "sk-") {
			t.Fatalf("%q has not the sum %s", value, sum)
		}
		refs[i] = ref
	}
	return v, refs, secrets
}

func TestVault(t *testing.T) {
	v, refs, secrets := filled(t)
	plain := `{"key":"` + refs[0] + `","list":["` + refs[1] + `","` + refs[0] + `"],"` + refs[1] + `":null,"other":"secret-ref:0123"}`
	shown := v.reveal([]byte(plain))
	var got struct {
		Key   string   `json:"key"`
		List  []string `json:"list"`
		Other string   `json:"other"`
	}
	if err := json.Unmarshal(shown, &got); err != nil {
		t.Fatalf("%s: %v", shown, err)
	}
	if got.Key == got.List[0] || got.Key != got.List[1] || got.Other != "secret-ref:0123" || strings.Count(string(shown), "secret-ref:") != 1 {
		t.Errorf("revealed: %s", shown)
	}
	if back := v.veil(shown); string(back) != plain {
		t.Errorf("veiled: %s", back)
	}
	if hidden := secrets.String(string(shown)); strings.Contains(hidden, got.Key) || strings.Contains(hidden, got.List[0]) {
		t.Errorf("not hidden: %s", hidden)
	}
	var empty vault
	if text := string(empty.reveal([]byte(plain))); text != plain {
		t.Errorf("another vault reveals %s", text)
	}
	if text := string(empty.veil(shown)); text != string(shown) {
		t.Errorf("another vault veils %s", text)
	}
}

// A stream is veiled wherever the network cuts it.
func TestVaultStream(t *testing.T) {
	v, refs, _ := filled(t)
	long := strings.Repeat("x", 3<<20)
	for _, plain := range []string{
		"", "\n", refs[0], "data: " + refs[0] + refs[1] + "\n\ndata: [DONE]\n", refs[1] + "\n" + long + "\n" + refs[0],
	} {
		shown := string(v.reveal([]byte(plain)))
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(shown), "halves": iotest.HalfReader(strings.NewReader(shown)), "with its end": iotest.DataErrReader(strings.NewReader(shown)),
			"bytes": iotest.OneByteReader(strings.NewReader(shown)),
		} {
			if got, err := io.ReadAll(v.veiled(r)); err != nil || string(got) != plain {
				t.Errorf("%s of %.60q: %.80q, %v", name, plain, got, err)
			}
		}
	}
	if _, err := io.ReadAll(v.veiled(io.MultiReader(strings.NewReader("a"), iotest.ErrReader(io.ErrClosedPipe)))); err != io.ErrClosedPipe {
		t.Errorf("a failure becomes %v", err)
	}
}

func TestVaultPrefix(t *testing.T) {
	var v vault
	for _, prefix := range []string{`"`, `\`, " ", "a\n", "<", "&", "/", "%", "+", "ä", "\x00", strings.Repeat("x", 17)} {
		if ref, sum, err := v.add(prefix, &redact.Redactor{}); problem.CodeOf(err) != problem.Plugin || ref+sum != "" {
			t.Errorf("%q: %q, %v", prefix, ref, err)
		}
	}
	for _, prefix := range []string{"", "sk-", "a.b_C-9", strings.Repeat("x", 16)} {
		if _, _, err := v.add(prefix, &redact.Redactor{}); err != nil {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}
