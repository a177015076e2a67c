package transport

import (
	"net/http"
	"strings"
)

// Effect is what a command may do to the gateway, as its manifest says.
type Effect int

// The effects, each of which includes those before it.
const (
	Read Effect = iota
	Write
	Destroy
)

// readsByPost are the requests by POST that change nothing and cost nothing. Source: the descriptions of LiteLLM
// 1.106.2's OpenAPI document, each called on a running proxy. A request that is not listed is a write.
func readsByPost(path string) bool {
	switch path {
	case "/v2/key/info",
		"/budget/info",
		"/organization/info",
		"/tag/info",
		"/utils/token_counter",
		"/utils/transform_request",
		"/cost/estimate",
		"/spend/calculate",
		"/global/spend/end_users":
		return true
	}
	return false
}

// IsWrite says whether a request may change the gateway: any method but GET, HEAD and OPTIONS, except for a few reads by
// POST. Model calls are writes by this rule and spending besides.
func IsWrite(method, path string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	case http.MethodPost:
		return !readsByPost(path)
	}
	return true
}

// IsSpending says whether a request makes the gateway call a provider, which costs money or sends a message: model
// calls in all the spellings of LiteLLM 1.106.2's OpenAPI document, POST to a provider's pass-through, and the health
// checks that probe.
func IsSpending(method, path string) bool {
	path = strings.TrimSuffix(path, "/")
	switch path {
	case "/health", // probes every model (observed on LiteLLM 1.106.2)
		"/health/services", // sends a test alert
		"/health/test_connection":
		return method != http.MethodOptions
	}
	if method != http.MethodPost {
		return false
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	return isModelCall(segments) || isPassThrough(segments)
}

// isPassThrough says whether a path is forwarded to a provider as it is.
func isPassThrough(segments []string) bool {
	if len(segments) < 2 {
		return false
	}
	switch segments[0] {
	case "anthropic", "assemblyai", "azure", "azure_ai", "azure_speech", "bedrock", "bespoke", "cohere", "comprehendmedical",
		"cursor", "eu.assemblyai", "fal_ai", "gemini", "gigachat", "laya", "mistral", "nvidia_nim", "openai",
		"openai_passthrough", "openrouter", "tinyfish", "transcribe", "typesafe", "vertex-ai", "vertex_ai", "vllm", "watsonx":
		return true
	}
	return false
}

// isModelCall says whether a path, without the prefixes that lead to the same handler, is a model call.
func isModelCall(s []string) bool {
	switch {
	case len(s) > 2 && s[0] == "engines":
		s = s[2:]
	case len(s) > 1 && (s[0] == "v1" || s[0] == "v2" || s[0] == "v1beta"):
		s = s[1:]
	}
	last := s[len(s)-1]
	switch s[0] {
	case "completions", "embeddings", "moderations", "rerank", "ocr", "transcribe", "comprehendmedical", "decisions", "systemone":
		return len(s) == 1
	case "chat":
		return len(s) == 2 && last == "completions"
	case "audio":
		return len(s) == 2 && (last == "speech" || last == "transcriptions" || last == "translations")
	case "images":
		return len(s) == 2 && (last == "generations" || last == "edits" || last == "variations")
	case "responses":
		return len(s) == 1 || len(s) == 2 && (last == "compact" || last == "input_tokens")
	case "messages":
		return len(s) == 1 || len(s) == 2 && last == "count_tokens"
	case "models":
		return len(s) >= 2 && (strings.HasSuffix(last, ":generateContent") || strings.HasSuffix(last, ":streamGenerateContent") || strings.HasSuffix(last, ":countTokens"))
	case "videos":
		return len(s) == 1 || last == "remix" || last == "edits" || last == "extensions" || last == "characters"
	case "search":
		return len(s) <= 2
	case "rag":
		return len(s) == 2 && last == "query"
	case "interactions", "realtime":
		return len(s) == 1 || s[0] == "realtime" || last == "interactions"
	case "vector_stores":
		return last == "search" && len(s) == 3
	case "threads":
		return last == "runs" && len(s) == 3
	case "a2a":
		return len(s) == 2 || last == "send"
	case "usage":
		return len(s) == 3 && s[1] == "ai" && last == "chat"
	case "prompts":
		return len(s) == 2 && last == "test"
	}
	return false
}
