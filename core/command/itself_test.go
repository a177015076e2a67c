package command

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// talk is a plugin whose name alone is a command, beside others; so are the words of a group of it.
func talk() *protocol.Manifest {
	text := func(name, short string) *protocol.Parameter {
		return &protocol.Parameter{Name: name, Short: short, Kind: protocol.Kind_KIND_STRING}
	}
	const read = protocol.Effect_EFFECT_READ
	return &protocol.Manifest{Name: "talk", Summary: "Talk to models", Commands: []*protocol.Command{
		{Effect: read, Summary: "Talk.", Flags: []*protocol.Parameter{text("system", "s"), text("heat", "t")}, Arguments: []*protocol.Parameter{
			{Name: "model", Kind: protocol.Kind_KIND_STRING, Completion: "models"},
		}},
		{Path: []string{"once"}, Aliases: []string{"single"}, Effect: read, Summary: "Talk once.",
			Flags: []*protocol.Parameter{
				{Name: "message", Short: "m", Kind: protocol.Kind_KIND_STRING, Repeated: true, Required: true}, text("heat", "t"), text("top", ""),
			},
			Arguments: []*protocol.Parameter{{Name: "model", Kind: protocol.Kind_KIND_STRING, Required: true}}},
		{Path: []string{"rooms"}, Effect: read, Summary: "Show rooms.", Flags: []*protocol.Parameter{text("by", "")}, Arguments: []*protocol.Parameter{
			{Name: "names", Kind: protocol.Kind_KIND_STRING, Repeated: true},
		}},
		{Path: []string{"rooms", "list"}, Effect: read, Summary: "List rooms.", Flags: []*protocol.Parameter{text("like", "")}},
	}}
}

func TestParseItself(t *testing.T) {
	for line, want := range map[string]string{
		"talk":                                `talk`,
		"talk gpt":                            `talk model=["gpt"]`,
		"talk gpt -t 1":                       `talk heat=["1"] model=["gpt"]`,
		"talk -t 1 gpt":                       `talk heat=["1"] model=["gpt"]`,
		"talk -t 1":                           `talk heat=["1"]`,
		"talk -s once gpt":                    `talk system=["once"] model=["gpt"]`,
		"-o json talk gpt":                    `talk model=["gpt"]`,
		"talk -o json gpt":                    `talk model=["gpt"]`,
		"talk once gpt -m user:Hello,·you":    `talk once message=["user:Hello, you"] model=["gpt"]`,
		"talk -o json once gpt -m a":          `talk once message=["a"] model=["gpt"]`,
		"talk single gpt -m a -t 2 --top=3":   `talk once message=["a"] heat=["2"] top=["3"] model=["gpt"]`,
		"talk once -m a -- once":              `talk once message=["a"] model=["once"]`,
		"talk -- once":                        `talk model=["once"]`,
		"talk -t 1 -- single":                 `talk heat=["1"] model=["single"]`,
		"talk --":                             `talk`,
		"talk -":                              `talk model=["-"]`,
		"talk rooms":                          `talk rooms`,
		"talk rooms a --by x b":               `talk rooms by=["x"] names=["a" "b"]`,
		"talk rooms list --like x":            `talk rooms list like=["x"]`,
		"talk rooms -- list":                  `talk rooms names=["list"]`,
		"talk rooms a list":                   `talk rooms names=["a" "list"]`,
		"talk --help":                         `help for talk`,
		"talk gpt --help":                     `help for talk`,
		"talk once --help":                    `help for talk once`,
		"talk single gpt -h":                  `help for talk once`,
		"talk rooms --help":                   `help for talk rooms`,
		"talk rooms list -h":                  `help for talk rooms list`,
		"talk --profile once gpt --timeout 1": `talk model=["gpt"]`,
	} {
		parsed, err := Parse(words(line), shelf{talk()})
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if got := meaning(parsed); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

func TestParseItselfRefuses(t *testing.T) {
	for line, want := range map[string]string{
		"talk gpt more":           "cannot run talk: unexpected argument more",
		"talk gpt --top 1":        "cannot run talk: unknown flag --top",
		"talk -t 1 once gpt -m a": "unknown flag -t",
		"talk once gpt":           "cannot run talk once: missing flags: --message",
		"talk once -m a":          "cannot run talk once: missing: MODEL",
		"talk once gpt -s x":      "unknown flag -s",
		"talk gpt -t":             "--heat: its value is missing",
		"talk rooms list x":       "unexpected argument x",
	} {
		_, err := Parse(words(line), shelf{talk()})
		if problem.CodeOf(err) != problem.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), itself) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

func TestPruningChangesNothingOfItself(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pool := words("talk once single rooms list gpt a -t --heat=1 -m --message=x --by --like=z --top 1 -s -o json -- - -h --bogus -y")
	for range 800 {
		line := []string{"talk"}
		for range random.IntN(6) {
			line = append(line, pool[random.IntN(len(pool))])
		}
		needed, err := parse(line, shelf{talk()}, true)
		whole, wholeErr := parse(line, shelf{talk()}, false)
		if outcome(needed, err) != outcome(whole, wholeErr) {
			t.Fatalf("%q\nneeded %s\nwhole  %s", line, outcome(needed, err), outcome(whole, wholeErr))
		}
	}
}

func TestCompleteItself(t *testing.T) {
	for line, want := range map[string]string{
		"talk ''":          "once rooms <models:>",
		"talk on":          "once <models:on>",
		"talk gpt ''":      "",
		"talk -t ''":       "",
		"talk -t 1 on":     "once <models:on>",
		"talk -- on":       "<models:on>",
		"talk --s":         "--system",
		"talk gpt --he":    "--heat --help",
		"talk once --t":    "--top --timeout",
		"talk once ''":     "",
		"talk rooms ''":    "list",
		"talk rooms a li":  "",
		"talk rooms a --b": "--by --base-url",
	} {
		found := Complete(words(line), shelf{talk()})
		var got []string
		for _, candidate := range found.Candidates {
			got = append(got, candidate.Text)
		}
		if found.Kind != "" {
			got = append(got, "<"+found.Kind+":"+found.Prefix+">")
		}
		wanted := strings.Fields(want)
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%s: %q, want %q", line, got, wanted)
		}
	}
}

func TestHelpItself(t *testing.T) {
	text, err := Help([]string{"talk"}, shelf{talk()}, 80)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Usage: litellm-proxy talk [MODEL] [FLAG…]\n       litellm-proxy talk COMMAND …\n", "\nTalk.\n", "Commands:\n  once", "  MODEL", "--system=TEXT",
		"More on one of them: litellm-proxy talk COMMAND --help", "Exit codes",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
