package sdk

import (
	"context"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

type talkCmd struct {
	noRun
	Model string `arg:"" optional:""`
	Heat  string `short:"t"`
}

type onceCmd struct {
	noRun
	Model string `arg:""`
}

type talking struct {
	Talk talkCmd `cmd:"" default:"withargs" effect:"read"`
	Once onceCmd `cmd:"" effect:"read"`
	Room struct {
		Show struct{ noRun } `cmd:"" default:"withargs" effect:"read" help:"Show rooms."`
		Make struct{ noRun } `cmd:"" effect:"write"`
	} `cmd:"" aliases:"rooms" help:"Rooms."`
}

// A default command has the words of its group, in the manifest and in an invocation.
func TestDefault(t *testing.T) {
	p := &Plugin{Name: "talk", Commands: &talking{}}
	m, err := p.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, c := range m.GetCommands() {
		paths = append(paths, "/"+strings.Join(c.GetPath(), "/"))
	}
	if got := strings.Join(paths, " "); got != "/ /once /room /room/make" {
		t.Errorf("the commands are %s", got)
	}
	if c := m.GetCommands()[2]; c.GetSummary() != "Show rooms." || c.GetAliases()[0] != "rooms" || c.GetEffect() != protocol.Effect_EFFECT_READ {
		t.Errorf("%v", c)
	}
	for _, c := range []struct {
		line []string
		want any
		path string
	}{
		{[]string{}, &talkCmd{}, ""},
		{[]string{"gpt", "-t", "1"}, &talkCmd{Model: "gpt", Heat: "1"}, ""},
		{[]string{"once", "gpt"}, &onceCmd{Model: "gpt"}, "once"},
		{[]string{"room"}, &struct{ noRun }{}, "room"},
		{[]string{"room", "make"}, &struct{ noRun }{}, "room make"},
	} {
		start, err := ParseArgs(p, c.line)
		if err != nil || strings.Join(start.GetPath(), " ") != c.path {
			t.Errorf("%q: %v, %v", c.line, start, err)
			continue
		}
		for _, commands := range []any{&talking{}, only(&talking{}, start.GetPath())} {
			g, err := newGrammar("talk", commands)
			if err != nil {
				t.Fatal(err)
			}
			runner, err := g.bind(start.GetPath(), start.GetValues())
			if err != nil || runner.Run(context.Background(), nil) != nil {
				t.Errorf("%q: %v", c.line, err)
			}
			if got, ok := runner.(*talkCmd); ok && *got != *c.want.(*talkCmd) {
				t.Errorf("%q: %+v", c.line, got)
			}
		}
	}
	// A name of the group's own is for its argument, as its commands' names are behind "--".
	g, err := newGrammar("talk", only(&talking{}, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range []string{"once", "talk", "--", "-t"} {
		runner, err := g.bind(nil, []*protocol.Value{value("model", model)})
		if err != nil || runner.(*talkCmd).Model != model {
			t.Errorf("%s: %v, %v", model, runner, err)
		}
	}
	if _, err := g.bind([]string{"talk"}, nil); err == nil {
		t.Error("the default command has a name")
	}
}

func TestDefaultRefuses(t *testing.T) {
	for want, commands := range map[string]any{
		`default:"1": write default:"withargs"`: &struct {
			A struct{ noRun } `cmd:"" default:"1" effect:"read"`
		}{},
		"neither commands nor aliases": &struct {
			A struct{ noRun } `cmd:"" default:"withargs" aliases:"b" effect:"read"`
		}{},
	} {
		if _, err := (&Plugin{Name: "x", Commands: commands}).Manifest(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
