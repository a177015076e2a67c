package record

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// oneLine returns a JSON value without line breaks; value itself if it has none.
func oneLine(value []byte) ([]byte, error) {
	if bytes.IndexByte(value, '\n') < 0 && bytes.IndexByte(value, '\r') < 0 {
		return value, nil
	}
	b := jsontext.Value(bytes.Clone(value))
	err := b.Compact()
	return b, err
}

// jsonArray prints records as one array: on a terminal indented, elsewhere on one line.
type jsonArray struct {
	text
	n        int
	envelope *envelope // nil: a bare array
}

// envelope is the object around an array: the name of the member that holds it, and the other members.
type envelope struct {
	member string
	around []byte
}

// open begins the object.
func (j *jsonArray) open() {
	if j.envelope != nil {
		name, _ := json.Marshal(j.envelope.member)
		j.str("{" + string(name) + ":")
	}
}

// close ends the object.
func (j *jsonArray) close() {
	if j.envelope == nil {
		return
	}
	if inside := bytes.TrimSpace(j.envelope.around); len(inside) > 2 && inside[0] == '{' {
		j.str("," + string(bytes.TrimSpace(inside[1:len(inside)-1])))
	}
	j.str("}")
}

func (j *jsonArray) put(record []byte) error {
	j.next()
	return j.json(record, "  ")
}

// next opens the array, or separates the next item from the last one.
func (j *jsonArray) next() {
	if j.n == 0 {
		j.open()
	}
	switch {
	case j.n == 0 && j.terminal:
		j.str("[\n  ")
	case j.n == 0:
		j.str("[")
	case j.terminal:
		j.str(",\n  ")
	default:
		j.str(",")
	}
	j.n++
}

// raw reports whether what is inside an array can be passed on as it is, and makes way for it.
func (j *jsonArray) raw(inside []byte) bool {
	if j.terminal || len(inside) == 0 || bytes.IndexByte(inside, '\n') >= 0 || bytes.IndexByte(inside, '\r') >= 0 {
		return false
	}
	j.next()
	return true
}

func (j *jsonArray) end() error {
	switch {
	case j.n == 0:
		j.open()
		j.str("[]")
	case j.terminal:
		j.str("\n]")
	default:
		j.str("]")
	}
	j.close()
	j.str("\n")
	return nil
}

// jsonValues prints each record as a value by itself: objects indented, arrays as jsonArray does.
type jsonValues struct{ text }

func (j *jsonValues) put(record []byte) error {
	if record[0] == '[' && !j.terminal {
		list := &jsonArray{text: j.text}
		if err := each(record, list.put); err != nil {
			return err
		}
		return list.end()
	}
	err := j.indented(record, "")
	j.str("\n")
	return err
}

func (j *jsonValues) end() error { return nil }

// lines prints each record on a line.
type lines struct{ text }

func (l *lines) put(record []byte) error {
	err := l.compact(record)
	l.str("\n")
	return err
}

func (l *lines) end() error { return nil }

// verbatim prints each record as it came.
type verbatim struct{ out *output }

func (v *verbatim) put(record []byte) error {
	v.out.buf = append(append(v.out.buf, record...), '\n')
	return nil
}

func (v *verbatim) end() error { return nil }
