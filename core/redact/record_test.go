package redact

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestRecord(t *testing.T) {
	var r Redactor
	r.Add(canary, "fake", "pw", "model", "hunter22", `qu"o`, "p/wörd 12")
	for in, want := range map[string]string{
		`{"model":"openai/fake-model","api_key":"fake"}`:    `{"model":"openai/fake-model","api_key":"[hidden]"}`,
		`{"api_key" : "pw", "x":"pw","pw":["pw"]}`:          `{"api_key" : "[hidden]", "x":"pw","pw":["pw"]}`,
		`{"api_keys":["pw","other"]}`:                       `{"api_keys":["[hidden]","other"]}`,
		`{"credential_values":{"anything":"fake"}}`:         `{"credential_values":{"anything":"[hidden]"}}`,
		`{"hunter22":"a hunter22 \u00e9\/ b","n":1.50}`:     `{"hunter22":"a [hidden] \u00e9\/ b","n":1.50}`,
		`{"x":"` + canary + `","api_key":"` + canary + `"}`: `{"x":"sk-…-mR4","api_key":"[hidden]"}`,
		`{"x":"\u0073` + canary[1:] + `\n"}`:                `{"x":"sk-…-mR4\n"}`,
		`{"x":"p\/w\u00f6rd 12"}`:                           `{"x":"[hidden]"}`,
		`{"password":"qu\"o"}`:                              `{"password":"[hidden]"}`,
		`{"password":"\u0066ake","y":"\u0066ake"}`:          `{"password":"[hidden]","y":"\u0066ake"}`,
		`"hunter22"`: `"[hidden]"`,
		`{"a":{"password":"pw"},"b":[{"secret":"pw"}]}`: `{"a":{"password":"[hidden]"},"b":[{"secret":"[hidden]"}]}`,
		`not json hunter22`:                             `not json [hidden]`,
		`{"x":"hunter22"`:                               `{"x":"[hidden]"`,
		`{"x":"hunterhunter2222"}`:                      `{"x":"hunter[hidden]22"}`,
	} {
		if got := string(r.Record([]byte(in))); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
	for _, same := range []string{`{"hunter22":1,"12345678":12345678}`, `{"a":"\u0041\n"}`, `null`, ``, `{"model":"model"}`, `{"x":"a\\"}`, `{"x":"\"}`} {
		in := []byte(same)
		if got := r.Record(in); string(got) != same || len(in) > 0 && &got[0] != &in[0] {
			t.Errorf("%s became %s", same, got)
		}
	}
}

// Numbers, literals and names stay even when a secret is spelled like them.
func TestRecordMasksStringsOnly(t *testing.T) {
	var r Redactor
	r.Add("12345678", "true", "true-secret")
	in := `{"a":12345678,"true-secret":true,"b":"12345678"}`
	if got := string(r.Record([]byte(in))); got != `{"a":12345678,"true-secret":true,"b":"[hidden]"}` {
		t.Error(got)
	}
}

func FuzzRecord(f *testing.F) {
	f.Add(`{"x":"\u0073k-\/","api_key":"ab"}`, "sk-abcdefgh", "ab")
	f.Add(`["hunterhunter2222","\ud83d\ude00"]`, "hunter22", "[hid")
	f.Fuzz(func(t *testing.T, text, a, b string) {
		var r Redactor
		r.Add(a, b)
		in := []byte(text)
		got := r.Record(in)
		if string(in) != text {
			t.Fatal("its argument has changed")
		}
		if !json.Valid(in) {
			return
		}
		if !json.Valid(got) && validForms(a) && validForms(b) {
			t.Fatalf("%s became %s", text, got)
		}
		d := json.NewDecoder(bytes.NewReader(got))
		leaves(t, d, func(s string) {
			for _, secret := range []string{a, b} {
				if len(secret) >= shortest && validForms(secret) && strings.Contains(s, secret) {
					t.Fatalf("%q stays in %s", secret, got)
				}
			}
		})
	})
}

// leaves calls f with each string that is no name.
func leaves(t *testing.T, d *json.Decoder, f func(string)) {
	t.Helper()
	var v any
	if d.Decode(&v) != nil {
		return
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			f(v)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(v)
}

func BenchmarkRecord(b *testing.B) {
	text := listing(5 << 20)
	text[len(text)-1] = ']'
	escapes := bytes.ReplaceAll(text, []byte("ada@"), []byte(`ada\/`))
	for name, text := range map[string][]byte{"plain": text, "escapes": escapes} {
		b.Run(name, func(b *testing.B) {
			var r Redactor
			r.Add(canary, "fake")
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Record(text)
			}
		})
	}
}

func BenchmarkValuesShort(b *testing.B) {
	text := listing(5 << 20)
	var r Redactor
	r.Add("hunter22")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Values(text)
	}
}
