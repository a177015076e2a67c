package sdk

import (
	"context"
	"reflect"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

type hooked struct {
	Name string `arg:"" optional:""`
	seen int
}

func (h *hooked) AfterApply() error {
	h.seen++
	return nil
}

func (h *hooked) Run(context.Context, *Invocation) error { return nil }

// hookedText is a flag's own type with a hook.
type hookedText string

func (hookedText) BeforeResolve() error { return nil }

func TestHasHooks(t *testing.T) {
	type node struct{ Next *node }
	for name, c := range map[string]struct {
		of   any
		want bool
	}{
		"none":                {filled{}, false},
		"itself":              {hooked{}, true},
		"a field":             {struct{ A hooked }{}, true},
		"an embedded pointer": {struct{ *hooked }{}, true},
		"a list of flags":     {struct{ A []hookedText }{}, true},
		"what cannot be seen": {struct{ A any }{}, true},
		"a type with itself":  {node{}, false},
	} {
		if got := hasHooks(reflect.TypeOf(c.of), map[reflect.Type]bool{}); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A command with a hook has it called each time, however often its grammar was used.
func TestHooksAreCalled(t *testing.T) {
	p := &Plugin{Name: "pets", Commands: &struct {
		Run hooked `cmd:"" effect:"read"`
	}{}}
	for range 3 {
		g, err := p.grammar([]string{"run"})
		if err != nil {
			t.Fatal(err)
		}
		runner, err := g.bind([]string{"run"}, []*protocol.Value{value("name", "x")})
		if err != nil {
			t.Fatal(err)
		}
		if h := runner.(*hooked); h.seen != 1 || h.Name != "x" {
			t.Errorf("%+v", h)
		}
		g.release()
	}
}
