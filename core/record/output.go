package record

import (
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// chunk is how many bytes are gathered before they are written.
const chunk = 256 << 10

// output gathers whole records and writes them.
type output struct {
	w   io.Writer
	buf []byte
}

// border says that what is gathered ends with a record.
func (o *output) border() error {
	if len(o.buf) < chunk {
		return nil
	}
	return o.flush()
}

func (o *output) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	_, err := o.w.Write(o.buf)
	o.buf = o.buf[:0]
	return err
}

// writeThrough writes what is gathered and then b, without gathering it.
func (o *output) writeThrough(b []byte) error {
	if err := o.flush(); err != nil {
		return err
	}
	_, err := o.w.Write(b)
	return err
}

// text is an output and how text is made fit for it.
type text struct {
	*output
	terminal    bool
	visible     func(string) string
	visibleJSON func([]byte) []byte
}

func newText(out *output, o Options) text {
	return text{output: out, terminal: o.Terminal, visible: o.Visible, visibleJSON: o.VisibleJSON}
}

func (t text) str(s string) { t.buf = append(t.buf, s...) }

// json writes a JSON value: on a terminal indented below prefix and visible, elsewhere as oneLine does.
func (t text) json(value []byte, prefix string) error {
	if !t.terminal {
		return t.compact(value)
	}
	return t.indented(value, prefix)
}

// compact writes a JSON value on one line. A value that has no line break is left as it is: the space that some
// servers put after commas is not worth rewriting megabytes.
func (t text) compact(value []byte) error {
	value, err := oneLine(value)
	t.buf = append(t.buf, t.shown(value)...)
	return err
}

// indented writes a JSON value over several lines; the lines after the first start with prefix.
func (t text) indented(value []byte, prefix string) error {
	b := jsontext.Value(append([]byte(nil), value...))
	err := b.Indent(jsontext.WithIndentPrefix(prefix), jsontext.WithIndent("  "))
	t.buf = append(t.buf, t.shown(b)...)
	return err
}

func (t text) shown(json []byte) []byte {
	if !t.terminal {
		return json
	}
	return t.visibleJSON(json)
}

// raw writes a string whose line breaks and tabs are meant.
func (t text) raw(s string) {
	if !t.terminal {
		t.str(s)
		return
	}
	for {
		i := strings.IndexAny(s, "\n\t")
		if i < 0 {
			t.str(t.visible(s))
			return
		}
		t.str(t.visible(s[:i]))
		t.buf = append(t.buf, s[i])
		s = s[i+1:]
	}
}

// cell makes a string fit for one cell of a table.
func (t text) cell(s string) string {
	if t.visible != nil {
		return t.visible(s)
	}
	if !strings.ContainsAny(s, "\n\r\t") {
		return s
	}
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
}
