package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// emulated is the version of LiteLLM that this package imitates.
const emulated = "1.106.2"

func chatRoutes() []route {
	chat := route{method: http.MethodPost, access: anyone, handler: complete, body: true, lenient: true}
	short, long := chat, chat
	short.pattern, long.pattern = "/chat/completions", "/v1/chat/completions"
	return []route{short, long}
}

// failure is what a call to a provider came to when it failed.
type failure struct {
	status        int
	message, kind string
}

// mockReply is the answer of a deployment: its mock_response, or the failure
// that the response names, or the one of a provider that cannot be reached.
// No provider is ever called. An empty mock_response counts as none (observed
// on LiteLLM 1.106.2, the texts too).
func mockReply(d *deployment) (text string, f *failure) {
	text, isText := d.params.str("mock_response")
	if d.params.has("mock_response") && !isText {
		return "", nil
	}
	switch {
	case text == "":
		return "", unreachable(d.params)
	case text == "litellm.RateLimitError":
		return "", &failure{http.StatusTooManyRequests, "litellm.RateLimitError: this is a mock rate limit error", "throttling_error"}
	case text == "litellm.InternalServerError":
		return "", &failure{http.StatusInternalServerError, "litellm.InternalServerError: this is a mock internal server error", typeInternal}
	case strings.HasPrefix(text, "Exception:"):
		return "", &failure{http.StatusBadRequest, "litellm.BadRequestError: OpenAIException - litellm.MockException: " + text, typeInvalid}
	}
	return text, nil
}

// unreachable is the failure of a provider that does not answer or that there
// is no key for.
func unreachable(params object) *failure {
	hasKey := params.has("api_key") || params.has("litellm_credential_name")
	switch provider := providerOf(params); {
	case provider == "azure" && !hasKey:
		return &failure{http.StatusInternalServerError, "litellm.APIError: AzureException APIError - Missing credentials. Please pass one of `api_key`, `azure_ad_token`, `azure_ad_token_provider`, or the `AZURE_OPENAI_API_KEY` or `AZURE_OPENAI_AD_TOKEN` environment variables.", typeInternal}
	case provider == "azure":
		return &failure{http.StatusInternalServerError, "litellm.APIConnectionError: AzureException APIConnectionError - Connection error.", typeInternal}
	case provider == "anthropic" && !hasKey:
		return &failure{http.StatusUnauthorized, "litellm.AuthenticationError: Missing Anthropic API Key - A call is being made to anthropic but no key is set either in the environment variables or via params.", "authentication_error"}
	case provider == "anthropic":
		return &failure{http.StatusInternalServerError, "litellm.InternalServerError: AnthropicException - Cannot connect to host. Handle with `litellm.InternalServerError`.", typeInternal}
	case !hasKey:
		return &failure{http.StatusInternalServerError, "litellm.InternalServerError: InternalServerError: OpenAIException - Missing credentials. Please pass an `api_key`, `workload_identity`, `admin_api_key`, or set the `OPENAI_API_KEY` or `OPENAI_ADMIN_KEY` environment variable.", typeInternal}
	}
	return &failure{http.StatusInternalServerError, "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.", typeInternal}
}

// complete is POST /chat/completions, for one deployment of the group.
func complete(q *request) (answer, error) {
	b := q.body
	if _, given := b["messages"]; !given {
		return wireError(http.StatusBadRequest, "/chat/completions: Missing required parameter: 'messages'.", typeInvalid, "messages"), nil
	}
	group, isText := b.str("model")
	switch {
	case b.has("model") && !isText:
		return wireError(http.StatusBadRequest, "'model' must be a string.", typeBadRequest, "model"), nil
	case !isText:
		group = "None"
	case !q.caller.mayUse(group):
		return wireError(http.StatusForbidden, fmt.Sprintf("The requested model '%s' is not available for this API key, or the model name is invalid. Check the models available to you and try again.", group), "key_model_access_denied", "model"), nil
	}
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	d := firstOf(list, group)
	if d == nil {
		message := fmt.Sprintf("/chat/completions: Invalid model name passed in model=%s. Call `/v1/models` to view available models for your key.", group)
		return reply(http.StatusBadRequest, ordered{{"error", ordered{
			{"message", message}, {"type", typeInvalid}, {"param", nil}, {"code", "400"},
			{"provider_specific_fields", ordered{{"error", message}}},
		}}}), nil
	}
	text, f := mockReply(d)
	if f != nil {
		return wireError(f.status, fmt.Sprintf("%s\n\nLiteLLM: model group '%s' failed with the error above. No fallback was attempted.", f.message, group), f.kind, nil), nil
	}
	id, created := "chatcmpl-"+uuid.NewString(), q.now.Unix()
	var a answer
	if stream, ok := b["stream"]; ok && stream.Kind() == 't' {
		a = streamed(b, d, id, created, text)
	} else {
		a = reply(http.StatusOK, completion(b, group, id, created, text))
		a.header = http.Header{}
	}
	a.header.Set("X-Litellm-Call-Id", uuid.NewString())
	a.header.Set("X-Litellm-Model-Id", d.id)
	a.header.Set("X-Litellm-Model-Group", group)
	a.header.Set("X-Litellm-Version", emulated)
	return a, nil
}

// completion is a whole answer. Its token counts are the constants of a mocked
// answer, whatever was asked.
func completion(b object, group, id string, created int64, text string) ordered {
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
		{"usage", ordered{{"completion_tokens", 20}, {"prompt_tokens", 10}, {"total_tokens", 30}}},
	}
}

// streamed is an answer as an event stream: three characters an event, the
// finish reason, the usage if asked for, [DONE].
func streamed(b object, d *deployment, id string, created int64, text string) answer {
	a := answer{status: http.StatusOK, contentType: "text/event-stream; charset=utf-8", header: http.Header{"Cache-Control": {"no-cache"}, "X-Accel-Buffering": {"no"}}}
	event := func(value any) { a.events = append(a.events, fmt.Appendf(nil, "data: %s\n\n", raw(value))) }
	chunk := func(choice ordered) {
		event(ordered{{"id", id}, {"object", "chat.completion.chunk"}, {"created", created}, {"model", d.name}, {"choices", []ordered{choice}}})
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
		event(ordered{{"id", id}, {"created", created}, {"model", d.name}, {"object", "chat.completion.chunk"},
			{"choices", []ordered{{{"index", 0}, {"delta", ordered{}}}}}, {"usage", streamUsage(b, d, text)}})
	}
	a.events = append(a.events, []byte("data: [DONE]\n\n"))
	return a
}

func wantsUsage(b object) bool {
	o, err := parseObject(string(b["stream_options"]))
	return err == nil && string(o["include_usage"]) == "true"
}

// streamUsage counts a word as a token, which is near enough.
func streamUsage(b object, d *deployment, text string) ordered {
	var messages []struct {
		Content any `json:"content"`
	}
	_ = json.Unmarshal(b["messages"], &messages) // what is not text counts nothing
	prompt, out := 7, len(strings.Fields(text))
	for _, m := range messages {
		if s, ok := m.Content.(string); ok {
			prompt += len(strings.Fields(s))
		}
	}
	_, c := d.cost()
	price, _ := strconv.ParseFloat(strconv.FormatFloat(float64(prompt)*c.input+float64(out)*c.output, 'g', 12, 64), 64)
	return ordered{
		{"completion_tokens", out}, {"prompt_tokens", prompt}, {"total_tokens", prompt + out},
		{"completion_tokens_details", ordered{{"reasoning_tokens", 0}, {"text_tokens", out}}}, {"cost", price},
	}
}
