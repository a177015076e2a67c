package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// decoder reads JSON as it is found in the world: duplicate names and lone surrogates pass.
//
// jsontext validates 5 MB of records in 3 ms where encoding/json's Valid takes 12, and gives each value as a part of its
// input, so nothing faster was looked for.
func decoder(json []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(json), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// clean returns json with U+FFFD for what is not UTF-8.
func clean(json []byte) []byte {
	if utf8.Valid(json) {
		return json
	}
	return bytes.ToValidUTF8(json, []byte("\uFFFD"))
}

// one returns the JSON value that json consists of, without the space around it.
func one(json []byte) ([]byte, error) {
	d := decoder(clean(json))
	value, err := d.ReadValue()
	if err != nil {
		return nil, invalid("record", err)
	}
	if err := atEnd(d); err != nil {
		return nil, invalid("record", err)
	}
	return value, nil
}

// list returns the array in doc, as it stands there; see Printer.Items. Of members with one name the last counts.
func list(doc []byte, member string) ([]byte, error) {
	d := decoder(clean(doc))
	var found []byte
	if member == "" {
		value, err := d.ReadValue()
		if err != nil {
			return nil, invalid("answer", err)
		}
		found = value
	} else if d.PeekKind() == '{' {
		_, _ = d.ReadToken()
		for d.PeekKind() == '"' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, invalid("answer", err)
			}
			if name.String() == member {
				found, err = d.ReadValue()
			} else {
				err = d.SkipValue()
			}
			if err != nil {
				return nil, invalid("answer", err)
			}
		}
		if _, err := d.ReadToken(); err != nil {
			return nil, invalid("answer", err)
		}
	} else if err := d.SkipValue(); err != nil {
		return nil, invalid("answer", err)
	}
	if err := atEnd(d); err != nil {
		return nil, invalid("answer", err)
	}
	switch {
	case len(found) > 0 && found[0] == '[':
		return found, nil
	case member == "":
		return nil, problem.New(problem.Failed, "cannot read the list: the answer is no JSON array")
	}
	return nil, problem.New(problem.Failed, "cannot read the list: the answer has no array %q", member)
}

// array reads the array that d is about to read and returns its items. They are parts of what d reads.
func array(d *jsontext.Decoder) (list [][]byte, err error) {
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	for {
		switch d.PeekKind() {
		case ']':
			_, err := d.ReadToken()
			return list, err
		default:
			item, err := d.ReadValue()
			if err != nil {
				return nil, err
			}
			if list == nil {
				// The first item tells how many there may be: growing the list costs as much as reading it.
				list = make([][]byte, 0, min(len(d.UnreadBuffer())/(len(item)+1)+2, 1<<16))
			}
			list = append(list, item)
		}
	}
}

// each calls f for the items of a valid array.
func each(json []byte, f func(item []byte) error) error {
	list, err := array(decoder(json))
	if err != nil {
		return err
	}
	for _, item := range list {
		if err := f(item); err != nil {
			return err
		}
	}
	return nil
}

// atEnd returns an error unless only space is left.
func atEnd(d *jsontext.Decoder) error {
	_, err := d.ReadToken()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		return fmt.Errorf("a second value at byte %d", d.InputOffset())
	}
	return err
}

func invalid(what string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return problem.Wrap(problem.Failed, io.ErrUnexpectedEOF, "the %s is cut off: not valid JSON", what)
	}
	return problem.Wrap(problem.Failed, err, "the %s is not valid JSON", what)
}
