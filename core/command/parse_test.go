package command

import (
	"errors"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"a command", "acme list", `acme list`},
		{"an alias", "acme say hi", `acme echo text=["hi"]`},
		{"a nested command", "acme members add eng --role x", `acme members add role=["x"] team=["eng"]`},
		{"a nested alias", "acme members create eng", `acme members add team=["eng"]`},
		{"a flag before the verb's own words", "acme -o json members add eng", `acme members add team=["eng"]`},
		{"a global's value that is a command's name", "acme -o list members add eng --role x", `acme members add role=["x"] team=["eng"]`},

		{"nothing is given", "acme echo", `acme echo`},
		{"an optional enum is one of its values", "acme echo --role admin", `acme echo role=["admin"]`},
		{"an alias of a flag", "acme echo --msg x", `acme echo message=["x"]`},
		{"short forms", "acme echo -mx -m y -kn z", `acme echo message=["x" "y"] note=["z"] quick=["true"]`},
		{"a negated flag", "acme echo --no-active", `acme echo active=["false"]`},
		{"a flag that can be negated", "acme echo --active", `acme echo active=["true"]`},
		{"the last of a single flag counts", "acme echo --note a --note b", `acme echo note=["b"]`},
		{"repeated flags keep their order", "acme echo --set b=1 --set a=2 --set b=3", `acme echo set=["b=1" "a=2" "b=3"]`},

		{"free text is not split", "acme echo -m user:Hello,·you", `acme echo message=["user:Hello, you"]`},
		{"nor are assignments and arguments", "acme echo --set tags=a,b x,y", `acme echo set=["tags=a,b"] text=["x,y"]`},
		{"lists of names are", "acme echo --models a,b --models c", `acme echo models=["a" "b" "c"]`},
		{"but not at an escaped comma", `acme echo --models a\,b,c\d`, `acme echo models=["a,b" "c\\d"]`},
		{"an empty list", "acme echo --models=", `acme echo models=[]`},
		{"an empty text", "acme echo --note= -m ''", `acme echo message=[""] note=[""]`},

		{"a negative number needs =", "acme echo --max-budget=-1 --count=-2", `acme echo count=["-2"] max-budget=["-1"]`},
		{"a value that looks like a flag needs =", "acme echo --note=--role", `acme echo note=["--role"]`},
		{"a value with =", "acme echo --note=a=b --note a=b", `acme echo note=["a=b"]`},
		{"standard input", "acme echo --input - -", `acme echo input=["-"] text=["-"]`},
		{"nothing is expanded", "acme echo --note ${HOME} -m $${x} ${y", `acme echo message=["$${x}"] note=["${HOME}"] text=["${y"]`},
		{"bytes are kept", "acme echo ÿ \x01 e\u0301", "acme echo text=[\"ÿ\" \"\\x01\" \"e\u0301\"]"},

		{"words after -- are arguments", "acme echo -- --note x -m --help", `acme echo text=["--note" "x" "-m" "--help"]`},
		{"flags stand between arguments", "acme echo a -yn b c --note=d -o json - -- --e", `acme echo note=["d"] text=["a" "c" "-" "--e"]`},
		{"so is a second --", "acme echo a -- --", `acme echo text=["a" "--"]`},

		{"defaults are marked", "acme defaults", `acme defaults size?=["50"] tags?=["a" "b,c"] greeting?=["Hello, you"]`},
		{"unless they are given", "acme defaults --size 50 --tags x", `acme defaults size=["50"] tags=["x"] greeting?=["Hello, you"]`},
		{"a dollar in a default", "acme dollar", `acme dollar template?=["${HOME} $${x} ${"]`},
		{"a dollar in an enum", "acme dollar --choice ${a}", `acme dollar template?=["${HOME} $${x} ${"] choice=["${a}"]`},
		{"an argument named like a global", "acme show --profile sandbox mine", `acme show profile=["mine"]`},
		{"is not given by the global", "acme show --profile sandbox", `acme show`},

		{"help first", "--help acme echo", `help for acme echo`},
		{"help last, with arguments missing", "acme need --help", `help for acme need`},
		{"help in the middle, in short", "acme -h need x", `help for acme need`},
		{"help for an alias", "acme members create --help", `help for acme members add`},
		{"help for a group", "acme members --help", `help for acme members`},
		{"help for a plugin", "acme --help", `help for acme`},
		{"help for all", "--help", `help for `},
	} {
		t.Run(c.name, func(t *testing.T) {
			line, err := Parse(words(c.line), shelf{acme()})
			if err != nil {
				t.Fatal(err)
			}
			if got := meaning(line); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.line, got, c.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"an unknown resource", "acne list", `did you mean "acme"`},
		{"an unknown command", "acme lst", `did you mean "list"`},
		{"an unknown flag", "acme list --limt 3", `did you mean "--limit"`},
		{"a flag of another command", "acme list --role x", "unknown flag --role"},
		{"a flag of a plugin before its command", "--limit 3 acme list", "unknown flag --limit"},
		{"one argument too many", "acme list x", "unexpected argument x"},
		{"a missing argument", "acme need --team x", "missing: MODEL"},
		{"a missing flag", "acme need x", "--team"},
		{"both of a choice", "acme echo --id a --email b", "--id and --email can't be used together"},
		{"a value outside an enum", "acme echo --role root", `--role must be one of admin, user, not "root"`},
		{"a dollar does not open an enum", "acme dollar --choice ${c}", "--choice must be one of ${a}, $${b}, plain"},
		{"a missing value", "acme echo --note", "--note: its value is missing"},
		{"a missing value of a repeated flag", "acme echo -m", "--message: its value is missing"},
		{"a negative number without =", "acme echo --max-budget -1", `write --max-budget="-1"`},
		{"a value for a switch", "acme echo --quick=maybe", "--quick"},
		{"bytes that are no text", "acme echo \xff", "word 3 is not UTF-8"},
		{"a global without its value", "acme list --output", "--output: its value is missing"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.line, c.want) })
	}
}

