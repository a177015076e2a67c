package script

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func TestBuildRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text, want, at string
	}{
		"a syntax error":              {"let a = 1;\nlet x = ;", "unexpected \";\"", "s.ts:2:9"},
		"one behind other letters":    {"/* ünïcode 😀 */ let x = ;", "unexpected \";\"", "s.ts:1:25"},
		"a misspelt import":           {"import { keyz } from \"litellm\"; keyz.list()", `"litellm" offers no keyz; did you mean keys?`, "s.ts:1:10"},
		"an import of nothing alike":  {"import { zebra } from \"litellm\"; zebra.list()", `"litellm" offers no zebra`, "s.ts:1:10"},
		"the sandbox":                 {"import { sandbox } from \"litellm\"; sandbox.reset()", `"litellm" offers no sandbox`, "s.ts:1:10"},
		"a package":                   {"\nimport fs from \"fs\"; fs.readFileSync()", `there is no "fs": a script imports "litellm", and its own files as in "./lib"; it has no packages`, "s.ts:2:16"},
		"a required package":          {"require(\"lodash\")", `there is no "lodash"`, "s.ts:1:9"},
		"an address":                  {"import x from \"https://example.com/x.js\"; x()", `there is no "https://example.com/x.js"`, "s.ts:1:15"},
		"a missing file":              {"import { a } from \"./nolib\"; a()", `there is no file "./nolib"`, "s.ts:1:19"},
		"what a file has not":         {"import { b } from \"./lib\"; b()", "lib.ts exports no b", "s.ts:1:10"},
		"a file above":                {"import a from \"../a.json\"; a()", `"../a.json" is outside of the script's directory`, "s.ts:1:15"},
		"a file of another kind":      {"import a from \"./a.txt\"; a()", "scripts import .ts, .js and .json files", "s.ts:1:15"},
		"an error in an import":       {"import \"./bad\"", "unterminated string literal", "bad.ts:2:11"},
		"an expression of newer days": {"const r = /[a--b]/v; r.test(String(r))", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tryBuild(t, c.text, "lib.ts", "export const a = 1", "a.txt", "", "bad.ts", "\nlet a = \"x")
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var f *Failure
			if !errors.As(err, &f) {
				t.Fatalf("%v is no failure", err)
			}
			if !strings.HasPrefix(f.Error(), "cannot build s.ts: ") || !strings.Contains(f.Error(), c.want) || f.Problem.Code != problem.Usage {
				t.Errorf("%d %s", f.Problem.Code, f)
			}
			if got := place(f.File, f.Line, f.Column); got != c.at || f.Problem.Facts[0].Text != c.at || f.Frame == "" {
				t.Errorf("it is at %s, and not at %s: %v\n%s", got, c.at, f.Problem.Facts, f.Frame)
			}
		})
	}
}

func TestBuildTellsFurtherErrors(t *testing.T) {
	_, err := tryBuild(t, "import a from \"./x\";\nimport b from \"./y\"; a(b)")
	if facts := problem.As(err).Facts; len(facts) != 2 || facts[1].Label != "also" || !strings.HasPrefix(facts[1].Text, "s.ts:2:15: ") {
		t.Errorf("%v", facts)
	}
}

func TestFrame(t *testing.T) {
	p := build(t, "// one\n// two\n\tconst é = \"😀\"; // three\nexport {}")
	want := "  1 | // one\n  2 | // two\n> 3 |  const é = \"😀\"; // three\n    |        ^\n"
	if got := p.Frame("s.ts", 3, 8); got != want {
		t.Errorf("the frame is\n%s", got)
	}
	for _, at := range [][2]int{{0, 1}, {99, 1}, {3, -1}, {3, 999}} {
		_ = p.Frame("s.ts", at[0], at[1]) // it does not fail
	}
	if got := p.Frame("other.ts", 1, 1); got != "" {
		t.Errorf("a frame of no file: %s", got)
	}
}

// What was written in the author's file is found again by its place in the bundle.
func TestPosition(t *testing.T) {
	p := build(t, "import { keys } from \"litellm\";\n// é 😀\nconst 名 = \"😀\"; const mark = keys.list();\nconsole.log(名, mark);\n")
	for i, line := range strings.Split(p.Code, "\n") {
		switch at := strings.Index(line, "keys.list"); {
		case at >= 0:
			if file, l, c := p.Position(i+1, at+1); place(file, l, c) != "s.ts:3:29" {
				t.Errorf("keys.list is at %s", place(file, l, c))
			}
		case strings.Contains(line, "$litellm"):
			if file, _, _ := p.Position(i+1, strings.Index(line, "$litellm")+1); file != "" {
				t.Errorf("$litellm is in %s", file)
			}
		}
	}
	for _, at := range [][2]int{{0, 0}, {1, 1}, {9999, 1}, {-1, -1}} {
		if file, _, _ := p.Position(at[0], at[1]); file != "" {
			t.Errorf("%v is in %s", at, file)
		}
	}
}

func TestImports(t *testing.T) {
	p := build(t, `import { a } from "./lib/a";
import { b } from "./lib/b.js";
import data from "./data.json";
import * as all from "litellm";
const { late } = await import("./late");
export default 1;
console.log(a, b, data.n, late, typeof all.keys.list, typeof all.modelGroups.list);`,
		"lib/a.ts", "import { b } from \"./b\";\nexport const a: number = b + await Promise.resolve(1);", "lib/b.ts", "export const b = 1",
		"data.json", `{"n": 5}`, "late.js", "export const late = \"late\"; await 1")
	f := &fake{t: t}
	if _, err := p.Run(t.Context(), RunOptions{Host: f}); err != nil {
		t.Fatal(err, frame(err))
	}
	if got := strings.Join(f.said, "\n"); got != "2 1 5 late function function" {
		t.Error(got)
	}
}

