package record_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// terminal completes options for an output to a terminal of 40 columns.
func terminal(o record.Options) record.Options {
	o.Terminal, o.Width = true, 40
	o.Visible, o.VisibleJSON = term.VisibleLine, term.VisibleJSON
	return o
}

func render(t *testing.T, o record.Options, records ...string) (string, error) {
	t.Helper()
	if o.Location == nil {
		o.Location = time.FixedZone("", 3600)
	}
	var out bytes.Buffer
	p, err := record.New(t.Context(), &out, o)
	if err != nil {
		return "", err
	}
	for _, r := range records {
		if err := p.Record([]byte(r)); err != nil {
			return out.String(), err
		}
	}
	err = p.Close()
	if p.Count() != len(records) {
		t.Errorf("Count is %d after %d records", p.Count(), len(records))
	}
	return out.String(), err
}

var models = []string{
	`{"id":"mock-gpt","created":1677610602,"owned_by":"openai","tags":["a","b"]}`,
	`{"id":"mock-claude","created":1677610602.5,"owned_by":null,"params":{"rpm":1.50}}`,
}

var modelColumns = []record.Column{
	{Name: "id", Header: "ID", Path: "id"},
	{Name: "created", Path: "created", Kind: record.UnixTime},
	{Name: "owned_by", Path: "owned_by"},
	{Name: "rpm", Header: "RPM", Path: "params.rpm", Kind: record.Number, Wide: true},
}

func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

