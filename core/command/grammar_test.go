package command

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Parse builds no more of the grammar than the line needs. What it understands is what the whole grammar would.
func TestPruningChangesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	catalog := shelf{acme()}
	pool := words("acme echo say list members add create show need defaults team role x eng -o list json -q -y -h --help " +
		"--role --role=x --limit --limit=3 3 --note -- - -kn --message -m --team=t --profile add --dry-run --bogus")
	for range 800 {
		line := []string{"acme"}
		for range random.IntN(6) {
			line = append(line, pool[random.IntN(len(pool))])
		}
		if random.IntN(4) == 0 {
			line = append([]string{"-o", "json"}, line...)
		}
		needed, err := parse(line, catalog, true)
		whole, wholeErr := parse(line, catalog, false)
		if outcome(needed, err) != outcome(whole, wholeErr) {
			t.Fatalf("%q\nneeded %s\nwhole  %s", line, outcome(needed, err), outcome(whole, wholeErr))
		}
	}
}

// outcome is what a person would see of a parse. A guess at the right flag may name flags of other commands.
func outcome(l *Line, err error) string {
	switch {
	case err != nil:
		message, _, _ := strings.Cut(err.Error(), ", did you mean")
		return message
	case l.Command == nil:
		return "help " + strings.Join(l.HelpFor, " ")
	}
	return meaning(l) + " " + l.Globals.Output + " " + l.Globals.JQ
}

// The SDK refuses manifests that could surprise; one that was made by other means is read without a panic, and the
// globals stay what they are.
func TestOddManifests(t *testing.T) {
	command := func(path string, flags ...*protocol.Parameter) *protocol.Command {
		return &protocol.Command{Path: strings.Fields(path), Effect: protocol.Effect_EFFECT_READ, Flags: flags}
	}
	flag := func(name string) *protocol.Parameter {
		return &protocol.Parameter{Name: name, Kind: protocol.Kind_KIND_STRING}
	}
	for name, c := range map[string]struct {
		commands []*protocol.Command
		line     string
		want     problem.Code
	}{
		"two commands of one name":           {[]*protocol.Command{command("a", flag("x")), command("a", flag("y"))}, "odd a --y=1", problem.OK},
		"an alias that is another's name":    {[]*protocol.Command{{Path: []string{"a"}, Aliases: []string{"b"}, Effect: 1}, command("b", flag("y"))}, "odd b --y=1", problem.OK},
		"two flags of one name":              {[]*protocol.Command{command("a", flag("x"), flag("x"))}, "odd a --x=1", problem.Failed},
		"a flag named like a global":         {[]*protocol.Command{command("a", flag("output"))}, "odd a --output=json", problem.OK},
		"a command without a name":           {[]*protocol.Command{command("", flag("x"))}, "odd --x=1", problem.OK},
		"a command below one that can run":   {[]*protocol.Command{command("a", flag("x")), command("a b", flag("y"))}, "odd a b --y=1", problem.OK},
		"a command whose group has no entry": {[]*protocol.Command{command("g a", flag("x"))}, "odd g a --x=1", problem.OK},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(words(c.line), shelf{{Name: "odd", Commands: c.commands}})
			if got := problem.CodeOf(err); got != c.want {
				t.Errorf("code %d, want %d: %v", got, c.want, err)
			}
		})
	}
}

// Everything that is a global here is reserved in the protocol, and the other way round but for what is to come.
func TestGlobalsAreReserved(t *testing.T) {
	typ := reflect.TypeFor[Globals]()
	for i := range typ.NumField() {
		f := typ.Field(i)
		for _, name := range []string{f.Tag.Get("name"), f.Tag.Get("short")} {
			if name == "" {
				continue
			}
			if !protocol.ReservedFlag(name) {
				t.Errorf("the global %s is not reserved: a plugin could take it", name)
			}
			if hasValue := f.Type.Kind() != reflect.Bool; valued[name] != hasValue {
				t.Errorf("valued[%q] is %v", name, valued[name])
			}
		}
	}
	for _, name := range []string{"no-dry-run", "x-later", "reason", "max", "curl"} {
		if !protocol.ReservedFlag(name) {
			t.Errorf("%s is not reserved", name)
		}
	}
}
