package record_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/record"
)

// fromYAML returns a node as encoding/json would decode it with UseNumber, with numbers as they are written.
func fromYAML(n ast.Node) any {
	switch n := n.(type) {
	case *ast.MappingNode:
		object := map[string]any{}
		for _, v := range n.Values {
			object[fmt.Sprint(fromYAML(v.Key))] = fromYAML(v.Value)
		}
		return object
	case *ast.MappingKeyNode:
		return fromYAML(n.Value)
	case *ast.SequenceNode:
		list := []any{}
		for _, v := range n.Values {
			list = append(list, fromYAML(v))
		}
		return list
	case *ast.NullNode:
		return nil
	case *ast.BoolNode:
		return n.Value
	case *ast.StringNode:
		// goccy takes a number out of its range, such as 1E400, for a string.
		if n.Token.Type == token.StringType && json.Valid([]byte(n.Token.Value)) {
			return json.Number(n.Token.Value)
		}
		return n.Value
	}
	return json.Number(n.GetToken().Value)
}

func checkYAML(t *testing.T, value []byte) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(value, []byte("\uFFFD"))))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		return
	}
	got, err := render(t, record.Options{Format: record.YAML, Shape: record.Any}, string(value))
	if err != nil {
		return // more than one value
	}
	file, err := parser.ParseBytes([]byte(got), 0)
	if err != nil {
		t.Fatalf("%v in\n%s", err, got)
	}
	if len(file.Docs) != 1 {
		t.Fatalf("%d documents in\n%s", len(file.Docs), got)
	}
	if back := fromYAML(file.Docs[0].Body); !reflect.DeepEqual(want, back) {
		t.Errorf("want %#v\n got %#v\nin\n%s", want, back, got)
	}
}

var hardStrings = []string{
	"", " ", "~", "null", "True", "NO", "y", "1", "1.5", "0x1f", "1e5", "0o7", "1_000", "12:30", "2001-01-01", ".nan", "-.inf", "<<", "=", "-", "- a", "?", "? a",
	":", "a:", "a: b", "a:b", "a :b", "http://x/y?z=1", "#", "a #b", "a#b", "|", ">", "x\n", "\n\n", "a\n b", "\r", "a\tb", "\ta", "a\t", " a", "a ", "a  b", "'", `"`, `\`,
	"é", "日本", "\u0085", "\u00a0", "\u2028", "\ufeff", "😀", "\x00", "\x7f", "@a", "`a", "%a", "&a", "*a", "!a", "[a]", "{a}", "a, b", "---", "...", "_", "a@b.c", "sk-...9Qx2", "user:Hello, you",
}

func TestYAMLStrings(t *testing.T) {
	for _, s := range hardStrings {
		t.Run(s, func(t *testing.T) {
			q, _ := json.Marshal(s)
			checkYAML(t, q)
			checkYAML(t, fmt.Appendf(nil, `{%s:%s,"x":[%s,{%s:%s}]}`, q, q, q, q, q))
		})
	}
}

func TestYAML(t *testing.T) {
	for value, want := range map[string]string{
		`{"a":[[1,[]],{"b":{},"c":null}],"d":"yes"}`:             "a:\n  - - 1\n    - []\n  - b: {}\n    c: null\nd: \"yes\"\n",
		`[1.50,1E400,-0,1.5e-07,123456789012345678901234567890]`: "- 1.50\n- 1E400\n- -0\n- 1.5e-07\n- 123456789012345678901234567890\n",
		`"text"`:              "text\n",
		`[]`:                  "[]\n",
		`{"a":1,"b":2,"a":3}`: "a: 3\nb: 2\n",
		`{"when":"2026-10-02T10:11:12Z","url":"http://x","n":"1"}`: "when: \"2026-10-02T10:11:12Z\"\nurl: http://x\n\"n\": \"1\"\n",
	} {
		got, err := render(t, record.Options{Format: record.YAML, Shape: record.Any}, value)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", value, diff)
		}
		checkYAML(t, []byte(value))
	}
}

// Deep values end in one line, so that what is printed does not grow with the square of the depth.
func TestYAMLDepth(t *testing.T) {
	deep := bytes.Repeat([]byte(`{"a":["b",`), 4000)
	deep = append(append(deep, '1'), bytes.Repeat([]byte(`]}`), 4000)...)
	got, err := render(t, record.Options{Format: record.YAML, Shape: record.Any}, string(deep))
	if err != nil || len(got) > 200_000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	checkYAML(t, []byte(`{"a":`+string(bytes.Repeat([]byte(`[{"b":"x y","c":[1,2]},`), 40))+`1`+string(bytes.Repeat([]byte(`]`), 40))+`}`))
}

func FuzzYAML(f *testing.F) {
	for _, s := range hardStrings {
		q, _ := json.Marshal(map[string]any{s: []any{s, 1}})
		f.Add(q)
	}
	f.Add([]byte(`[1.50,1E400,{"a":{"b":[[],{}]}}]`))
	f.Fuzz(checkYAML)
}
