package sdk

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// Emits is embedded in a command and says that it emits one record of type T for each thing it acts on. T is a struct with
// json tags; a field that is shown in tables has a column tag:
//
//	Created int64 `json:"created" column:"CREATED,format=unix-time"`
//
// Options after the header: format=unix-time|time|ago|dollars|dollars-per-million|number|hash, name=NAME (what --columns calls
// it; the member's name if absent), wide (only with -o wide or when named). A field tagged `secret:""` is one.
type Emits[T any] struct{}

// Lists is embedded in a command and says that it emits a list of records of type T; see Emits.
type Lists[T any] struct{}

// Passes is embedded in a command and says that it passes on whatever the gateway answers.
type Passes struct{}

type recorder interface {
	record() (*protocol.Record, error)
}

func (Emits[T]) record() (*protocol.Record, error) { return shapeOf[T](protocol.Shape_SHAPE_ONE) }
func (Lists[T]) record() (*protocol.Record, error) { return shapeOf[T](protocol.Shape_SHAPE_LIST) }

//nolint:unparam // it is one of three recorders
func (Passes) record() (*protocol.Record, error) {
	return &protocol.Record{Shape: protocol.Shape_SHAPE_ANY}, nil
}

func shapeOf[T any](shape protocol.Shape) (*protocol.Record, error) {
	r := &protocol.Record{Shape: shape}
	if err := walk(r, reflect.TypeFor[T](), ""); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, c := range r.GetColumns() {
		if seen[c.GetName()] {
			return nil, fmt.Errorf("two columns are called %q: give one another name=", c.GetName())
		}
		seen[c.GetName()] = true
	}
	return r, nil
}

// walk adds the fields of t below the member path prefix; columns come from every depth, fields from the first.
func walk(r *protocol.Record, t reflect.Type, prefix string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if err := walk(r, f.Type, prefix); err != nil {
				return err
			}
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		path := prefix + name
		if prefix == "" {
			kind, nullable := jsonType(f.Type)
			_, secret := f.Tag.Lookup("secret")
			r.Fields = append(r.Fields, &protocol.Field{
				Name: name, Type: kind, Nullable: nullable, Optional: strings.Contains(options, "omitempty"),
				Secret: secret, Help: f.Tag.Get("help"),
			})
		}
		tag, ok := f.Tag.Lookup("column")
		if !ok {
			if err := walk(r, f.Type, path+"."); err != nil {
				return err
			}
			continue
		}
		c, err := column(tag, name, path)
		if err != nil {
			return err
		}
		r.Columns = append(r.Columns, c)
	}
	return nil
}

var formats = map[string]protocol.Format{
	"unix-time": protocol.Format_FORMAT_UNIX_TIME, "time": protocol.Format_FORMAT_TIME,
	"dollars": protocol.Format_FORMAT_DOLLARS, "dollars-per-million": protocol.Format_FORMAT_DOLLARS_PER_MILLION,
	"number": protocol.Format_FORMAT_NUMBER, "ago": protocol.Format_FORMAT_AGO, "hash": protocol.Format_FORMAT_HASH,
}

func column(tag, name, path string) (*protocol.Column, error) {
	parts := strings.Split(tag, ",")
	c := &protocol.Column{Name: name, Header: parts[0], Path: path}
	for _, option := range parts[1:] {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "name":
			c.Name = value
		case "wide":
			c.Wide = true
		case "format":
			format, ok := formats[value]
			if !ok {
				return nil, fmt.Errorf("column %q: unknown format %q", path, value)
			}
			c.Format = format
		default:
			return nil, fmt.Errorf("column %q: unknown option %q", path, key)
		}
	}
	return c, nil
}

// jsonType names what encoding/json makes of a Go type.
func jsonType(t reflect.Type) (name string, nullable bool) {
	if t.Kind() == reflect.Pointer {
		name, _ = jsonType(t.Elem())
		return name, true
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return "any", true
	}
	if t == reflect.TypeFor[json.Number]() {
		return "number", false
	}
	switch t.Kind() {
	case reflect.String:
		return "string", false
	case reflect.Bool:
		return "boolean", false
	case reflect.Float32, reflect.Float64:
		return "number", false
	case reflect.Slice, reflect.Array:
		return "array", true
	case reflect.Struct:
		return "object", false
	case reflect.Map:
		return "object", true
	case reflect.Interface:
		return "any", true
	}
	return "integer", false
}
