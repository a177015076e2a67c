package gateway

import (
	"bytes"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// form is the shape of an answer made ready to be filled in many times.
type form []formMember

type formMember struct {
	name  string
	head  []byte         // the name with its quotes and its colon
	value jsontext.Value // what stands there when nothing is set
}

// formOf returns a function that parses the texts at its first call: most runs
// of the program need none of them.
func formOf(texts ...string) func() form {
	return sync.OnceValue(func() form {
		var f form
		for _, text := range texts {
			for _, m := range shape(text) {
				value, _ := m.value.(jsontext.Value)
				f = append(f, formMember{m.name, append(strconv.AppendQuote(nil, m.name), ':'), value})
			}
		}
		return f
	})
}

// fill returns the members of f with the values that o has for them; what f
// has no place for is left out.
func (f form) fill(o object) jsontext.Value {
	out := make([]byte, 0, 2048)
	for i, m := range f {
		out = append(out, "{,"[min(i, 1)])
		out = append(out, m.head...)
		if v, ok := o[m.name]; ok {
			out = append(out, v...)
			continue
		}
		out = append(out, m.value...)
	}
	return append(out, '}')
}

// timeMembers are the members of rows that are times.
var timeMembers = []string{
	"created_at", "updated_at", "settings_updated_at", "deleted_at", "last_active",
	"expires", "budget_reset_at", "last_rotation_at", "key_rotation_at",
}

// withOffsets changes the times of o from a Z at their end to +00:00. The
// gateway writes both, depending on the endpoint (observed on LiteLLM
// 1.106.2).
func (o object) withOffsets() object {
	for _, name := range timeMembers {
		if v, ok := o[name]; ok {
			if text, isTime := bytes.CutSuffix(v, []byte(`Z"`)); isTime {
				o[name] = append(bytes.Clone(text), `+00:00"`...)
			}
		}
	}
	return o
}
