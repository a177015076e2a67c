package command

import (
	"reflect"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Help returns the help for the command or group that words name; for the whole program when there are none. width is
// in columns. It reads manifests and starts nothing.
func Help(words []string, catalog Catalog, width int) (string, error) {
	p := page{width: min(max(width, 40), 100)}
	if len(words) == 0 {
		p.program(catalog.Entries())
		return p.String(), nil
	}
	manifest, err := catalog.Manifest(words[0])
	if err != nil {
		return "", err
	}
	var node *tree
	if manifest != nil {
		node = newTree(manifest).find(words[1:])
	}
	if node == nil {
		return "", problem.New(problem.Usage, "there is no command %q", strings.Join(words, " ")).WithHint("litellm-proxy --help")
	}
	full := []string{words[0]}
	for at, rest := newTree(manifest), words[1:]; len(rest) > 0; rest = rest[1:] {
		at = at.find(rest[:1])
		full = append(full, at.word)
	}
	p.command(strings.Join(full, " "), node, manifest)
	return p.String(), nil
}

// page lays out help text.
type page struct {
	strings.Builder
	width int
}

func (p *page) program(entries []Entry) {
	p.WriteString("Usage: litellm-proxy [GLOBAL…] COMMAND …\n\nRun a LiteLLM gateway from the command line.\n\nCommands:\n")
	var rows [][2]string
	for _, e := range entries {
		rows = append(rows, [2]string{e.Name, e.Summary})
	}
	p.table(rows)
	p.WriteString("\nGlobal flags, accepted anywhere:\n")
	p.globals()
	p.WriteString("\nTry it on the embedded gateway: litellm-proxy --profile sandbox models list\nMore: litellm-proxy help exit-codes|environment|output|jq|profiles\n")
}

func (p *page) command(name string, node *tree, m *protocol.Manifest) {
	c := node.command
	p.WriteString("Usage: litellm-proxy " + name)
	if node.runnable() {
		for _, a := range c.GetArguments() {
			p.WriteString(" " + argumentUsage(a))
		}
		for _, f := range c.GetFlags() {
			if f.GetRequired() {
				p.WriteString(" --" + f.GetName() + "=" + placeholder(f))
			}
		}
		p.WriteString(" [FLAG…]\n")
		if node.both() {
			p.WriteString("       litellm-proxy " + name + " COMMAND …\n")
		}
	} else {
		p.WriteString(" COMMAND …\n")
	}
	summary, help := c.GetSummary(), c.GetHelp()
	if c == nil {
		summary, help = m.GetSummary()+".", m.GetHelp()
	}
	p.paragraph(summary)
	for _, text := range strings.Split(help, "\n\n") {
		p.paragraph(text)
	}
	if c.GetDeprecated() != "" {
		p.paragraph("Deprecated: " + c.GetDeprecated())
	}
	p.children(node)
	p.parameters(c)
	if node.runnable() {
		p.aliases(c)
		p.examples(c)
		p.WriteString("\nGlobal flags: litellm-proxy --help. Exit codes: litellm-proxy help exit-codes.\n")
	}
	if !node.runnable() || node.both() {
		p.WriteString("\nMore on one of them: litellm-proxy " + name + " COMMAND --help\n")
	}
}

func (p *page) children(node *tree) {
	var rows [][2]string
	for _, child := range node.children {
		if !child.command.GetHidden() {
			rows = append(rows, [2]string{child.word, child.command.GetSummary()})
		}
	}
	p.section("Commands", rows)
}

func (p *page) parameters(c *protocol.Command) {
	var rows [][2]string
	for _, a := range c.GetArguments() {
		rows = append(rows, [2]string{strings.ToUpper(a.GetName()), describe(a)})
	}
	p.section("Arguments", rows)
	rows = nil
	for _, f := range c.GetFlags() {
		if !f.GetHidden() {
			text := describe(f)
			if f.GetRepeated() {
				text += " Repeatable."
			}
			rows = append(rows, [2]string{flagUsage(f), text})
		}
	}
	p.section("Flags", rows)
}

func (p *page) aliases(c *protocol.Command) {
	if len(c.GetAliases()) > 0 {
		p.WriteString("\nAlso: " + strings.Join(c.GetAliases(), ", ") + "\n")
	}
	if r := c.GetRecord(); len(r.GetColumns()) > 0 {
		var names []string
		for _, column := range r.GetColumns() {
			names = append(names, column.GetName())
		}
		p.paragraph("Columns: " + strings.Join(names, ", "))
	}
}

func (p *page) examples(c *protocol.Command) {
	if len(c.GetExamples()) == 0 {
		return
	}
	p.WriteString("\nExamples:\n")
	for _, e := range c.GetExamples() {
		if e.GetNote() != "" {
			p.WriteString("  # " + e.GetNote() + "\n")
		}
		p.WriteString("  litellm-proxy " + e.GetCommand() + "\n")
	}
}

func (p *page) globals() {
	var rows [][2]string
	t := reflect.TypeFor[Globals]()
	for i := range t.NumField() {
		f := t.Field(i)
		label := "    --" + f.Tag.Get("name")
		if short := f.Tag.Get("short"); short != "" {
			label = "-" + short + ", --" + f.Tag.Get("name")
		}
		if value := f.Tag.Get("placeholder"); value != "" {
			label += "=" + value
		}
		rows = append(rows, [2]string{label, f.Tag.Get("help")})
	}
	p.table(rows)
}

func (p *page) section(title string, rows [][2]string) {
	if len(rows) > 0 {
		p.WriteString("\n" + title + ":\n")
		p.table(rows)
	}
}

// table writes two columns, the second wrapped beside the first.
func (p *page) table(rows [][2]string) {
	left := 0
	for _, r := range rows {
		if n := len([]rune(r[0])); n <= 30 {
			left = max(left, n)
		}
	}
	for _, r := range rows {
		pad := left - len([]rune(r[0]))
		if pad < 0 {
			p.WriteString("  " + r[0] + "\n")
			p.wrap(r[1], left+4, strings.Repeat(" ", left+4))
			continue
		}
		p.WriteString("  " + r[0] + strings.Repeat(" ", pad+2))
		p.wrap(r[1], left+4, "")
	}
}

func (p *page) paragraph(text string) {
	if text = strings.TrimRight(strings.Trim(text, "\n"), " "); text == "" {
		return
	}
	p.WriteString("\n")
	if strings.HasPrefix(text, "  ") { // set as it is
		p.WriteString(text + "\n")
		return
	}
	p.wrap(text, 0, "")
}

// wrap writes text in lines that start at column indent; first stands before the first line.
func (p *page) wrap(text string, indent int, first string) {
	p.WriteString(first + term.Wrap(strings.Join(strings.Fields(text), " "), p.width, strings.Repeat(" ", indent)) + "\n")
}
