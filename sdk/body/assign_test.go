package body

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// files is what the @FILE of these tests holds.
func files(content string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(content), nil }
}

// TestAssign sets parameters of a model, whose types LiteLLM's schema gives.
func TestAssign(t *testing.T) {
	params := Operation("POST", "/model/new").Field("litellm_params")
	for _, c := range []struct{ name, assignment, file, want string }{
		{"a text that looks like a number", "api_key=123456", "", `{"api_key":"123456"}`},
		{"a text that looks like null", "api_key=null", "", `{"api_key":"null"}`},
		{"a number of requests", "rpm=100", "", `{"rpm":100}`},
		{"a number or a text", "timeout=0.5", "", `{"timeout":0.5}`},
		{"a number or a text, the latter", "timeout=os.environ/T", "", `{"timeout":"os.environ/T"}`},
		{"no value of a number", "rpm=null", "", `{"rpm":null}`},
		{"a switch", "use_in_pass_through=true", "", `{"use_in_pass_through":true}`},
		{"a list", "tags=a,b", "", `{"tags":["a","b"]}`},
		{"a list of one", "tags=a", "", `{"tags":["a"]}`},
		{"a list as JSON", `tags=["a,b"]`, "", `{"tags":["a,b"]}`},
		{"an object", `model_info={"a":1}`, "", `{"model_info":{"a":1}}`},

		{"what the schema does not know: a number", "max_tokens=2048", "", `{"max_tokens":2048}`},
		{"a decimal", "temperature=0.7", "", `{"temperature":0.7}`},
		{"a switch", "x=true", "", `{"x":true}`},
		{"nothing", "x=null", "", `{"x":null}`},
		{"an object", `x={"a":[1]}`, "", `{"x":{"a":[1]}}`},
		{"a text", "x=some text", "", `{"x":"some text"}`},
		{"a text in quotes keeps them", `x="q"`, "", `{"x":"\"q\""}`},
		{"an empty text", "x=", "", `{"x":""}`},
		{"a text with =", "x=a=b", "", `{"x":"a=b"}`},
		{"almost JSON", "x={a", "", `{"x":"{a"}`},
		{"two values are a text", "x=1 2", "", `{"x":"1 2"}`},
		{"leading zeros are a text", "x=007", "", `{"x":"007"}`},

		{"a large number keeps its digits", "x=12345678901234567890123", "", `{"x":12345678901234567890123}`},
		{"a decimal keeps its digits", "input_cost_per_token=0.00000025000000000000000001", "", `{"input_cost_per_token":0.00000025000000000000000001}`},
		{"nested numbers, too", `x=[1.10,1e3]`, "", `{"x":[1.10,1e3]}`},

		{"JSON by force", `api_key:=123`, "", `{"api_key":123}`},
		{"JSON text by force", `x:="q"`, "", `{"x":"q"}`},

		{"a file", "api_key=@key", "sk-1\n", `{"api_key":"sk-1"}`},
		{"a file from elsewhere", "api_key=@key", "sk-1\r\n", `{"api_key":"sk-1"}`},
		{"one line end goes", "x=@key", "a\n\n", `{"x":"a\n"}`},
		{"a file is typed", "rpm=@-", "100\n", `{"rpm":100}`},
		{"a file of JSON", "x:=@f", `{"a": 1}`, `{"x":{"a":1}}`},

		{"a nested field", "extra_headers.x-team=data", "", `{"extra_headers":{"x-team":"data"}}`},
		{"deeper", "a.b.c=1", "", `{"a":{"b":{"c":1}}}`},
		{"a dot in a name", `a\.b=1`, "", `{"a.b":1}`},
		{"both", `a\.b.c=1`, "", `{"a.b":{"c":1}}`},
		{"letters of any kind", "é.世=ü", "", `{"é":{"世":"ü"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := map[string]any{}
			if err := Assign(target, params, c.assignment, files(c.file)); err != nil {
				t.Fatal(err)
			}
			if got := marshal(t, target); got != c.want {
				t.Errorf("%s is %s, want %s", c.assignment, got, c.want)
			}
		})
	}
}

// marshal gives JSON with "<", ">" and "&" as they are.
func marshal(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// A dotted path changes what it names; := and a plain path replace.
func TestAssignMerges(t *testing.T) {
	for _, c := range []struct{ there, assignment, want string }{
		{`{"m":{"a":1,"b":{"c":2}}}`, "m.b.d=3", `{"m":{"a":1,"b":{"c":2,"d":3}}}`},
		{`{"m":{"a":1}}`, "m.a=2", `{"m":{"a":2}}`},
		{`{"m":null}`, "m.a=2", `{"m":{"a":2}}`},
		{`{"m":{"a":1}}`, `m:={"b":2}`, `{"m":{"b":2}}`},
		{`{"m":{"a":1}}`, `m={"b":2}`, `{"m":{"b":2}}`},
	} {
		target, err := Decode([]byte(c.there))
		if err != nil {
			t.Fatal(err)
		}
		if err := Assign(target, Schema{}, c.assignment, nil); err != nil {
			t.Fatal(err)
		}
		if got := marshal(t, target); got != c.want {
			t.Errorf("%s with %s is %s, want %s", c.there, c.assignment, got, c.want)
		}
	}
}

// Errors name the field and what it must be. They never hold the value.
func TestAssignRefuses(t *testing.T) {
	params := Operation("POST", "/model/new").Field("litellm_params")
	broken := func() ([]byte, error) { return nil, errors.New("no such file") }
	for _, c := range []struct {
		assignment string
		read       func() ([]byte, error)
		want       string
	}{
		{"max_retries=hunter22", nil, "max_retries: it must be a whole number"},
		{"max_retries=1.5", nil, "max_retries: it must be a whole number"},
		{"rpm=1e3", nil, "rpm: it must be a whole number"},
		{"use_in_pass_through=hunter22", nil, "use_in_pass_through: it must be true or false"},
		{"use_in_pass_through=1", nil, "true or false"},
		{"model_info=hunter22", nil, "model_info: it must be a JSON object"},
		{"x:=hunter22", nil, "x: the value after := is not valid JSON"},
		{"x:=", nil, "not valid JSON"},
		{"x=@file", broken, "x: no such file"},
		{"x=@file", files("\xff"), "x: the value is not UTF-8 text"},
		{"hunter22", nil, "PATH=VALUE, PATH:=JSON or PATH=@FILE"},
		{"=hunter22", nil, "PATH=VALUE"},
		{":=1", nil, "PATH=VALUE"},
		{".=1", nil, "a part of the path is empty"},
		{"a..b=1", nil, "a part of the path is empty"},
		{"a.=1", nil, "a part of the path is empty"},
		{"text.x=hunter22", nil, "text.x: text is no object"},
	} {
		err := Assign(map[string]any{"text": "hunter22"}, params, c.assignment, c.read)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.assignment, err, c.want)
		} else if strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%s: the value is in %v", c.assignment, err)
		}
	}
}

func TestName(t *testing.T) {
	for assignment, want := range map[string]string{"a=1": "a", "a.b:=1": "a.b", "a=b=c": "a", "a": "a", "": ""} {
		if got := Name(assignment); got != want {
			t.Errorf("%q: %q", assignment, got)
		}
	}
}

// FuzzAssign takes any path and value, typed by a schema with fields of all kinds. Whatever is wrong with it, the
// error does not hold the value.
func FuzzAssign(f *testing.F) {
	for _, seed := range [][2]string{{"a", "1"}, {"rpm", "x"}, {"max_retries", "1.5"}, {"a.b", "{"}, {"x:", "["}, {`a\.b`, "@f"}, {"text.x", ""}, {"", ""}, {"tags", "a,b"}, {"model_info", "null"}} {
		f.Add(seed[0], seed[1])
	}
	params := Operation("POST", "/model/new").Field("litellm_params")
	const canary = "hunter22-hunter22"
	f.Fuzz(func(t *testing.T, path, value string) {
		for _, v := range []string{value + canary, canary + value, value} {
			target := map[string]any{"text": canary, "object": map[string]any{}}
			err := Assign(target, params, path+"="+v, files(v))
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Fatalf("%q=%q: %v", path, v, err)
			}
			if err == nil {
				if _, err := json.Marshal(target); err != nil {
					t.Fatalf("%q=%q: %v", path, v, err)
				}
			}
		}
	})
}
