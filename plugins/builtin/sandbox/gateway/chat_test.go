package gateway

import (
	"strings"
	"testing"
)

func TestChat(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/model/new", `{"model_name":"dead","litellm_params":{"model":"openai/gpt-4o","api_key":"k","api_base":"http://127.0.0.1:9"}}`).want(200)
	call(t, g, "POST", "/model/new", `{"model_name":"busy","litellm_params":{"model":"openai/gpt-4o","mock_response":"litellm.RateLimitError"}}`).want(200)
	const m = `"messages":[{"role":"user","content":"hello"}]`
	run(t, g, []step{
		{"POST", "/chat/completions", `{"model":"mock-gpt",` + m + `}`, 200, `"object":"chat.completion","choices":[{"finish_reason":"stop","index":0,"message":{"content":"Hello from the sandbox","role":"assistant"}}],"usage":{"completion_tokens":20,"prompt_tokens":10,"total_tokens":30}}`},
		{"POST", "/v1/chat/completions", `{"model":"nope",` + m + `}`, 400, `"type":"invalid_request_error","param":null,"code":"400","provider_specific_fields":{"error":"/chat/completions: Invalid model name`},
		{"POST", "/chat/completions", `{"model":"nope","stream":true,` + m + `}`, 400, `Invalid model name passed in model=nope`},
		{"POST", "/chat/completions", `{"model":"mock-gpt"}`, 400, `"param":"messages"`},
		{"POST", "/chat/completions", ``, 400, `"param":"messages"`},
		{"POST", "/chat/completions", `{"model":"x"`, 400, `Invalid JSON payload: `},
		{"POST", "/chat/completions", `[]`, 500, `Internal server error`},
		{"POST", "/chat/completions", `{"model":"dead",` + m + `}`, 500, `OpenAIException - Connection error.\n\nLiteLLM: model group 'dead' failed with the error above. No fallback was attempted.`},
		{"POST", "/chat/completions", `{"model":"dead","stream":true,` + m + `}`, 500, `Connection error.`},
		{"POST", "/chat/completions", `{"model":"busy",` + m + `}`, 429, `"type":"throttling_error"`},
	})
}

func TestChatStream(t *testing.T) {
	g := openTest(t, Options{})
	r := call(t, g, "POST", "/chat/completions", `{"model":"mock-gpt","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}`).want(200)
	if got := r.header.Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	events := strings.Split(strings.TrimSuffix(r.body, "\n\n"), "\n\n")
	if len(events) != 11 || events[10] != "data: [DONE]" {
		t.Fatalf("%d events: %s", len(events), r.body)
	}
	for i, want := range map[int]string{
		0: `"choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}`,
		1: `"choices":[{"index":0,"delta":{"content":"lo "}}]}`,
		8: `"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
		9: `"choices":[{"index":0,"delta":{}}],"usage":{"completion_tokens":4,"prompt_tokens":8,"total_tokens":12,"completion_tokens_details":{"reasoning_tokens":0,"text_tokens":4},"cost":0.0000036}}`,
	} {
		if !strings.HasPrefix(events[i], `data: {"id":"chatcmpl-`) || !strings.HasSuffix(events[i], want) {
			t.Errorf("event %d: %s", i, events[i])
		}
	}
}