func TestFormats(t *testing.T) {
	const key = `{"token":"2f81","n":12345678901234567890,"models":[]}`
	list := record.Options{Shape: record.List, Defaults: modelColumns}
	with := func(o record.Options, f record.Format) record.Options { o.Format = f; return o }
	for _, test := range []struct {
		name    string
		o       record.Options
		records []string
		want    string
	}{
		{"a list on a terminal", terminal(list), models, lines(
			"ID           CREATED           OWNED BY",
			"mock-gpt     2023-02-28 19:56  openai",
			"mock-claude  2023-02-28 19:56  –")},
		{"a list elsewhere", list, models, lines(
			"id\tcreated\towned_by",
			"mock-gpt\t1677610602\topenai",
			"mock-claude\t1677610602.5\t")},
		{"wide", with(terminal(list), record.Wide), models, lines(
			"ID           CREATED           OWNED BY   RPM",
			"mock-gpt     2023-02-28 19:56  openai       –",
			"mock-claude  2023-02-28 19:56  –         1.50")},
		{"a list as JSON", with(list, record.JSON), models, "[" + models[0] + "," + models[1] + "]\n"},
		{"a list as JSON on a terminal", with(terminal(list), record.JSON), []string{`{"a":[1]}`, `2`}, lines(
			"[", "  {", `    "a": [`, "      1", "    ]", "  },", "  2", "]")},
		{"JSON lines", with(list, record.JSONL), models, models[0] + "\n" + models[1] + "\n"},
		{"JSON lines of records with line breaks", with(list, record.JSONL), []string{"{\n\"a\": 1.0\r\n}"}, "{\"a\":1.0}\n"},
		{"CSV", with(list, record.CSV), models, lines(
			"id,created,owned_by", "mock-gpt,1677610602,openai", "mock-claude,1677610602.5,")},
		{"YAML", with(list, record.YAML), models, lines(
			"- id: mock-gpt", "  created: 1677610602", "  owned_by: openai", "  tags:", "    - a", "    - b",
			"- id: mock-claude", "  created: 1677610602.5", "  owned_by: null", "  params:", "    rpm: 1.50")},

		{"one record on a terminal", terminal(record.Options{}), []string{key}, lines(
			"token   2f81", "n       12345678901234567890", "models  –")},
		{"one record elsewhere", record.Options{}, []string{key}, lines(
			"{", `  "token": "2f81",`, `  "n": 12345678901234567890,`, `  "models": []`, "}")},
		{"one record that are two", record.Options{}, []string{key, key}, "[" + key + "," + key + "]\n"},
		{"two on a terminal", terminal(record.Options{}), []string{`{"a":1}`, `{"a":2}`}, lines("A", "1", "2")},
		{"one record that is none", record.Options{}, nil, ""},
		{"one record as YAML", record.Options{Format: record.YAML}, []string{`{"a":1}`}, "a: 1\n"},
		{"one record as CSV", record.Options{Format: record.CSV}, []string{`{"a":1,"b":[1],"c":{}}`}, "a\n1\n"},

		{"anything elsewhere stays as it is", record.Options{Shape: record.Any}, []string{`{"a": [1,  2]}`}, "{\"a\": [1,  2]}\n"},
		{"anything on a terminal", terminal(record.Options{Shape: record.Any}), []string{`{"a": [1,  2]}`}, lines(
			"{", `  "a": [`, "    1,", "    2", "  ]", "}")},
		{"an array of anything as JSON", record.Options{Shape: record.Any, Format: record.JSON}, []string{`[{"a":1},[]]`}, "[{\"a\":1},[]]\n"},
		{"an array of anything as lines", record.Options{Shape: record.Any, Format: record.JSONL}, []string{`[{"a":1},[]]`}, "{\"a\":1}\n[]\n"},
		{"an array of anything as a table", record.Options{Shape: record.Any, Format: record.Table}, []string{`[{"a":1},{"a":2}]`}, "A\n1\n2\n"},
		{"a scalar as a table", record.Options{Shape: record.Any, Format: record.TSV}, []string{`"x"`}, "value\nx\n"},

		{"an empty list", list, nil, "id\tcreated\towned_by\n"},
		{"an empty list on a terminal", terminal(list), nil, "ID  CREATED  OWNED BY\n"},
		{"an empty list as JSON", with(list, record.JSON), nil, "[]\n"},
		{"an empty list as YAML", with(list, record.YAML), nil, "[]\n"},
		{"an empty list as lines", with(list, record.JSONL), nil, ""},
		{"an empty list of which nothing is known", record.Options{Shape: record.List}, nil, ""},
		{"no headers", record.Options{Shape: record.List, Defaults: modelColumns, NoHeaders: true}, models[:1], "mock-gpt\t1677610602\topenai\n"},
		{"records of another kind than expected", list, []string{`{"plan":"POST /key"}`}, "plan\nPOST /key\n"},

		{"columns by name and by path", record.Options{Shape: record.List, Defaults: modelColumns, Columns: []string{"RPM", "tags.1", "params"}}, models,
			lines("rpm\ttags.1\tparams", "\tb\t", "1.50\t\t{\"rpm\":1.50}")},
		{"a member with dots in its name", record.Options{Columns: []string{"a.b.c", "a.b"}}, []string{`{"a.b":{"c":1},"a":{"b":2}}`}, "a.b.c\ta.b\n1\t{\"c\":1}\n"},
		{"columns of one record", terminal(record.Options{Columns: []string{"b"}}), []string{`{"a":1,"b":2}`}, "b  2\n"},

		{"what is wide is cut", terminal(record.Options{Shape: record.List}),
			[]string{`{"id":"0123456789012345678901234567890123456789","name":"日本語日本語日本語","n":1}`}, lines(
				"ID                  NAME               N",
				"01234567890123456…  日本語日本語日本…  1")},
		{"cells stay on their line", record.Options{Shape: record.List, Format: record.Table}, []string{`{"a":"x\ny\tz"}`}, "A\nx\\ny\\tz\n"},
		{"cells of TSV", record.Options{Shape: record.List}, []string{`{"a":"x\ny\tz\\\r","b":true}`}, "a\tb\nx\\ny\\tz\\\\\\r\ttrue\n"},
		{"cells of CSV", with(record.Options{Shape: record.List}, record.CSV), []string{`{"a":"x\ny,\"","b":"=1+1"}`}, "a,b\n\"x\ny,\"\"\",=1+1\n"},
		{"arrays in cells", record.Options{Columns: []string{"a", "b", "c", "d"}, Shape: record.List},
			[]string{`{"a":["x","y"],"b":["x,y"],"c":[{"z":1}],"d":[1.50,true]}`}, "a\tb\tc\td\nx,y\t[\"x,y\"]\t[{\"z\":1}]\t1.50,true\n"},
		{"colour", record.Options{Shape: record.List, Format: record.Table, Color: true}, []string{`{"a":1}`}, "\x1b[1mA\x1b[0m\n1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := render(t, test.o, test.records...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueries(t *testing.T) {
	const a, b = `{"id":"a","n":1.50}`, `{"id":"b","n":2}`
	for _, test := range []struct {
		name, jq string
		o        record.Options
		records  []string
		want     string
	}{
		{"sees the whole list", "length", record.Options{Shape: record.List}, []string{a, b}, "2\n"},
		{"sees an empty list", ".", record.Options{Shape: record.List}, nil, "[]\n"},
		{"sees one record", ".id", record.Options{}, []string{a}, "a\n"},
		{"sees several as an array", ".[1].id", record.Options{}, []string{a, b}, "b\n"},
		{"sees no record", ".", record.Options{}, nil, ""},
		{"sees each value", ".id", record.Options{Shape: record.Any}, []string{a, b}, "a\nb\n"},
		{"numbers stay", ".", record.Options{Shape: record.List}, []string{"1.50", "1E400", "-0", "1.5e-07"}, "[1.50,1E400,-0,1.5e-07]\n"},
		{"strings are raw", ".", record.Options{Shape: record.Any}, []string{`"a\tb"`}, "a\tb\n"},
		{"strings are JSON where JSON is asked for", ".", record.Options{Shape: record.Any, Format: record.JSON}, []string{`"a\tb"`}, "\"a\\tb\"\n"},
		{"on a terminal", ".[]", terminal(record.Options{Shape: record.List}), []string{`{"a":[]}`, `"\u001b[1m\n"`}, "{\n  \"a\": []\n}\n\\x1b[1m\n\n"},
		{"YAML", ".[] | .id", record.Options{Shape: record.List, Format: record.YAML}, []string{a, b}, "a\n---\nb\n"},
		{"a table of objects", ".[] | {id}", record.Options{Shape: record.List, Format: record.Table}, []string{a, b}, "ID\na\nb\n"},
		{"CSV of an array of objects", "map(select(.n > 1.6))", record.Options{Shape: record.List, Format: record.CSV}, []string{a, b}, "id,n\nb,2\n"},
		{"columns without a format", ".", record.Options{Shape: record.List, Columns: []string{"n"}}, []string{a}, "n\n1.50\n"},
		{"the environment stays out", "env, $ENV", record.Options{}, []string{a}, "{}\n{}\n"},
		{"halt", ".id, halt, .id", record.Options{}, []string{a}, "a\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.o.JQ = test.jq
			got, err := render(t, test.o, test.records...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	for _, test := range []struct {
		name   string
		o      record.Options
		record string
		code   problem.Code
		want   string
	}{
		{"jq syntax", record.Options{JQ: ".a | }"}, "1", problem.Usage, `--jq: unexpected "}" at character 6, after ".a | "`},
		{"jq cut off", record.Options{JQ: ".a | ("}, "1", problem.Usage, `--jq: the expression ends too soon, after ".a | ("`},
		{"jq without such a function", record.Options{JQ: "foo"}, "1", problem.Usage, "--jq: function not defined: foo/0"},
		{"jq at run time", record.Options{JQ: ".a"}, "1", problem.Failed, "--jq: expected an object but got: number (1)"},
		{"jq error", record.Options{JQ: `error("no")`}, "1", problem.Failed, "--jq: error: no"},
		{"halt_error", record.Options{JQ: `"no\n" | halt_error`}, "1", problem.Failed, "--jq: no"},
		{"a table of numbers", record.Options{JQ: ".", Format: record.Table}, "1", problem.Usage, "-o table prints objects, but --jq gave a number"},
		{"columns of JSON", record.Options{Format: record.JSON, Columns: []string{"a"}}, "1", problem.Usage, "--columns is for tables: -o json prints whole records"},
		{"a column without a name", record.Options{Columns: []string{"a", " "}}, "1", problem.Usage, "--columns: a column has no name"},
		{"cut off", record.Options{}, `{"a":1`, problem.Failed, "the record is cut off: not valid JSON: unexpected EOF"},
		{"nothing", record.Options{}, ``, problem.Failed, "the record is cut off: not valid JSON: unexpected EOF"},
		{"two values", record.Options{}, `1 2`, problem.Failed, "the record is not valid JSON: a second value at byte 3"},
		{"a terminal without protection", record.Options{Terminal: true}, "1", problem.Failed, "print records: a terminal needs Options.Visible and Options.VisibleJSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := render(t, test.o, test.record)
			if err == nil || err.Error() != test.want || problem.CodeOf(err) != test.code {
				t.Errorf("got %v (%d), want %s (%d)", err, problem.CodeOf(err), test.want, test.code)
			}
			if got != "" {
				t.Errorf("printed %q", got)
			}
		})
	}
	if _, err := record.Parse("xml"); problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), "table, wide, json, jsonl, yaml, csv, tsv") {
		t.Errorf("Parse: %v", err)
	}
}

func TestKinds(t *testing.T) {
	for _, test := range []struct {
		kind        record.Kind
		value, want string
	}{
		{record.Dollars, "41.2", "$41.20"}, {record.Dollars, "0", "$0.00"}, {record.Dollars, "0.0", "$0.00"},
		{record.Dollars, "50", "$50.00"}, {record.Dollars, "2.999", "$3.00"}, {record.Dollars, "0.00123", "$0.0012"},
		{record.Dollars, "0.0099999", "$0.01"}, {record.Dollars, "0.05", "$0.05"}, {record.Dollars, "-1.005", "-$1.01"}, {record.Dollars, "999.999", "$1000.00"},
		{record.Dollars, "1E400", "1E400"}, {record.Dollars, `"12.5"`, "$12.50"}, {record.Dollars, `"none"`, "none"},
		{record.Dollars, "1e2", "$100.00"}, {record.Dollars, "12345678901234567890.125", "$12345678901234567890.13"},
		{record.DollarsPerMillion, "1.5e-07", "$0.15"}, {record.DollarsPerMillion, "0.000015", "$15.00"},
		{record.DollarsPerMillion, "7.5e-8", "$0.075"}, {record.DollarsPerMillion, "0", "$0.00"}, {record.DollarsPerMillion, "0.0000025", "$2.50"},
		{record.UnixTime, "1677610602", "2023-02-28 19:56"}, {record.UnixTime, `"x"`, "x"}, {record.UnixTime, "1e400", "1e400"},
		{record.Time, `"2026-10-02T10:11:12.123Z"`, "2026-10-02 11:11"}, {record.Time, `"2026-10-02T10:11:12.123"`, "2026-10-02 11:11"},
		{record.Time, `"2026-10-02T10:11:12+02:00"`, "2026-10-02 09:11"}, {record.Time, `"soon"`, "soon"}, {record.Time, "null", "–"},
		{record.Number, "1.50", "1.50"}, {record.Text, "true", "true"}, {record.Text, `""`, "–"}, {record.Text, "{ }", "{}"},
	} {
		t.Run(strconv.Itoa(int(test.kind))+" "+test.value, func(t *testing.T) {
			o := record.Options{Shape: record.List, Format: record.Table, NoHeaders: true, Defaults: []record.Column{{Path: "v", Kind: test.kind}}}
			if got, err := render(t, o, `{"v":`+test.value+`}`); err != nil || got != test.want+"\n" {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// An expression without end stops with its context.
func TestQueryStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	p, err := record.New(ctx, io.Discard, record.Options{JQ: "[range(infinite)] | length"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Record([]byte("1")); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestMissing names the columns that no record had.
func TestMissing(t *testing.T) {
	for _, format := range []record.Format{record.Table, record.CSV, record.TSV} {
		var out bytes.Buffer
		p, err := record.New(t.Context(), &out, record.Options{Shape: record.List, Format: format, Columns: []string{"a", "b.c", "nope"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []string{`{"a":1}`, `{"b":{"c":null}}`} {
			if err := p.Record([]byte(r)); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if got := p.Missing(); len(got) != 1 || got[0] != "nope" {
			t.Errorf("%s: %q", format, got)
		}
	}
}
