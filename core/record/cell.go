package record

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// plainCell returns a value as text: strings without quotes, other scalars as they came, null as nothing, an array of
// scalars joined by commas where that is not ambiguous, and else JSON on one line.
func plainCell(value []byte) (string, error) {
	if len(value) == 0 {
		return "", nil
	}
	switch value[0] {
	case 'n':
		return "", nil
	case '"':
		return unquote(value)
	case '[':
		if s, ok, err := joined(value); ok || err != nil {
			return s, err
		}
		fallthrough
	case '{':
		b := jsontext.Value(bytes.Clone(value))
		err := b.Compact()
		return string(b), err
	}
	return string(value), nil
}

// joined returns the items of an array joined by commas; false if a reader could take that for something else.
func joined(value []byte) (string, bool, error) {
	list, err := array(decoder(value))
	if err != nil {
		return "", false, err
	}
	parts := make([]string, len(list))
	for i, item := range list {
		switch item[0] {
		case '{', '[', 'n':
			return "", false, nil
		}
		if parts[i], err = plainCell(item); err != nil {
			return "", false, err
		}
		if parts[i] == "" || strings.ContainsAny(parts[i], ",\n\r") {
			return "", false, nil
		}
	}
	return strings.Join(parts, ","), true, nil
}

func unquote(value []byte) (string, error) {
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1]), nil
	}
	token, err := decoder(value).ReadToken()
	if err != nil {
		return "", err
	}
	return token.String(), nil
}
