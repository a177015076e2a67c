package script

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// csvWrite writes rows as a CSV file: the columns are the names of the first row. A Secret is masked.
func (s *session) csvWrite(call goja.FunctionCall) goja.Value {
	s.ask("csv.write()")
	f := s.file("csv.write()", call.Argument(0))
	rows := s.pull("csv.write()", call.Argument(1))
	return s.background(func(ctx context.Context) (func() goja.Value, error) {
		return goja.Undefined, s.save(f, func(w io.Writer) error {
			buffer := bufio.NewWriter(w)
			if err := s.writeRows(ctx, csv.NewWriter(buffer), rows); err != nil {
				return err
			}
			return buffer.Flush()
		})
	})
}

func (s *session) writeRows(ctx context.Context, w *csv.Writer, rows *puller) error {
	var names []string
	for more := true; more; {
		var page [][]string
		var err error
		more, err = rows.page(ctx, pageSize, func(v goja.Value) error {
			obj, ok := v.(*goja.Object)
			if !ok {
				return wrongf("csv.write(): each row must be an object, not %s", s.kindOf(v))
			}
			if names == nil {
				names = obj.Keys()
				page = append(page, names)
			}
			for _, name := range obj.Keys() {
				if !slices.Contains(names, name) {
					return wrongf("csv.write(): the first row has no %q%s", name, types.DidYouMean(name, names))
				}
			}
			cells := make([]string, len(names))
			for i, name := range names {
				text, err := s.cellText(obj.Get(name))
				if err != nil {
					return wrongf("csv.write(): %s: %v", name, err)
				}
				cells[i] = text
			}
			page = append(page, cells)
			return nil
		})
		if err != nil {
			return err
		}
		if err := w.WriteAll(page); err != nil {
			return problem.Wrap(problem.Failed, err, "cannot write the file")
		}
	}
	return nil
}

// cellText is a value as a cell has it.
func (s *session) cellText(v goja.Value) (string, error) {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return "", nil
	}
	obj, ok := v.(*goja.Object)
	if !ok {
		return v.String(), nil
	}
	if ref, ok := s.secretOf(obj); ok {
		return s.host.Hint(ref), nil
	}
	if t, ok := obj.Export().(time.Time); ok {
		return t.UTC().Format(time.RFC3339), nil
	}
	if list := []string{}; obj.ClassName() == "Array" && s.vm.ExportTo(obj, &list) == nil {
		return strings.Join(list, ","), nil
	}
	e := encoder{s: s, plain: true}
	raw, err := e.encode(obj)
	return string(raw), err
}
