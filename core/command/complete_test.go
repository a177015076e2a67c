package command

import (
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	catalog := append(builtins(t), acme())
	for _, c := range []struct{ name, line, want string }{
		{"resources", "", strings.Join(resources(catalog), " ")},
		{"names of a kind", "models delete gp", "<deployments:gp>"},
		{"names behind a comma", "keys delete --key-aliases a,b", "a,<keys:b>"},
		{"names of an argument that may be repeated", "keys delete a b", "<keys:b>"},
		{"nothing after the last argument", "models add fast x", ""},
		{"a resource begun", "mod", "model-groups models"},
		{"verbs", "models ''", "add delete get import info list test update"},
		{"a verb begun", "models li", "list"},
		{"a verb after a global", "-o json models li", "list"},
		{"the verbs of a group", "acme members ''", "add list"},
		{"flags of a command and globals", "models info --s", "--source"},
		{"globals alone", "--d", "--debug --dry-run"},
		{"the values of an enum", "models info --source ''", "config db"},
		{"a value begun", "models info --source d", "db"},
		{"a value after =", "models info --source=d", "db"},
		{"formats", "models list -o j", "json jsonl"},
		{"formats before the resource", "--output=j", "json jsonl"},
		{"profiles", "--profile ''", "<profiles:>"},
		{"files", "http request POST /x --input ''", ":files"},
		{"files of a global", "--ca-cert ''", ":files"},
		{"the flag behind a cluster's value", "acme echo -nx --rol", "--role"},
		{"a flag's value is no command", "acme -o list members ''", "add list"},
		{"a value of free text", "acme echo --note ''", ""},
		{"an enum by the flag's alias", "acme echo --msg ''", ""},
		{"nothing after an unknown resource", "bogus ''", ""},
		{"nothing after an unknown verb", "models lst ''", ""},
		{"no flags after --", "models delete -- --", "<deployments:-->"},
		{"nor values", "models info -- --source d", ""},
		{"bytes that are no text", "\xff \xfe", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := Complete(words(c.line), catalog)
			var got []string
			for _, candidate := range found.Candidates {
				got = append(got, candidate.Text)
			}
			if slices.Sort(got); found.Files {
				got = append(got, ":files")
			}
			if found.Kind != "" {
				got = append(got, found.Before+"<"+found.Kind+":"+found.Prefix+">")
			}
			want := strings.Fields(c.want)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", c.line, got, want)
			}
		})
	}
}

// resources are the first words of all commands.
func resources(catalog Catalog) []string {
	var out []string
	for _, e := range catalog.Entries() {
		out = append(out, e.Name)
	}
	return out
}
