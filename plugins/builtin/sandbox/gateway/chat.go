package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// emulated is the version of LiteLLM that this package imitates.
const emulated = "1.106.2"

func chatRoutes() []route {
	chat := route{method: http.MethodPost, access: anyone, handler: complete, body: true, lenient: true, writes: true}
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

// complete is POST /chat/completions, for one deployment of the group. What
// the caller may use, has spent and has asked for comes before what is wrong
// with the request.
func complete(q *request) (answer, error) {
	b := q.body
	group, isText := b.str("model")
	if !isText {
		group = "None"
	}
	if b.has("model") && !isText {
		return wireError(http.StatusBadRequest, "'model' must be a string.", typeBadRequest, "model"), nil
	}
	asked := group
	group = q.caller.resolve(group)
	if isText {
		if err := q.refuseModel(group, asked); err != nil {
			return answer{}, err
		}
	}
	if err := q.refuseBudgets(); err != nil {
		return answer{}, err
	}
	if err := q.refuseEnforced(); err != nil {
		return answer{}, err
	}
	list, err := q.visible()
	if err != nil {
		return answer{}, err
	}
	d := firstOf(list, group)
	var text string
	var f *failure
	if d != nil {
		text, f = mockReply(d)
	}
	use, need := q.usage(b, text), 0
	_, hasMessages := b["messages"]
	if hasMessages {
		need = use.prompt + use.completion
	}
	rates := q.rates(group)
	if err := q.takeRates(rates, need); err != nil {
		return answer{}, err
	}
	if !hasMessages {
		return wireError(http.StatusBadRequest, "/chat/completions: Missing required parameter: 'messages'.", typeInvalid, "messages"), nil
	}
	switch {
	case d == nil:
		message := fmt.Sprintf("/chat/completions: Invalid model name passed in model=%s. Call `/v1/models` to view available models for your key.", group)
		return reply(http.StatusBadRequest, ordered{{"error", ordered{
			{"message", message}, {"type", typeInvalid}, {"param", nil}, {"code", "400"},
			{"provider_specific_fields", ordered{{"error", message}}},
		}}}), nil
	case f != nil:
		return wireError(f.status, fmt.Sprintf("%s\n\nLiteLLM: model group '%s' failed with the error above. No fallback was attempted.", f.message, group), f.kind, nil), nil
	}
	if err := q.spend(use.price(d)); err != nil {
		return answer{}, err
	}
	return q.completed(d, asked, text, use, rates), nil
}

// completed is the answer with its headers.
func (q *request) completed(d *deployment, group, text string, use usage, rates []*rate) answer {
	id, created := "chatcmpl-"+uuid.NewString(), q.now.Unix()
	var a answer
	if isTrue(q.body, "stream") {
		a = streamed(q.body, d, group, id, created, text, use)
	} else {
		a = reply(http.StatusOK, completion(q.body, group, id, created, text, use))
		a.header = http.Header{}
		a.header.Set("X-Litellm-Response-Cost", floatText(use.price(d)))
	}
	a.header.Set("X-Litellm-Call-Id", uuid.NewString())
	a.header.Set("X-Litellm-Model-Id", d.id)
	a.header.Set("X-Litellm-Model-Group", group)
	a.header.Set("X-Litellm-Version", emulated)
	if q.caller.key != nil {
		a.header.Set("X-Litellm-Key-Spend", floatText(q.caller.key.spend))
	}
	for _, r := range rates {
		if r.requests != nil {
			a.header.Set("X-Ratelimit-"+r.kind+"-Limit-Requests", strconv.Itoa(int(*r.requests)))
			a.header.Set("X-Ratelimit-"+r.kind+"-Remaining-Requests", strconv.Itoa(int(*r.requests)-r.usedRequests))
		}
	}
	return a
}

func isTrue(b object, name string) bool {
	v, ok := b[name]
	return ok && v.Kind() == 't'
}

// refuseEnforced is the 500 for a key with enforced_params: they can be set
// without a licence, but then the key is good for nothing (observed on LiteLLM
// 1.106.2).
func (q *request) refuseEnforced() error {
	if q.caller.key == nil {
		return nil
	}
	names, _ := q.caller.key.data.object("metadata").strs("enforced_params")
	if len(names) == 0 {
		return nil
	}
	return refuse(wireError(http.StatusInternalServerError, "Enforced Params is an Enterprise feature. Enforced Params: "+reprList(names)+". "+licence, typeInternal, nil))
}
