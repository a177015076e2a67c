package types

import (
	"slices"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func TestNames(t *testing.T) {
	for _, c := range []struct{ name, camel, pascal, snake, singular string }{
		{"keys", "keys", "Keys", "keys", "key"},
		{"model-groups", "modelGroups", "ModelGroups", "model_groups", "model-group"},
		{"assign-key", "assignKey", "AssignKey", "assign_key", "assign-key"},
		{"policies", "policies", "Policies", "policies", "policy"},
		{"access", "access", "Access", "access", "access"},
		{"x--y", "xY", "XY", "x__y", "x--y"},
		{"", "", "", "", ""},
	} {
		if got := []string{Camel(c.name), Pascal(c.name), Snake(c.name), singular(c.name)}; !slices.Equal(got, []string{c.camel, c.pascal, c.snake, c.singular}) {
			t.Errorf("%q: %q", c.name, got)
		}
	}
}

// find returns a function of the built-in plugins.
func find(t *testing.T, path ...string) *Function {
	t.Helper()
	for _, m := range Modules(manifesttest.All(t)) {
		if m.Name == path[0] {
			return m.Find(path[1:]...)
		}
	}
	return nil
}

func TestModules(t *testing.T) {
	for _, c := range []struct {
		path string
		want string // the command's words; empty where there is no such function
	}{
		{"keys.list", "list"},
		{"keys.info", "info"},
		{"keys.get", "info"}, // an alias
		{"teams.members.add", "members add"},
		{"teams.members.create", "members add"},
		{"teams.assignKey", "assign-key"},
		{"modelGroups.list", "list"},
		{"teams.members", ""},    // no command by itself
		{"teams.assign-key", ""}, // not in camelCase
		{"chat.completions", "completions"},
		{"sandbox.reset", ""}, // of the plugin that provides a gateway
		{"keys.lst", ""},
	} {
		got := ""
		if f := find(t, strings.Split(c.path, ".")...); f != nil {
			got = strings.Join(f.Command.GetPath(), " ")
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", c.path, got, c.want)
		}
	}
}

func TestProperties(t *testing.T) {
	for _, c := range []struct {
		path, name string
		there      bool
		parameter  string
		field      bool
		required   bool
	}{
		{"keys.generate", "key_alias", true, "key-alias", true, false},
		{"keys.generate", "soft_budget", true, "", true, false},
		{"keys.generate", "type", true, "type", false, false},
		{"keys.generate", "key-alias", false, "", false, false},
		{"keys.generate", "secret_out", false, "", false, false},   // saves
		{"keys.import", "source_api_key", false, "", false, false}, // a gateway's key
		{"keys.info", "key", true, "key", false, false},            // the flag's own name wins over the argument's other one
		{"teams.get", "team_id", true, "team", false, false},
		{"teams.members.add", "team", true, "team", false, true},
		{"teams.members.add", "team_id", true, "team", true, true},
		{"teams.members.add", "allowed_models", true, "", true, false},
		{"users.create", "email", true, "email", false, true},
		{"chat.completions", "anything", false, "", false, false},
	} {
		p := find(t, strings.Split(c.path, ".")...).Property(c.name)
		if (p != nil) != c.there {
			t.Errorf("%s has %s: %v", c.path, c.name, p)
			continue
		}
		if p != nil && (p.Parameter.GetName() != c.parameter || (p.Field != nil) != c.field || p.Required() != c.required) {
			t.Errorf("%s: %s is %q, a field %v, required %v", c.path, c.name, p.Parameter.GetName(), p.Field != nil, p.Required())
		}
	}
	for path, want := range map[string]bool{"chat.completions": true, "credentials.create": true, "keys.generate": false, "keys.list": false} {
		if got := find(t, strings.Split(path, ".")...).TakesAnything(); got != want {
			t.Errorf("%s takes anything: %v", path, got)
		}
	}
}

// TestForeignManifest declares a plugin that a third party has named and described as it liked.
func TestForeignManifest(t *testing.T) {
	read := protocol.Effect_EFFECT_READ
	one := func(fields ...*protocol.Field) *protocol.Record {
		return &protocol.Record{Shape: protocol.Shape_SHAPE_ONE, Fields: fields}
	}
	foreign := &protocol.Manifest{
		Name: "dates", Summary: "Ends here */ declare const evil: any; /*",
		Commands: []*protocol.Command{
			{Path: []string{"list"}, Effect: read, Help: "one\ntwo\x1b[31m\u202e", Record: &protocol.Record{Shape: protocol.Shape_SHAPE_LIST, Fields: []*protocol.Field{{Name: "a b", Type: "string"}, {Name: "constructor", Type: "odd"}}}},
			{Path: []string{"try"}, Effect: read, Record: one(&protocol.Field{Name: "result", Type: "string"}), Flags: []*protocol.Parameter{
				{Name: "how", Enum: []string{`a"b`, "c\n\u2028"}, Help: "*/"},
				{Name: "old", Hidden: true}, {Name: "older", Deprecated: "use --how"},
			}},
			{Path: []string{"hidden"}, Effect: read, Hidden: true},
			{Path: []string{"asks"}, Effect: read, Interactive: true},
			{Path: []string{"says"}, Effect: read},
		},
	}
	for _, name := range []string{"csv", "delete", "2fa", "job", "not-found"} {
		foreign := &protocol.Manifest{Name: name, Commands: []*protocol.Command{{Path: []string{"x"}, Effect: read}}}
		if got := len(Modules([]*protocol.Manifest{foreign})); got != map[string]int{"not-found": 1}[name] {
			t.Errorf("%s makes %d modules", name, got)
		}
	}
	text := Declare([]*protocol.Manifest{foreign, manifesttest.All(t)[0]})
	for _, want := range []string{
		`/** Ends here *\/ declare const evil: any; /* */`,
		"* one\n", "* two\uFFFD[31m\uFFFD\n", // the escape character, and the one that turns the direction
		`how?: "a\"b" | "c\n\u2028";`, `/** *\/ */`,
		`"a b": string;`, "constructor: any;",
		"result: string;", "): Promise<DateTryRow>;", // a result of its own
		"interface DateListRow {", "list(): Listing<DateListRow>;", // not Date, which the language has
		"says(): Promise<string>;",
		"const dates: Dates;", "readonly dates: Dates;",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q", want)
		}
	}
	for _, bad := range []string{"hidden(", "asks(", "old?", "older", "\x1b", "\u202e"} {
		if strings.Contains(text, bad) {
			t.Errorf("there is %q", bad)
		}
	}
}
