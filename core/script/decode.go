package script

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/go-json-experiment/json/jsontext"
)

// value reads JSON of the host: strings that are references become Secrets.
func (s *session) value(raw []byte) (goja.Value, error) {
	r := reader{s: s, d: jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), secrets: true}
	return r.whole()
}

// stored reads what encoder has written.
func (s *session) stored(raw []byte, secrets bool) (goja.Value, error) {
	r := reader{s: s, d: jsontext.NewDecoder(bytes.NewReader(raw)), secrets: secrets, marked: true}
	return r.whole()
}

// reader makes values of the script from JSON.
type reader struct {
	s       *session
	d       *jsontext.Decoder
	secrets bool // a string that is a reference is a Secret
	marked  bool // names that begin with $ are encoder's
}

func (r *reader) whole() (goja.Value, error) {
	v, err := r.next()
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if _, err := r.d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read JSON: there is more than one value")
	}
	return v, nil
}

func (r *reader) next() (goja.Value, error) {
	token, err := r.d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case 'n':
		return goja.Null(), nil
	case 't', 'f':
		return r.s.vm.ToValue(token.Bool()), nil
	case '0':
		return r.s.number(token)
	case '"':
		if text := token.String(); r.secrets {
			return r.s.text(text), nil
		} else {
			return r.s.vm.ToValue(text), nil
		}
	case '[':
		var items []any
		for r.d.PeekKind() != ']' {
			v, err := r.next()
			if err != nil {
				return nil, err
			}
			items = append(items, v)
		}
		_, err := r.d.ReadToken()
		return r.s.vm.NewArray(items...), err
	}
	return r.object()
}

func (r *reader) object() (goja.Value, error) {
	obj := r.s.vm.NewObject()
	for r.d.PeekKind() != '}' {
		token, err := r.d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		v, err := r.next()
		if err != nil {
			return nil, err
		}
		if r.marked {
			if name == dateName {
				_, err := r.d.ReadToken()
				if err != nil {
					return nil, err
				}
				date, err := r.s.vm.New(r.s.prelude.date, v)
				return date, err
			}
			name = strings.TrimPrefix(name, "$")
		}
		if name == "__proto__" { // Set would change the prototype
			err = obj.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
		} else {
			err = obj.Set(name, v)
		}
		if err != nil {
			return nil, err
		}
	}
	_, err := r.d.ReadToken()
	return obj, err
}

// number is exact as far as the language's numbers are.
func (s *session) number(token jsontext.Token) (goja.Value, error) {
	const exact = 1 << 53
	if text := token.String(); !strings.ContainsAny(text, ".eE") && text != "-0" && len(text) < 17 {
		if n, err := token.Int(); err == nil && n > -exact && n < exact {
			return s.vm.ToValue(n), nil
		}
	}
	f, err := token.Float()
	if err != nil && !math.IsInf(f, 0) {
		return nil, err
	}
	return s.vm.ToValue(f), nil
}

// date is a Date of the script.
func (s *session) date(t time.Time) goja.Value {
	date, err := s.vm.New(s.prelude.date, s.vm.ToValue(t.UnixMilli()))
	if err != nil {
		return goja.Null() // a number has no error
	}
	return date
}
