package types

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
)

func TestRefuse(t *testing.T) {
	for _, c := range []struct {
		property string
		value    any
		want     string // of the reason; empty for none
	}{
		{"keys.generate.key_alias", "x", ""},
		{"keys.generate.key_alias", int64(3), "key_alias must be a text, not a number"},
		{"keys.generate.key_alias", []any{"x"}, "takes one value, and not a list"},
		{"keys.generate.key_alias", nil, ""},
		{"keys.generate.key_alias", Unknown{}, ""},
		{"keys.generate.models", "x", ""},
		{"keys.generate.models", []any{"x", Unknown{}}, ""},
		{"keys.generate.models", []any{"x", true}, "models[1] must be a text, not true or false"},
		{"keys.generate.max_budget", 1.5, ""},
		{"keys.generate.max_budget", "1.5", "max_budget must be a number, not a text"},
		{"keys.generate.rpm_limit", int64(1), ""},
		{"keys.generate.rpm_limit", 1.0, ""},
		{"keys.generate.rpm_limit", 1.5, "a whole number"},
		{"keys.generate.if_not_exists", true, ""},
		{"keys.generate.if_not_exists", "true", "true or false"},
		{"keys.generate.type", "llm_api", ""},
		{"keys.generate.type", "llmapi", `llm_api, management, read_only, not "llmapi"; did you mean llm_api?`},
		{"keys.generate.duration", "30d", ""},
		{"keys.generate.duration", "1mo", ""},
		{"keys.generate.duration", "2mo", `"2mo" is no duration`},
		{"keys.generate.duration", "0d", "is no time at all"},
		{"keys.generate.duration", "monthly", "write 1mo"},
		{"keys.generate.duration", int64(30), "a text, not a number"},
		{"keys.generate.metadata", []any{int64(1)}, ""}, // any JSON
		{"keys.generate.set", map[string]any{"metadata.a": int64(1)}, ""},
		{"keys.generate.set", "a=1", "an object"},
		{"keys.generate.soft_budget", 1.5, ""},
		{"keys.generate.soft_budget", "1", "soft_budget must be a number, not a text"},
		{"keys.generate.guardrails", []any{"a"}, ""},
		{"keys.generate.guardrails", "a", "a list"},
		{"keys.generate.object_permission", map[string]any{}, ""},
		{"keys.generate.object_permission", Unknown{}, ""},
		{"teams.members.add.member", "a", "a list or an object"},
		{"keys.block.token", "-", "standard input"},
		{"keys.block.token", []any{"a", "-"}, "standard input"},
		{"keys.block.token", []any{}, "the list token is empty"}, // as if it were not given, a selection would have one condition less
		{"keys.generate.models", []any{}, ""},
		{"http.request.data", "@/etc/passwd", "files.read"},
		{"http.request.path", "@x", ""}, // reads no file
		{"chat.completions.message", "user:@f", "files.read"},
		{"chat.completions.message", "user:mail@f", ""},
		{"models.import.file", "f.json", "file must be a File"},
		{"keys.import.from_profile", "a", ""},
	} {
		at := strings.LastIndex(c.property, ".")
		got := find(t, strings.Split(c.property[:at], ".")...).Property(c.property[at+1:]).Refuse(c.value)
		if got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%s = %v: %q, want %q", c.property, c.value, got, c.want)
		}
	}
}

func TestCalls(t *testing.T) {
	for _, c := range []struct{ function, names, want string }{
		{"keys.generate", "key_alias soft_budget", ""},
		{"keys.generate", "key_alais", `keys.generate has no field "key_alais"; did you mean key_alias?`},
		{"keys.generate", "teamid", `did you mean team_id?`},
		{"keys.generate", "secret_out", "secret_out saves secrets in a file"},
		{"keys.generate", "zzz", `keys.generate has no field "zzz"`},
		{"chat.completions", "model message zzz", ""},
		{"users.create", "role", "cannot call users.create: email is missing"},
		{"teams.members.add", "team user_id", ""},
		{"teams.members.add", "team", "user_id is missing"},
		{"teams.members.add", "team team_id user", "team and team_id are the same"},
		{"teams.get", "id alias", "id and alias exclude each other"},
		{"teams.get", "team alias", ""}, // the plugin knows better
		{"http.request", "method path json data", "json and data exclude each other"},
	} {
		f := find(t, strings.Split(c.function, ".")...)
		names := strings.Fields(c.names)
		given := func(name string) bool { return strings.Contains(" "+c.names+" ", " "+name+" ") }
		got := ""
		for _, name := range names {
			got += f.Unknown(name)
		}
		if got == "" {
			got = f.Lacks(given) + f.Excludes(given)
		}
		if got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%s of %s: %q, want %q", c.function, c.names, got, c.want)
		}
	}
}

func TestUnknownFunctions(t *testing.T) {
	for path, want := range map[string]string{
		"teams":             "",
		"teams.list":        "",
		"teams.members":     "",
		"teams.members.add": "",
		"teams.lst":         "teams has no lst; did you mean list?",
		"teams.member":      "teams has no member; did you mean members?",
		"teams.members.ad":  "teams.members has no ad; did you mean add?",
		"teams.zzz":         "teams has no zzz",
		"teams.list.x":      "teams.list has no x",
	} {
		words := strings.Split(path, ".")
		for _, m := range Modules(manifesttest.All(t)) {
			if m.Name == words[0] {
				if got := m.Unknown(words[1:]...); got != want {
					t.Errorf("%s: %q, want %q", path, got, want)
				}
			}
		}
	}
}

func TestMeant(t *testing.T) {
	for _, c := range []struct{ wrote, names, want string }{
		{"key_alais", "key_alias user_id", "key_alias"}, // two letters are swapped
		{"KeyAlias", "key_alias user_id", "key_alias"},
		{"id", "hash alias", ""},
		{"", "a b", ""},
		{"generat", "generate get", "generate"},
		{"qqqqqqqq", "generate get", ""},
		{strings.Repeat("x", 1000), "generate", ""},
	} {
		if got := Meant(c.wrote, strings.Fields(c.names)); got != c.want {
			t.Errorf("%q of %s: %q, want %q", c.wrote, c.names, got, c.want)
		}
	}
}
