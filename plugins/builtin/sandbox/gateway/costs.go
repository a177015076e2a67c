package gateway

import "strings"

// cost is what the gateway knows about a model of a provider: prices in USD
// per token and limits in tokens; zero means that it is not known.
type cost struct {
	provider, mode               string
	input, output, cached        float64
	maxInput, maxOutput          int
	vision, tools, parallelTools bool
	reasoning, caching, schema   bool
}

// costs are a few well-known models; a real gateway has some thousands.
var costs = map[string]cost{
	"gpt-3.5-turbo": {provider: "openai", mode: "chat", input: 5e-7, output: 1.5e-6, maxInput: 16385, maxOutput: 4096, tools: true, caching: true},
	"gpt-4":         {provider: "openai", mode: "chat", input: 3e-5, output: 6e-5, maxInput: 8192, maxOutput: 4096, tools: true, caching: true},
	"gpt-4-turbo":   {provider: "openai", mode: "chat", input: 1e-5, output: 3e-5, maxInput: 128000, maxOutput: 4096, vision: true, tools: true, parallelTools: true, caching: true},
	"gpt-4o":        {provider: "openai", mode: "chat", input: 2.5e-6, output: 1e-5, cached: 1.25e-6, maxInput: 128000, maxOutput: 16384, vision: true, tools: true, parallelTools: true, caching: true, schema: true},
	"gpt-4o-mini":   {provider: "openai", mode: "chat", input: 1.5e-7, output: 6e-7, cached: 7.5e-8, maxInput: 128000, maxOutput: 16384, vision: true, tools: true, parallelTools: true, caching: true, schema: true},
	"gpt-4.1":       {provider: "openai", mode: "chat", input: 2e-6, output: 8e-6, cached: 5e-7, maxInput: 1047576, maxOutput: 32768, vision: true, tools: true, parallelTools: true, caching: true, schema: true},
	"gpt-4.1-mini":  {provider: "openai", mode: "chat", input: 4e-7, output: 1.6e-6, cached: 1e-7, maxInput: 1047576, maxOutput: 32768, vision: true, tools: true, parallelTools: true, caching: true, schema: true},
	"gpt-5":         {provider: "openai", mode: "chat", input: 1.25e-6, output: 1e-5, cached: 1.25e-7, maxInput: 272000, maxOutput: 128000, vision: true, tools: true, parallelTools: true, reasoning: true, caching: true, schema: true},
	"gpt-5-mini":    {provider: "openai", mode: "chat", input: 2.5e-7, output: 2e-6, cached: 2.5e-8, maxInput: 272000, maxOutput: 128000, vision: true, tools: true, parallelTools: true, reasoning: true, caching: true, schema: true},

	"text-embedding-3-small": {provider: "openai", mode: "embedding", input: 2e-8, maxInput: 8191},
	"text-embedding-3-large": {provider: "openai", mode: "embedding", input: 1.3e-7, maxInput: 8191},

	"claude-sonnet-4-5": {provider: "anthropic", mode: "chat", input: 3e-6, output: 1.5e-5, cached: 3e-7, maxInput: 200000, maxOutput: 64000, vision: true, tools: true, reasoning: true, caching: true, schema: true},
	"claude-haiku-4-5":  {provider: "anthropic", mode: "chat", input: 1e-6, output: 5e-6, cached: 1e-7, maxInput: 200000, maxOutput: 64000, vision: true, tools: true, reasoning: true, caching: true, schema: true},
	"claude-opus-4-5":   {provider: "anthropic", mode: "chat", input: 5e-6, output: 2.5e-5, cached: 5e-7, maxInput: 200000, maxOutput: 64000, vision: true, tools: true, reasoning: true, caching: true, schema: true},

	"azure/gpt-4o":      {provider: "azure", mode: "chat", input: 2.5e-6, output: 1e-5, cached: 1.25e-6, maxInput: 128000, maxOutput: 16384, vision: true, tools: true, parallelTools: true, caching: true, schema: true},
	"azure/gpt-4o-mini": {provider: "azure", mode: "chat", input: 1.5e-7, output: 6e-7, cached: 7.5e-8, maxInput: 128000, maxOutput: 16384, vision: true, tools: true, parallelTools: true, caching: true, schema: true},

	"gemini/gemini-2.5-pro":        {provider: "gemini", mode: "chat", input: 1.25e-6, output: 1e-5, cached: 1.25e-7, maxInput: 1048576, maxOutput: 65536, vision: true, tools: true, reasoning: true, caching: true, schema: true},
	"gemini/gemini-2.5-flash":      {provider: "gemini", mode: "chat", input: 3e-7, output: 2.5e-6, cached: 3e-8, maxInput: 1048576, maxOutput: 65536, vision: true, tools: true, parallelTools: true, reasoning: true, caching: true, schema: true},
	"mistral/mistral-large-latest": {provider: "mistral", mode: "chat", input: 5e-7, output: 1.5e-6, cached: 5e-8, maxInput: 262144, maxOutput: 262144, vision: true, tools: true, schema: true},
	"deepseek/deepseek-chat":       {provider: "deepseek", mode: "chat", input: 2.8e-7, output: 4.2e-7, cached: 2.8e-8, maxInput: 131072, maxOutput: 8192, tools: true, parallelTools: true, caching: true, schema: true},
}

