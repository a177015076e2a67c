package term

import "testing"

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text, indent string
		width        int
		want         string
	}{
		{"", "", 10, ""},
		{"one two three", "", 7, "one two\nthree"},
		{"one two three", "  ", 9, "one two\n  three"},
		{"a longwordthatdoesnotfit b", "", 6, "a\nlongwordthatdoesnotfit\nb"},
		{"世界 世界 x", "", 5, "世界\n世界\nx"},
		{"one two\n  as it is, however long\nthree four", "", 7, "one two\n  as it is, however long\nthree\nfour"},
	} {
		if got := Wrap(c.text, c.width, c.indent); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
