package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// usage is how many tokens a call took.
type usage struct{ prompt, completion int }

// usage counts the tokens of an answer. Those of a mocked one are constants,
// whatever was asked, except that the prompt is counted for a key with a
// budget, and both are for a stream (observed on LiteLLM 1.106.2). A word
// counts as a token, which is near enough.
func (q *request) usage(b object, text string) usage {
	use := usage{10, 20}
	streams := isTrue(b, "stream")
	if q.caller.key != nil && q.caller.key.maxBudget != nil || streams {
		use.prompt = promptTokens(b)
	}
	if streams {
		use.completion = len(strings.Fields(text))
	}
	return use
}

func promptTokens(b object) int {
	n := 7
	for _, e := range elements(b["messages"]) {
		if m, err := parseObject(string(e)); err == nil {
			content, _ := m.str("content")
			n += len(strings.Fields(content))
		}
	}
	return n
}

// price is the cost in USD.
func (u usage) price(d *deployment) float64 {
	_, c := d.cost()
	if v, ok := d.params.number("input_cost_per_token"); ok {
		c.input = v
	}
	if v, ok := d.params.number("output_cost_per_token"); ok {
		c.output = v
	}
	f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(u.prompt)*c.input+float64(u.completion)*c.output, 'g', 12, 64), 64)
	return f
}

// completion is a whole answer.
func completion(b object, group, id string, created int64, text string, use usage) ordered {
	n, ok := b.number("n")
	if !ok || n < 1 || n > 128 {
		n = 1
	}
	choices := make([]ordered, int(n))
	for i := range choices {
		choices[i] = ordered{{"finish_reason", "stop"}, {"index", i}, {"message", ordered{{"content", text}, {"role", "assistant"}}}}
	}
	return ordered{
		{"id", id}, {"created", created}, {"model", group}, {"object", "chat.completion"}, {"choices", choices},
		{"usage", ordered{{"completion_tokens", use.completion}, {"prompt_tokens", use.prompt}, {"total_tokens", use.prompt + use.completion}}},
	}
}

// streamed is an answer as an event stream: three characters an event, the
// finish reason, the usage if asked for, [DONE].
func streamed(b object, d *deployment, group, id string, created int64, text string, use usage) answer {
	a := answer{status: http.StatusOK, contentType: "text/event-stream; charset=utf-8", header: http.Header{"Cache-Control": {"no-cache"}, "X-Accel-Buffering": {"no"}}}
	event := func(value any) { a.events = append(a.events, fmt.Appendf(nil, "data: %s\n\n", raw(value))) }
	chunk := func(choice ordered) {
		event(ordered{{"id", id}, {"object", "chat.completion.chunk"}, {"created", created}, {"model", group}, {"choices", []ordered{choice}}})
	}
	runes := []rune(text)
	for i := 0; i < len(runes); i += 3 {
		delta := ordered{{"content", string(runes[i:min(i+3, len(runes))])}}
		if i == 0 {
			delta = append(ordered{{"role", "assistant"}}, delta...)
		}
		chunk(ordered{{"index", 0}, {"delta", delta}})
	}
	chunk(ordered{{"index", 0}, {"delta", ordered{}}, {"finish_reason", "stop"}})
	if wantsUsage(b) {
		event(ordered{{"id", id}, {"created", created}, {"model", group}, {"object", "chat.completion.chunk"},
			{"choices", []ordered{{{"index", 0}, {"delta", ordered{}}}}}, {"usage", use.streamed(d)}})
	}
	a.events = append(a.events, []byte("data: [DONE]\n\n"))
	return a
}

func wantsUsage(b object) bool {
	o, err := parseObject(string(b["stream_options"]))
	return err == nil && string(o["include_usage"]) == "true"
}

// streamed is the usage at the end of a stream.
func (u usage) streamed(d *deployment) ordered {
	return ordered{
		{"completion_tokens", u.completion}, {"prompt_tokens", u.prompt}, {"total_tokens", u.prompt + u.completion},
		{"completion_tokens_details", ordered{{"reasoning_tokens", 0}, {"text_tokens", u.completion}}}, {"cost", u.price(d)},
	}
}
