package sdk

import (
	"context"
	"math"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// filled is a command with a field of every type that a flag may have. Its Run is never called.
type filled struct {
	Name    string       `arg:"" optional:""`
	Rest    []string     `arg:"" optional:""`
	Text    string       `short:"t"`
	Pointer *string      ``
	List    []string     ``
	Names   []string     `split:""`
	Int     int          ``
	Int64   *int64       ``
	Ints    []int        ``
	Small   uint8        ``
	Number  float64      ``
	Numbers []float64    ``
	Bool    bool         `negatable:""`
	Maybe   *bool        ``
	Enum    *string      `enum:"a,b"`
	Every   *Duration    ``
	Body    JSON         ``
	Set     []Assignment ``
	File    Input        ``
	Mode    string       `default:"fast"`
	Walk    bool         `xor:"pace"`
	Slow    bool         `xor:"pace"`
}

func (*filled) Run(context.Context, *Invocation) error { return nil }

func value(name string, values ...string) *protocol.Value {
	return &protocol.Value{Name: name, Values: values, Given: true}
}

func ptr[T any](v T) *T { return &v }

// TestBind fills the author's struct with what the host sends.
func TestBind(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []*protocol.Value
		want   filled
	}{
		{"nothing", nil, filled{}},
		{"texts", []*protocol.Value{value("text", "x"), value("pointer", "y"), value("enum", "b")}, filled{Text: "x", Pointer: ptr("y"), Enum: ptr("b")}},
		{"empty texts", []*protocol.Value{value("text", ""), value("pointer", ""), value("list", "", "")}, filled{Pointer: ptr(""), List: []string{"", ""}}},
		{"texts that look like flags", []*protocol.Value{value("text", "--list=x"), value("pointer", "-t"), value("list", "--", "-"), value("name", "--text"), value("rest", "-t", "--")},
			filled{Text: "--list=x", Pointer: ptr("-t"), List: []string{"--", "-"}, Name: "--text", Rest: []string{"-t", "--"}}},
		{"arguments in another order", []*protocol.Value{value("rest", "b", "c"), value("name", "a")}, filled{Name: "a", Rest: []string{"b", "c"}}},
		{"an argument that is a command's name", []*protocol.Value{value("name", "run")}, filled{Name: "run"}},
		{"commas stay, the host has split", []*protocol.Value{value("text", "a,b"), value("list", "a,b", `c\,d`), value("names", "a,b", "c"), value("name", "x"), value("rest", "a,b")},
			filled{Text: "a,b", List: []string{"a,b", `c\,d`}, Names: []string{"a,b", "c"}, Name: "x", Rest: []string{"a,b"}}},
		{"dollars, signs and other letters", []*protocol.Value{value("text", "${HOME} $${x}"), value("list", "é\n世\x01", "a=b", `"`, "'", `\`)},
			filled{Text: "${HOME} $${x}", List: []string{"é\n世\x01", "a=b", `"`, "'", `\`}}},
		{"numbers", []*protocol.Value{value("int", "-1"), value("int-64", "-9223372036854775808"), value("ints", "1", "-2"), value("small", "255"), value("number", "-1.5e3"), value("numbers", "0.1", "-2")},
			filled{Int: -1, Int64: ptr(int64(math.MinInt64)), Ints: []int{1, -2}, Small: 255, Number: -1500, Numbers: []float64{0.1, -2}}},
		{"switches", []*protocol.Value{value("bool", "true"), value("maybe", "false")}, filled{Bool: true, Maybe: ptr(false)}},
		{"a negated switch", []*protocol.Value{value("bool", "false")}, filled{}},
		{"kinds", []*protocol.Value{value("every", "30d"), value("body", `{"a":[1,2]}`), value("set", "a=b,c", "d:={}"), value("file", "-")},
			filled{Every: ptr(Duration("30d")), Body: `{"a":[1,2]}`, Set: []Assignment{"a=b,c", "d:={}"}, File: "-"}},
		{"a default", []*protocol.Value{{Name: "mode", Values: []string{"fast"}}}, filled{}},
		{"one of a choice", []*protocol.Value{value("slow", "true")}, filled{Slow: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := newGrammar("pets", &struct {
				Run filled `cmd:"" effect:"read"`
			}{})
			if err != nil {
				t.Fatal(err)
			}
			c.want.Mode = "fast"
			for _, g.plain = range []bool{false, true} { // at first, and then without a look for hooks
				runner, err := g.bind([]string{"run"}, c.values)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(&c.want, runner.(*filled)); diff != "" {
					t.Errorf("plain %t (-want +got)\n%s", g.plain, diff)
				}
				*runner.(*filled) = filled{}
			}
		})
	}
}

func TestBindRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		values []*protocol.Value
	}{
		"an unknown command":     {"walk", nil},
		"a number out of range":  {"run", []*protocol.Value{value("small", "256")}},
		"an unknown flag":        {"run", []*protocol.Value{value("other", "x")}},
		"both of a choice":       {"run", []*protocol.Value{value("walk", "true"), value("slow", "true")}},
		"a value outside a enum": {"run", []*protocol.Value{value("enum", "c")}},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := newGrammar("pets", &struct {
				Run filled `cmd:"" effect:"read"`
			}{})
			if err != nil {
				t.Fatal(err)
			}
			for _, g.plain = range []bool{false, true} {
				if runner, err := g.bind([]string{c.path}, c.values); err == nil {
					t.Errorf("plain %t: it was filled: %+v", g.plain, runner)
				}
			}
		})
	}
}

