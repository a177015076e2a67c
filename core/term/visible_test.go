package term_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/core/term"
)

func TestVisible(t *testing.T) {
	for _, test := range []struct{ in, text, line string }{
		{"plain é 日本 😀", "plain é 日本 😀", "plain é 日本 😀"},
		{"a\n\tb\r", "a\n\tb\\r", `a\n\tb\r`},
		{"\x1b[2J\x07\x00\x7f", `\x1b[2J\x07\x00\x7f`, `\x1b[2J\x07\x00\x7f`},
		{"\u009b1m\u0085", `\u009b1m\u0085`, `\u009b1m\u0085`},
		{"a\xffb\xe2\x80", `a\xffb\xe2\x80`, `a\xffb\xe2\x80`},
		{"\u202eabc\u2066\u200f\u061c", `\u202eabc\u2066\u200f\u061c`, `\u202eabc\u2066\u200f\u061c`},
		{"\u2028\u2029\u200b\u2060\ufeff", `\u2028\u2029\u200b\u2060\ufeff`, `\u2028\u2029\u200b\u2060\ufeff`},
		{"\U000e0041\U000e007f", `\U000e0041\U000e007f`, `\U000e0041\U000e007f`},
		{"👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"},
		{`\x1b`, `\x1b`, `\x1b`},
		{"\uFFFD", "\uFFFD", "\uFFFD"},
	} {
		if got := term.Visible(test.in); got != test.text {
			t.Errorf("Visible(%q) = %q, want %q", test.in, got, test.text)
		}
		if got := term.VisibleLine(test.in); got != test.line {
			t.Errorf("VisibleLine(%q) = %q, want %q", test.in, got, test.line)
		}
	}
}

func TestVisibleJSON(t *testing.T) {
	for in, want := range map[string]string{
		"{\n\t\"a\":\r1}":                `{` + "\n\t" + `"a": 1}`,
		"\"\u202e\U000e0041\u009b\x7f\"": `"\u202e\udb40\udc41\u009b\u007f"`,
		"\"é\u200d\"":                    "\"é\u200d\"",
		"\"\xff\"":                       "\"\uFFFD\"",
	} {
		if got := string(term.VisibleJSON([]byte(in))); got != want {
			t.Errorf("VisibleJSON(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHarmlessTextIsNotCopied(t *testing.T) {
	text := strings.Repeat("plain é 日本\n", 100)
	b := []byte(text)
	if n := testing.AllocsPerRun(10, func() { term.Visible(text); term.VisibleJSON(b) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// dangerous says independently of the implementation what must not be printed.
func dangerous(r rune) bool {
	switch r {
	case '\n', '\t', 0x200c, 0x200d:
		return false
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Zl, unicode.Zp) ||
		r == 0x200b || r >= 0x2060 && r <= 0x2064 || r == 0xfeff || r >= 0xe0000 && r <= 0xe007f
}

func FuzzVisible(f *testing.F) {
	f.Add("\x1b[1m\u202e\xff\U000e0041 é \n\t\r")
	f.Add("\"\u202e\u009b\"")
	f.Fuzz(func(t *testing.T, s string) {
		text, line := term.Visible(s), term.VisibleLine(s)
		for _, got := range []string{text, line} {
			if !utf8.ValidString(got) || strings.ContainsFunc(got, dangerous) {
				t.Errorf("%q", got)
			}
		}
		if strings.ContainsAny(line, "\n\t") {
			t.Errorf("more than a line: %q", line)
		}
		if term.Visible(text) != text || term.VisibleLine(line) != line {
			t.Errorf("not idempotent: %q", s)
		}

		quoted, _ := json.Marshal(map[string]string{s: s})
		for _, doc := range [][]byte{quoted, []byte(s)} {
			if !json.Valid(doc) {
				continue
			}
			got := term.VisibleJSON(doc)
			if !utf8.Valid(got) || strings.ContainsFunc(string(got), dangerous) {
				t.Errorf("%q", got)
			}
			if string(term.VisibleJSON(got)) != string(got) {
				t.Errorf("not idempotent: %q", doc)
			}
			var before, after any
			if err := json.Unmarshal(doc, &before); err != nil {
				continue
			}
			if err := json.Unmarshal(got, &after); err != nil {
				t.Fatalf("%v: %q", err, got)
			}
			if !reflect.DeepEqual(before, after) {
				t.Errorf("%q became another value: %q", doc, got)
			}
		}
	})
}

func BenchmarkVisible(b *testing.B) {
	text := []byte(strings.Repeat(`{"key_alias":"Åda@example.com/default","spend":1.5},`, 20_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		term.VisibleJSON(text)
	}
}
