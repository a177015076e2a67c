package script

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func readsCSV(t *testing.T, text, options, then string) (*fake, error) {
	t.Helper()
	f := &fake{}
	_, err := tryRun(t, f, RunOptions{WorkDir: workDir(t, "p.csv", text), Grants: Grants{Read: []string{"."}}}, `import { csv, files, keys, job } from "litellm";
const rows = csv.read("p.csv" as any, { `+options+` });
`+then)
	return f, err
}

func TestCSVRead(t *testing.T) {
	for _, c := range []struct{ text, options, want string }{
		{"email,name\na@x,Ada\nb@x,\"Bob, B\"\n", `columns: { email: csv.email, name: csv.text }`, `[{ email: "a@x", name: "Ada" }, { email: "b@x", name: "Bob, B" }]`},
		{"\ufeffname , email\r\n Ada ,a@x\r\n", `columns: { email: csv.email, name: csv.text }`, `[{ email: "a@x", name: "Ada" }]`},
		{"n,i,b,d,l,extra\n1.5,2,Yes,2026-11-24,\"x, y\",z\n-1e3,-2,0,2026-11-24T01:00:00+01:00,,z\n", `columns: { n: csv.number, i: csv.integer, b: csv.bool, d: csv.date, l: csv.list }`,
			`[{ n: 1.5, i: 2, b: true, d: 2026-11-24T00:00:00.000Z, l: ["x", "y"] }, { n: -1000, i: -2, b: false, d: 2026-11-24T00:00:00.000Z, l: [] }]`},
		{"n,t\n,\n5, \n", `columns: { n: csv.optional(csv.number), t: csv.optional(csv.text) }`, `[{ n: null, t: null }, { n: 5, t: null }]`},
		{"a;b\n1;2\n", `columns: { a: csv.number, b: csv.number }, delimiter: ";"`, `[{ a: 1, b: 2 }]`},
		{"a\tb\n1\t2\n", `columns: { a: csv.number, b: csv.number }, delimiter: "\t"`, `[{ a: 1, b: 2 }]`},
		{"a\nx\ny\n", `columns: { a: { parse: (t: string) => t.toUpperCase() } }`, `[{ a: "X" }, { a: "Y" }]`},
		{"a\n\"\"\ny\n", `columns: { a: csv.optional({ parse(this: any, t: string) { return t + typeof this.parse } }) }`, `[{ a: null }, { a: "yfunction" }]`},
		{"a\n\"multi\nline\"\n", `columns: { a: csv.text }`, `[{ a: "multi\nline" }]`},
		{"a\n", `columns: { a: csv.text }`, `[]`},
		{"__proto__,a\nx,1\n", `columns: { ["__proto__"]: csv.text, a: csv.number }`, `[{ __proto__: "x", a: 1 }]`},
	} {
		f, err := readsCSV(t, c.text, c.options, "console.log(await rows);")
		if err != nil || f.said[0] != c.want {
			t.Errorf("%q: %v %s", c.text, err, f.said)
		}
	}
}

// The whole file is checked before anything is sent, and all that is wrong is told at once.
func TestCSVReadTellsAll(t *testing.T) {
	f, err := readsCSV(t, "email,n,own\na@x,1,ok\nb,two,ok\n,3,ok\nc@x,4\nA@x,5,bad\na@x,6,ok\n\"d@x,7,ok\n", `columns: { email: csv.email, n: csv.integer, own: { parse(t: string) { if (t === "bad") throw new Error("not good"); return t } } }, unique: "email"`,
		"for await (const r of rows) await keys.generate({});")
	e := problem.As(err)
	if e.Code != problem.Usage || e.Message != "cannot read p.csv: 7 cells or lines are wrong" || e.State != problem.Unchanged || len(f.calls) > 0 {
		t.Error(e, f.calls)
	}
	var got []string
	for _, fact := range e.Facts {
		got = append(got, fact.Label+": "+fact.Text)
	}
	want := `at: s.ts:2:18
line 3: email: "b" is no e-mail address
line 3: n: "two" is no whole number
line 4: email: the cell is empty
line 5: it has 2 cells, and the first line has 3
line 6: own: not good
line 7: email: "a@x" is in line 2, too
line 8: extraneous or missing " in quoted-field`
	if text := strings.Join(got, "\n"); text != strings.Replace(want, `"two" is no whole number`, `"two" is no number`, 1) {
		t.Error(text)
	}
}

