package redact

import "testing"

func BenchmarkZZ(b *testing.B) {
	text := listing(5 << 20)
	text[len(text)-1] = ']'
	var r Redactor
	r.Add(canary)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Record(text)
	}
}
