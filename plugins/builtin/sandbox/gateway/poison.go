package gateway

import (
	"fmt"
	"strings"
)

// poisonous are the members of a key that must be objects. /key/update stores
// a null in them all the same, and from then on whatever reads the row as a
// whole fails: the key itself, the full list, /key/delete (observed on LiteLLM
// 1.106.2). An update with {} repairs the row.
var poisonous = []string{"aliases", "config", "metadata", "permissions", "model_max_budget", "budget_fallbacks"}

// poison is the error of reading the row into the class, "" for a sound row.
func (k *keyRow) poison(class string) string {
	var bad []string
	for _, name := range poisonous {
		if v, ok := k.data[name]; ok && v.Kind() == 'n' {
			bad = append(bad, name+"\n  Input should be a valid dictionary [type=dict_type, input_value=None, input_type=NoneType]\n"+
				"    For further information visit https://errors.pydantic.dev/2.14/v/dict_type")
		}
	}
	switch len(bad) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("1 validation error for %s\n%s", class, bad[0])
	}
	return fmt.Sprintf("%d validation errors for %s\n%s", len(bad), class, strings.Join(bad, "\n"))
}
