package record

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// member is one member of an object; value is JSON.
type member struct {
	name  string
	value []byte
}

// members returns the members of a record in order; nil if it is no object. Of members with one name the last value
// counts, in the place of the first.
func members(record []byte) ([]member, error) {
	if len(record) == 0 || record[0] != '{' {
		return nil, nil
	}
	d := decoder(record)
	_, _ = d.ReadToken()
	var list []member
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		list = append(list, member{name, value})
	}
	return unique(list), nil
}

// unique drops repeated names. Few objects have many members, so it counts on their being few.
func unique(list []member) []member {
	if len(list) <= 16 {
		for i := 1; i < len(list); i++ {
			for j := range i {
				if list[i].name == list[j].name {
					list[j].value = list[i].value
					list = append(list[:i], list[i+1:]...)
					i--
					break
				}
			}
		}
		return list
	}
	at := make(map[string]int, len(list))
	kept := list[:0]
	for _, m := range list {
		if i, ok := at[m.name]; ok {
			kept[i].value = m.value
			continue
		}
		at[m.name] = len(kept)
		kept = append(kept, m)
	}
	return kept
}

// find returns the value at a path below an object with these members; nil if there is none. A member whose name has
// dots is found before one that the dots lead to; a number leads into an array.
func find(list []member, path string) []byte {
	for _, m := range list {
		if m.name == path {
			return m.value
		}
	}
	for _, m := range list {
		rest, ok := strings.CutPrefix(path, m.name+".")
		if !ok {
			continue
		}
		if value := below(m.value, rest); value != nil {
			return value
		}
	}
	return nil
}

// below returns the value at a path below a value; nil if there is none.
func below(value []byte, path string) []byte {
	switch jsontext.Value(value).Kind() {
	case '{':
		list, err := members(value)
		if err != nil {
			return nil
		}
		return find(list, path)
	case '[':
		first, rest, more := strings.Cut(path, ".")
		i, err := strconv.Atoi(first)
		if err != nil {
			return nil
		}
		list, err := array(decoder(value))
		if err != nil || i < 0 || i >= len(list) {
			return nil
		}
		if more {
			return below(list[i], rest)
		}
		return list[i]
	}
	return nil
}
