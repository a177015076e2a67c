package body

import (
	"slices"
	"testing"
)

func TestFields(t *testing.T) {
	generate := Operation("POST", "/key/generate")
	for _, c := range []struct {
		schema Schema
		name   string
		types  []string
		there  bool
	}{
		{generate, "key_alias", []string{"string"}, true},
		{generate, "max_budget", []string{"number"}, true},
		{generate, "tpm_limit", []string{"integer"}, true},
		{generate, "blocked", []string{"boolean"}, true},
		{generate, "models", []string{"array"}, true},
		{generate, "metadata", []string{"object"}, true},
		{generate, "object_permission", []string{"object"}, true}, // a schema of its own
		{Operation("POST", "/team/member_add"), "member", []string{"array", "object"}, true},
		{generate, "key_alais", nil, false},
		{generate, "POST", nil, false},
		{generate, "", nil, false},
		{Schema{}, "key_alias", nil, false},
	} {
		var f Field
		for field := range c.schema.Fields() {
			if field.Name == c.name {
				f = field
			}
		}
		if (f.Name != "") != c.there {
			t.Errorf("%s: there is %v", c.name, f)
		}
		slices.Sort(f.Types)
		if !slices.Equal(f.Types, c.types) {
			t.Errorf("%s is %v, want %v", c.name, f.Types, c.types)
		}
	}
	var names []string
	for f := range generate.Fields() {
		names = append(names, f.Name)
	}
	if len(names) < 40 || !slices.IsSorted(names) {
		t.Errorf("%d fields, sorted: %v", len(names), slices.IsSorted(names))
	}
	for range (Schema{}).Fields() {
		t.Error("the zero schema has a field")
	}
}
