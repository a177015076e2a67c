package command

import (
	"fmt"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/manifesttest"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// shelf is a catalog in memory.
type shelf []*protocol.Manifest

func (s shelf) Entries() []Entry {
	var out []Entry
	for _, m := range s {
		out = append(out, Entry{m.GetName(), m.GetSummary()})
	}
	return out
}

func (s shelf) Manifest(name string) (*protocol.Manifest, error) {
	for _, m := range s {
		if m.GetName() == name {
			return m, nil
		}
	}
	return nil, nil
}

// builtins are the manifests of the plugins that come with the program, as they are embedded.
func builtins(t testing.TB) shelf { return manifesttest.All(t) }

// acme is a plugin with flags and arguments of every kind.
func acme() *protocol.Manifest {
	text := func(s string) *string { return &s }
	const read, write = protocol.Effect_EFFECT_READ, protocol.Effect_EFFECT_WRITE
	return &protocol.Manifest{Name: "acme", Summary: "Try the grammar", Commands: []*protocol.Command{
		{Path: []string{"echo"}, Aliases: []string{"say"}, Effect: write, Summary: "Repeat what is given.",
			Flags: []*protocol.Parameter{
				{Name: "message", Short: "m", Kind: protocol.Kind_KIND_STRING, Repeated: true, Aliases: []string{"msg"}},
				{Name: "models", Kind: protocol.Kind_KIND_STRING, Repeated: true, Split: true},
				{Name: "note", Short: "n", Kind: protocol.Kind_KIND_STRING},
				{Name: "count", Kind: protocol.Kind_KIND_INTEGER},
				{Name: "max-budget", Kind: protocol.Kind_KIND_NUMBER},
				{Name: "every", Kind: protocol.Kind_KIND_DURATION},
				{Name: "body", Kind: protocol.Kind_KIND_JSON, AtFile: true},
				{Name: "set", Kind: protocol.Kind_KIND_ASSIGNMENT, Repeated: true},
				{Name: "input", Kind: protocol.Kind_KIND_INPUT},
				{Name: "role", Kind: protocol.Kind_KIND_STRING, Enum: []string{"admin", "user"}},
				{Name: "active", Kind: protocol.Kind_KIND_BOOL, Negatable: true},
				{Name: "quick", Short: "k", Kind: protocol.Kind_KIND_BOOL},
				{Name: "id", Kind: protocol.Kind_KIND_STRING, Xor: []string{"which"}},
				{Name: "email", Kind: protocol.Kind_KIND_STRING, Xor: []string{"which"}},
				{Name: "pin", Kind: protocol.Kind_KIND_INTEGER, Sensitive: true},
				{Name: "share", Kind: protocol.Kind_KIND_NUMBER, Sensitive: true},
				{Name: "ttl", Kind: protocol.Kind_KIND_DURATION, Sensitive: true},
				{Name: "secrets", Kind: protocol.Kind_KIND_ASSIGNMENT, Sensitive: true},
			},
			Arguments: []*protocol.Parameter{{Name: "text", Kind: protocol.Kind_KIND_STRING, Repeated: true}},
		},
		{Path: []string{"defaults"}, Effect: read, Summary: "Has defaults.", Flags: []*protocol.Parameter{
			{Name: "size", Kind: protocol.Kind_KIND_INTEGER, Default: text("50")},
			{Name: "tags", Kind: protocol.Kind_KIND_STRING, Repeated: true, Split: true, Default: text(`a,b\,c`)},
			{Name: "greeting", Kind: protocol.Kind_KIND_STRING, Repeated: true, Default: text("Hello, you")},
		}},
		{Path: []string{"dollar"}, Effect: read, Summary: "Costs ${price}.", Help: "${", Flags: []*protocol.Parameter{
			{Name: "template", Kind: protocol.Kind_KIND_STRING, Default: text("${HOME} $${x} ${"), Placeholder: "${FILE}", Help: "Fill ${name}."},
			{Name: "choice", Kind: protocol.Kind_KIND_STRING, Enum: []string{"${a}", "$${b}", "plain"}, Xor: []string{"${x}"}},
		}},
		{Path: []string{"show"}, Effect: read, Summary: "Show a profile.", Arguments: []*protocol.Parameter{
			{Name: "profile", Kind: protocol.Kind_KIND_STRING},
		}},
		{Path: []string{"need"}, Effect: write, Flags: []*protocol.Parameter{{Name: "team", Kind: protocol.Kind_KIND_STRING, Required: true}},
			Arguments: []*protocol.Parameter{{Name: "model", Kind: protocol.Kind_KIND_STRING, Required: true}}},
		{Path: []string{"members"}, Summary: "Members of a team."},
		{Path: []string{"members", "list"}, Effect: read, Flags: []*protocol.Parameter{{Name: "role", Kind: protocol.Kind_KIND_STRING}}},
		{Path: []string{"members", "add"}, Aliases: []string{"create"}, Effect: write, Flags: []*protocol.Parameter{{Name: "role", Kind: protocol.Kind_KIND_STRING}},
			Arguments: []*protocol.Parameter{{Name: "team", Kind: protocol.Kind_KIND_STRING, Required: true}}},
		{Path: []string{"list"}, Effect: read, Flags: []*protocol.Parameter{{Name: "limit", Kind: protocol.Kind_KIND_INTEGER}}},
	}}
}

// words cuts a line at its spaces; "·" is a space within a word, "”" the empty word.
func words(line string) []string {
	if line == "" {
		return nil
	}
	out := strings.Split(line, " ")
	for i := range out {
		out[i] = strings.ReplaceAll(strings.ReplaceAll(out[i], "·", " "), "''", "")
	}
	return out
}

// meaning writes a line that has been understood as `acme echo note=["x"]`; a value that is a default has a "?".
func meaning(l *Line) string {
	if l.HelpFor != nil {
		return "help for " + strings.Join(l.HelpFor, " ")
	}
	out := strings.Join(append([]string{l.Name}, l.Command.GetPath()...), " ")
	for _, v := range l.Values {
		mark := "="
		if !v.GetGiven() {
			mark = "?="
		}
		out += fmt.Sprintf(" %s%s%q", v.GetName(), mark, v.GetValues())
	}
	return out
}