// refused wants a line to end with code 2, a message that holds want, and a hint.
func refused(t *testing.T, line, want string) *problem.Error {
	t.Helper()
	parsed, err := Parse(words(line), shelf{acme()})
	if err == nil {
		t.Fatalf("%s was understood: %s", line, meaning(parsed))
	}
	e := problem.As(err)
	if e.Code != problem.Usage || !strings.Contains(e.Message, want) || !strings.Contains(e.Hint, "--help") {
		t.Errorf("%s\n got %d %q, try %q\nwant %q", line, e.Code, e.Message, e.Hint, want)
	}
	return e
}

// A group without a command is answered with its help, which needs its words.
func TestParseIncomplete(t *testing.T) {
	for line, want := range map[string]string{"acme": "acme", "acme members": "acme members", "-o json acme members": "acme members"} {
		_, err := Parse(words(line), shelf{acme()})
		var incomplete *ErrIncomplete
		if !errors.As(err, &incomplete) || strings.Join(incomplete.Words, " ") != want {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestGlobals(t *testing.T) {
	for _, c := range []struct{ name, line, output, jq string }{
		{"before the resource", "-o json -q .x acme list", "json", ".x"},
		{"before the verb", "acme -o json -q .x list", "json", ".x"},
		{"at the end", "acme list -o json -q .x", "json", ".x"},
		{"among arguments", "acme echo a -o json --jq .x", "json", ".x"},
		{"joined", "-ojson acme list -q.x", "json", ".x"},
		{"behind =", "--output=json acme list --jq=.x", "json", ".x"},
		{"clustered", "-yojson acme list -yq .x", "json", ".x"},
		{"a value takes the rest of its cluster", "-qo acme list", "", "o"},
		{"a value that is a resource", "-q acme acme list", "", "acme"},
		{"a program with braces and commas", "acme list --jq {a,b:·.c}", "", "{a,b: .c}"},
		{"not after --", "acme echo -- -o json", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			line, err := Parse(words(c.line), shelf{acme()})
			if err != nil {
				t.Fatal(err)
			}
			if line.Globals.Output != c.output || line.Globals.JQ != c.jq {
				t.Errorf("output %q, jq %q", line.Globals.Output, line.Globals.JQ)
			}
		})
	}
}

func TestFirstWord(t *testing.T) {
	for line, want := range map[string]string{
		"": "", "acme": "acme", "-o json acme": "acme", "-ojson acme": "acme", "-yo json acme": "acme", "-qo acme": "acme",
		"--jq=.x acme": "acme", "--jq .x acme": "acme", "--dry-run acme": "acme", "--columns a,b acme": "acme",
		"-- acme": "", "-o": "", "--output": "", "- acme": "-", "--bogus acme": "acme", "-q acme": "",
	} {
		if got := FirstWord(words(line)); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
