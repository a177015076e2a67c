package builtin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Reference returns the reference page of a plugin, in Markdown: every command with its arguments, flags and records.
func Reference(p *sdk.Plugin) ([]byte, error) {
	m, err := p.Manifest()
	if err != nil {
		return nil, err
	}
	return ReferenceOf(m), nil
}

// ReferenceOf is Reference of a manifest, such as that of the program's own commands.
func ReferenceOf(m *protocol.Manifest) []byte {
	r := &reference{name: m.GetName()}
	r.line("# `litellm-proxy %s`", m.GetName())
	r.line("")
	r.line("%s.", m.GetSummary())
	if m.GetHelp() != "" {
		r.line("")
		r.line("%s", m.GetHelp())
	}
	r.line("")
	r.line("Generated from the manifest; the global flags are in `litellm-proxy --help`.")
	for _, c := range m.GetCommands() {
		if !c.GetHidden() && c.GetEffect() != protocol.Effect_EFFECT_UNSPECIFIED {
			r.command(c)
		}
	}
	r.grants(m.GetGrants())
	return []byte(r.String())
}

type reference struct {
	strings.Builder
	name string
}

func (r *reference) line(format string, args ...any) { fmt.Fprintf(r, format+"\n", args...) }

func (r *reference) command(c *protocol.Command) {
	words := strings.TrimSpace(r.name + " " + strings.Join(c.GetPath(), " "))
	usage := words
	for _, a := range c.GetArguments() {
		usage += " " + argument(a)
	}
	r.line("")
	r.line("## %s", words)
	r.line("")
	r.line("`litellm-proxy %s [FLAG…]` · %s", usage, effects[c.GetEffect()])
	if len(c.GetAliases()) > 0 {
		r.line("· also `%s`", strings.Join(c.GetAliases(), "`, `"))
	}
	r.line("")
	r.line("%s", strings.TrimSpace(c.GetSummary()+" "+strings.ReplaceAll(c.GetHelp(), "\n", " ")))
	r.parameters("Argument", c.GetArguments(), argument)
	r.parameters("Flag", c.GetFlags(), flag)
	r.record(c.GetRecord())
}

var effects = map[protocol.Effect]string{
	protocol.Effect_EFFECT_READ: "reads", protocol.Effect_EFFECT_WRITE: "writes", protocol.Effect_EFFECT_DESTROY: "writes and takes away",
}

func argument(p *protocol.Parameter) string {
	name := p.GetPlaceholder()
	if name == "" {
		name = strings.ToUpper(p.GetName())
	}
	if p.GetRepeated() {
		name += "…"
	}
	if !p.GetRequired() {
		name = "[" + name + "]"
	}
	return name
}

func flag(p *protocol.Parameter) string {
	text := "--" + p.GetName()
	if p.GetNegatable() {
		text = "--[no-]" + p.GetName()
	}
	if p.GetShort() != "" {
		text = "-" + p.GetShort() + ", " + text
	}
	if p.GetKind() != protocol.Kind_KIND_BOOL && p.GetPlaceholder() != "" {
		text += " " + p.GetPlaceholder()
	}
	return text
}

func (r *reference) parameters(title string, list []*protocol.Parameter, name func(*protocol.Parameter) string) {
	list = slices.DeleteFunc(slices.Clone(list), func(p *protocol.Parameter) bool { return p.GetHidden() })
	if len(list) == 0 {
		return
	}
	r.line("")
	r.line("| %s | |", title)
	r.line("|---|---|")
	for _, p := range list {
		help := p.GetHelp()
		if len(p.GetEnum()) > 0 {
			help += " One of `" + strings.Join(p.GetEnum(), "`, `") + "`."
		}
		if p.Default != nil {
			help += " If not given: `" + p.GetDefault() + "`."
		}
		if p.GetRequired() && title == "Flag" {
			help += " Required."
		}
		r.line("| `%s` | %s |", cell(name(p)), cell(help))
	}
}

func (r *reference) record(rec *protocol.Record) {
	var columns []string
	for _, c := range rec.GetColumns() {
		columns = append(columns, "`"+c.GetName()+"`")
	}
	if len(columns) > 0 {
		r.line("")
		r.line("Columns: %s.", strings.Join(columns, ", "))
	}
}

func (r *reference) grants(list []*protocol.Grant) {
	r.line("")
	r.line("## Requests")
	r.line("")
	r.line("What this plugin may ask the gateway for, and why.")
	r.line("")
	r.line("| Request | |")
	r.line("|---|---|")
	for _, g := range list {
		r.line("| `%s %s` | %s |", strings.Join(g.GetMethods(), ","), cell(g.GetPath()), cell(g.GetReason()))
	}
}

// cell is text as a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
