package script

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/go-json-experiment/json/jsontext"
)

// dateName is the one name of an object that stands for a Date. Names of the script's own that begin with $ get another $.
const dateName = "$date"

// encoder writes values of the script as JSON that stored reads back: plain objects, lists, texts, numbers, booleans, null and Dates.
type encoder struct {
	s       *session
	b       bytes.Buffer
	secrets bool // a Secret is written as its reference, and not refused
	plain   bool // what a gateway reads: Dates are RFC 3339 text, and $ is a letter like others
}

// deepest is how far values may be nested: a list that holds itself is deeper.
const deepest = 200

// unfit is a value that cannot be written.
type unfit struct{ path, what string }

func (e *unfit) Error() string {
	if e.path == "" {
		return e.what
	}
	return e.path + ": " + e.what
}

// encode writes a value; undefined is null. What the script throws, in a getter, is thrown on.
func (e *encoder) encode(v goja.Value) ([]byte, error) {
	if err := e.value(v, "", 0); err != nil {
		return nil, err
	}
	return e.b.Bytes(), nil
}

func (e *encoder) value(v goja.Value, path string, depth int) error {
	switch {
	case v == nil || goja.IsUndefined(v) || goja.IsNull(v):
		e.b.WriteString("null")
		return nil
	case depth > deepest:
		return &unfit{path, "it is nested too deeply, or holds itself"}
	case goja.IsString(v):
		return e.text(v.String())
	case goja.IsNumber(v):
		return e.number(v, path)
	case goja.IsBigInt(v):
		return &unfit{path, "it is a BigInt, which has no JSON; use a text"}
	}
	obj, ok := v.(*goja.Object)
	if !ok {
		if b, ok := v.Export().(bool); ok {
			e.b.WriteString(strconv.FormatBool(b))
			return nil
		}
		return &unfit{path, "it is a symbol, which has no JSON"}
	}
	if ref, ok := e.s.secretOf(obj); ok {
		if e.secrets {
			return e.text(ref)
		}
		return &unfit{path, "it is a Secret, which only results may hold"}
	}
	switch obj.ClassName() {
	case "Array":
		return e.list(obj, path, depth)
	case "Date":
		return e.date(obj, path)
	case "Function":
		return &unfit{path, "it is a function, which has no JSON"}
	}
	if proto := obj.Prototype(); proto != nil && proto != e.s.prelude.objectPrototype || obj.ClassName() != "Object" {
		return &unfit{path, "it is " + article(e.s.className(obj)) + ", which has no JSON; use a plain object"}
	}
	return e.object(obj, path, depth)
}

func (e *encoder) list(obj *goja.Object, path string, depth int) error {
	e.b.WriteByte('[')
	n := int(member(obj, "length").ToInteger())
	for i := range n {
		if i > 0 {
			e.b.WriteByte(',')
		}
		if err := e.value(obj.Get(strconv.Itoa(i)), fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	e.b.WriteByte(']')
	return nil
}

func (e *encoder) object(obj *goja.Object, path string, depth int) error {
	e.b.WriteByte('{')
	first := true
	for _, name := range obj.Keys() {
		v := member(obj, name)
		if goja.IsUndefined(v) {
			continue
		}
		if !first {
			e.b.WriteByte(',')
		}
		first = false
		written := name
		if strings.HasPrefix(name, "$") && !e.plain {
			written = "$" + name
		}
		if err := e.text(written); err != nil {
			return err
		}
		e.b.WriteByte(':')
		if err := e.value(v, strings.TrimPrefix(path+"."+name, "."), depth+1); err != nil {
			return err
		}
	}
	e.b.WriteByte('}')
	return nil
}

func (e *encoder) date(obj *goja.Object, path string) error {
	t, ok := obj.Export().(time.Time)
	switch {
	case !ok || math.IsNaN(obj.ToFloat()):
		return &unfit{path, "it is a Date without a time"}
	case e.plain:
		return e.text(t.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	}
	fmt.Fprintf(&e.b, `{"%s":%d}`, dateName, t.UnixMilli())
	return nil
}

func (e *encoder) number(v goja.Value, path string) error {
	text, ok := numberText(v)
	if !ok {
		return &unfit{path, "it is " + v.String() + ", which has no JSON"}
	}
	e.b.WriteString(text)
	return nil
}

// numberText is a number as JSON writes it; NaN and the infinities have none.
func numberText(v goja.Value) (string, bool) {
	if n, ok := v.Export().(int64); ok {
		return strconv.FormatInt(n, 10), true
	}
	f := v.ToFloat()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", false
	}
	raw, err := json.Marshal(f)
	return string(raw), err == nil
}

func (e *encoder) text(v string) error {
	quoted, err := jsontext.AppendQuote(e.b.AvailableBuffer(), strings.ToValidUTF8(v, "\uFFFD"))
	e.b.Write(quoted)
	return err
}

// className is what an object was made by: "Map".
func (s *session) className(obj *goja.Object) string {
	name := obj.ClassName()
	if c, ok := obj.Get("constructor").(*goja.Object); ok {
		if n, ok := member(c, "name").Export().(string); ok && n != "" {
			name = n
		}
	}
	return name
}

// article puts "a" or "an" before a noun.
func article(noun string) string {
	if noun != "" && strings.ContainsRune("AEIOUaeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// counted is a number of things: "1 item", "2 items".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
