package script

import (
	"context"
	"errors"
	"strings"

	"github.com/dop251/goja"
	"github.com/go-json-experiment/json/jsontext"
)

// row makes the script's object of a row, on the loop.
func (t *table) row(v any) (goja.Value, error) {
	r := v.(record)
	obj := t.s.vm.NewObject()
	for i, c := range t.columns {
		cell, err := t.cell(c, r.fields[t.at[i]])
		if err != nil {
			return nil, err
		}
		if err := obj.DefineDataProperty(t.names[i], cell, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil {
			return nil, err
		}
	}
	// The journal notes which line an item comes from.
	err := obj.DefineDataPropertySymbol(t.s.prelude.line, t.s.vm.ToValue(&origin{r.line, t.head, r.fields}), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return obj, err
}

func (t *table) cell(c column, text string) (goja.Value, error) {
	v, ok, err := c.own(text)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return t.s.toValue(v), nil
	}
	return c.parse(c.this, t.s.vm.ToValue(text))
}

// parsed has the script's own columns read some rows, in a turn of the loop.
func (t *table) parsed(ctx context.Context, rows []record, fault func(r record, name string, err error)) error {
	result := make(chan error, 1)
	t.s.loop.post(func() {
		for _, r := range rows {
			for i, c := range t.columns {
				if c.parse == nil {
					continue
				}
				_, err := t.cell(c, r.fields[t.at[i]])
				var ex *goja.Exception
				switch {
				case errors.As(err, &ex):
					fault(r, t.names[i], errors.New(t.s.message(ex.Value())))
				case err != nil: // an interrupt
					t.s.fail(err)
					result <- err
					return
				}
			}
		}
		result <- nil
	})
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// origin is where a row comes from: the journal shows it, and has the items that failed as they came.
type origin struct {
	line   int
	head   []string
	fields []string
}

// source is the whole line, by the names of the file's columns.
func (o *origin) source() []byte {
	out := []byte{'{'}
	for i, name := range o.head {
		if i > 0 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, strings.ToValidUTF8(name, "\uFFFD"))
		out = append(out, ':')
		out, _ = jsontext.AppendQuote(out, strings.ToValidUTF8(o.fields[i], "\uFFFD"))
	}
	return append(out, '}')
}