// No configuration is read from where the script is.
func TestBuildReadsNoConfiguration(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"s.ts": "import { a } from \"./lib\"; class A { x = a }\nexport default new A().x", "lib.ts": "export const a = 1",
		"tsconfig.json": "{ not JSON", "package.json": `{"sideEffects": 5, "type": "commonjs", "imports": {"litellm": "./lib.ts"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Build(t.Context(), BuildOptions{Path: "s.ts", WorkDir: dir}); err != nil {
		t.Error(err)
	}
}

func TestBuildFromDisk(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "in", "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("secret.json", `{"key": "x"}`)
	write("in/s.ts", "#!/usr/bin/env litellm-proxy\nimport { a } from \"./sub/lib\";\na.b.c")
	write("in/sub/lib.ts", "export const a: any = {}")
	write("in/out.ts", "import x from \"./link.json\"; x.key")
	write("in/latin.ts", "let a = \"\xe9\"")
	if err := os.Symlink(filepath.Join(dir, "secret.json"), filepath.Join(dir, "in", "link.json")); err != nil {
		t.Skip("no links here: ", err)
	}
	if err := os.Symlink(filepath.Join(dir, "in", "s.ts"), filepath.Join(dir, "link.ts")); err != nil {
		t.Fatal(err)
	}
	for path, name := range map[string]string{"in/s.ts": "in/s.ts", "./in/s.ts": "./in/s.ts", filepath.Join(dir, "in/s.ts"): filepath.ToSlash(filepath.Join(dir, "in/s.ts")), "link.ts": "s.ts"} {
		p, err := Build(t.Context(), BuildOptions{Path: path, WorkDir: dir})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		_, err = p.Run(t.Context(), RunOptions{Host: &fake{t: t}})
		var f *Failure
		if !errors.As(err, &f) || f.File != name || f.Line != 3 {
			t.Errorf("%s: %v, at %v", path, err, problem.As(err).Facts)
		}
	}
	for path, want := range map[string]string{
		"in/none.ts": "cannot read the script in/none.ts: no such file or directory", "none/s.ts": "cannot read the script none/s.ts",
		"in/sub": "cannot read the script in/sub: it is a directory", "secret.json": "it is no .ts or .js file",
		"in/out.ts": `cannot import "./link.json"`, "in/latin.ts": "in/latin.ts is not UTF-8 text",
	} {
		_, err := Build(t.Context(), BuildOptions{Path: path, WorkDir: dir})
		if err == nil || !strings.Contains(err.Error(), want) || problem.CodeOf(err) != problem.Usage {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Sum changes with the author's code, and with nothing else.
func TestSum(t *testing.T) {
	sum := func(text, lib string, path string, m []*protocol.Manifest) string {
		t.Helper()
		p, err := Build(t.Context(), BuildOptions{Path: path, FS: fstest.MapFS{"s.ts": {Data: []byte(text)}, "lib.ts": {Data: []byte(lib)}, "d/s.ts": {Data: []byte(text)}, "d/lib.ts": {Data: []byte(lib)}}, Manifests: m})
		if err != nil {
			t.Fatal(err)
		}
		return p.Sum
	}
	text, lib := "import { keys } from \"litellm\"; import { a } from \"./lib\"; const users = 1; console.log(keys, a, users)", "export const a = 1"
	first := sum(text, lib, "s.ts", manifests())
	fewer := slices.DeleteFunc(slices.Clone(manifests()), func(m *protocol.Manifest) bool { return m.GetName() == "users" })
	for name, same := range map[string]string{
		"again": sum(text, lib, "s.ts", manifests()), "with other plugins": sum(text, lib, "s.ts", fewer), "elsewhere": sum(text, lib, "d/s.ts", manifests()),
		"with comments": sum("// onboarding\n"+strings.ReplaceAll(text, "; ", ";\n\n"), lib, "s.ts", manifests()),
	} {
		if same != first {
			t.Errorf("%s the sum is another one", name)
		}
	}
	for name, other := range map[string]string{
		"another text": sum(text+"; keys.list()", lib, "s.ts", manifests()), "another import": sum(text, "export const a = 2", "s.ts", manifests()),
	} {
		if other == first {
			t.Errorf("%s has the same sum", name)
		}
	}
}

func TestHeader(t *testing.T) {
	for text, want := range map[string][2]string{
		"":                                       {"", ""},
		"let a = 1 // no":                        {"", ""},
		"// One.\n//   two\n//\n// three\nlet a": {"One.", "One.\n  two\n\nthree"},
		"//One\r\n// two\r\nlet a":               {"One", "One\ntwo"},
		"/* One. */ let a":                       {"One.", "One."},
		"\ufeff/**\n * One.\n *   two\n */\nlet": {"One.", "One.\n  two"},
		"///usr/bin/env x\n// One.\nlet a":       {"One.", "One."},
		"\n\n// One.\n\n// two":                  {"One.", "One."},
		"/* never ends":                          {"never ends", "never ends"},
	} {
		summary, doc := header(text)
		if summary != want[0] || strings.TrimSpace(doc) != want[1] {
			t.Errorf("%q: %q, %q", text, summary, doc)
		}
	}
}
