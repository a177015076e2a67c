package chat

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tmaxmax/go-sse"
)

// reply is an answer, in one piece or put together from the events of a stream:
//
//	{"id", "object": "chat.completion.chunk", "created", "model", "choices": [{"index", "delta": {…}, "finish_reason"}]}
//
// A last event may have the usage; "[DONE]" ends it (observed on LiteLLM 1.106.2 and 1.83.14). Of a stream with n > 1 the
// gateway gives the first choice alone a finish_reason.
type reply struct {
	attempt string
	raw     json.RawMessage // as the gateway sent it; nil if it was put together
	top     map[string]any  // the same, with "delta" for "message" if it was put together
	cost    string          // as a header tells
	show    func(text string) error
}

// longestEvent bounds an event, in bytes.
const longestEvent = 16 << 20

var (
	errCut     = errors.New("the answer was cut off")
	errNothing = errors.New("the answer holds nothing")
)

// read takes the events of a stream up to its end. A stream that ends otherwise is an error: of the gateway's, if an event
// tells of one.
func (r *reply) read(stream io.Reader) error {
	// The last event needs no empty line behind it.
	events := io.MultiReader(stream, strings.NewReader("\n\n"))
	for event, err := range sse.Read(events, &sse.ReadConfig{MaxEventSize: longestEvent}) {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("an event of the answer has more than %d MiB", longestEvent>>20)
		}
		if err != nil {
			return err
		}
		switch data := strings.TrimSpace(event.Data); data {
		case "":
		case "[DONE]":
			if len(r.choices()) == 0 {
				return errNothing
			}
			return nil
		default:
			if err := r.add([]byte(data)); err != nil {
				return err
			}
		}
	}
	return errCut
}

// add merges one event, and shows what it adds to the text of the first answer.
func (r *reply) add(data []byte) error {
	event, ok := object(data)
	if !ok {
		return errCut // half an event is how a stream ends that was cut
	}
	if event["error"] != nil {
		return refused(r.attempt, event["error"])
	}
	if r.top == nil {
		r.top = map[string]any{}
	}
	merge(r.top, event)
	if r.show == nil {
		return nil
	}
	choices, _ := event["choices"].([]any)
	for _, c := range choices {
		choice, _ := c.(map[string]any)
		delta, _ := choice["delta"].(map[string]any)
		if n := indexOf(choice); n == 0 {
			for _, name := range []string{"content", "refusal"} {
				if text, _ := delta[name].(string); text != "" {
					if err := r.show(text); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// choices are the answers by their index.
func (r *reply) choices() []map[string]any {
	var out []map[string]any
	list, _ := r.top["choices"].([]any)
	for _, c := range list {
		if choice, ok := c.(map[string]any); ok {
			out = append(out, choice)
		}
	}
	slices.SortStableFunc(out, func(a, b map[string]any) int { return indexOf(a) - indexOf(b) })
	return out
}

// messageOf is the message of a choice, in whichever way it came; nil for none.
func messageOf(choice map[string]any) map[string]any {
	m, ok := choice["message"].(map[string]any)
	if !ok {
		m, _ = choice["delta"].(map[string]any)
	}
	return m
}

// text is what the first answer says.
func (r *reply) text() string {
	if r == nil {
		return ""
	}
	for _, choice := range r.choices() {
		m := messageOf(choice)
		return textIn(m, "content") + textIn(m, "refusal")
	}
	return ""
}

// record is the response object: as the gateway sent it, or put together in the same shape.
func (r *reply) record() (json.RawMessage, error) {
	if r.raw != nil {
		return r.raw, nil
	}
	choices := []ordered{}
	for _, choice := range r.choices() {
		choices = append(choices, r.choice(choice))
	}
	out := ordered{
		{"id", r.top["id"]}, {"object", "chat.completion"}, {"created", r.top["created"]}, {"model", r.top["model"]},
		{"choices", choices}, {"usage", r.top["usage"]},
	}
	return json.Marshal(out.with(r.top))
}

func (r *reply) choice(choice map[string]any) ordered {
	m := messageOf(choice)
	role := m["role"]
	if role == nil {
		role = "assistant"
	}
	whole := ordered{{"role", role}, {"content", m["content"]}}.with(m)
	out := ordered{{"index", indexOf(choice)}, {"message", whole}, {"finish_reason", choice["finish_reason"]}}
	return out.with(choice)
}
