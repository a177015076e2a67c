package types

import (
	"fmt"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// arguments writes what a function takes and returns the type's name; "" for one that takes nothing.
//
// A required parameter with two names is not in the interface but beside it, as one that has the one name or the other: so a
// missing one is told, and a misspelt one is compared with both.
func (w *writer) arguments(f *Function, noun string) string {
	properties := slices.DeleteFunc(slices.Clone(f.Properties()), func(p *Property) bool { return !p.Shown })
	if len(properties) == 0 && !f.TakesAnything() {
		return ""
	}
	name := w.name(Pascal(noun)+pascals(f.Path), Pascal(noun)+pascals(f.Path)+"Fields")
	inside, outside := generic(f), ""
	if either(properties) {
		outside = "Other"
		if t := f.Target(); t != nil && t.GetRequired() && t.GetField() != "" {
			inside = ""
		}
		alternatives := []string{"type " + name + generic(f) + " = " + name + outside + strings.Replace(inside, " extends Targets", "", 1)}
		for _, p := range properties {
			if p.Required() && p.Also != "" && p.first() {
				alternatives = append(alternatives, fmt.Sprintf("  & ({ %[1]s%[2]s: %[4]s } | { %[1]s%[3]s: %[4]s })", inline(p), property(p.Name), property(p.Also), kind(f, p)))
			}
		}
		alternatives[len(alternatives)-1] += ";"
		for _, line := range alternatives {
			w.line("%s", line)
		}
	}
	w.line("interface %s%s%s {", name, outside, inside)
	w.indent++
	w.fields(f, properties)
	w.indent--
	w.line("}")
	return name
}

func (w *writer) fields(f *Function, properties []*Property) {
	further := false
	for _, p := range properties {
		if p.Required() && p.Also != "" {
			continue
		}
		if p.Parameter == nil && !further {
			further = true
			w.line("// Further fields of %s, as LiteLLM 1.106.2 has them.", visible(f.Command.GetBody()))
		}
		if p.Parameter != nil {
			texts := []string{p.Parameter.GetHelp()}
			if p.Parameter.GetKind() == protocol.Kind_KIND_ASSIGNMENT {
				texts = []string{`Further fields by their path, whose dots lead into objects: {"metadata.owner": "ada"}.`}
			}
			if p.Also != "" {
				texts = append(texts, "Either "+p.Name+" or "+p.Also+".")
			}
			if len(p.Parameter.GetXor()) > 0 {
				if others := p.others(f); len(others) > 0 {
					texts = append(texts, "Not with "+strings.Join(others, ", ")+".")
				}
			}
			if p.Parameter.Default != nil && p.Parameter.GetDefault() != "" && p.Parameter.GetDefault() != "-" {
				texts = append(texts, "If not given: "+p.Parameter.GetDefault()+".")
			}
			w.comment(strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), " "))
		}
		optional := "?"
		if p.Required() {
			optional = ""
		}
		w.line("%s%s: %s;", property(p.Name), optional, kind(f, p))
	}
	if f.TakesAnything() {
		w.comment("Any further field of the request.")
		w.line("[field: string]: unknown;")
	}
}

// Required reports whether a call must give it, by this name or by the other one.
func (p *Property) Required() bool { return p.Parameter.GetRequired() } // false for a field: the getter of nil

// first reports whether it is the parameter's own name.
func (p *Property) first() bool { return p.Name == Snake(p.Parameter.GetName()) }

// others are the properties that it excludes.
func (p *Property) others(f *Function) []string {
	var out []string
	for _, other := range f.Properties() {
		if other.Parameter != nil && other.Parameter != p.Parameter && other.Shown && shares(p.Parameter.GetXor(), other.Parameter.GetXor()) {
			out = append(out, other.Name)
		}
	}
	return out
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func either(properties []*Property) bool {
	return slices.ContainsFunc(properties, func(p *Property) bool { return p.Required() && p.Also != "" })
}

// inline is the help of a property as a comment within a line.
func inline(p *Property) string {
	if p.Parameter.GetHelp() == "" {
		return ""
	}
	return "/** " + visible(p.Parameter.GetHelp()) + " */ "
}

// generic is the parameter of a type that has targets: what they are, one or several.
func generic(f *Function) string {
	if f.Target() == nil {
		return ""
	}
	return "<T extends Targets>"
}

// kind is the type of a property.
func kind(f *Function, p *Property) string {
	if p.Parameter == nil {
		return fieldType(p.Field.Types, true)
	}
	text := ""
	switch p.Parameter.GetKind() {
	case protocol.Kind_KIND_BOOL:
		text = "boolean"
	case protocol.Kind_KIND_INTEGER, protocol.Kind_KIND_NUMBER:
		text = "number"
	case protocol.Kind_KIND_DURATION:
		text = "Duration"
	case protocol.Kind_KIND_JSON:
		if p.Field != nil {
			return fieldType(p.Field.Types, true)
		}
		return "unknown"
	case protocol.Kind_KIND_ASSIGNMENT:
		return "Record<string, unknown>"
	case protocol.Kind_KIND_INPUT, protocol.Kind_KIND_FILE:
		text = "File"
	case protocol.Kind_KIND_UNSPECIFIED, protocol.Kind_KIND_STRING, protocol.Kind_KIND_GATEWAY:
		text = union(p.Parameter.GetEnum())
	}
	switch {
	case p.Parameter == f.Target():
		return "T"
	case p.Parameter.GetRepeated():
		text += " | readonly " + grouped(text) + "[]"
	}
	if p.Field != nil {
		text += " | null"
	}
	return text
}

func union(values []string) string {
	if len(values) == 0 {
		return "string"
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return strings.Join(quoted, " | ")
}

func grouped(text string) string {
	if strings.Contains(text, "|") {
		return "(" + text + ")"
	}
	return text
}

// fieldType is the type of a field that is sent as JSON: every one of them may be null.
func fieldType(types []string, null bool) string {
	names := map[string]string{
		"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "array": "readonly unknown[]", "object": "Record<string, unknown>",
	}
	var out []string
	for _, t := range types {
		if name := names[t]; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return "unknown"
	}
	if null {
		out = append(out, "null")
	}
	return strings.Join(out, " | ")
}

func pascals(path []string) string {
	var b strings.Builder
	for _, word := range path {
		b.WriteString(Pascal(word))
	}
	return b.String()
}
