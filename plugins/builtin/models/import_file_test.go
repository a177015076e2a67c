package models_test

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TestImportFaults: everything that is wrong with a file is told with its lines, before the first request, and without its
// text.
func TestImportFaults(t *testing.T) {
	const entry = "- {model_name: a, litellm_params: {model: x}"
	for file, want := range map[string]string{
		"":                                   "no model_list",
		"# nothing\n":                        "no model_list",
		"a: b\n":                             "no model_list",
		"- a\n":                              "no model_list",
		"model_list:\n":                      "line 1: model_list is no list",
		"model_list: {a: b}\n":               "line 1: model_list is no list",
		"a: 1\n---\nb: 2\n":                  "several YAML documents",
		"model_list:\n- {a: sk-secret-1\n":   "line 2: could not find flow mapping end",
		"model_list:\n\t- x\n":               "line 2: found character",
		"a: 1\nb: 2\na: 3\n":                 `line 3: mapping key "a" already defined`,
		"model_list:\n- sk-secret-1\n":       "line 2: an entry of model_list is a mapping",
		"model_list:\n- *none\n":             "line 2: there is no anchor &none",
		"model_list:\n- {model_name: a}\n":   "line 2: litellm_params is missing",
		"model_list:\n" + entry[:17] + "}\n": "line 2: litellm_params is missing",
		"model_list:\n- {litellm_params: {model: x}}\n":                       "line 2: model_name is missing",
		"model_list:\n- {model_name: a, litellm_params: {model: 5}}\n":        "line 2: litellm_params.model is missing or no text",
		"model_list:\n" + entry + ", model_info: [1]}\n":                      "line 2: model_info is no mapping",
		"model_list:\n" + entry + ", model_info: {id: a/b}}\n":                "line 2: model_info.id: the id has a slash",
		"model_list:\n" + entry + ", model_info: {id: 5}}\n":                  "line 2: model_info.id: the id is empty or no text",
		"model_list:\n" + entry + ", model_info: {access_groups: x}}\n":       "line 2: model_info.access_groups is no list",
		"model_list:\n" + entry + ", model_info: {access_groups: [1]}}\n":     "line 2: model_info.access_groups is no list",
		"model_list:\n" + entry + ", model_info: {x: .inf}}\n":                "line 2: a value of this kind",
		"model_list:\n" + entry + ", model_info: {x: !secret sk-secret-1}}\n": "line 2: the tag !secret is not known",
		"model_list:\n" + strings.Repeat(entry+", model_info: {id: i}}\n", 2): `line 3: the id "i" is that of the entry in line 2 too`,
		"model_list:\n- x\n- y\n":                                             "the file has 2 faults",
	} {
		r := sandbox(t).imports(file)
		if r.Code() != problem.Usage || !strings.Contains(r.Err.Error(), want) || len(r.Requests) > 0 || strings.Contains(r.Err.Error(), "sk-secret") {
			t.Errorf("%q:\n%v\nwant %s", file, r.Err, want)
		}
	}
	if r := sandbox(t).imports(twoModels, "--only-models-matching-regex=("); r.Code() != problem.Usage || len(r.Requests) > 0 {
		t.Error(r.Err)
	}
	all := problem.As(sandbox(t).imports("model_list:\n- x\n- {model_name: a}\n").Err)
	if len(all.Facts) != 2 || all.Facts[0].Text != "line 2: an entry of model_list is a mapping with model_name and litellm_params" || all.State != problem.Unchanged {
		t.Errorf("%+v", all)
	}
}

// TestImportValues: a value means what LiteLLM's own reader takes it for, and keeps its digits.
func TestImportValues(t *testing.T) {
	for yaml, want := range map[string]string{
		"5": "5", "-5": "-5", "+5": "5", "0x1F": "31", "1_000": "1000", "123456789012345678901234567890": "123456789012345678901234567890",
		"0.70": "0.70", "1.5e-7": "1.5e-7", "1e-7": "1e-7", ".5": "0.5", "yes": "true", "Off": "false", "true": "true", "~": "null", "": "null",
		`"5"`: `"5"`, "'yes'": `"yes"`, "2024-02-15": `"2024-02-15"`, "1:30": `"1:30"`, "!!str 5": `"5"`, "[a, 1]": `["a",1]`, "{a: {b: ü}}": `{"a":{"b":"ü"}}`,
		"|\n        -----BEGIN\n        x\n": `"-----BEGIN\nx\n"`, "&x {a: 1}": `{"a":1}`, "{<<: [{a: 1, b: 1}, {b: 2, c: 2}], c: 3}": `{"a":1,"b":1,"c":3}`,
		"os.environ/X": `"os.environ/X"`, "\"\\u0041\"": `"A"`,
	} {
		w := sandbox(t)
		h := w.host()
		h.DryRun, h.Inputs = true, map[string][]byte{"file": []byte("model_list:\n- model_name: a\n  litellm_params:\n    model: x\n    field: " + yaml + "\n")}
		r := w.with(h, "import -")
		if r.Err != nil || len(r.Planned) != 1 || !strings.Contains(string(r.Planned[0].Body), `"field":`+want+",") {
			t.Errorf("%q: %v %s, want %s", yaml, r.Err, r.Planned, want)
		}
	}
}

// TestImportAliases: a few lines cannot stand for billions of values.
func TestImportAliases(t *testing.T) {
	var file strings.Builder
	file.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		was, is := string(rune('0'+i-1)), string(rune('0'+i))
		file.WriteString("a" + is + ": &a" + is + " [" + strings.TrimSuffix(strings.Repeat("*a"+was+", ", 10), ", ") + "]\n")
	}
	file.WriteString("model_list: []\n")
	if r := sandbox(t).imports(file.String()); r.Code() != problem.Usage || !strings.Contains(r.Err.Error(), "more than a million values") {
		t.Error(r.Err)
	}
}
