package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestItems(t *testing.T) {
	list := record.Options{Shape: record.List, Format: record.JSON}
	for _, test := range []struct {
		name, doc, member string
		o                 record.Options
		want, fails       string
		count             int
	}{
		{name: "the document", doc: ` [ {"a": 1.0}, 2 ] `, o: list, want: "[{\"a\": 1.0}, 2]\n", count: 2},
		{name: "a member", doc: `{"n":1,"keys":[{"a":1,"a":2}],"m":{}}`, member: "keys", o: list, want: "[{\"a\":1,\"a\":2}]\n", count: 1},
		{name: "line breaks", doc: "[\n  {\n    \"a\": 1\n  }\n]", o: list, want: "[{\"a\":1}]\n", count: 1},
		{name: "empty", doc: `[]`, o: list, want: "[]\n"},
		{name: "rows", doc: `[{"a":1},{"a":2}]`, o: record.Options{Shape: record.List}, want: "a\n1\n2\n", count: 2},
		{name: "jq", doc: `[{"a":1},{"a":2}]`, o: record.Options{Shape: record.List, JQ: "map(.a)"}, want: "[1,2]\n", count: 2},
		{name: "not UTF-8", doc: "[\"a\xff\"]", o: list, want: "[\"a\uFFFD\"]\n", count: 1},
		{name: "half a surrogate pair", doc: `["\ud800"]`, o: list, want: "[\"\\ud800\"]\n", count: 1},

		{name: "cut off", doc: `[{"a":1},{"a":`, o: list, fails: "the answer is cut off: not valid JSON"},
		{name: "cut off behind the array", doc: `{"keys":[1],"n":`, member: "keys", o: list, fails: "the answer is cut off: not valid JSON"},
		{name: "cut off after the array", doc: `{"keys":[1]`, member: "keys", o: list, fails: "the answer is cut off: not valid JSON"},
		{name: "broken before the array", doc: `{"n":nul,"keys":[1]}`, member: "keys", o: list, fails: "the answer is not valid JSON"},
		{name: "more than one", doc: `[1] [2]`, o: list, fails: "the answer is not valid JSON"},
		{name: "HTML", doc: `<html>`, o: list, fails: "the answer is not valid JSON"},
		{name: "nothing", doc: ``, o: list, fails: "the answer is cut off: not valid JSON"},
		{name: "an object", doc: `{"a":1}`, o: list, fails: "the answer is no JSON array"},
		{name: "no such member", doc: `{"a":[1]}`, member: "keys", o: list, fails: `the answer has no array "keys"`},
		{name: "a member that is no array", doc: `{"keys":{}}`, member: "keys", o: list, fails: `the answer has no array "keys"`},
		{name: "an array for a member", doc: `[1]`, member: "keys", o: list, fails: `the answer has no array "keys"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			p, err := record.New(t.Context(), &out, test.o)
			if err != nil {
				t.Fatal(err)
			}
			err = p.Items([]byte(test.doc), test.member)
			if test.fails != "" {
				if bad := (*record.AnswerError)(nil); !errors.As(err, &bad) || !strings.Contains(err.Error(), test.fails) || out.Len() > 0 {
					t.Errorf("got %v and %q; want %s and nothing", err, out.String(), test.fails)
				}
				return
			}
			if err == nil {
				err = p.Close()
			}
			if err != nil || p.Count() != test.count {
				t.Errorf("got %d items, %v; want %d", p.Count(), err, test.count)
			}
			if diff := cmp.Diff(test.want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is streamed is written before the next record comes.
func TestStreaming(t *testing.T) {
	for format, want := range map[record.Format][3]string{
		record.JSONL: {"{\"a\":1}\n", "{\"a\":2}\n", ""},
		record.JSON:  {"[{\"a\":1}", ",{\"a\":2}", "]\n"},
		record.TSV:   {"a\n1\n", "2\n", ""},
		record.CSV:   {"a\n1\n", "2\n", ""},
		record.YAML:  {"- a: 1\n", "- a: 2\n", ""},
		record.Table: {"", "", "A\n1\n2\n"},
	} {
		var out bytes.Buffer
		p, err := record.New(t.Context(), &out, record.Options{Shape: record.List, Format: format})
		if err != nil {
			t.Fatal(err)
		}
		reused := make([]byte, 7)
		var got [3]string
		for i := range 2 {
			copy(reused, fmt.Sprintf(`{"a":%d}`, i+1))
			if err := p.Record(reused); err != nil {
				t.Fatal(err)
			}
			got[i] = out.String()
			out.Reset()
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		got[2] = out.String()
		if got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
}

func TestMaskSeesWholeRecords(t *testing.T) {
	var out bytes.Buffer
	masked := 0
	p, err := record.New(t.Context(), &out, record.Options{Shape: record.List, Format: record.JSON, Mask: func(b []byte) []byte {
		masked++
		return bytes.ReplaceAll(b, []byte("sk-secret"), []byte("sk-…cret"))
	}})
	if err != nil {
		t.Fatal(err)
	}
	doc := "[" + strings.Repeat(`"sk-secret",`, 200_000) + `""]`
	if err := p.Items([]byte(doc), ""); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "secret") || masked < 2 {
		t.Errorf("a secret got through %d masked parts", masked)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteErrorsComeBack(t *testing.T) {
	p, err := record.New(t.Context(), failing{}, record.Options{Format: record.JSONL})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Record([]byte("1")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

// Whatever a server sends: on a terminal no byte of it acts, elsewhere JSON keeps its value.
func TestTerminalIsSafe(t *testing.T) {
	const evil = `{"k\u001b[2J":"\u001b]0;x\u0007\u202e\u009b\r\n\t` + "\u202e\u200b\U000e0041\u009b\u007f" + `"}`
	for _, format := range append(record.Formats(), "") {
		for _, shape := range []record.Shape{record.One, record.List, record.Any} {
			for _, jq := range []string{"", ".", "..", "tojson"} {
				if jq != "" && jq != "." && format != "" {
					continue
				}
				o := terminal(record.Options{Format: format, Shape: shape, JQ: jq})
				got, err := render(t, o, evil, "["+evil+"]")
				if err != nil && format != "" && jq == "" {
					t.Fatal(err)
				}
				if got != term.Visible(got) {
					t.Errorf("%q %d %q: %q", format, shape, jq, got)
				}
			}
		}
	}
}

func FuzzRecord(f *testing.F) {
	for _, doc := range []string{`[{"a":1},{"b":[1,{"c":null}]}]`, `{"keys":["x",1e400]}`, `[`, "\xff", `["\ud800"]`, `[[[1]]]`} {
		f.Add([]byte(doc), uint8(0))
	}
	f.Fuzz(func(t *testing.T, doc []byte, which uint8) {
		formats := append(record.Formats(), "")
		o := record.Options{Format: formats[int(which)%len(formats)], Shape: record.Shape(which / 8 % 3)}
		if which&32 != 0 {
			o = terminal(o)
		}
		if which&64 != 0 {
			o.JQ = "."
		}
		var out bytes.Buffer
		p, err := record.New(t.Context(), &out, o)
		if err != nil {
			t.Fatal(err)
		}
		member := ""
		if which&128 != 0 {
			member = "keys"
		}
		if err := p.Items(doc, member); err != nil && out.Len() > 0 && o.JQ == "" {
			t.Errorf("%v, but %q was printed", err, out.String())
		}
		out.Reset()
		if err := p.Record(doc); err != nil && out.Len() > 0 && o.JQ == "" {
			t.Errorf("%v, but %q was printed", err, out.String())
		} else if (err == nil) != json.Valid(doc) && problem.CodeOf(err) != problem.Usage {
			t.Errorf("%q: error %v", doc, err)
		}
		p.Close()
		if o.Terminal && term.Visible(out.String()) != out.String() {
			t.Errorf("not safe: %q", out.String())
		}
	})
}

// keys returns a list as the gateway answers it, of a size in bytes.
func keys(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"keys":[`)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"token":"%064x","key_name":"sk-...9Qx2","key_alias":"user-%d@example.com/default","spend":%d.%06d,"max_budget":50.0,`+
			`"expires":null,"models":["gpt-4o-mini","claude-3-5-sonnet"],"metadata":{"cost_center":"cc-%d","owner":"Åda"},"blocked":false,`+
			`"created_at":"2026-10-02T10:11:12.123000Z","tpm_limit":null}`, i, i, i%100, i, i%7)
	}
	b.WriteString(`],"total_count":1}`)
	return b.Bytes()
}

func BenchmarkItems(b *testing.B) {
	doc := keys(5 << 20)
	for _, o := range []record.Options{
		{Format: record.JSON}, {Format: record.JSONL}, {Format: record.TSV}, {Format: record.CSV}, {Format: record.YAML}, {Format: record.Table},
		{JQ: "length"}, {JQ: "."}, terminal(record.Options{}), terminal(record.Options{Format: record.JSON}),
	} {
		o.Shape = record.List
		b.Run(fmt.Sprintf("%s%s,terminal=%t", o.Format, o.JQ, o.Terminal), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				p, err := record.New(b.Context(), io.Discard, o)
				if err != nil {
					b.Fatal(err)
				}
				if err := p.Items(doc, "keys"); err != nil {
					b.Fatal(err)
				}
				if err := p.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestItemsAreMasked hides a secret in an array that could be passed on whole, small and large.
func TestItemsAreMasked(t *testing.T) {
	mask := func(b []byte) []byte {
		if !bytes.Contains(b, []byte("secret")) {
			return b
		}
		return bytes.ReplaceAll(b, []byte("secret"), []byte("hidden"))
	}
	for _, size := range []int{1, 1 << 20} {
		var out bytes.Buffer
		p, err := record.New(t.Context(), &out, record.Options{Shape: record.List, Format: record.JSON, Mask: mask})
		if err != nil {
			t.Fatal(err)
		}
		padding := strings.Repeat("x", size)
		if err := p.Items([]byte(`{"data":[{"a":"`+padding+`"},{"a":"secret"}]}`), "data"); err != nil {
			t.Fatal(err)
		}
		if err := p.Items([]byte(`{"data":[ ]}`), "data"); err != nil {
			t.Fatal(err)
		}
		if err := p.Items([]byte(`{"data":[3]}`), "data"); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if want := `[{"a":"` + padding + `"},{"a":"hidden"},3]` + "\n"; out.String() != want {
			t.Errorf("size %d: got %.80q", size, out.String())
		}
		if p.Count() != 3 {
			t.Errorf("size %d: counted %d", size, p.Count())
		}
	}
}
