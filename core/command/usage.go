package command

import (
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func argumentUsage(a *protocol.Parameter) string {
	name := strings.ToUpper(a.GetName())
	if a.GetRepeated() {
		name += "…"
	}
	if !a.GetRequired() {
		name = "[" + name + "]"
	}
	return name
}

func flagUsage(f *protocol.Parameter) string {
	label := "    --" + f.GetName()
	if f.GetShort() != "" {
		label = "-" + f.GetShort() + ", --" + f.GetName()
	}
	if f.GetNegatable() {
		label = strings.Replace(label, "--", "--[no-]", 1)
	}
	if f.GetKind() != protocol.Kind_KIND_BOOL {
		label += "=" + placeholder(f)
	}
	return label
}

func placeholder(f *protocol.Parameter) string {
	text := f.GetPlaceholder()
	if text == "" {
		kind := strings.TrimPrefix(f.GetKind().String(), "KIND_")
		text = map[string]string{"STRING": "TEXT", "ASSIGNMENT": "PATH=VALUE", "INPUT": "FILE", "INTEGER": "N"}[kind]
		if text == "" {
			text = kind
		}
	}
	if f.GetSplit() {
		text += ",…"
	}
	return text
}

func describe(p *protocol.Parameter) string {
	text := p.GetHelp()
	if len(p.GetEnum()) > 0 {
		text += " One of " + strings.Join(p.GetEnum(), ", ") + "."
	}
	if p.Default != nil && p.GetDefault() != "" {
		text += fmt.Sprintf(" (default %s)", p.GetDefault())
	}
	if p.GetDeprecated() != "" {
		text += " Deprecated: " + p.GetDeprecated()
	}
	return strings.TrimSpace(text)
}