// isProvider says whether prefix, the part of a model before the slash, is a
// provider that the router knows.
func isProvider(prefix string) bool {
	const providers = " openai azure azure_ai anthropic bedrock vertex_ai gemini mistral groq cohere ollama ollama_chat huggingface " +
		"deepseek xai openrouter together_ai fireworks_ai replicate perplexity databricks sagemaker watsonx nvidia_nim cerebras " +
		"hosted_vllm vllm lm_studio litellm_proxy text-completion-openai voyage jina_ai deepinfra sambanova github "
	return prefix != "" && strings.Contains(providers, " "+prefix+" ")
}

// costOf finds the cost of a deployment and the name it is found under; base
// is the base_model of its model_info. A model with a provider and without
// known cost has an empty one.
func costOf(params object, base string) (key string, c cost) {
	model, _ := params.str("model")
	_, bare, _ := strings.Cut(model, "/")
	for _, name := range []string{base, model, bare} {
		if c, ok := costs[name]; ok && name != "" {
			return name, c
		}
	}
	return model, cost{provider: providerOf(params)}
}

// members is c in the form of model_info; what is not known is null. The real
// gateway has many more prices and supports_* members, nearly all null.
func (c cost) members(key string) ordered {
	maxTokens := c.maxOutput
	if maxTokens == 0 {
		maxTokens = c.maxInput
	}
	unknown := ordered{
		{"input_cost_per_token_priority", nil}, {"input_cost_per_audio_token", nil}, {"input_cost_per_character", nil},
		{"output_cost_per_audio_token", nil}, {"output_cost_per_character", nil}, {"output_cost_per_image", nil},
		{"output_cost_per_second", nil}, {"output_vector_size", nil}, {"tiered_pricing", nil},
		{"supported_endpoints", nil}, {"supports_audio_input", nil}, {"supports_audio_output", nil},
		{"supports_web_search", nil}, {"supports_computer_use", nil}, {"search_context_cost_per_query", nil},
		{"tpm", nil}, {"rpm", nil},
	}
	known := ordered{
		{"key", key},
		{"max_tokens", orNull(maxTokens)}, {"max_input_tokens", orNull(c.maxInput)}, {"max_output_tokens", orNull(c.maxOutput)},
		{"input_cost_per_token", orNull(c.input)}, {"output_cost_per_token", c.outputPrice()},
		{"cache_read_input_token_cost", orNull(c.cached)},
		{"litellm_provider", c.provider}, {"mode", orNull(c.mode)},
		{"supports_response_schema", orNull(c.schema)}, {"supports_vision", orNull(c.vision)},
		{"supports_function_calling", orNull(c.tools)}, {"supports_parallel_function_calling", orNull(c.parallelTools)},
		{"supports_prompt_caching", orNull(c.caching)}, {"supports_reasoning", orNull(c.reasoning)},
	}
	return append(append(known, unknown...), member{"supported_openai_params", openAIParams(c.provider)})
}

// outputPrice is 0 for a model with an input price only, such as an embedding.
func (c cost) outputPrice() any {
	if c.input != 0 {
		return c.output
	}
	return nil
}

// orNull turns a zero value into null.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// openAIParams are request parameters that a provider understands.
func openAIParams(provider string) []string {
	if provider == "anthropic" {
		return []string{"stream", "stop", "temperature", "top_p", "max_tokens", "max_completion_tokens", "tools", "tool_choice", "response_format", "user"}
	}
	return []string{"frequency_penalty", "logit_bias", "max_tokens", "max_completion_tokens", "n", "presence_penalty", "seed", "stop", "stream", "stream_options", "temperature", "top_p", "tools", "tool_choice", "response_format"}
}