func TestCSVReadTellsTwenty(t *testing.T) {
	_, err := readsCSV(t, "a\n"+strings.Repeat("x\n", 50), `columns: { a: csv.number }`, "await rows")
	if e := problem.As(err); e.Message != "cannot read p.csv: 50 cells or lines are wrong" || len(e.Facts) != 22 || e.Facts[21].Text != "30 more" {
		t.Error(e, e.Facts)
	}
}

func TestCSVReadRefuses(t *testing.T) {
	for _, c := range []struct{ text, options, want, hint string }{
		{"emial,b\n", `columns: { email: csv.email, x: csv.text }`, `it has no column email; did you mean emial?, x`, "its columns are emial, b"},
		{"a;b\n1;2\n", `columns: { a: csv.text }`, "it has no column a", `separated by ";"`},
		{"a,a\n", `columns: { a: csv.text }`, "the column a is there twice", ""},
		{"", `columns: { a: csv.text }`, "the file is empty", ""},
		{"a\n\xe9\n", `columns: { a: csv.text }`, "1 cell or line is wrong", ""},
		{"a\n", `columns: {}`, "csv.read() needs the columns of the file", ""},
		{"a\n", `columns: { a: csv.text }, uniq: "a"`, `csv.read() has no option "uniq"; did you mean unique?`, ""},
		{"a\n", `columns: { a: csv.text }, unique: "b"`, `the file has no column "b" to be unique`, ""},
		{"a\n", `columns: { a: 5 as any }`, "csv.read(): a needs a column, such as csv.text, or an object with a function parse, not a number", ""},
		{"a\n", `columns: { a: csv.text }, delimiter: ";;"`, "the delimiter must be one character", ""},
	} {
		_, err := readsCSV(t, c.text, c.options, "await rows;")
		if e := problem.As(err); err == nil || !strings.Contains(e.Message, c.want) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%q: %v %q", c.text, err, e.Hint)
		}
	}
}

// A large file is read by pages, and the items of a job know their lines and what they came from.
func TestCSVOfItems(t *testing.T) {
	var b strings.Builder
	b.WriteString("email,name,unused\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "p%d@x,\"P\n%d\",u%d\n", i, i, i)
	}
	j, _ := journal(t)
	f := &fake{jobs: j}
	r := run(t, f, RunOptions{WorkDir: workDir(t, "p.csv", b.String()), Grants: Grants{Read: []string{"."}}}, `import { csv, files, job } from "litellm";
await job.each(csv.read(files.open("p.csv"), { columns: { email: csv.email, name: csv.text } }), { key: (p) => p.email, concurrency: 64 }, async (p) => {
  if (Object.keys(p).join() !== "email,name") throw new TypeError("no");
});`)
	if r.OK != 3000 {
		t.Error(r)
	}
	batch, err := j.Batch(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	i, err := batch.Begin(t.Context(), "p2000@x")
	if err != nil || i.Line != 4002 || string(i.Source) != `{"email":"p2000@x","name":"P\n2000","unused":"u2000"}` || string(i.Data) != `{"email":"p2000@x","name":"P\n2000"}` {
		t.Error(i, err)
	}
}

func TestCSVWrite(t *testing.T) {
	dir := workDir(t, "out/x", "")
	f := &fake{}
	run(t, f, RunOptions{WorkDir: dir, Grants: Grants{Write: []string{"out"}}}, `import { csv, keys } from "litellm";
await csv.write("out/a.csv", [{ a: "x,y", b: 1.5, c: true, d: null, e: undefined, f: new Date(0), g: ["p", "q"], h: { i: 1 } }, { a: "é" }]);
await csv.write("out/b.csv", (async function* () { for (let i = 0; i < 1200; i++) yield { i }; })());
await csv.write("out/c.csv", []);
for (const rows of [[5], [{ a: 1 }, { b: 1 }], 5]) try { await csv.write("out/d.csv", rows as any); console.log("no"); } catch (e: any) { console.log(e.message); }
`)
	raw, err := os.ReadFile(filepath.Join(dir, "out/a.csv"))
	if err != nil || string(raw) != "a,b,c,d,e,f,g,h\n\"x,y\",1.5,true,,,1970-01-01T00:00:00Z,\"p,q\",\"{\"\"i\"\":1}\"\né,,,,,,,\n" {
		t.Errorf("%q %v", raw, err)
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, "out/b.csv")); strings.Count(string(raw), "\n") != 1201 {
		t.Errorf("%d lines", strings.Count(string(raw), "\n"))
	}
	want := []string{"csv.write(): each row must be an object, not a number", `csv.write(): the first row has no "b"`, "csv.write() works on a list, a listing, or what can be iterated otherwise, and not on a number"}
	if !slices.Equal(f.said, want) {
		t.Errorf("%q", f.said)
	}
}
