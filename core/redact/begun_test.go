package redact

import "testing"

func TestBegun(t *testing.T) {
	r := &Redactor{}
	r.Add("sk-0123456789", "short")
	for text, want := range map[string]int{
		"": 0, "x": 0, "s": 1, "a sk-0": 4, "sk-012345678": 12, "sk-0123456789": 0, "sk-0123x": 0, "shor": 0, "sksk-": 3,
	} {
		if got := r.Begun([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
