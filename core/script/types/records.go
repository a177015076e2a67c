package types

import (
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// shape is a record that has a type of its own.
type shape struct {
	name   string
	fields []*protocol.Field
}

// records writes the records of a module's functions and returns how each function's record is spelled; "" for a function
// without one.
//
// Commands that give the same thing share a type: what they add to it stands beside it, as in `Done<Key & { key?: Secret }>`.
func (w *writer) records(m *Module, noun string) []string {
	narrow := narrower(m, noun)
	var shapes []shape
	out := make([]string, len(m.Functions))
	for i, f := range m.Functions {
		fields := f.Command.GetRecord().GetFields()
		if len(fields) == 0 {
			continue
		}
		fields, done := withoutResult(m, fields)
		base := largest(shapes, fields)
		if base == nil {
			name := w.name(recordNames(f, noun)...)
			w.record(name, f, fields, narrow)
			shapes = append(shapes, shape{name, fields})
			base = &shapes[len(shapes)-1]
		}
		text := base.name
		if more := beside(fields, base.fields); len(more) > 0 {
			text += " & { " + strings.Join(members(more, narrow), "; ") + " }"
		}
		if done {
			text = "Done<" + text + ">"
		}
		out[i] = text
	}
	return out
}

// withoutResult leaves out the field that Done has. A third party's result may be another word than ours.
func withoutResult(m *Module, fields []*protocol.Field) (rest []*protocol.Field, done bool) {
	if !protocol.ReservedName(m.Manifest.GetName()) {
		return fields, false
	}
	rest = slices.DeleteFunc(slices.Clone(fields), func(f *protocol.Field) bool { return f.GetName() == "result" })
	return rest, len(rest) < len(fields)
}

// largest returns the known shape all of whose fields are among these; nil if there is none.
func largest(shapes []shape, fields []*protocol.Field) *shape {
	var best *shape
	for i, s := range shapes {
		if len(beside(s.fields, fields)) == 0 && (best == nil || len(s.fields) > len(best.fields)) {
			best = &shapes[i]
		}
	}
	return best
}

// beside returns the fields that others have not, or have with another type.
func beside(fields, others []*protocol.Field) []*protocol.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f *protocol.Field) bool {
		return slices.ContainsFunc(others, func(o *protocol.Field) bool {
			return o.GetName() == f.GetName() && o.GetType() == f.GetType() && o.GetNullable() == f.GetNullable() && o.GetOptional() == f.GetOptional() && o.GetSecret() == f.GetSecret()
		})
	})
}

// recordNames are the names that the type of a function's record may have, the best first: keys.list gives a Key, and
// teams.members.list a TeamMember.
func recordNames(f *Function, noun string) []string {
	long := Pascal(noun) + pascals(f.Path) + "Row"
	short := Pascal(noun)
	for _, word := range f.Path[:len(f.Path)-1] {
		short += Pascal(singular(word))
	}
	switch f.Path[len(f.Path)-1] {
	case "list", "info", "get":
		return []string{short, long}
	}
	return []string{long}
}

func (w *writer) record(name string, f *Function, fields []*protocol.Field, narrow map[string]string) {
	w.comment("What " + f.Name() + " gives, among what else the gateway has.")
	w.line("interface %s {", name)
	w.indent++
	for i, field := range fields {
		w.comment(field.GetHelp())
		w.line("%s;", members(fields[i:i+1], narrow)[0])
	}
	w.indent--
	w.line("}")
}

// members spells fields as members of an object.
func members(fields []*protocol.Field, narrow map[string]string) []string {
	var out []string
	for _, f := range fields {
		optional := ""
		if f.GetOptional() {
			optional = "?"
		}
		out = append(out, property(f.GetName())+optional+": "+recordType(f, narrow))
	}
	return out
}

// recordType is the type of a record's field. What the manifest calls any is any: reading on needs no cast.
func recordType(f *protocol.Field, narrow map[string]string) string {
	text := map[string]string{
		"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "array": "any[]", "object": "Record<string, any>",
	}[f.GetType()]
	switch {
	case f.GetSecret():
		text = "Secret"
	case text == "":
		return "any"
	case narrow[f.GetName()+" "+f.GetType()] != "":
		text = narrow[f.GetName()+" "+f.GetType()]
	}
	if f.GetNullable() {
		text += " | null"
	}
	return text
}

// narrower finds fields of records that flags of the same plugin know more about, so that what was read can be handed back:
// a list of texts, a duration, one of several words. It returns the type by "field type". A field is a flag's by its name, with
// or without the noun in front (user_role, role), or as its plural (teams, team).
func narrower(m *Module, noun string) map[string]string {
	out := map[string]string{}
	learn := func(name, fieldType, text string) {
		for _, n := range []string{name, Snake(noun) + "_" + name} {
			if key := n + " " + fieldType; out[key] == "" {
				out[key] = text
			}
		}
	}
	for _, f := range m.Functions {
		for _, p := range f.Command.GetFlags() {
			name := Snake(p.GetName())
			switch {
			case p.GetKind() == protocol.Kind_KIND_DURATION:
				learn(name, "string", "Duration")
			case p.GetKind() == protocol.Kind_KIND_STRING && p.GetRepeated() && len(p.GetEnum()) == 0:
				learn(name, "array", "string[]")
				learn(name+"s", "array", "string[]")
			case p.GetKind() == protocol.Kind_KIND_STRING && !p.GetRepeated() && len(p.GetEnum()) > 0:
				learn(name, "string", union(p.GetEnum()))
			}
		}
	}
	learn("differs", "array", "string[]") // of --if-not-exists, in every plugin: names of fields
	return out
}
