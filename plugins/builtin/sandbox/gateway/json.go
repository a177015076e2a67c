package gateway

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object whose values are kept as they were written.
type object map[string]jsontext.Value

// member is one name of an ordered object.
type member struct {
	name  string
	value any
}

// ordered is a JSON object with its members in a given order.
type ordered []member

// MarshalJSONTo writes the members in order.
func (o ordered) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range o {
		if err := enc.WriteToken(jsontext.String(m.name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, m.value); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

// shape parses the constant text of an object and keeps the order of its
// members: the form of an answer with the values it has when nothing is set.
func shape(text string) ordered {
	var out ordered
	dec := jsontext.NewDecoder(strings.NewReader(text))
	_, err := dec.ReadToken()
	for err == nil && dec.PeekKind() == '"' {
		var name jsontext.Token
		var value jsontext.Value
		if name, err = dec.ReadToken(); err != nil {
			break
		}
		m := member{name: name.String()}
		if value, err = dec.ReadValue(); err != nil {
			break
		}
		m.value = value.Clone()
		out = append(out, m)
	}
	return out
}

// stored returns the members in the order in which the database of the real
// gateway gives back an object: short names first, then by bytes (observed on
// LiteLLM 1.106.2: answers of /model/new).
func (o object) stored() ordered {
	names := slices.SortedFunc(maps.Keys(o), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	out := make(ordered, 0, len(names))
	for _, n := range names {
		out = append(out, member{n, o[n]})
	}
	return out
}

// column is o as JSON for the database, with the objects in it ordered the way
// they come back from it.
func (o object) column() string {
	out := make(object, len(o))
	for name, v := range o {
		out[name] = storedValue(v)
	}
	return out.text()
}

// storedValue orders the objects in v.
func storedValue(v jsontext.Value) jsontext.Value {
	switch v.Kind() {
	case '{':
		inner, err := parseObject(string(v))
		if err != nil {
			return v
		}
		for name, value := range inner {
			inner[name] = storedValue(value)
		}
		return raw(inner.stored())
	case '[':
		list := elements(v)
		for i, e := range list {
			list[i] = storedValue(e)
		}
		return raw(list)
	}
	return v
}

// str returns the string at name and whether there is one.
func (o object) str(name string) (string, bool) {
	v, ok := o[name]
	if !ok || v.Kind() != '"' {
		return "", false
	}
	var s string
	return s, json.Unmarshal(v, &s) == nil
}

// has says whether name is there with a value other than null.
func (o object) has(name string) bool {
	v, ok := o[name]
	return ok && v.Kind() != 'n'
}

// number returns the number at name and whether there is one.
func (o object) number(name string) (float64, bool) {
	var f float64
	if v, ok := o[name]; !ok || v.Kind() != '0' || json.Unmarshal(v, &f) != nil {
		return 0, false
	}
	return f, true
}

// strs returns the list of strings at name and whether there is one.
func (o object) strs(name string) ([]string, bool) {
	var list []string
	if v, ok := o[name]; !ok || v.Kind() != '[' || json.Unmarshal(v, &list) != nil {
		return nil, false
	}
	return list, true
}

// elements returns the elements of a list, nil when it is none.
func elements(list jsontext.Value) []jsontext.Value {
	var out []jsontext.Value
	if list.Kind() != '[' || json.Unmarshal(list, &out, jsontext.AllowDuplicateNames(true)) != nil {
		return nil
	}
	return out
}

// object returns the object at name, empty when there is none.
func (o object) object(name string) object {
	inner, err := parseObject(string(o[name]))
	if err != nil || inner == nil {
		return object{}
	}
	return inner
}

// set stores a Go value under name.
func (o object) set(name string, value any) { o[name] = raw(value) }

// text is o as JSON, for the database.
func (o object) text() string { return string(raw(o)) }

// parseObject reads the JSON of an object; of repeated names the last counts.
func parseObject(text string) (object, error) {
	o := object{}
	err := json.Unmarshal([]byte(text), &o, jsontext.AllowDuplicateNames(true))
	return o, err
}

// raw is the JSON of a value that is known to have one. The options let
// through what a client sent and the real gateway would accept too.
func raw(value any) jsontext.Value {
	b, err := json.Marshal(value, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
	if err != nil {
		return jsontext.Value("null")
	}
	return b
}

// repr writes a string the way Python does inside the messages of wrapped
// errors: in single quotes, or in double ones when it holds a single quote.
func repr(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `\'`) + "'"
}
