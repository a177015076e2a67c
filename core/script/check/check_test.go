package check

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
)

// bundled is code as Build makes it.
func bundled(code string) string {
	head := `(async function () { "use strict"; `
	for _, name := range []string{"args", "gateway", "job", "csv", "output", "files", "env", "run", "ApiError", "keys", "users", "teams", "models", "chat", "credentials", "http"} {
		head += fmt.Sprintf("var %s = $litellm(%q); ", name, name)
	}
	return head + "\n" + code + "\n})()"
}

// TestMistakes: every line that ends in "// wrong: TEXT" must get a mark whose message holds TEXT, and no other line may get one.
func TestMistakes(t *testing.T) {
	raw, err := os.ReadFile("testdata/mistakes.js")
	if err != nil {
		t.Fatal(err)
	}
	marks, err := Code(bundled(string(raw)), manifesttest.All(t))
	if err != nil {
		t.Fatal(err)
	}
	wanted := 0
	for i, line := range strings.Split(string(raw), "\n") {
		var said []string
		for _, m := range marks {
			if m.Line == i+2 { // behind the head
				said = append(said, m.Message)
			}
		}
		_, want, ok := strings.Cut(line, "// wrong: ")
		switch {
		case !ok && len(said) > 0:
			t.Errorf("line %d is right: %s\n\tand Code says %q", i+1, line, said)
		case ok && (len(said) != 1 || !strings.Contains(said[0], want)):
			t.Errorf("line %d: %s\n\tCode says %q", i+1, line, said)
		}
		if ok {
			wanted++
		}
	}
	if wanted < 40 {
		t.Errorf("there are only %d mistakes", wanted)
	}
}

// TestPlaces marks the name or the value that is wrong.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ code, at string }{
		{`keys.generate({ models: [], key_alais: "x" })`, `key_alais`},
		{`keys.generate({ max_budget: "x" })`, `"x"`},
		{`keys.generat({})`, `generat(`},
		{`await teams.members.add({ team: "t" })`, `add(`},
		{`keys.list("x")`, `"x"`},
		{`args({ yes: { type: "bool", help: "" } })`, `yes`},
		{`args({ x: { type: "bol", help: "" } })`, `"bol"`},
	} {
		marks, err := Code(bundled(c.code), manifesttest.All(t))
		if err != nil || len(marks) != 1 {
			t.Errorf("%s: %v %v", c.code, marks, err)
			continue
		}
		if got, want := marks[0].Column, strings.LastIndex(c.code, c.at)+1; got != want || marks[0].Line != 2 {
			t.Errorf("%s: %d:%d, want column %d: %s", c.code, marks[0].Line, got, want, marks[0].Message)
		}
	}
}

func TestNoJavaScript(t *testing.T) {
	if marks, err := Code("const = 1", nil); err == nil {
		t.Error(marks)
	}
}

// TestNamesAreDeclared compares the names that this package knows with the types.
func TestNamesAreDeclared(t *testing.T) {
	declared := types.Declare(manifesttest.All(t))
	var all []string
	for own, members := range owned {
		all = append(append(all, own), members...)
	}
	for _, o := range optional {
		all = append(all, o.names...)
	}
	all = append(append(append(all, argFields...), sugar...), argTypes...)
	slices.Sort(all)
	for _, name := range slices.Compact(all) {
		if !strings.Contains(declared, name) {
			t.Errorf("litellm.d.ts knows no %s", name)
		}
	}
}

// FuzzCode takes any JavaScript: it never panics.
func FuzzCode(f *testing.F) {
	raw, err := os.ReadFile("testdata/mistakes.js")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	for _, seed := range []string{"({ ...a, [b]: 1, get c() {} })", "var [a, {b: [c] = 1}, ...d] = keys", "class A { static { keys.x } #p = 1 }", "label: for (var a in keys) break label", "keys?.list?.()", "`a${keys.lst}`", "function* g() { yield* keys.list(1) }", "gateway()()", "new keys.list", "[,,]", "switch (1) { case 2: let a; default: a }"} {
		f.Add(seed)
	}
	m := manifesttest.All(f)
	f.Fuzz(func(_ *testing.T, code string) {
		_, _ = Code(bundled(code), m)
	})
}
