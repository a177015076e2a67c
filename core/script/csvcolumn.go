package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// column reads the cells of one column.
type column struct {
	read     func(text string) (any, error) // one of ours: in any goroutine
	parse    goja.Callable                  // the script's own: on the loop, with the column's object as `this`
	this     goja.Value
	optional bool // an empty cell is null
	empty    bool // an empty cell is read like any other
}

// columns are ours. Blanks around a cell do not count, and a cell is not empty unless the column is optional.
var columns = map[string]column{
	"text":    {read: func(text string) (any, error) { return text, nil }},
	"number":  {read: func(text string) (any, error) { return readNumber(text, false) }},
	"integer": {read: func(text string) (any, error) { return readNumber(text, true) }},
	"bool":    {read: readBool},
	"email":   {read: readEmail},
	"date":    {read: readDate},
	"list":    {read: readList, empty: true},
}

func readNumber(text string, whole bool) (any, error) {
	if !json.Valid([]byte(text)) || strings.Trim(text, "-.0123456789eE+") != "" {
		return nil, fmt.Errorf("%q is no number", shorten(text))
	}
	if whole {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > 1<<53 || n < -1<<53 {
			return nil, fmt.Errorf("%q is no whole number", shorten(text))
		}
		return n, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is no number", shorten(text))
	}
	return f, nil
}

func readBool(text string) (any, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "y", "1":
		return true, nil
	case "false", "no", "n", "0":
		return false, nil
	}
	return nil, fmt.Errorf("%q is neither true nor false", shorten(text))
}

var emailPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[^@\s,;<>"]+@[^@\s,;<>"]+$`) })

func readEmail(text string) (any, error) {
	if !emailPattern().MatchString(text) {
		return nil, fmt.Errorf("%q is no e-mail address", shorten(text))
	}
	return text, nil
}

func readDate(text string) (any, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return nil, fmt.Errorf("%q is no date such as 2026-11-24", shorten(text))
}

// readList splits a cell at its commas.
func readList(text string) (any, error) {
	list := []string{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list, nil
}

var errEmpty = errors.New("the cell is empty")

// own reads a cell by a column of ours, or by what is the same for all columns; ok is false for one that the script must read.
func (c column) own(text string) (v any, ok bool, err error) {
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "" && c.optional:
		return nil, true, nil
	case c.read == nil:
		return nil, false, nil
	case trimmed == "" && !c.empty:
		return nil, true, errEmpty
	}
	v, err = c.read(trimmed)
	return v, true, err
}

// toValue is what a column of ours has read, as a value of the script.
func (s *session) toValue(v any) goja.Value {
	switch v := v.(type) {
	case nil:
		return goja.Null()
	case time.Time:
		return s.date(v)
	case []string:
		list := make([]any, len(v))
		for i, text := range v {
			list[i] = text
		}
		return s.vm.NewArray(list...)
	}
	return s.vm.ToValue(v)
}

// csv is the object of that name.
func (s *session) csv() *goja.Object {
	members := map[string]any{"read": s.csvRead, "write": s.csvWrite}
	for name := range columns {
		obj := s.vm.NewObject()
		_ = obj.Set("parse", func(call goja.FunctionCall) goja.Value {
			v, _, err := columns[name].own(call.Argument(0).String())
			if err != nil {
				panic(s.vm.NewTypeError("%s", err.Error()))
			}
			return s.toValue(v)
		})
		s.mark(obj, columns[name])
		members[name] = obj
	}
	members["optional"] = func(call goja.FunctionCall) goja.Value {
		c, err := s.columnOf("csv.optional()", call.Argument(0))
		if err != nil {
			s.refuse(err)
		}
		c.optional = true
		obj := s.vm.NewObject()
		_ = obj.Set("parse", call.Argument(0).(*goja.Object).Get("parse"))
		s.mark(obj, c)
		return obj
	}
	return s.object(members)
}

func (s *session) mark(obj *goja.Object, c column) {
	_ = obj.DefineDataPropertySymbol(s.prelude.column, s.vm.ToValue(&c), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
}

// columnOf reads a column of the script.
func (s *session) columnOf(what string, v goja.Value) (column, error) {
	obj, ok := v.(*goja.Object)
	if ok {
		if hidden := obj.GetSymbol(s.prelude.column); hidden != nil {
			return *hidden.Export().(*column), nil
		}
		if parse, ok := goja.AssertFunction(obj.Get("parse")); ok {
			return column{parse: parse, this: obj}, nil
		}
	}
	return column{}, wrongf("%s needs a column, such as csv.text, or an object with a function parse, not %s", what, s.kindOf(v))
}
