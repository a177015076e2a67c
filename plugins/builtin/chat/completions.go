package chat

import (
	"context"
	"encoding/json"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/body"
	"github.com/litellm-proxy/litellm-proxy/sdk/litellm"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

type completionsCmd struct {
	sdk.Emits[Completion]
	Model            string      `arg:"" complete:"models" help:"The model to ask."`
	Message          []string    `short:"m" required:"" atfile:"colon" placeholder:"ROLE:CONTENT" help:"A message, such as \"user:Hello, you\". ROLE:@FILE and ROLE:@- read the content."`
	System           string      `short:"s" placeholder:"TEXT" help:"A system message before all others."`
	Stream           *bool       `negatable:"" help:"Have the answer come in pieces. On a terminal it does."`
	Temperature      json.Number `short:"t" placeholder:"NUMBER" help:"How freely the model chooses its words. The model's own default if not given."`
	TopP             json.Number `name:"top-p" placeholder:"NUMBER" help:"Choose among the likeliest words that make up this share."`
	N                *int64      `name:"n" placeholder:"N" help:"How many answers."`
	MaxTokens        *int64      `placeholder:"N" help:"The longest answer, in tokens."`
	PresencePenalty  json.Number `placeholder:"NUMBER" help:"Avoid words that have been used."`
	FrequencyPenalty json.Number `placeholder:"NUMBER" help:"Avoid words that have been used often."`
	User             string      `placeholder:"ID" help:"The end user on whose behalf this is asked."`
	litellm.Fields
}

func (completionsCmd) Help() string {
	return "On a terminal the answer's text is printed as it comes; elsewhere, and with -o or --jq, the response object. " +
		"Every model call costs what the model costs; --dry-run shows the request and sends nothing. " +
		"A call is sent once, whatever becomes of it."
}

func (completionsCmd) Examples() []sdk.Example {
	return []sdk.Example{
		{Command: `chat completions mock-gpt -m "user:Hello, how are you?"`},
		{Command: `chat completions mock-gpt -s "Be brief." -m user:@question.txt --jq '.choices[0].message.content'`, Note: "the question from a file, the answer's text alone"},
	}
}

// Run asks once. The record is the response object: {"id", "object", "created", "model", "choices", "usage"}. Bad messages
// are refused with 2 before anything is sent; an answer that breaks off is 7.
func (c *completionsCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if c.Model == "" {
		return problem.New(problem.Usage, "cannot ask: MODEL is empty").WithState("nothing was sent")
	}
	request, err := c.request(ctx, inv)
	if err != nil {
		return err
	}
	return once(ctx, inv, &call{model: c.Model, request: request}, inv.Terminal().Stdout && !inv.Formatted())
}

// request is the body that the flags make. Only what is given is sent: some models refuse a temperature.
func (c *completionsCmd) request(ctx context.Context, inv *sdk.Invocation) (map[string]any, error) {
	list, err := messages(ctx, inv, c.System, c.Message)
	if err != nil {
		return nil, err
	}
	request := map[string]any{"model": c.Model, "messages": list}
	for name, n := range map[string]json.Number{
		"temperature": c.Temperature, "top_p": c.TopP, "presence_penalty": c.PresencePenalty, "frequency_penalty": c.FrequencyPenalty,
	} {
		if n != "" {
			request[name] = n
		}
	}
	for name, n := range map[string]*int64{"n": c.N, "max_tokens": c.MaxTokens} {
		if n != nil {
			request[name] = *n
		}
	}
	if c.User != "" {
		request["user"] = c.User
	}
	switch {
	case c.Stream != nil:
		request["stream"] = *c.Stream
	case inv.Terminal().Stdout && !inv.Formatted():
		request["stream"] = true
	}
	return request, c.Apply(ctx, inv, body.Operation("POST", path), request)
}
