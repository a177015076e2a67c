package config

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestEditComposed changes documents that are put together from lines which go with each other.
func TestEditComposed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same documents every time
	changed := 0
	for range 20000 {
		if edited(t, compose(random), uint8(random.IntN(operations)), []string{"a", "b", "a.b", "new"}[random.IntN(4)]) {
			changed++
		}
	}
	if changed < 3000 {
		t.Errorf("only %d documents were changed", changed)
	}
}

// compose puts a document together. Each of its comments is another.
func compose(random *rand.Rand) string {
	top := []string{"timeout = '3s'", `"timeout" = "5s"`, "audit=true", "profile = 'a'", "output = \"json\"", "\tconcurrency\t=\t0x10", "timeout = '''\n4s'''"}
	dotted := []string{"profiles.a.url = 'http://a'", "profiles . a . protected = true", `profiles."a.b".url='http://ab'`, "profiles.b = {url = 'http://b', protected = false}"}
	keys := []string{"url = 'http://x'", "  url=\"http://y/\"", "protected = true", "timeout = '9s'", `"protected" = false`, "ca_cert = '''\n/x#y'''"}
	below := []string{"a.url = 'http://a'", "a . protected=true", `"a.b" . url = 'http://ab'`, "b = { url = 'http://b' }"}
	headers := []string{"[profiles.a]", "[ profiles . b ]", `[profiles."a.b"]`, "[profiles]", "  [profiles.c]"}
	var b strings.Builder
	n, newline := 0, []string{"\n", "\n", "\r\n"}[random.IntN(3)]
	if random.IntN(8) == 0 {
		b.WriteString(bom)
	}
	line := func(text string) {
		for range random.IntN(3) / 2 {
			n++
			fmt.Fprintf(&b, "# c%d%s", n, newline)
		}
		if random.IntN(6) == 0 {
			b.WriteString(newline)
		}
		b.WriteString(strings.ReplaceAll(text, "\n", newline))
		if random.IntN(3) == 0 {
			n++
			fmt.Fprintf(&b, " # c%d", n)
		}
		b.WriteString(newline)
	}
	some := func(of []string, most int) {
		for range random.IntN(most + 1) {
			line(of[random.IntN(len(of))])
		}
	}
	some(top, 3)
	if random.IntN(3) == 0 {
		some(dotted, 3)
	}
	for range random.IntN(4) {
		header := headers[random.IntN(len(headers))]
		line(header)
		if header == "[profiles]" {
			some(below, 3)
			continue
		}
		line(keys[random.IntN(2)])
		some(keys[2:], 2)
	}
	n++
	return b.String() + fmt.Sprintf("# c%d", n) + []string{"", newline}[random.IntN(2)]
}