// Only one command's grammar is read for a run. It is the one that the whole grammar would have named.
func TestOnly(t *testing.T) {
	type group struct {
		A     struct{ noRun } `cmd:""`
		BigB  struct{ noRun } `cmd:""`
		Other struct{ noRun } `cmd:"" name:"c"`
		C     struct{ noRun } `cmd:"" name:"d"`
	}
	for _, word := range []string{"a", "big-b", "c", "d"} {
		all, err := newGrammar("x", &group{})
		if err != nil {
			t.Fatal(err)
		}
		one, err := newGrammar("x", only(&group{}, []string{word}))
		if err != nil {
			t.Fatal(err)
		}
		if find(all.parser.Model.Node, []string{word}) == nil || find(one.parser.Model.Node, []string{word}) == nil {
			t.Errorf("%s is missing", word)
		}
	}
	for _, odd := range []any{nil, 7, group{}, &struct{}{}} {
		if got := only(odd, []string{"a"}); !reflect.DeepEqual(got, odd) {
			t.Errorf("only(%v) is %v", odd, got)
		}
	}
}

// ParseArgs is what the host would send: lists are split, defaults are there and not given.
func TestParseArgs(t *testing.T) {
	p := &Plugin{Name: "pets", Commands: &everything{}}
	start, err := ParseArgs(p, []string{"create", "Ada", "Bob", "Cy", "--team=x", `--label=a,b\,c`, "-s", "k=v,w", "--no-live"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]*protocol.Value{}
	for _, v := range start.GetValues() {
		got[v.GetName()] = v
	}
	for name, want := range map[string][]string{
		"name": {"Ada"}, "friends": {"Bob", "Cy"}, "team": {"x"}, "tag": {"a", "b,c"}, "set": {"k=v,w"}, "live": {"false"},
	} {
		if !got[name].GetGiven() || !reflect.DeepEqual(got[name].GetValues(), want) {
			t.Errorf("%s: %v", name, got[name])
		}
	}
	for name, want := range map[string][]string{"state": {"new"}, "count": {"-1"}} {
		if got[name].GetGiven() || !reflect.DeepEqual(got[name].GetValues(), want) {
			t.Errorf("%s: %v", name, got[name])
		}
	}
	if len(start.GetPath()) != 1 || start.GetPath()[0] != "make" || got["note"] != nil {
		t.Errorf("%v", start)
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct {
		pattern string
		values  []string
		want    string
	}{
		{"/team/{id}", []string{"eng"}, "/team/eng"},
		{"/a/{x}/b/{y}", []string{"1", "2"}, "/a/1/b/2"},
		{"/team/{id}", []string{"a/b?c#d%e f"}, "/team/a%2Fb%3Fc%23d%25e%20f"},
		{"/team/{id}", []string{"é{x}"}, "/team/%C3%A9%7Bx%7D"},
		{"/team/{id}", []string{".."}, "/team/.."}, // refused by the host
		{"/team/{id}", []string{"a", "b"}, "/team/a"},
		{"/team/{id}", nil, "/team/{id}"},
		{"/x", []string{"a"}, "/x"},
	} {
		if got := Path(c.pattern, c.values...); got != c.want {
			t.Errorf("Path(%q, %q) is %s, want %s", c.pattern, c.values, got, c.want)
		}
	}
	if got := (Query{"b": "1 2", "a": "é&", "c": ""}).Encode(); got != "a=%C3%A9%26&b=1%202" {
		t.Error(got)
	}
}
