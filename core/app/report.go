package app

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// report prints a failure, once, on standard error: as text, or as one JSON object under -o json.
func (s *session) report(err error) {
	e := problem.As(err)
	if s.asJSON {
		fmt.Fprintf(s.stderr, "%s\n", errorJSON(e))
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "litellm-proxy: %s\n", e.Message)
	for _, f := range e.Facts {
		labelled(&b, f.Label, f.Text)
	}
	if f := failureOf(err); f != nil && f.Frame != "" {
		b.WriteString(f.Frame)
		for _, at := range f.Stack[min(1, len(f.Stack)):] {
			labelled(&b, "from", at)
		}
	}
	labelled(&b, "said", e.Said)
	state := ""
	if e.State != "" {
		state = "(" + e.State + ")"
	}
	switch {
	case e.Hint != "" && state != "":
		labelled(&b, "try", e.Hint+"     "+state)
	case e.Hint != "":
		labelled(&b, "try", e.Hint)
	case state != "":
		labelled(&b, "now", state)
	}
	text := b.String()
	if s.Streams.ErrTTY {
		text = term.Visible(text)
	}
	fmt.Fprint(s.stderr, text)
}

func labelled(b *strings.Builder, label, text string) {
	if text != "" {
		fmt.Fprintf(b, "  %-4s %s\n", label, strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n       "))
	}
}

// errorJSON is the shape of an error for programs. Members that have nothing to say are left out.
func errorJSON(e *problem.Error) []byte {
	type fact struct {
		Label string `json:"label"`
		Text  string `json:"text"`
	}
	out := struct {
		Code      int    `json:"code"`
		Message   string `json:"message"`
		Said      string `json:"said,omitempty"`
		Hint      string `json:"hint,omitempty"`
		State     string `json:"state,omitempty"`
		Status    int    `json:"status,omitempty"`
		Type      string `json:"type,omitempty"`
		Field     string `json:"field,omitempty"`
		Retryable bool   `json:"retryable,omitempty"`
		Facts     []fact `json:"facts,omitempty"`
	}{int(e.Code), e.Message, e.Said, e.Hint, e.State, e.Status, e.Type, e.Field, e.Retryable, nil}
	for _, f := range e.Facts {
		out.Facts = append(out.Facts, fact{f.Label, f.Text})
	}
	raw, err := json.Marshal(map[string]any{"error": out})
	if err != nil {
		return []byte(`{"error":{"code":1,"message":"an error that cannot be shown as JSON"}}`)
	}
	return raw
}
