package script

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

const everyArgument = `import { args, gateway, keys } from "litellm";
const opt = args({
  people: { type: "file", positional: true, help: "the people" },
  rest: { type: "list", positional: true, required: false, help: "what else" },
  budget: { type: "number", default: 50, help: "dollars" },
  max_age: { type: "duration", help: "how old" },
  mode: { type: "text", enum: ["a", "b"], default: "a", help: "which" },
  models: { type: "list", default: ["gpt,4", "o"], help: "which models" },
  quick: { type: "bool", help: "quickly" },
  careful: { type: "bool", default: true, help: "carefully" },
  to: { type: "profile", required: true, help: "where to" },
  none: { type: "text", help: "" },
});
`

func TestDescribe(t *testing.T) {
	s, err := build(t, everyArgument+"while (true);").Describe(t.Context(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range append(s.Arguments, s.Flags...) {
		text := p.GetName() + " " + strings.TrimPrefix(p.GetKind().String(), "KIND_")
		for word, is := range map[string]bool{"required": p.GetRequired(), "repeated": p.GetRepeated(), "split": p.GetSplit(), "negatable": p.GetNegatable(), "profiles": p.GetCompletion() == "profiles"} {
			if is {
				text += " " + word
			}
		}
		if p.Default != nil {
			text += " =" + p.GetDefault()
		}
		got = append(got, text+" "+p.GetHelp()+strings.Join(p.GetEnum(), "|"))
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{
		"people FILE required the people", "rest STRING repeated what else", "budget NUMBER =50 dollars", "max-age DURATION how old", "mode STRING =a whicha|b",
		`models STRING`, `=gpt\,4,o which models`, "quick BOOL quickly", "careful BOOL negatable =true carefully", "none STRING ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if len(s.Arguments) != 2 || len(s.Flags) != 8 {
		t.Error(len(s.Arguments), len(s.Flags))
	}
}

// A script without args() has none, and nothing of it is done while they are asked for.
func TestDescribeDoesNothing(t *testing.T) {
	for text, want := range map[string]int{
		"console.log(1)": 0, "import { keys } from \"litellm\"; await keys.list()": 0, "import { keys } from \"litellm\"; try { keys.list() } catch {} while (true) keys.list()": 0,
		"import { output } from \"litellm\"; output.text(\"x\")": 0, "import { job } from \"litellm\"; await job.each([1], { key: String }, async () => {})": 0,
		"import { args, run } from \"litellm\"; console.log(run.profile); await 1; args({ a: { type: \"text\", help: \"\" } }); console.log(2)": 1,
		"import { args } from \"litellm\"; setTimeout(() => args({ a: { type: \"text\", help: \"\" } }), 1)":                                    1,
		"import { args } from \"litellm\"; try { args({ a: { type: \"text\", help: \"\" } }) } finally { while (true); }":                       1,
	} {
		s, err := build(t, text+"\nimport { args as unused } from \"litellm\"; unused;").Describe(t.Context(), Limits{Turn: time.Hour})
		if err != nil || len(s.Flags) != want {
			t.Errorf("%s: %v %v", text, s, err)
		}
	}
	_, err := build(t, "import { args } from \"litellm\"; let n = 0; while (n < 1 / 0) n++; args({});").Describe(t.Context(), Limits{Turn: 20 * time.Millisecond})
	if problem.CodeOf(err) != problem.TimedOut {
		t.Error(err)
	}
}

func value(name string, values ...string) *protocol.Value {
	return &protocol.Value{Name: name, Values: values, Given: true}
}

func TestArgs(t *testing.T) {
	print := "console.log(opt, String(opt.people), Object.isFrozen(opt) || (() => { try { (opt as any).budget = 1 } catch { return true } })());"
	for _, c := range []struct {
		values []*protocol.Value
		want   string
	}{
		{[]*protocol.Value{value("people", "p.csv"), value("to", "b")},
			`{ people: File { path: "p.csv" }, rest: [], budget: 50, max_age: undefined, mode: "a", models: ["gpt,4", "o"], quick: false, careful: true, to: "b", none: undefined } p.csv true`},
		{[]*protocol.Value{value("people", "/p.csv"), value("rest", "x", "y"), value("budget", "1e3"), value("max-age", "30d"), value("mode", "b"), value("models", "m"), value("quick", "true"), value("careful", "false"), value("to", "b"), value("none", "")},
			`{ people: File { path: "/p.csv" }, rest: ["x", "y"], budget: 1000, max_age: "30d", mode: "b", models: ["m"], quick: true, careful: false, to: "b", none: "" } /p.csv true`},
	} {
		f := &fake{}
		run(t, f, RunOptions{Values: c.values}, everyArgument+print)
		if f.said[0] != c.want {
			t.Error(f.said[0])
		}
	}
	// A profile that is given may be used, and no other.
	f := &fake{}
	got := fails(t, f, RunOptions{Values: []*protocol.Value{value("people", "p"), value("to", "b")}}, everyArgument+"await gateway(opt.to!).keys.list(); gateway(\"c\");")
	if f.calls[0] != "keys list @b" || !strings.Contains(got.Error(), "cannot use the profile c") {
		t.Error(f.calls, got)
	}
	if got := fails(t, &fake{}, RunOptions{}, everyArgument); got.Problem.Code != problem.Usage || got.Error() != "cannot run s.ts: people is missing" {
		t.Error(got)
	}
}

func TestArgsRefuse(t *testing.T) {
	for spec, want := range map[string]string{
		`args(5 as any)`:                                                                                             "args() takes one object",
		`args({ a: 5 as any })`:                                                                                      "args(): a must be an object",
		`args({ A: { type: "text", help: "" } })`:                                                                    `args(): "A" is no name for an argument`,
		`args({ "a-b": { type: "text", help: "" } })`:                                                                `args(): "a-b" is no name for an argument`,
		`args({ a_: { type: "text", help: "" } })`:                                                                   `is no name for an argument`,
		`args({ dry_run: { type: "bool", help: "" } })`:                                                              "args(): --dry-run is a flag of the program's own: choose another name than dry_run",
		`args({ output: { type: "text", help: "" } })`:                                                               "--output is a flag of the program's own",
		`args({ a: { type: "txt" as any, help: "" } })`:                                                              `args(): the type of a must be one of file, text, number, bool, list, duration, profile, not "txt"; did you mean text?`,
		`args({ a: { help: "" } as any })`:                                                                           `not undefined`,
		`args({ a: { type: "text", hlep: "" } as any })`:                                                             `args(): a has no "hlep"; did you mean help?`,
		`args({ a: { type: "number", default: "5", help: "" } })`:                                                    "args(): the default of a must be a number, not a text",
		`args({ a: { type: "bool", default: 1, help: "" } })`:                                                        "args(): the default of a must be true or false, not a number",
		`args({ a: { type: "list", default: "a", help: "" } })`:                                                      "args(): the default of a must be a list of texts, not a text",
		`args({ a: { type: "text", default: 5, help: "" } })`:                                                        "args(): the default of a must be a text, not a number",
		`args({ a: { type: "duration", default: "5", help: "" } })`:                                                  `args(): the default of a: "5" is no duration`,
		`args({ a: { type: "text", enum: ["x"], default: "y", help: "" } })`:                                         `args(): the default of a must be one of x, not "y"`,
		`args({ a: { type: "number", enum: ["x"], help: "" } })`:                                                     "args(): a: only text and list have an enum",
		`args({ a: { type: "bool", positional: true, help: "" } })`:                                                  "args(): a is a bool, which can only be a flag",
		`args({ a: { type: "list", positional: true, help: "" }, b: { type: "text", positional: true, help: "" } })`: "args(): b stands behind a list, which takes all that follows",
		`args({ a: { type: "text", positional: true, required: false, help: "" }, b: { type: "text", positional: true, help: "" } })`: "args(): b is required, and the one before it is not",
		`args({}); args({})`:         "args() is called twice",
		`keys.list(); args({})`:      "args() comes too late: keys.list() was called before",
		`output.text("x"); args({})`: "args() comes too late: output.text() was called before",
		`later()`:                    "args() belongs at the top of s.ts, the script that is run",
	} {
		p := build(t, "import { args, keys, output } from \"litellm\"; import { later } from \"./lib\";\n"+spec+"; later;", "lib.ts", `import { args } from "litellm"; export const later = () => { args({}) }`)
		_, err := p.Run(t.Context(), RunOptions{Host: &fake{t: t}})
		if err == nil || !strings.Contains(err.Error(), want) || problem.CodeOf(err) != problem.Script {
			t.Errorf("%s: %v", spec, err)
		}
		if f, ok := err.(*Failure); ok && f.Line != 2 && f.File != "lib.ts" {
			t.Errorf("%s: %s", spec, fmt.Sprint(f.Problem.Facts))
		}
	}
}
