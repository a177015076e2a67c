package chat

import (
	"net/http"
	"testing"
)

// A gateway that keeps the connection open behind the last event is left after a moment; the answer is whole.
func TestStreamThatStaysOpen(t *testing.T) {
	g := &gateway{t: t, answer: func(w http.ResponseWriter, r *http.Request) {
		stream(word("Hello"), stop, done)(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}}
	result := g.once(terminal(g))
	if result.Err != nil || result.Text != "Hello\n" {
		t.Errorf("%v, %q", result.Err, result.Text)
	}
}

// An answer without a choice is none; one whose only choice does not say its place, or says another, is shown.
func TestOddChoices(t *testing.T) {
	for name, c := range map[string]struct{ piece, text string }{
		"none":            {`data: {"choices":[]}` + "\n\n", ""},
		"without a place": {`data: {"choices":[{"delta":{"content":"a"}}]}` + "\n\n" + `data: {"choices":[{"delta":{"content":"b"}}]}` + "\n\n", "ab\n"},
		"the second":      {`data: {"choices":[{"index":1,"delta":{"content":"b"}}]}` + "\n\n", "b\n"},
	} {
		g := &gateway{t: t, answer: stream(c.piece, done)}
		result := g.once(terminal(g))
		if (result.Err == nil) != (c.text != "") || result.Text != c.text {
			t.Errorf("%s: %v, %q", name, result.Err, result.Text)
		}
	}
}
