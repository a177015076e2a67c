package job

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object whose members keep their order.
type object struct {
	names  []string
	values map[string]jsontext.Value
}

// wholeValue is the column of a value that is no object.
const wholeValue = "value"

// readObject reads a value as the columns of a line. Of members of one name the last counts.
func readObject(value []byte) (object, error) {
	o := object{values: map[string]jsontext.Value{}}
	d := jsontext.NewDecoder(bytes.NewReader(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if d.PeekKind() != '{' {
		whole, err := d.ReadValue()
		if err != nil {
			return o, err
		}
		o.set(wholeValue, whole.Clone())
		return o, nil
	}
	if _, err := d.ReadToken(); err != nil {
		return o, err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return o, err
		}
		text := name.String() // the next read overwrites it
		inner, err := d.ReadValue()
		if err != nil {
			return o, err
		}
		o.set(text, inner.Clone())
	}
	return o, nil
}

func (o *object) set(name string, value jsontext.Value) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// cell is a value as the text of a cell: texts and numbers as they came, null as nothing, a list of scalars joined by commas
// where that is not ambiguous, a date as such, and else JSON on one line. A text that a spreadsheet would take for a formula is not
// changed: it would be another text for the next run.
func cell(value jsontext.Value) string {
	if len(value) == 0 {
		return ""
	}
	switch value.Kind() {
	case 'n':
		return ""
	case '"':
		var text string
		_ = json.Unmarshal(value, &text) // it was read as a string before
		return text
	case '[':
		if text, ok := joined(value); ok {
			return text
		}
	case '{':
		if text, ok := date(value); ok {
			return text
		}
	}
	return compact(value)
}

func joined(value []byte) (string, bool) {
	var list []json.RawMessage
	if err := json.Unmarshal(value, &list); err != nil {
		return "", false
	}
	parts := make([]string, len(list))
	for i, item := range list {
		switch jsontext.Value(item).Kind() {
		case '{', '[', 'n':
			return "", false
		}
		if parts[i] = cell(jsontext.Value(item)); parts[i] == "" || strings.ContainsAny(parts[i], ",\n\r") {
			return "", false
		}
	}
	return strings.Join(parts, ","), true
}

// date is the text of a date, which scripts hand over as {"$date": milliseconds since 1970}.
func date(value []byte) (string, bool) {
	var d map[string]json.RawMessage
	var ms float64
	if json.Unmarshal(value, &d) != nil || len(d) != 1 || json.Unmarshal(d["$date"], &ms) != nil {
		return "", false
	}
	t := time.UnixMilli(int64(ms)).UTC()
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly), true
	}
	return t.Format("2006-01-02T15:04:05.999Z07:00"), true
}
