package command

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// FuzzArgv takes its input twice: as a command line, which must be understood or refused with code 2; and as the source
// of chance for a line of one of the built-in commands, whose values must come out as they were put in.
func FuzzArgv(f *testing.F) {
	for _, seed := range []string{"", "models\x00list", "models\x00add\x00x\x00-p\x00a=b", "-\x00--\x00-", "--=\x00-=", "models\x00delete\x00--\x00--", "\xff\x00${", "-h\x00-v", "models\x00update\x00-\xc3\xa9"} {
		f.Add([]byte(seed))
	}
	catalog := append(builtins(f), acme())
	f.Fuzz(func(t *testing.T, input []byte) {
		args := strings.Split(string(input), "\x00")
		line, err := Parse(args, catalog)
		var incomplete *ErrIncomplete
		if err != nil && !errors.As(err, &incomplete) && problem.CodeOf(err) != problem.Usage {
			t.Errorf("%q: code %d, %v", args, problem.CodeOf(err), err)
		}
		if err == nil && line == nil {
			t.Errorf("%q: no line and no error", args)
		}
		Complete(args, catalog)
		roundTrip(t, catalog, newChance(input))
	})
}

// roundTrip writes values for a command as a person could, and reads them back.
func roundTrip(t *testing.T, catalog shelf, c *chance) {
	manifest := catalog[c.IntN(len(catalog))]
	var runnable []*protocol.Command
	for _, command := range manifest.GetCommands() {
		if command.GetEffect() != protocol.Effect_EFFECT_UNSPECIFIED {
			runnable = append(runnable, command)
		}
	}
	command := runnable[c.IntN(len(runnable))]
	want := map[string][]string{}
	var flags [][]string // each with its value, in an order of its own
	taken := map[string]bool{}
	for _, f := range command.GetFlags() {
		group := strings.Join(f.GetXor(), ",")
		if !f.GetRequired() && (c.IntN(2) == 0 || group != "" && taken[group]) {
			continue
		}
		taken[group] = true
		values := c.values(f)
		want[f.GetName()] = values
		flags = append(flags, c.spell(f, values)...)
	}
	var arguments []string
	for _, a := range command.GetArguments() {
		if !a.GetRequired() && c.IntN(2) == 0 {
			break
		}
		values := c.values(a)
		want[a.GetName()] = values
		arguments = append(arguments, values...)
	}
	args := append([]string{manifest.GetName()}, command.GetPath()...)
	for _, f := range append(flags, []string{"-o", "json"}, []string{"--dry-run"}) {
		if c.IntN(3) == 0 && (f[0] == "-o" || f[0] == "--dry-run") {
			args = append(append([]string{}, f...), args...) // globals stand anywhere
			continue
		}
		args = append(args, f...)
	}
	args = append(append(args, "--"), arguments...)
	line, err := Parse(args, catalog)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	if line.Command != command || line.Globals.Output != "json" || !line.Globals.DryRun {
		t.Fatalf("%q was understood as %s with %+v", args, meaning(line), line.Globals)
	}
	for _, v := range line.Values {
		if values, ok := want[v.GetName()]; ok != v.GetGiven() || ok && fmt.Sprintf("%q", values) != fmt.Sprintf("%q", v.GetValues()) {
			t.Fatalf("%q: %s is %q, want %q", args, v.GetName(), v.GetValues(), values)
		}
		delete(want, v.GetName())
	}
	if len(want) > 0 {
		t.Fatalf("%q: lost %q", args, want)
	}
}

// chance makes choices from the bytes of a fuzz input.
type chance struct {
	*rand.Rand
	text []byte
}

func newChance(input []byte) *chance {
	var seed [8]byte
	copy(seed[:], input)
	return &chance{rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:]), uint64(len(input)))), input}
}

func (c *chance) values(p *protocol.Parameter) []string {
	out := []string{c.value(p)}
	for p.GetRepeated() && c.IntN(2) == 0 {
		out = append(out, c.value(p))
	}
	return out
}

func (c *chance) value(p *protocol.Parameter) string {
	if len(p.GetEnum()) > 0 {
		return p.GetEnum()[c.IntN(len(p.GetEnum()))]
	}
	switch p.GetKind() {
	case protocol.Kind_KIND_BOOL:
		return []string{"true", "false"}[c.IntN(2)]
	case protocol.Kind_KIND_INTEGER:
		return fmt.Sprint(int64(c.Uint64()))
	case protocol.Kind_KIND_NUMBER:
		return []string{"0", "-1.50", "1e9", "0.1000000000000000055511151231257827", fmt.Sprint(c.NormFloat64())}[c.IntN(5)]
	case protocol.Kind_KIND_DURATION:
		return fmt.Sprint(1+c.IntN(1000)) + []string{"s", "m", "h", "d", "w"}[c.IntN(5)]
	case protocol.Kind_KIND_JSON:
		return []string{"{}", "[1, 2]", `"x,y"`, "null", "-1.50", `{"a":{"b":[]}}`}[c.IntN(6)]
	case protocol.Kind_KIND_ASSIGNMENT:
		return "a." + []string{"b=", "b:=", `\.=`, "b=@"}[c.IntN(4)] + c.word()
	}
	if word := c.word(); p.GetAtFile() && word == "@" || p.GetSplit() && word == "" {
		return "x"
	} else {
		return word
	}
}

// word is some part of the input, or a word that has hurt before.
func (c *chance) word() string {
	if c.IntN(2) == 0 || len(c.text) == 0 {
		traps := []string{"", "-", "--", "-1", "--help", "a,b", `a\,b`, `\`, "${HOME}", "$${", "a=b", "@", "@-", "user:Hello, you", "\n", "é", "\u202e", "list", "-o"}
		return traps[c.IntN(len(traps))]
	}
	from := c.IntN(len(c.text))
	return strings.ToValidUTF8(strings.ReplaceAll(string(c.text[from:from+c.IntN(len(c.text)-from+1)]), "\x00", ""), "?")
}

// spell writes a flag in one of its spellings.
func (c *chance) spell(p *protocol.Parameter, values []string) (out [][]string) {
	name := "--" + p.GetName()
	if aliases := p.GetAliases(); len(aliases) > 0 && c.IntN(2) == 0 {
		name = "--" + aliases[0]
	}
	if p.GetSplit() {
		escaped := make([]string, len(values))
		for i, v := range values {
			values[i] = strings.TrimRight(strings.ReplaceAll(v, `\,`, ","), `\`) + "."
			escaped[i] = strings.ReplaceAll(values[i], ",", `\,`)
		}
		return [][]string{{name + "=" + strings.Join(escaped, ",")}}
	}
	for _, v := range values {
		switch {
		case p.GetKind() == protocol.Kind_KIND_BOOL:
			out = append(out, []string{name + "=" + v})
		case !strings.HasPrefix(v, "-") && c.IntN(2) == 0:
			out = append(out, []string{name, v})
		case p.GetShort() != "" && v != "" && c.IntN(2) == 0:
			out = append(out, []string{"-" + p.GetShort() + v})
		default:
			out = append(out, []string{name + "=" + v})
		}
	}
	return out
}
