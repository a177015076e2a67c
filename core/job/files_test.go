package job

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// ended runs through items, and ends the job: rows by the keys of items, an error for those without one, and for "" nothing is done.
func ended(t *testing.T, j *Job, all []Entry, rows map[string]string) *Summary {
	t.Helper()
	b := batch(t, j, 0)
	load(t, b, all)
	for i := next(t, b); i != nil; i = next(t, b) {
		switch row, is := rows[i.Key]; {
		case !is:
			e := problem.New(problem.Refused, "cannot create user %s: it exists, \"twice\"", i.Key)
			e.Said = "400, no"
			ok(t, i.Failed(t.Context(), e))
		case row == "null":
			ok(t, i.Done(t.Context(), nil))
		case row != "":
			ok(t, i.Done(t.Context(), []byte(row)))
		}
	}
	return end(t, j, Interrupted)
}

func TestFiles(t *testing.T) {
	all := []Entry{
		{Key: "a", Data: []byte(`{"email":"a","n":1.50,"ok":true,"none":null,"list":["x","y"],"deep":{"b": [1]},"day":{"$date":1795478400000},"at":{"$date":1795478400001}}`)},
		{Key: "b", Data: []byte(`{"email":"b"}`), Source: []byte(`{"E-Mail":"b","extra":"=1+1","_error":"before","limit":"050"}`)},
		{Key: "c", Data: []byte(`{"email":"c","late":"a \"quoted\"\nline, é"}`)},
		{Key: "d", Data: []byte(`"text"`)},
		{Key: "e"},
		{Key: "f", Data: []byte(`{"email":"f"}`)},
		{Key: "g", Data: []byte(`{"email":"g"}`)},
	}
	for name, c := range map[string]struct {
		rows map[string]string
		want map[string]string
	}{
		"all fail": {nil, map[string]string{"failed.csv": `email,n,ok,none,list,deep,day,at,E-Mail,extra,limit,late,value,key,_error,_said
a,1.50,true,,"x,y","{""b"":[1]}",2026-11-24,2026-11-24T00:00:00.001Z,,,,,,,"cannot create user a: it exists, ""twice""","400, no"
,,,,,,,,b,=1+1,050,,,,"cannot create user b: it exists, ""twice""","400, no"
c,,,,,,,,,,,"a ""quoted""
line, é",,,"cannot create user c: it exists, ""twice""","400, no"
,,,,,,,,,,,,text,,"cannot create user d: it exists, ""twice""","400, no"
,,,,,,,,,,,,,e,"cannot create user e: it exists, ""twice""","400, no"
f,,,,,,,,,,,,,,"cannot create user f: it exists, ""twice""","400, no"
g,,,,,,,,,,,,,,"cannot create user g: it exists, ""twice""","400, no"
`}},
		"no rows": {map[string]string{"a": "null", "b": "null", "c": "null", "d": "null", "e": "null", "f": "null", "g": "{}"}, map[string]string{}},
		"the columns of all": {map[string]string{"a": `{"x":1}`, "b": `{"y":"z","x":null}`, "c": "null", "d": `{"x":""}`, "e": `{"x":12345678901234567890.10}`, "f": "", "g": ""},
			map[string]string{"results.csv": "x,y\n1,\n,z\n,\n12345678901234567890.10,\n", "unprocessed.csv": "email\nf\ng\n"}},
		"one column": {map[string]string{"a": `{"x":""}`, "b": `{"x":"1"}`, "c": `{"x":null}`, "d": "", "e": "null", "f": "null", "g": "null"},
			map[string]string{"results.csv": "x\n\"\"\n1\n\"\"\n", "unprocessed.csv": "value\ntext\n"}},
		"nothing done": {map[string]string{"a": "", "b": "", "c": "null", "d": "null", "e": "null", "f": "null", "g": ""},
			map[string]string{"unprocessed.csv": "email,n,ok,none,list,deep,day,at,E-Mail,extra,limit\n" +
				`a,1.50,true,,"x,y","{""b"":[1]}",2026-11-24,2026-11-24T00:00:00.001Z,,,` + "\n,,,,,,,,b,=1+1,050\ng,,,,,,,,,,\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, newStore(t))
			sum := ended(t, j, all, c.rows)
			got := map[string]string{}
			for _, f := range sum.Files {
				name := filepath.Base(f.Path)
				got[name] = read(t, f.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			for _, kind := range []string{Results, Failures, Unprocessed} {
				if _, wanted := c.want[kind+".csv"]; exists(j.Dir(), kind+".csv") != wanted {
					t.Errorf("%s.csv: there is one or there is none", kind)
				}
			}
		})
	}
}

// A second batch has files of its own, and rows may hold the secrets of other items.
func TestFilesOfBatches(t *testing.T) {
	j := newJob(t, newStore(t))
	load(t, batch(t, j, 0), people(1))
	load(t, batch(t, j, 1), people(2))
	i := next(t, batch(t, j, 0))
	ref, secret, err := step(t, i, 0, generate).Secret(0, "sk-")
	ok(t, err)
	ok(t, i.Done(t.Context(), nil))
	i = next(t, batch(t, j, 1))
	ok(t, i.Done(t.Context(), fmt.Appendf(nil, `{"of":"another","list":["%s"],"deep":{"a":"%s"},"%s":1}`, ref, ref, "secret-ref:no")))
	sum := end(t, j, Interrupted)
	want := "of,list,deep,secret-ref:no\nanother," + secret + `,"{""a"":""` + secret + `""}",1` + "\n"
	if got := read(t, j.Dir(), "results-2.csv"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if !exists(j.Dir(), "unprocessed-2.csv") || exists(j.Dir(), "results.csv") || sum.Secrets != 2 {
		t.Errorf("%+v", sum)
	}
	r := show(t, Open(filepath.Dir(j.Dir())), j.ID())
	if len(r.Files) != 2 || filepath.Base(r.Files[0]) != "results-2.csv" {
		t.Error(r.Files)
	}
}

// The files of an earlier end are replaced, or removed when there is nothing more to tell.
func TestFilesAgain(t *testing.T) {
	s := newStore(t)
	j := newJob(t, s)
	ended(t, j, people(3), map[string]string{"user-0@example.com": `{"a":1}`, "user-1@example.com": ""})
	for _, name := range []string{"results.csv", "failed.csv", "unprocessed.csv"} {
		if !exists(j.Dir(), name) {
			t.Error(name)
		}
	}
	// What was being written when the program was killed.
	ok(t, os.WriteFile(filepath.Join(j.Dir(), temporary+"123"), []byte("secret"), 0o600))
	j, err := s.Retry(t.Context(), j.ID())
	ok(t, err)
	if exists(j.Dir(), temporary+"123") {
		t.Error("a file that was not finished is left")
	}
	for i := next(t, batch(t, j, 0)); i != nil; i = next(t, batch(t, j, 0)) {
		ok(t, i.Done(t.Context(), []byte(`{"b":2}`)))
	}
	end(t, j, Done)
	if got := read(t, j.Dir(), "results.csv"); got != "a,b\n1,\n,2\n,2\n" || exists(j.Dir(), "failed.csv") || exists(j.Dir(), "unprocessed.csv") {
		t.Errorf("%q", got)
	}
}

// Encrypted results are in no file in clear, at no time.
func TestRecipient(t *testing.T) {
	s := newStore(t)
	identity, err := age.GenerateX25519Identity()
	ok(t, err)
	j, err := s.Create(t.Context(), Meta{Recipient: identity.Recipient().String()})
	ok(t, err)
	load(t, batch(t, j, 0), people(2))
	secret := key(t, next(t, batch(t, j, 0)))
	second := key(t, next(t, batch(t, j, 0)))
	sum := end(t, j, Done)
	if sum.Files[0].Recipient != identity.Recipient().String() || filepath.Base(sum.Files[0].Path) != "results.csv.age" || sum.Secrets != 2 {
		t.Errorf("%+v", sum)
	}
	if in := holders(t, j.Dir(), secret); len(in) > 0 {
		t.Errorf("a secret is in %v", in)
	}
	f, err := os.Open(sum.Files[0].Path)
	ok(t, err)
	defer f.Close()
	clear, err := age.Decrypt(f, identity)
	ok(t, err)
	text, err := io.ReadAll(clear)
	ok(t, err)
	if want := "email,key\nuser-0@example.com," + secret + "\nuser-1@example.com," + second + "\n"; string(text) != want {
		t.Errorf("%q", text)
	}
	if r := show(t, s, j.ID()); len(r.Files) != 1 || !strings.HasSuffix(r.Files[0], "results.csv.age") {
		t.Error(r.Files)
	}
}
