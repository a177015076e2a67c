package record

import (
	"bytes"

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

// jsonArray prints records as one array, item by item: elsewhere than on a terminal, one on a line.
type jsonArray struct {
	text
	n int
}

func (j *jsonArray) put(record []byte) error {
	open := ",\n"
	if j.n == 0 {
		open = "[\n"
	}
	j.n++
	j.str(open)
	if j.terminal {
		j.str("  ")
	}
	return j.json(record, "  ")
}

func (j *jsonArray) end() error {
	if j.n == 0 {
		j.str("[]\n")
	} else {
		j.str("\n]\n")
	}
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
