package chat

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// object reads a JSON object with its numbers as they are written.
func object(raw []byte) (map[string]any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var out map[string]any
	if decoder.Decode(&out) != nil || out == nil || len(bytes.TrimSpace(raw[decoder.InputOffset():])) > 0 {
		return nil, false
	}
	return out, true
}

// growing are the members whose text comes in pieces. All others come whole, and the last one counts.
var growing = []string{"content", "refusal", "reasoning_content", "reasoning", "thinking", "text", "arguments", "transcript", "data", "input"}

// grown is a text that comes in pieces.
type grown struct{ strings.Builder }

// MarshalJSON gives the text.
func (g *grown) MarshalJSON() ([]byte, error) { return json.Marshal(g.String()) }

// textIn is a member's text, grown or not; "" for none.
func textIn(in map[string]any, name string) string {
	switch v := in[name].(type) {
	case *grown:
		return v.String()
	case string:
		return v
	}
	return ""
}

// merge adds the members of an event to what has come before: texts in pieces grow, objects merge, elements of lists are
// known by their "index", and null changes nothing.
func merge(into, event map[string]any) {
	for name, value := range event {
		switch v := value.(type) {
		case nil:
		case string:
			mergeText(into, name, v)
		case map[string]any:
			inner, ok := into[name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				into[name] = inner
			}
			merge(inner, v)
		case []any:
			list, _ := into[name].([]any)
			into[name] = mergeList(list, v, name == "choices")
		default:
			into[name] = v
		}
	}
}

func mergeText(into map[string]any, name, text string) {
	if !slices.Contains(growing, name) {
		if text != "" || into[name] == nil {
			into[name] = text
		}
		return
	}
	g, ok := into[name].(*grown)
	if !ok {
		g = &grown{}
		into[name] = g
	}
	g.WriteString(text)
}

// mergeList merges the objects that have an index, and appends the rest. With first, those without one have the index 0.
func mergeList(into, pieces []any, first bool) []any {
	for _, piece := range pieces {
		o, ok := piece.(map[string]any)
		if !ok {
			into = append(into, piece)
			continue
		}
		var found map[string]any
		if _, numbered := o["index"].(json.Number); numbered || first {
			for _, there := range into {
				if t, ok := there.(map[string]any); ok && indexOf(t) == indexOf(o) {
					found = t
				}
			}
		}
		if found == nil {
			found = map[string]any{}
			into = append(into, found)
		}
		merge(found, o)
	}
	return into
}

// indexOf is the place of an element in its list; 0 where it does not say.
func indexOf(o map[string]any) int {
	n, _ := o["index"].(json.Number)
	i, _ := strconv.Atoi(n.String())
	return i
}

// member is one member of an object that keeps its order.
type member struct {
	name  string
	value any
}

type ordered []member

// internal are members of events that have another place in the whole.
var internal = []string{"delta"}

// with adds the members of more that are not there yet, by their names.
func (o ordered) with(more map[string]any) ordered {
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if !slices.Contains(internal, name) && !slices.ContainsFunc(o, func(m member) bool { return m.name == name }) {
			o = append(o, member{name, more[name]})
		}
	}
	return o
}

// MarshalJSON gives the members in their order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}
