package litellm

import (
	"bytes"
	"encoding/json"
)

// member returns the JSON value of a string member of an object. That it often comes first is worth a look before the
// whole object is read.
func member(object []byte, name string) ([]byte, bool) {
	start := []byte(`{"` + name + `":"`)
	if bytes.HasPrefix(object, start) {
		rest := object[len(start)-1:]
		if end := bytes.IndexByte(rest[1:], '"'); end >= 0 && bytes.IndexByte(rest[1:end+1], '\\') < 0 {
			return rest[:end+2], true
		}
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return nil, false
	}
	v, ok := members[name]
	return v, ok && len(v) > 1 && v[0] == '"'
}

// With returns a JSON object with a further member at its end; the object's other bytes stay as they are.
func With(object json.RawMessage, name string, value any) (json.RawMessage, error) {
	v, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	key, err := json.Marshal(name)
	if err != nil {
		return nil, err
	}
	inside := bytes.TrimRight(object, " \t\r\n")
	inside = bytes.TrimRight(inside[:len(inside)-1], " \t\r\n")
	out := make(json.RawMessage, 0, len(object)+len(key)+len(v)+2)
	out = append(out, inside...)
	if len(inside) > 1 {
		out = append(out, ',')
	}
	return append(append(append(append(out, key...), ':'), v...), '}'), nil
}
